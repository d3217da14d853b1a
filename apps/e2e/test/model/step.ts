import type fc from "fast-check";
import type { Reached } from "./channels.js";
import type { Model } from "./model.js";
import { expectSameState } from "./same-state.js";
import type { JudgedWorld } from "./worlds.js";

export interface Real extends Reached {
  readonly world: JudgedWorld;
  /** Moves the machine's time that the mock goes by. */
  setMachine(time: number): void;
  /** Whether it is compared with the model after each step; else at the end, and when a step is to look. */
  readonly isWatched: boolean;
}

/** Something that is done with a mock and with the model, and then compared. */
export type Step = fc.AsyncCommand<Model, Real>;

/** Makes a step from the present state of the model. */
export interface Planned {
  readonly text: string;
  run(real: Real): void | Promise<void>;
}

/** Makes steps of drawn values. They name what there may be by its place, for a world is drawn apart from them. */
export function step<Drawn>(
  drawn: fc.Arbitrary<Drawn>,
  plan: (drawn: Drawn, model: Model) => Planned,
): fc.Arbitrary<Step> {
  return drawn.map((values) => {
    let text = JSON.stringify(values);
    return {
      check: () => true,
      async run(model: Model, real: Real) {
        const planned = plan(values, model);
        text = planned.text;
        await planned.run(real);
        if (real.isWatched) expectSameState(real.mock, model);
      },
      toString: () => text,
    };
  });
}
