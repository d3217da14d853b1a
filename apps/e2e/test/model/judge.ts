import fc from "fast-check";
import type { Channel } from "./channels.js";
import { Model } from "./model.js";
import { expectSameState } from "./same-state.js";
import { stepsOfControl } from "./steps-of-control.js";
import { stepsOfRequests } from "./steps-of-requests.js";
import { stepsOfTime } from "./steps-of-time.js";
import { worlds } from "./worlds.js";

/** The machine's time at the start of each sequence: another than the clock's, so that they can't be mixed up. */
const machine = Date.parse("2026-05-05T05:05:05.005Z");

/** Expects a mock to do what the model does, whatever world it starts with and whatever steps are taken. */
export function judging({ start }: Channel) {
  const steps = fc.commands([...stepsOfRequests, ...stepsOfTime, ...stepsOfControl], {
    maxCommands: 30,
    size: "max",
  });
  // Watched if it may be, and that first: then nothing comes after the step that went wrong.
  const isWatched = fc.boolean().map((lazily) => !lazily);
  // The steps before the world: of those that come after something else, fast-check shrinks too few.
  return fc.asyncProperty(isWatched, steps, worlds, async (isWatched, taken, world) => {
    let now = machine;
    const reached = await start({ world, now: () => now });
    try {
      const model = new Model(world, machine);
      const setMachine = (time: number) => {
        now = time;
      };
      const real = { ...reached, world, isWatched, setMachine };
      await fc.asyncModelRun(() => ({ model, real }), taken);
      expectSameState(reached.mock, model);
    } finally {
      await reached.close();
    }
  });
}
