import { type Capability, capabilitiesOf, UnsupportedFaultError } from "./capabilities.js";
import { createDraws } from "./draws.js";
import { combined, type Fault, type Origin } from "./fault.js";
import { createLimits } from "./limits.js";
import { delayOf } from "./primitives.js";
import { createFaultQueue, type FaultQueue, type Matched } from "./queue.js";
import { type AskedFault, type AskingRequest, askedFaults, type FaultTrigger } from "./requested-faults.js";

export type { FaultTrigger as Asked };

/** What is planned to go wrong with one request: decided once, frozen, and of no other request. */
export interface Plan {
  /** The faults, and who asked for each of them. */
  readonly triggers: readonly FaultTrigger[];
  readonly fault: Fault;
  /** By the name of the fault, where each primitive of it is taken from. */
  readonly origin: Origin;
  /** How long the answer is held back, in milliseconds. */
  readonly delay: number;
  /** Whether the request is over a limit. */
  readonly isRateLimited: boolean;
  /** Whether it names magic orders. */
  readonly hasMagicOrders: boolean;
  /** To be called once the request is through. */
  readonly release: () => void;
}

/** A request, as far as faults are planned by it. */
export interface PlannedRequest extends Matched, AskingRequest {
  /** What its carrier can't do; it can do everything where left out. */
  readonly cannot?: ReadonlySet<Capability> | undefined;
}

/** Finds out which faults a request is to meet. */
export interface Planner {
  readonly queue: FaultQueue;
  /**
   * @returns `null` where nothing is to go wrong.
   * @throws FaultError where a fault was asked for that can't be had.
   * @throws NotEnactedError where the carrier can't do what it takes. Nothing counts the request then.
   */
  plan(request: PlannedRequest): Plan | null;
  /** Back to the start, with everything or with what is one account's. */
  reset(account?: string): void;
}

/** What a planner knows of the rest of the mock. */
export interface PlannerParts {
  /** Milliseconds that really went by. */
  readonly elapsed: () => number;
  readonly hasAccount: (id: string) => boolean;
}

/** Makes a planner for which no faults wait. */
export function createPlanner({ elapsed, hasAccount }: PlannerParts): Planner {
  const queue = createFaultQueue(hasAccount);
  const limits = createLimits(elapsed);
  let ownDraws = createDraws();

  function plan(request: PlannedRequest): Plan | null {
    const { faults, none, hasMagicOrders } = askedFaults(request);
    const striking = none ? [] : queue.meeting(request);
    const asked = [...faults, ...striking.map((each): AskedFault => ({ ...each, by: "control API" }))].map(
      ended,
    );
    if (asked.length === 0) return null;
    const fault = combined(asked.map((each) => each.fault));
    const lacking = capabilitiesOf(fault).filter((feat) => request.cannot?.has(feat));
    // Before anything counts: a request that was not struck must not use a fault up.
    if (lacking.length > 0) throw new UnsupportedFaultError(lacking);
    queue.strike(striking);
    const entered = enter(asked, request);
    return Object.freeze({
      triggers: Object.freeze(
        asked.map(({ name, by, id }) => Object.freeze({ name, by, ...(id && { id }) })),
      ),
      fault,
      origin: originOf(asked),
      delay: drawnDelay(asked, request),
      isRateLimited: entered === null,
      hasMagicOrders,
      release: entered ?? (() => {}),
    });
  }

  function enter(asked: readonly AskedFault[], { account }: PlannedRequest): (() => void) | null {
    const { id, by, fault } = asked.find((each) => each.fault.limit) ?? {};
    if (!fault?.limit) return () => {};
    return limits.enter({ account, limit: id ?? JSON.stringify([by, fault.limit]) }, fault.limit);
  }

  function drawnDelay(asked: readonly AskedFault[], request: PlannedRequest): number {
    const delaying = asked.find(({ fault }) => fault.delay);
    const { seed = 1, draws = ownDraws, fault } = delaying ?? {};
    return delayOf(fault?.delay, () => draws.next(`${seed} ${fault?.delay?.seed ?? 1}`, request));
  }

  return {
    queue,
    plan,
    reset(account) {
      queue.reset(account);
      limits.reset(account);
      if (account === undefined) ownDraws = createDraws();
      else ownDraws.forget(account);
    },
  };
}

/** A fault that loses something ends the connection, unless it says how else; that is its own, like the rest of it. */
function ended(asked: AskedFault): AskedFault {
  const { lose, cut } = asked.fault;
  if (!lose || cut) return asked;
  return { ...asked, fault: { ...asked.fault, cut: { how: "close", at: "before" } } };
}

function originOf(asked: readonly AskedFault[]): Origin {
  const origin: Partial<Record<keyof Fault, string>> = {};
  for (const { name, fault } of asked) {
    for (const primitive of Object.keys(fault) as (keyof Fault)[]) origin[primitive] ??= name;
  }
  return Object.freeze(origin);
}
