import { useState } from "preact/hooks";
import { api, type ClockCommand, type Forecast } from "../api.ts";
import { account, attempt, clock, loadState, now, showToast } from "../store.ts";
import { Button } from "../ui/controls.tsx";
import { ask } from "../ui/dialog.tsx";
import {
  addresses,
  clockTime,
  expiring,
  longDate,
  money,
  number,
  plural,
  shortDate,
  weekdayDate,
} from "../ui/format.ts";
import { askToReset } from "../world/reset.ts";
import { type Total, totalOf } from "./days.tsx";

/** The test clock: each button says what it would cost before it is pressed. */
export function ClockCard({ forecast }: { forecast: Forecast | null }) {
  const state = clock.value;
  const tomorrow = new Date(now.value + dayMs).toISOString().slice(0, 10);
  const [date, setDate] = useState("");
  if (!state) return null;
  const next = forecast?.nextRenewal;
  return (
    <section class="card">
      <h2>
        Test clock <span class="dim">time only goes forward; a reset goes back to the start</span>
        <span class="grow" />
        <Button changes kind="quiet" onClick={askToReset}>
          Reset…
        </Button>
        <Button changes kind="quiet" onClick={() => move(state.frozen ? { resume: true } : { freeze: true })}>
          {state.frozen ? "Resume" : "Freeze"}
        </Button>
      </h2>
      <div class="in clock">
        <span class="now">
          {weekdayDate(now.value)}, {clockTime(now.value)}{" "}
          <small class="dim">UTC, {state.frozen ? "frozen" : "running"}</small>
        </span>
        <form
          class="fld"
          onSubmit={(event) => {
            event.preventDefault();
            if (date !== "") void moveToDate(`${date}T00:00:00Z`);
          }}
        >
          <input
            type="date"
            aria-label="Go to a date"
            min={tomorrow}
            value={date}
            onInput={(event) => setDate(event.currentTarget.value)}
          />
          <Button changes type="submit">
            Go
          </Button>
        </form>
        {forecast?.steps.map((step) => (
          <Button key={step.days} changes kind="step" onClick={() => moveOn(step.days)}>
            +{plural(step.days, "day")}
            <small>{costText(step)}</small>
          </Button>
        ))}
        <Button changes kind="step" onClick={() => move({ toNextRenewal: true })}>
          To next renewal
          <small>{next ? `${shortDate(next.at, now.value)}: ${costText(next)}` : "none within a year"}</small>
        </Button>
      </div>
    </section>
  );
}

/** The cost of a way, and how many addresses expire on it. */
function costText({
  renewed,
  paid,
  expired,
}: Pick<Forecast["steps"][number], "renewed" | "paid" | "expired">): string {
  if (renewed === 0 && expired === 0) return "nothing is due";
  const cost = renewed > 0 ? `−${money(paid)}` : "0.00";
  return `${cost} ${account.value?.currency ?? ""}, ${expiring(expired)}`;
}

const dayMs = 86_400_000;
/** The longest way that the control API looks ahead, in days. */
const farthest = 366;
/** Its button has said what it costs. */
async function moveOn(days: number): Promise<void> {
  await moveTo(
    { advance: { days, hours: 0 } },
    { until: now.peek() + days * dayMs, days, isCostKnown: true },
  );
}

async function moveToDate(to: string): Promise<void> {
  const at = Date.parse(to);
  const days = Math.max(1, Math.ceil((at - now.peek()) / dayMs));
  await moveTo({ to }, { until: at, days, isCostKnown: false });
}

interface Way {
  readonly until: number;
  /** The whole days that it takes at most. */
  readonly days: number;
  readonly isCostKnown: boolean;
}

async function moveTo(command: ClockCommand, { until, days, isCostKnown }: Way): Promise<void> {
  const forecast = await api.forecast(account.peek()?.id ?? "", Math.min(days, farthest)).catch(() => null);
  const way = forecast && wayTo(until, forecast);
  const asks = way !== null && (!isCostKnown || way.unpaid > 0);
  if (forecast && asks && !(await isMeant({ until, days, way, forecast }))) return;
  await move(command, days > farthest ? null : way);
}

function wayTo(until: number, { days }: Forecast): Total {
  return totalOf(days.filter(({ at }) => Date.parse(at) <= until));
}

interface Meant {
  readonly until: number;
  readonly days: number;
  readonly way: Total;
  readonly forecast: Forecast;
}

/** Asks before a way whose cost was not shown, or on which money runs short: there is no way back. */
async function isMeant({ until, days, way, forecast }: Meant): Promise<boolean> {
  const { firstUnpaid, currency } = forecast;
  const lines = [
    `${plural(way.renewed, "renewal")} for ${money(way.paid)} ${currency}`,
    ...(way.unpaid > 0 && firstUnpaid
      ? [`${plural(way.unpaid, "renewal")} can’t be paid, the first on ${longDate(firstUnpaid.at)}`]
      : []),
    ...(way.expiredUnpaid > 0 ? [`${expiring(way.expiredUnpaid)} unpaid`] : []),
    ...(way.expiredOff > 0 ? [`${expiring(way.expiredOff)} because auto-extend is off`] : []),
  ];
  const answer = await ask({
    title: `Go to ${longDate(until)}?`,
    body: (
      <>
        <p>
          On the way{days > farthest && ", in the first year alone"}, in {forecast.account}:
        </p>
        <ul class="bullets">
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <p>Time only goes forward. A reset goes back to the start, and removes the request log.</p>
      </>
    ),
    answers: [{ value: "go", text: "Go" }],
  });
  return answer !== null;
}

/** @param way says how many addresses expire: the answer of the clock counts them by groups. */
async function move(command: ClockCommand, way: Total | null = null): Promise<void> {
  await attempt(async () => {
    const { renewed, unpaid, frozen } = await api.moveClock(command, account.peek()?.id ?? "");
    await loadState();
    if ("freeze" in command || "resume" in command) {
      showToast(frozen ? "Clock frozen." : "Clock resumed.");
      return;
    }
    const expired = way ? way.expiredOff + way.expiredUnpaid : 0;
    const parts = [
      plural(renewed, "renewal") + (way ? ` for ${money(way.paid)} ${account.value?.currency}` : ""),
      ...(unpaid > 0 ? [`${number(unpaid)} unpaid`] : []),
      ...(expired > 0 ? [`${addresses(expired)} expired`] : []),
    ];
    showToast(`${shortDate(now.value, now.value)}: ${parts.join(", ")}.`);
  });
}
