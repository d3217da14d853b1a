import { useState } from "preact/hooks";
import { api, type ClockCommand, type Forecast } from "../api.ts";
import { account, attempt, clock, loadState, now, showToast } from "../store.ts";
import { Button } from "../ui/controls.tsx";
import { clockTime, money, plural, shortDate, weekdayDate } from "../ui/format.ts";

/** The test clock: each button says what it would cost before it is pressed. */
export function ClockCard({ forecast }: { forecast: Forecast | null }) {
  const state = clock.value;
  const today = new Date(now.value).toISOString().slice(0, 10);
  const [date, setDate] = useState("");
  if (!state) return null;
  const next = forecast?.days.find(({ renewed, unpaid }) => renewed + unpaid > 0)?.at ?? null;
  return (
    <section class="card">
      <h2>
        Test clock <span class="dim">time only goes forward; a reset goes back to the start</span>
        <span class="grow" />
        <Button changes kind="quiet" onClick={() => move(state.frozen ? { resume: true } : { freeze: true })}>
          {state.frozen ? "Resume" : "Freeze"}
        </Button>
      </h2>
      <div class="in clock">
        <span class="now">
          {weekdayDate(now.value)}, {clockTime(now.value)}{" "}
          <small class="dim">UTC, {state.frozen ? "frozen" : "running"}</small>
        </span>
        {forecast?.steps.map((step) => (
          <Button
            key={step.days}
            changes
            kind="step"
            onClick={() => move({ advance: { days: step.days, hours: 0 } })}
          >
            +{plural(step.days, "day")}
            <small>{stepText(step)}</small>
          </Button>
        ))}
        <Button changes kind="step" onClick={() => move({ toNextRenewal: true })}>
          To next renewal
          <small>{next === null ? "none in this time" : shortDate(next, now.value)}</small>
        </Button>
        <form
          class="fld"
          onSubmit={(event) => {
            event.preventDefault();
            if (date !== "") move({ to: `${date}T00:00:00Z` });
          }}
        >
          <input
            type="date"
            aria-label="Go to a date"
            min={today}
            value={date}
            onInput={(event) => setDate(event.currentTarget.value)}
          />
          <Button changes type="submit">
            Go
          </Button>
        </form>
      </div>
    </section>
  );
}

function stepText({ renewed, paid, expired }: Forecast["steps"][number]): string {
  if (renewed === 0 && expired === 0) return "nothing is due";
  const cost = renewed > 0 ? `−${money(paid)}` : "0.00";
  return `${cost} ${account.value?.currency ?? ""}, ${expired} expire`;
}

async function move(command: ClockCommand): Promise<void> {
  await attempt(async () => {
    const { renewed, unpaid, expired, frozen } = await api.moveClock(command, account.peek()?.id ?? "");
    await loadState();
    if ("freeze" in command || "resume" in command) {
      showToast(frozen ? "Clock frozen." : "Clock resumed.");
      return;
    }
    const parts = [
      plural(renewed, "renewal"),
      ...(unpaid > 0 ? [`${unpaid} unpaid`] : []),
      ...(expired > 0 ? [`${plural(expired, "group")} of addresses expired`] : []),
    ];
    showToast(`${shortDate(now.value, now.value)}: ${parts.join(", ")}.`);
  });
}
