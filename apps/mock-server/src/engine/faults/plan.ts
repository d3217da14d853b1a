import { mockProblems } from "../problem.js";
import type { Caller, Capability, EngineProblem, EngineRequest, Input, Plan, Route } from "../types.js";
import { createDraws } from "./draws.js";
import { type Fault, FaultError, FaultNotApplicableError } from "./fault.js";
import { createLimits } from "./limits.js";
import { delayOf } from "./primitives.js";
import { createFaultQueue, type FaultQueue, type MatchedRequest, type QueuedFault } from "./queue.js";
import {
  type CombinedFault,
  combineFaults,
  type FaultRequest,
  magicPrefix,
  type RequestedFault,
  requestedFaults,
} from "./requested-faults.js";

/** Plans what goes wrong with a request, before anything else is decided about it. */

/** The parts of a request that its faults depend on. */
export interface PlannedRequest extends MatchedRequest, FaultRequest {
  /** What its channel cannot do (default: nothing). */
  readonly unsupported?: ReadonlySet<Capability> | undefined;
}

/** Plans the faults of requests. */
export interface FaultPlanner {
  readonly queue: FaultQueue;
  /**
   * @returns `null` if nothing will go wrong.
   * @throws FaultError, FaultNotApplicableError or UnsupportedFaultError if a fault was asked for that cannot be
   * injected. The request then counts nowhere.
   */
  plan(request: PlannedRequest): Plan | null;
  /** Forgets queued faults, limits and draws, of all accounts or of one. */
  reset(account?: string): void;
}

/** The results of the steps before planning. */
interface Planning {
  readonly request: EngineRequest;
  readonly route: Route;
  readonly caller: Caller;
  readonly input: Input;
}

interface Planned {
  readonly plan: Plan | null;
  readonly problem: EngineProblem | undefined;
}

const unplanned: Planned = { plan: null, problem: undefined };

/** Step 4: plans the faults of a request. Requests without an operation meet none. */
export function planFaults(planner: FaultPlanner, { request, route, caller, input }: Planning): Planned {
  const { operation } = route;
  if (!operation) return unplanned;
  const { prefer } = request.headers;
  try {
    const plan = planner.plan({
      prefer: prefer === undefined ? "" : String(prefer),
      apiKey: route.apiKey,
      account: caller.accountId,
      operation: operation.id,
      // Only order IDs can ask for faults.
      text: "orderIds" in operation.request.shape ? input.text : "",
      sent: input.problem ? null : input.value,
      unsupported: request.unsupported,
      ignoreMagic: request.ignoreMagic,
    });
    return plan ? { plan, problem: undefined } : unplanned;
  } catch (error) {
    return { plan: null, problem: faultProblem(error) };
  }
}

function faultProblem(error: unknown): EngineProblem {
  if (error instanceof UnsupportedFaultError) {
    return { error: mockProblems.faultNeedsSocket, remark: `it lacks: ${error.lacking.join(", ")}` };
  }
  if (error instanceof FaultNotApplicableError) {
    return { error: { ...mockProblems.faultNotApplicable, detail: error.message } };
  }
  if (error instanceof FaultError) return { error: { ...mockProblems.fault, detail: error.message } };
  throw error;
}

/** The capabilities that a fault takes. */
export function capabilitiesOf({ cut, http }: Fault): Capability[] {
  const needed: Capability[] = [];
  if (cut?.how === "reset") needed.push("reset");
  if (cut?.how === "close" && cut.at === "after") needed.push("close-after");
  if (http?.gzip) needed.push("gzip");
  return needed;
}

/** A fault that the channel of the request cannot carry out. */
class UnsupportedFaultError extends Error {
  override readonly name = "UnsupportedFaultError";
  readonly lacking: readonly Capability[];

  constructor(lacking: readonly Capability[]) {
    super(`This channel does not support what the fault needs: ${lacking.join(", ")}.`);
    this.lacking = lacking;
  }
}

interface PlannerParts {
  /** Milliseconds that really passed. */
  readonly elapsed: () => number;
  readonly hasAccount: (id: string) => boolean;
}

/** Makes a planner with an empty queue. */
export function createFaultPlanner({ elapsed, hasAccount }: PlannerParts): FaultPlanner {
  const queue = createFaultQueue(hasAccount);
  const limits = createLimits(elapsed);
  let ownDraws = createDraws();

  function plan(request: PlannedRequest): Plan | null {
    const isEmpty = queue.size === 0;
    // Nearly every request.
    if (isEmpty && request.prefer === "" && !request.text.includes(magicPrefix)) return null;
    const requested = requestedFaults(request);
    const queued = isEmpty || requested.none ? noFaults : queue.matching(request);
    if (requested.faults.length + queued.length === 0) return null;
    const isFromHeader = queued.length === 0 && requested.combined;
    const combined = isFromHeader || combineAll(requested.faults, queued);
    // Before anything counts: a request that was not struck must not use up a fault.
    if (request.unsupported) requireSupported(combined.fault, request.unsupported);
    if (queued.length > 0) queue.count(queued);
    return planOf(combined, request, requested.hasMagicOrders);
  }

  function planOf(combined: CombinedFault, request: PlannedRequest, hasMagicOrders: boolean): Plan {
    const { triggers, fault, origin, limiting, delaying } = combined;
    const release = limiting ? enter(limiting, request) : nothingToRelease;
    return Object.freeze({
      triggers,
      fault,
      origin,
      delay: delaying ? drawDelay(delaying, request) : 0,
      isRateLimited: release === null,
      hasMagicOrders,
      release: release ?? nothingToRelease,
    });
  }

  /** @returns how the request leaves the limit again; `null` if it is over the limit. */
  function enter({ id, by, fault }: RequestedFault, { account }: PlannedRequest): (() => void) | null {
    const { limit } = fault;
    return limits.enter({ account, limit: id ?? JSON.stringify([by, limit]) }, limit ?? {});
  }

  function drawDelay({ seed = 1, draws = ownDraws, fault }: RequestedFault, request: PlannedRequest): number {
    return delayOf(fault.delay, () => draws.next(`${seed} ${fault.delay?.seed ?? 1}`, request));
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

const noFaults: readonly QueuedFault[] = [];

function combineAll(own: readonly RequestedFault[], queued: readonly QueuedFault[]): CombinedFault {
  return combineFaults([...own, ...queued.map((each) => ({ ...each, by: "control API" as const }))]);
}

function requireSupported(fault: Fault, unsupported: ReadonlySet<Capability>): void {
  const lacking = capabilitiesOf(fault).filter((each) => unsupported.has(each));
  if (lacking.length > 0) throw new UnsupportedFaultError(lacking);
}

function nothingToRelease(): void {}
