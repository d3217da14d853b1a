import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { api, type Forecast, type ForecastDay, type History, type OrderEvents } from "../api.ts";
import { account, isForwarding, now, revision } from "../store.ts";
import { AccountSelect, Notice, Segments, Time } from "../ui/controls.tsx";
import { addresses, clockTime, longDate, money, number, plural, relative, shortDate } from "../ui/format.ts";
import { Icon } from "../ui/icons.tsx";
import { useLoaded } from "../ui/load.ts";
import { BalanceChart, type Point } from "./chart.tsx";
import { ClockCard } from "./clock.tsx";

/** The test clock, and what the upcoming renewals cost an account. */

const horizon = signal<"30" | "60" | "366">("30");
/** The kind and the date of the day that is open. */
const openDay = signal<string | null>(null);

export function MoneyView() {
  const shown = account.value;
  const days = horizon.value;
  const { data, problem } = useLoaded(shown && `${shown.id} ${days}`, revision.value, () =>
    Promise.all([api.forecast(shown?.id ?? "", Number(days)), api.renewals(shown?.id ?? "")]),
  );
  const [forecast, history] = data ?? [];
  const past = useMemo(() => pointsOf(history), [history]);
  if (isForwarding.value) {
    return (
      <Notice title="This mock has no clock and no money">
        It forwards requests to another server. Start one without an upstream to see renewals here.
      </Notice>
    );
  }
  if (!shown || (!data && problem === null)) return <p class="more">Loading the forecast…</p>;
  if (!forecast || !history) return <p class="more bad">{problem}</p>;
  return (
    <div class="page">
      <Figures forecast={forecast} />
      <ClockCard forecast={forecast} />
      <section class="card">
        <h2>
          Balance <span class="grow" />
          <Segments
            label="Horizon"
            value={days}
            options={[
              ["30", "30 days"],
              ["60", "60 days"],
              ["366", "1 year"],
            ]}
            onChange={(value) => {
              horizon.value = value;
            }}
          />
          <AccountSelect />
        </h2>
        <BalanceChart forecast={forecast} past={past} />
        <Legend forecast={forecast} hasPast={past.length > 0} />
      </section>
      <Renewals forecast={forecast} history={history} />
    </div>
  );
}

/** The number of past days that the chart and the table show. */
const shownPast = 30;

/** The past balance, as points of a line that goes down in steps. */
function pointsOf(history: History | undefined): readonly Point[] {
  const days = history?.days.slice(-shownPast) ?? [];
  const [first] = days;
  if (!first || !history) return [];
  const earlier = history.days.at(-shownPast - 1)?.balance ?? history.startBalance ?? first.balance;
  const start = new Date(Date.parse(first.at) - 43_200_000).toISOString();
  return [{ at: start, balance: earlier }, ...days];
}

function Figures({ forecast }: { forecast: Forecast }) {
  const { balance, currency, cost, renewals, days, firstUnpaidAt, expiredUnpaid, topUp, until } = forecast;
  const shown = account.value;
  const next = days.find(({ renewed, unpaid }) => renewed + unpaid > 0);
  const span = horizon.value === "366" ? "Next year costs" : `Next ${horizon.value} days cost`;
  const usd = (amount: number) => (
    <>
      {money(amount)} <small>{currency}</small>
    </>
  );
  return (
    <dl class="card figures">
      <Figure label="Balance now" value={usd(balance)}>
        {shown && `${plural(shown.orders, "order")}, ${addresses(shown.addresses)} in ${shown.id}`}
      </Figure>
      <Figure label={span} value={usd(cost)}>
        {plural(renewals, "renewal")}
        {next && `, the next on ${shortDate(next.at, now.value)}`}
      </Figure>
      {firstUnpaidAt === null ? (
        <Figure label="Balance runs out" value="Not by then">
          every renewal until {shortDate(until, now.value)} will be paid
        </Figure>
      ) : (
        <Figure
          label="Balance runs out"
          isBad
          value={
            <>
              <Time at={firstUnpaidAt}>{shortDate(firstUnpaidAt, now.value)}</Time>{" "}
              <small>{relative(firstUnpaidAt, now.value)}</small>
            </>
          }
        >
          {addresses(expiredUnpaid)} would expire unpaid by {shortDate(until, now.value)}
        </Figure>
      )}
      {topUp > 0 ? (
        <Figure label="Top up" isBad value={usd(topUp)}>
          {firstUnpaidAt && `by ${shortDate(firstUnpaidAt, now.value)}, `}to pay them all
        </Figure>
      ) : (
        <Figure label="Balance afterwards" value={usd(balance - cost)}>
          nothing to top up
        </Figure>
      )}
    </dl>
  );
}

interface FigureProps {
  readonly label: string;
  readonly value: ComponentChildren;
  readonly children: ComponentChildren;
  readonly isBad?: boolean;
}

function Figure({ label, value, children, isBad = false }: FigureProps) {
  return (
    <div>
      <dt>{label}</dt>
      <dd class={isBad ? "bad" : ""}>{value}</dd>
      <dd class="fig-note">{children}</dd>
    </div>
  );
}

function Legend({ forecast, hasPast }: { forecast: Forecast; hasPast: boolean }) {
  const lines = [
    ...(hasPast ? [["behind", "past"]] : []),
    ["ahead", "forecast"],
    ...(forecast.firstUnpaidAt === null ? [] : [["missing", "if every renewal were paid"]]),
  ];
  return (
    <div class="legend">
      {lines.map(([style, text]) => (
        <span key={style}>
          <svg width={22} height={8} aria-hidden="true">
            <path d="M1 4h20" class={style} />
          </svg>
          {text}
        </span>
      ))}
    </div>
  );
}

const columns = ["Day", "Renewed", "Paid", "Unpaid", "Expire: off", "Expire: unpaid", "Balance after"];

function Renewals({ forecast, history }: { forecast: Forecast; history: History }) {
  return (
    <section class="card">
      <h2>
        Renewals <span class="dim">by day, in {forecast.currency}; open a day for its orders</span>
      </h2>
      <table class="stackable">
        <thead>
          <tr>
            {columns.map((text, index) => (
              <th key={text} scope="col" class={index === 0 ? "" : "num"}>
                {text}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {history.days.slice(-shownPast).map((day) => (
            <DayRows key={`past-${day.day}`} day={day} kind="renewals" account={forecast.account ?? ""} />
          ))}
          <tr class="divider">
            <td colSpan={columns.length} class="wide">
              Now: {longDate(now.value)}, {clockTime(now.value)} UTC
            </td>
          </tr>
          {forecast.days.map((day) => (
            <DayRows key={day.day} day={day} kind="forecast" account={forecast.account ?? ""} />
          ))}
        </tbody>
      </table>
      {forecast.days.length === 0 && <p class="more">Nothing renews and nothing expires in this time.</p>}
    </section>
  );
}

const none = <span class="dim">–</span>;

type DayKind = "renewals" | "forecast";

/** A day, ahead or behind, which opens into its orders. Today can be both. */
function DayRows({ day, kind, account: accountId }: { day: ForecastDay; kind: DayKind; account: string }) {
  const key = `${kind} ${day.day}`;
  const isOpen = openDay.value === key;
  return (
    <>
      <tr class={kind === "renewals" ? "main past" : "main"}>
        <td class="o1">
          <button
            class="expand"
            type="button"
            aria-expanded={isOpen}
            aria-label={`Orders on ${shortDate(day.at, now.value)}`}
            onClick={() => {
              openDay.value = isOpen ? null : key;
            }}
          >
            <Icon name={isOpen ? "open" : "closed"} />
          </button>
          <Time at={day.at}>{shortDate(day.at, now.value)}</Time>{" "}
          <span class="dim">{relative(day.at, now.value)}</span>
        </td>
        <td class="num hide">{day.renewed || none}</td>
        <td class="num o2 r">
          <span class="small-only">paid </span>
          {day.paid > 0 ? `−${money(day.paid)}` : "0.00"}
        </td>
        <td class={`num bad ${day.unpaid > 0 ? "o3" : "hide"}`}>
          {day.unpaid === 0 ? (
            none
          ) : (
            <>
              <span class="small-only">unpaid </span>
              {plural(day.unpaid, "renewal")}, {money(day.unpaidCost)}
            </>
          )}
        </td>
        <td class="num hide">{day.expiredOff || none}</td>
        <td class={`num hide ${day.expiredUnpaid > 0 ? "bad" : ""}`}>{day.expiredUnpaid || none}</td>
        <td class="num o4 r">
          <span class="small-only">balance </span>
          {money(day.balance)}
        </td>
      </tr>
      {isOpen && (
        <tr class="sub">
          <td colSpan={columns.length} class="wide o5">
            <DayEvents day={day.day} kind={kind} account={accountId} />
          </td>
        </tr>
      )}
    </>
  );
}

const eventWords = {
  renewed: { ahead: "renews", behind: "renewed", style: "" },
  failed: { ahead: "unpaid", behind: "unpaid", style: "bad" },
  off: { ahead: "expires, off", behind: "expired, off", style: "dim" },
  incomplete: { ahead: "expires, partly on", behind: "expired, partly on", style: "dim" },
  unpaid: { ahead: "expires unpaid", behind: "expired unpaid", style: "bad" },
} as const;

function DayEvents({ day, kind, account: accountId }: { day: string; kind: DayKind; account: string }) {
  const { data, problem } = useLoaded(`${accountId} ${kind} ${day}`, revision.value, () =>
    api.dayEvents(accountId, kind, day),
  );
  if (!data) return <p class="dim">{problem ?? "Loading…"}</p>;
  const rest = data.total - data.events.length;
  return (
    <>
      <ul class="events">
        {data.events.map((event, index) => (
          <DayEvent key={index} event={event} isPast={kind === "renewals"} />
        ))}
      </ul>
      {rest > 0 && <p class="dim">{number(rest)} more are not listed.</p>}
    </>
  );
}

function DayEvent({ event, isPast }: { event: OrderEvents["events"][number]; isPast: boolean }) {
  const { orderId, proxyType, addresses: count, rentPeriodDays, price } = event;
  const { ahead, behind, style } =
    eventWords[event.type === "expired" ? (event.because ?? "off") : event.type];
  return (
    <li>
      <span class="mono cut" title={orderId}>
        {orderId}
      </span>
      <span class="dim">
        {proxyType}, {count} × {rentPeriodDays} d
      </span>
      <span class={`st ${style}`}>{isPast ? behind : ahead}</span>
      <span class={`num ${style}`}>{price === undefined || price === null ? "–" : money(price)}</span>
    </li>
  );
}
