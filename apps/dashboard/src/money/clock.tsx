import { type Account, api, type ClockCommand, type ClockMove, type Forecast } from "../api.ts";
import { account, accounts, attempt, clock, loadState, now, showToast } from "../store.ts";
import { Button, Form } from "../ui/controls.tsx";
import { confirm } from "../ui/dialog.tsx";
import {
  addresses,
  clockTime,
  expiring,
  longDate,
  money,
  number,
  plural,
  shortDate,
  shortTime,
  weekdayDate,
} from "../ui/format.ts";
import { totalOf } from "./days.tsx";

/**
 * The test clock: each button says what it would cost before it is pressed.
 *
 * @param forecast `null` for the template, to which nothing happens.
 */
export function ClockCard({ forecast }: { forecast: Forecast | null }) {
  const state = clock.value;
  if (!state) return null;
  const next = forecast?.nextRenewal;
  return (
    <section class="card">
      <h2>
        Test clock{" "}
        <span class="dim">
          time only goes forward, for all accounts{forecast && `; the costs are those of ${forecast.account}`}
        </span>
        <span class="grow" />
        <Button changes kind="quiet" onClick={() => move(state.frozen ? { resume: true } : { freeze: true })}>
          {state.frozen ? "Resume" : "Freeze"}
        </Button>
      </h2>
      <div class="in clock">
        <div class="now">
          <span>
            {weekdayDate(now.value)}, {clockTime(now.value)}{" "}
            <small class="dim">UTC, {state.frozen ? "frozen" : "running"}</small>
          </span>
          <ToDate />
        </div>
        {(forecast?.totals ?? stepsOfTemplate).map((step) => (
          <Button
            key={step.days}
            changes
            kind="step"
            onClick={() => move({ advance: { days: step.days, hours: 0 } })}
          >
            +{plural(step.days, "day")}
            {forecast && <small>{costText(step, now.value + step.days * dayMs, forecast)}</small>}
          </Button>
        ))}
        <Button changes kind="step" onClick={() => move({ toNextRenewal: true })}>
          To next renewal
          {forecast && (
            <small>
              {next
                ? `${shortDate(next.at, now.value)}: ${costText(next, Date.parse(next.at), forecast)}`
                : "none within a year"}
            </small>
          )}
        </Button>
      </div>
    </section>
  );
}

function ToDate() {
  const tomorrow = new Date(now.value + dayMs).toISOString().slice(0, 10);
  return (
    <Form class="fld" onSubmit={(fields) => moveToDate(`${fields.get("date")}T00:00:00Z`)}>
      <input type="date" name="date" aria-label="Go to a date" required min={tomorrow} max="8999-12-31" />
      <Button changes type="submit">
        Go
      </Button>
    </Form>
  );
}

type Way = Pick<Forecast["totals"][number], "renewed" | "paid" | "expired">;

/** The costs of a way that ends at a time, how many addresses expire on it, and whether the money suffices. */
function costText({ renewed, paid, expired }: Way, until: number, forecast: Forecast): string {
  const unpaid = forecast.firstUnpaid ?? forecast.laterUnpaid;
  const isShort = unpaid && Date.parse(unpaid.at) <= until;
  if (renewed === 0 && expired === 0 && !isShort) return "nothing is due";
  return [
    `${renewed > 0 ? `−${money(paid)}` : "0.00"} ${account.value?.currency ?? ""}`,
    ...(expired > 0 ? [expiring(expired)] : []),
    ...(isShort ? ["money runs short"] : []),
  ].join(", ");
}

const dayMs = 86_400_000;
const stepsOfTemplate = [1, 7, 30].map((days) => ({ days, renewed: 0, paid: 0, expired: 0 }));
/** The longest way that the control API looks ahead, in days. */
const maxForecastDays = 366;

/** Asks first if anything happens on the way, since no button has said so, and there is no way back. */
async function moveToDate(to: string): Promise<void> {
  const at = Date.parse(to);
  const days = Math.max(1, Math.ceil((at - now.peek()) / dayMs));
  const { id = "", isTemplate } = account.peek() ?? {};
  if (isTemplate) return move({ to });
  await attempt(async () => {
    const forecast = await api.forecast(id, Math.min(days, maxForecastDays));
    const onTheWay = forecast.days.filter((day) => Date.parse(day.at) <= at);
    const total = totalOf(onTheWay);
    if (onTheWay.length === 0 && days <= maxForecastDays) return move({ to });
    const lines = [
      `${plural(total.renewed, "renewal")} for ${money(total.paid)} ${forecast.currency}`,
      total.unpaid > 0 &&
        `${plural(total.unpaid, "renewal")} can’t be paid, the first on ${longDate(forecast.firstUnpaid?.at ?? at)}`,
      total.expiredUnpaid > 0 && `${expiring(total.expiredUnpaid)} unpaid`,
      total.expiredOff > 0 && `${expiring(total.expiredOff)} because auto-extend is off`,
    ];
    const body = (
      <>
        <p>
          Meanwhile{days > maxForecastDays && ", in the first year alone"}, in {forecast.account}:
        </p>
        <ul class="bullets">{lines.map((line) => line && <li key={line}>{line}</li>)}</ul>
        <p>Time only goes forward. A reset, in World and connect, goes back to the start.</p>
      </>
    );
    if (!(await confirm(`Go to ${longDate(at)}, 00:00 UTC?`, body, "Go"))) return;
    await move({ to });
  });
}

async function move(command: ClockCommand): Promise<void> {
  await attempt(async () => {
    const before = account.peek();
    const moved = await api.moveClock(command, before?.id ?? "");
    await loadState();
    if ("freeze" in command || "resume" in command) {
      showToast(moved.frozen ? "Clock frozen." : "Clock resumed.");
      return;
    }
    const after = account.peek();
    if (!before || !after) return;
    const passed = passedText({ ...moved, before, after });
    showToast(`${shortDate(now.value, now.value)}, ${shortTime(now.value)}: ${passed}.`);
  });
}

interface Passed extends Pick<ClockMove, "renewed" | "unpaid"> {
  readonly before: Account;
  readonly after: Account;
}

function passedText({ renewed, unpaid, before, after }: Passed): string {
  const expired = before.addresses - after.addresses;
  const cost = ` for ${money(before.balance - after.balance)} ${after.currency}`;
  return [
    // Time passes for the others as well.
    ...(accounts.peek().length > 1 ? [`in ${after.id}`] : []),
    renewed > 0 || unpaid > 0 || expired > 0
      ? plural(renewed, "renewal") + (renewed > 0 ? cost : "")
      : "nothing was due",
    ...(unpaid > 0 ? [`${number(unpaid)} unpaid`] : []),
    ...(expired > 0 ? [`${addresses(expired)} expired`] : []),
  ].join(", ");
}
