import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import { api, type Forecast, type History } from "../api.ts";
import { sendSample, useSample } from "../sample.ts";
import { acceptsNewKeys, account, attempt, chooseAccount, now, revision } from "../store.ts";
import { AccountSelect, Button, Segments, Time, Waiting } from "../ui/controls.tsx";
import { addresses, expiring, money, number, plural, relative, shortDate } from "../ui/format.ts";
import { useLoaded } from "../ui/load.ts";
import type { BalanceChart, Point } from "./chart.tsx";
import { ClockCard } from "./clock.tsx";
import { Renewals, shownPast, totalOf } from "./days.tsx";

/** The test clock, and what the upcoming renewals cost an account. */

const horizons = [
  ["30", "30 days"],
  ["60", "60 days"],
  ["366", "1 year"],
] as const;
const horizon = signal<(typeof horizons)[number][0]>("30");

/** `null` until it is there: its library is as large as all the rest of the page. */
const Chart = signal<typeof BalanceChart | null>(null);

export async function loadChart(): Promise<void> {
  const missing = () => (
    <p class="more">The chart could not be loaded. The table below has the same figures.</p>
  );
  const loaded = await import("./chart.tsx").catch(() => ({ BalanceChart: missing }));
  Chart.value ??= loaded.BalanceChart;
}

export function MoneyView() {
  useEffect(() => void loadChart(), []);
  const shown = account.value;
  const days = horizon.value;
  const key = shown && !shown.isTemplate ? `money ${shown.id}` : null;
  const { data, problem, isCurrent } = useLoaded(key, `${revision.value} ${days}`, () =>
    Promise.all([api.forecast(shown?.id ?? "", Number(days)), api.renewals(shown?.id ?? "")]),
  );
  const [forecast, history] = data ?? [];
  const past = useMemo(() => pointsOf(history), [history]);
  if (shown?.isTemplate) return <OnlyTemplate />;
  if (!shown || !forecast || !history) return <Waiting for="the forecast" problem={problem} />;
  return (
    <div class="page" aria-busy={!isCurrent}>
      <Figures forecast={forecast} />
      <ClockCard forecast={forecast} />
      <section class="card">
        <h2>
          Balance <span class="grow" />
          <Segments
            label="Horizon"
            value={days}
            options={horizons}
            onChange={(value) => {
              horizon.value = value;
            }}
          />
        </h2>
        {Chart.value ? (
          <Chart.value forecast={forecast} past={past} />
        ) : (
          <p class="more">Loading the chart…</p>
        )}
        <Legend forecast={forecast} past={past} />
      </section>
      <Renewals forecast={forecast} history={history} />
    </div>
  );
}

/** Nothing happens to the template, so that there is nothing to foresee. */
function OnlyTemplate() {
  const sample = useSample();
  const start = async () => {
    const account = await sendSample(sample);
    if (account) chooseAccount(account);
    else location.hash = "requests";
  };
  return (
    <div class="page">
      <section class="card">
        <h2>
          No time passes for the template <span class="grow" />
          <AccountSelect />
        </h2>
        <div class="in stack">
          <p>
            It only waits to be copied: each new API key gets a copy with its first request, and from then on
            the orders of that copy renew, cost money and expire. Send a request to see that here.
          </p>
          {acceptsNewKeys.value && (
            <p>
              <Button changes kind="primary" onClick={() => attempt(start)}>
                Send a request
              </Button>
            </p>
          )}
        </div>
      </section>
      <ClockCard forecast={null} />
    </div>
  );
}

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
  const { balance, currency, cost, renewals, days, firstUnpaid, topUp } = forecast;
  const shown = account.value;
  const next = days.find(({ renewed, unpaid }) => renewed + unpaid > 0);
  const { paid, expiredOff } = totalOf(days);
  const isYear = horizon.value === "366";
  const span = isYear ? "Next year costs" : `Next ${horizon.value} days cost`;
  const usd = (amount: number) => (
    <>
      {money(amount)} <small>{currency}</small>
    </>
  );
  return (
    <dl class="card figures">
      <Figure label="Balance now" value={usd(balance)}>
        {shown && (
          <>
            {plural(shown.orders, "order")}, {addresses(shown.addresses)} in <AccountSelect />
          </>
        )}
      </Figure>
      <Figure label={span} value={usd(cost)}>
        {renewals === 0 ? "nothing renews" : `${plural(renewals, "renewal")} if every renewal is paid`}
        {next && `, the next on ${shortDate(next.at, now.value)}`}
        {paid < cost && `; the balance pays ${money(paid)}`}
        {expiredOff > 0 && `; ${expiring(expiredOff)} because auto-extend is off`}
      </Figure>
      <ShortFigure forecast={forecast} />
      {topUp > 0 ? (
        <Figure label="Top up" isBad value={usd(topUp)}>
          {firstUnpaid && `by ${shortDate(firstUnpaid.at, now.value)}, `}
          {renewals === 1 ? "to pay the renewal" : `to pay all ${number(renewals)} renewals`}
        </Figure>
      ) : (
        <Figure
          label={`Balance in ${isYear ? "a year" : `${horizon.value} days`}`}
          value={usd(balance - cost)}
        >
          nothing to top up until then
        </Figure>
      )}
    </dl>
  );
}

/** When money runs short: within the days that are shown, or after them. */
function ShortFigure({ forecast }: { forecast: Forecast }) {
  const { firstUnpaid, laterUnpaid, currency, expiredUnpaid, renewals, until } = forecast;
  const unpaid = firstUnpaid ?? laterUnpaid;
  if (unpaid === null) {
    return (
      <Figure label="Money runs short" value="Not within a year">
        {renewals > 0 ? "every renewal will be paid" : "nothing renews in this time"}
      </Figure>
    );
  }
  const { orderId, price, missing, addresses: count, expireAt } = unpaid;
  const date = shortDate(unpaid.at, now.value);
  const end = expireAt === null ? date : shortDate(expireAt, now.value);
  const why =
    price === null || missing === null
      ? `the renewal of order ${orderId} has no price`
      : `order ${orderId} costs ${money(price)}, the balance is then ${money(unpaid.balance)}: ${money(missing)} ${currency} missing`;
  const value = (
    <>
      <Time at={unpaid.at}>{date}</Time> <small>{relative(unpaid.at, now.value)}</small>
    </>
  );
  return (
    <Figure label="Money runs short" isBad={firstUnpaid !== null} value={value}>
      {why}, so that its {count === 1 ? "address expires" : `${addresses(count)} expire`}
      {end !== date && ` on ${end} unless it is paid before`};{" "}
      {firstUnpaid
        ? `${addresses(expiredUnpaid)} would expire unpaid by ${shortDate(until, now.value)}`
        : "every renewal before then will be paid"}
    </Figure>
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

function Legend({ forecast, past }: { forecast: Forecast; past: readonly Point[] }) {
  return (
    <div class="legend">
      {past.length > 0 && <span class="behind">past</span>}
      {past.some(({ unpaid = 0 }) => unpaid > 0) && <span class="unpaid">renewals that were not paid</span>}
      <span class="ahead">forecast</span>
      {forecast.firstUnpaid && <span class="missing">if every renewal were paid</span>}
    </div>
  );
}
