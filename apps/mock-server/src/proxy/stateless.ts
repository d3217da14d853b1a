import type { Engine } from "../engine/engine.js";
import type { Time } from "../engine/time/time.js";

/** What was asked of a mock that only a mock with a state can do. */
export class StatelessError extends Error {
  override readonly name = "StatelessError";

  constructor() {
    super(
      "This mock passes requests on, and has no state, no accounts and no clock of its own: ask the server behind it, or start a mock without an upstream.",
    );
  }
}

/**
 * The engine of a mock that passes requests on. It still has its world, which no request ever reaches: to show that, to
 * look for one of its accounts, or to move its clock, would mislead.
 */
export function stateless(engine: Engine): Engine {
  const refuse = (): never => {
    throw new StatelessError();
  };
  const time = Object.fromEntries(Object.keys(engine.time).map((name) => [name, refuse]));
  return {
    ...engine,
    state: refuse,
    putState: refuse,
    accountOf: refuse,
    has: refuse,
    time: time as unknown as Time,
  };
}
