import type { RunState } from "./state.js";

/** What was known before a run began: what the ledger tells, and nothing where there was none. */
export interface Earlier {
  /** Order ids that are not sent again. */
  readonly settled: number;
  /** Those of them that were not changed, for they can't be. */
  readonly failed: number;
  readonly changed: number;
  /** How many IP addresses the provider said were switched. */
  readonly quantity: number;
  readonly calls: number;
  /** When the last of it was written down, as an ISO time; `null` where there was nothing. */
  readonly at: string | null;
}

/** Keeps what a state knows before the run begins. */
export function earlierOf(state: RunState, { given, at }: { given: number; at: string | null }): Earlier {
  const { changed, refused, unknown, notTried } = state.counts();
  const open = state.open();
  const { quantity, calls } = state;
  return { settled: given - open, failed: refused + unknown + notTried - open, changed, quantity, calls, at };
}
