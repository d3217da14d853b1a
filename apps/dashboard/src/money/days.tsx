import { signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { api, type Forecast, type ForecastDay, type History, type OrderEvents } from "../api.ts";
import { now, revision } from "../store.ts";
import { TableHead, Time } from "../ui/controls.tsx";
import { clockTime, longDate, money, number, plural, relative, shortDate, shortTime } from "../ui/format.ts";
import { Icon } from "../ui/icons.tsx";
import { useArrowKeys } from "../ui/keys.ts";
import { useLoaded } from "../ui/load.ts";
import { LongRows } from "../ui/virtual.tsx";

/** The days with renewals and expiries, each of which opens into its orders. */

/** The number of past days that the chart and the table show. */
export const shownPast = 30;

const openDay = signal<string | null>(null);

export type Total = Pick<ForecastDay, (typeof columns)[number][0]>;

/** Each column has one unit. */
const columns = [
  ["renewed", "Paid renewals", number],
  ["paid", "Paid", money],
  ["unpaid", "Unpaid renewals", number],
  ["unpaidCost", "Unpaid", money],
  ["expiredOff", "Expired, off", number],
  ["expiredUnpaid", "Expired, unpaid", number],
] as const;

export function totalOf(days: readonly ForecastDay[]): Total {
  const sums = columns.map(([key]) => [key, days.reduce((sum, day) => sum + day[key], 0)]);
  return Object.fromEntries(sums) as Total;
}

export function Renewals({ forecast, history }: { forecast: Forecast; history: History }) {
  const total = totalOf(forecast.days);
  const dropped = forecast.renewals - total.renewed - total.unpaid;
  const table = useRef<HTMLTableElement>(null);
  useArrowKeys(table, "tr.main");
  return (
    <section class="card">
      <h2>
        Renewals <span class="dim">and addresses that expire, by day; choose a day for its orders</span>
      </h2>
      <table class="stackable" ref={table}>
        <TableHead
          columns={[["Day"], ...columns.map(([, text]) => [text, "num"] as const), ["Balance after", "num"]]}
        />
        <LongRows items={rowsOf(forecast, history)} keyOf={keyOf} rowHeight={34}>
          {(row) =>
            typeof row === "string" ? (
              <tr class="divider">
                <td colSpan={8} class="wide">
                  {row === "now" ? `Now: ${longDate(now.value)}, ${clockTime(now.value)} UTC` : row}
                </td>
              </tr>
            ) : (
              <DayRows {...row} account={forecast.account ?? ""} />
            )
          }
        </LongRows>
        {forecast.days.length > 1 && (
          <tfoot>
            <tr>
              <th scope="row">Total until {shortDate(forecast.until, now.value)}</th>
              <DayFigures day={{ ...total, balance: forecast.days.at(-1)?.balance ?? forecast.balance }} />
            </tr>
          </tfoot>
        )}
      </table>
      {dropped > 0 && (
        <p class="more">
          {plural(dropped, "later renewal is", "later renewals are")} not listed: by then, the addresses have
          expired unpaid. With the top-up they take place.
        </p>
      )}
      {forecast.days.length === 0 && <p class="more">Nothing renews and nothing expires in this time.</p>}
    </section>
  );
}

type DayKind = "renewals" | "forecast";

interface DayRow {
  readonly day: ForecastDay;
  readonly kind: DayKind;
}

/** The days behind and ahead, and the lines between them. */
function rowsOf(forecast: Forecast, history: History): readonly (DayRow | string)[] {
  const rowsIn = (days: readonly ForecastDay[], kind: DayKind) => days.map((day) => ({ day, kind }));
  return [
    ...(history.isComplete ? [] : ["Earlier events are not kept, also of the first day below."]),
    ...rowsIn(history.days.slice(-shownPast), "renewals"),
    "now",
    ...rowsIn(forecast.days, "forecast"),
  ];
}

function keyOf(row: DayRow | string): string {
  return typeof row === "string" ? row : `${row.kind} ${row.day.day}`;
}

const none = <span class="dim">–</span>;

/** A day, ahead or behind, which opens into its orders. Today can be both. */
function DayRows({ day, kind, account: accountId }: DayRow & { account: string }) {
  const key = keyOf({ day, kind });
  const isOpen = openDay.value === key;
  return (
    <>
      <tr class={kind === "renewals" ? "main past dim" : "main"}>
        <td>
          <button
            class="expand"
            type="button"
            aria-expanded={isOpen}
            onClick={() => {
              openDay.value = isOpen ? null : key;
            }}
          >
            <Icon name={isOpen ? "open" : "closed"} />
            <Time at={day.at}>{shortDate(day.at, now.value)}</Time>{" "}
            <span class="dim">{relative(day.at, now.value)}</span>
          </button>
        </td>
        <DayFigures day={day} />
      </tr>
      {isOpen && (
        <tr class="sub">
          <td colSpan={8} class="wide">
            <DayEvents day={day.day} kind={kind} account={accountId} />
          </td>
        </tr>
      )}
    </>
  );
}

function DayFigures({ day }: { day: Total & Pick<ForecastDay, "balance"> }) {
  return (
    <>
      {columns.map(([key, text, format]) => (
        <td key={key} class={`num ${key.includes("npaid") ? "bad" : ""} ${day[key] > 0 ? "" : "hide-s"}`}>
          <span class="small-only">{text.toLowerCase()} </span>
          {day[key] > 0 ? format(day[key]) : none}
        </td>
      ))}
      <td class="num">
        <span class="small-only">balance </span>
        {money(day.balance)}
      </td>
    </>
  );
}

const eventWords = {
  renewed: { ahead: "renews", behind: "renewed", style: "" },
  failed: { ahead: "can’t be paid", behind: "was unpaid", style: "bad" },
  both: { ahead: "can’t be paid, expires", behind: "was unpaid, expired", style: "bad" },
  off: { ahead: "expires: off", behind: "expired: off", style: "dim" },
  incomplete: { ahead: "expires: partly on", behind: "expired: partly on", style: "dim" },
  unpaid: { ahead: "expires: unpaid", behind: "expired: unpaid", style: "bad" },
} as const;

function DayEvents({ day, kind, account: accountId }: { day: string; kind: DayKind; account: string }) {
  const { data, problem } = useLoaded(`${accountId} ${kind} ${day}`, revision.value, () =>
    api.dayEvents(accountId, kind, day),
  );
  if (!data) return <p class="dim">{problem ?? "Loading…"}</p>;
  const rest = data.total - data.events.length;
  const events = withoutRepeats(data.events);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so that it must be reachable by keyboard. */}
      <section class="events" tabIndex={0} aria-label={`Orders on ${longDate(`${day}T00:00:00Z`)}`}>
        <table>
          <TableHead
            columns={[
              ["Order"],
              ["Time", "hide-s"],
              ["Type", "hide-s"],
              ["Addresses", "num"],
              ["Days", "num hide-s"],
              [kind === "renewals" ? "What happened" : "What happens"],
              ["Price", "num"],
            ]}
          />
          <LongRows items={[...events.entries()]} keyOf={([index]) => String(index)} rowHeight={26}>
            {([, event]) => <DayEvent event={event} isPast={kind === "renewals"} />}
          </LongRows>
        </table>
      </section>
      <p class="dim">Renewals of the same time are paid in this order. One that can’t be paid is skipped.</p>
      {rest > 0 && <p class="dim">{plural(rest, "more is", "more are")} not listed.</p>}
    </>
  );
}

type DayEntry = OrderEvents["events"][number] & { readonly expires?: boolean };

/** Puts an unpaid renewal and the expiry that follows from it on the same day into one row. */
function withoutRepeats(events: OrderEvents["events"]): DayEntry[] {
  const groupOf = ({ orderId, rentPeriodDays, addresses }: DayEntry) =>
    `${orderId} ${rentPeriodDays} ${addresses}`;
  const unpaid = new Set(events.filter(({ type }) => type === "failed").map(groupOf));
  const expired = new Set(events.filter(({ because }) => because === "unpaid").map(groupOf));
  return events
    .filter((event) => event.because !== "unpaid" || !unpaid.has(groupOf(event)))
    .map((event) => ({ ...event, expires: event.type === "failed" && expired.has(groupOf(event)) }));
}

function DayEvent({ event, isPast }: { event: DayEntry; isPast: boolean }) {
  const { at, orderId, proxyType, addresses: count, rentPeriodDays, price } = event;
  const { ahead, behind, style } =
    eventWords[event.type === "expired" ? (event.because ?? "off") : event.expires ? "both" : event.type];
  return (
    <tr>
      <td class="mono">{orderId}</td>
      <td class="dim hide-s">
        <Time at={at}>{shortTime(at)}</Time>
      </td>
      <td class="dim hide-s">{proxyType}</td>
      <td class="num">{number(count)}</td>
      <td class="num hide-s">{rentPeriodDays}</td>
      <td class={style}>{isPast ? behind : ahead}</td>
      <td class={`num ${style}`}>{price === undefined || price === null ? none : money(price)}</td>
    </tr>
  );
}
