import type { FaultTrigger } from "../log/schemas.js";
import { mockProblems } from "../problem.js";
import type { Capability, EngineProblem, Exchange, Plan, ServedOperation } from "../types.js";
import { faultProblem } from "./decide.js";
import { type Fault, FaultError } from "./fault.js";
import { appliesTo, refuseToApply } from "./fault-spec.js";
import { createDraws, createFaultQueue, type QueueEntry } from "./queue.js";
import {
  combineFaults,
  magicFaults,
  magicPrefix,
  preferredFaults,
  type RequestedFault,
  withErrorPlace,
} from "./requested-faults.js";

/** Plans what goes wrong with a request, before anything else is decided about it. */

interface Planned {
  readonly plan: Plan | null;
  readonly problem: EngineProblem | undefined;
  /** Must be called once the request is over, if it counts against a limit. */
  readonly release: (() => void) | undefined;
  /** Whether the request's own header asks for no fault (default: false). */
  readonly asksForNoFault?: boolean;
}

const unplanned: Planned = { plan: null, problem: undefined, release: undefined };

/** The faults of a plan, and the queued ones that its request used. */
interface MadeOf {
  readonly injected: readonly RequestedFault[];
  readonly entries: readonly QueueEntry[];
}

interface PlannerParts {
  /** Milliseconds that really passed. */
  readonly elapsed: () => number;
  readonly hasAccount: (id: string) => boolean;
}

export type FaultPlanner = ReturnType<typeof createFaultPlanner>;

export function createFaultPlanner({ elapsed, hasAccount }: PlannerParts) {
  const queue = createFaultQueue(hasAccount);
  const limits = createLimits(elapsed);
  const ownDraws = createDraws();
  const madeOf = new WeakMap<Plan, MadeOf>();

  // Nothing can be withdrawn of most plans, and one more entry for each request would keep the garbage collector busy.
  const remember = (plan: Plan, made: MadeOf) =>
    plan.changes.length + made.entries.length > 0 && madeOf.set(plan, made);

  function planOf(found: PlanInput, operation: ServedOperation, asked: AskedFor): Planned {
    const { request, route, caller, input } = found;
    const { accountId: account } = caller;
    const matched = { account, apiKey: route.apiKey, operation: operation.id, sent: input.value };
    const queued = asked.none ? [] : queue.matching(matched);
    const { effective, combined } = combineFaults([...asked.faults, ...queued.map(fromQueue)]);
    const { fault } = combined;
    // Before anything counts: a request that no fault is injected into must not use one up.
    const problem = request.unsupported && requireSupported(fault, request.unsupported);
    if (problem) return { ...unplanned, problem };
    const met = fault.limit
      ? enterLimits(limits, effective, account)
      : { injected: effective, isRateLimited: false, release: undefined };
    const { injected, isRateLimited, release } = met;
    if (injected.length === 0) return { ...unplanned, release };
    const entries = queued.filter((each) => isCounted(each, met));
    if (entries.length > 0) queue.count(entries);
    const { seed = 1, draws = ownDraws } = effective.find((each) => each.fault.delay) ?? {};
    const planned = isRateLimited ? combineFaults(injected).combined : combined;
    // Field by field: freezing an object that was made by a spread takes as long as all the rest.
    const plan: Plan = Object.freeze({
      fault: planned.fault,
      changes: planned.changes,
      refusal: planned.refusal,
      origin: planned.origin,
      triggers: injected.map(({ name, by, id, options }) => ({ name, by, id, options })),
      delay: delayOf(fault.delay, () => draws.next(seed, matched)),
      isRateLimited,
      hasMagicOrders: asked.hasMagicOrders,
    });
    remember(plan, { injected, entries });
    return { plan, problem: undefined, release };
  }

  return {
    queue,
    /**
     * Step 4: plans the faults of a request. With a problem, since one cannot be injected, it uses up no fault and no limit.
     */
    plan(found: PlanInput): Planned {
      const { request, route, input } = found;
      const isPlain = queue.entries.length === 0 && request.headers.prefer === undefined;
      // Nearly every request.
      if (!route.operation || (isPlain && !input.text.includes(magicPrefix))) return unplanned;
      try {
        const asked = faultsAskedFor(found, route.operation);
        return { ...planOf(found, route.operation, asked), asksForNoFault: asked.asksForNoFault };
      } catch (error) {
        if (error instanceof FaultError) return { ...unplanned, problem: faultProblem(error) };
        throw error;
      }
    },
    /** Takes faults that changed nothing out of a plan, or all faults. Queued ones are not used up. */
    withdraw(plan: Plan | null, which: readonly FaultTrigger[] | "all"): Plan | null {
      const { injected, entries } = (plan && madeOf.get(plan)) ?? { injected: [], entries: [] };
      const isWithdrawn = ({ name, by, id }: FaultTrigger) =>
        which === "all" || which.some((each) => each.name === name && each.by === by && each.id === id);
      queue.giveBack(entries.filter((entry) => isWithdrawn(fromQueue(entry))));
      const triggers = plan?.triggers.filter((each) => !isWithdrawn(each)) ?? [];
      if (!plan || triggers.length === 0) return null;
      const { combined } = combineFaults(injected.filter((each) => !isWithdrawn(each)));
      return { ...plan, ...combined, triggers };
    },
    /** Forgets queued faults, limits and draws, of all accounts or of one. */
    reset(account?: string): void {
      queue.reset(account);
      limits.reset(account);
      ownDraws.forget(account);
    },
  };
}

type PlanInput = Pick<Exchange, "request" | "route" | "caller" | "input">;

function faultsAskedFor({ request, input }: PlanInput, { id, request: { shape } }: ServedOperation) {
  const { prefer } = request.headers;
  const preferred = withErrorPlace("header", () =>
    preferredFaults(prefer === undefined ? "" : String(prefer)),
  );
  // Only order IDs can ask for faults.
  const isLiteral = request.literalOrderIds || !("orderIds" in shape) || !input.text.includes(magicPrefix);
  const magic = isLiteral ? [] : withErrorPlace("order ID", () => magicFaults(input.value));
  const faults = [...preferred.faults, ...magic];
  for (const { name, by } of faults)
    if (!appliesTo(name, id)) withErrorPlace(by, () => refuseToApply(name, id));
  // Queued faults wait for the program under test, and not for what somebody does on the page meanwhile.
  const none = preferred.none || request.origin === "control API";
  return { faults, none, asksForNoFault: preferred.none, hasMagicOrders: magic.length > 0 };
}

type AskedFor = ReturnType<typeof faultsAskedFor>;

interface Met extends Pick<Planned, "release">, Pick<Plan, "isRateLimited"> {
  readonly injected: readonly RequestedFault[];
}

/** Counts a request under its limits. One that is refused by one of them meets no other fault. */
function enterLimits(
  limits: ReturnType<typeof createLimits>,
  faults: readonly RequestedFault[],
  account: string | null,
): Met {
  const releases: (() => void)[] = [];
  const release = () => {
    for (const each of releases) each();
  };
  for (const limiting of faults) {
    const {
      by,
      fault: { limit },
      id = JSON.stringify([by, limit]),
    } = limiting;
    if (!limit) continue;
    const leave = limits.enter({ account, limit: id }, limit);
    if (leave) releases.push(leave);
    else {
      release();
      return { injected: [limiting], isRateLimited: true, release: undefined };
    }
  }
  const injected = faults.filter(affectsWithinLimit);
  return { injected, isRateLimited: false, release: releases.length > 0 ? release : undefined };
}

/** A limit is used up by the requests that it refuses, any other fault by those that it is injected into. */
function isCounted({ id, fault }: QueueEntry, { injected, isRateLimited }: Met): boolean {
  return (isRateLimited || !fault.limit) && injected.some((each) => each.id === id);
}

/** A limit alone does nothing to the requests that it lets through, unless their order ID is that of the fault. */
function affectsWithinLimit({ by, fault }: RequestedFault): boolean {
  return by === "order ID" || !fault.limit || Object.keys(fault).length > 1;
}

function fromQueue({ id, preset, options, fault, seed, draws }: QueueEntry): RequestedFault {
  const chosen = Object.keys(options).length > 0 ? options : undefined;
  return { name: preset ?? id, by: "queue", id, options: chosen, fault, seed, draws };
}

/** @returns the problem with a fault that the channel cannot carry out. */
function requireSupported(
  fault: Plan["fault"],
  unsupported: ReadonlySet<Capability>,
): EngineProblem | undefined {
  const lacking = capabilitiesOf(fault).filter((each) => unsupported.has(each));
  if (lacking.length === 0) return undefined;
  return { error: mockProblems.faultNeedsSocket, remark: `it can't do ${lacking.join(" or ")}` };
}

export function capabilitiesOf({ cut, http }: Plan["fault"]): Capability[] {
  const needed: Capability[] = [];
  if (cut?.how === "reset") needed.push("reset");
  if (cut?.how === "close" && cut.at === "after") needed.push("close-after");
  if (http?.gzip) needed.push("gzip");
  return needed;
}

/** How long an answer is held back, in milliseconds. `draw` returns a number from 0 up to but not including 1. */
function delayOf(delay: Fault["delay"], draw: () => number): number {
  if (!delay) return 0;
  const { ms = 0, jitter = 0, p50, p95 = p50, p99 = p95 } = delay;
  if (p50 === undefined) return Math.max(0, jitter === 0 ? ms : ms + (draw() * 2 - 1) * jitter);
  const percentiles = [
    [0, p50 / 2],
    [0.5, p50],
    [0.95, p95 ?? p50],
    [0.99, p99 ?? p50],
    // A few answers are slower still, as on a real server.
    [1, (p99 ?? p50) * 1.5],
  ] as const;
  const rank = draw();
  const next = percentiles.findIndex(([place]) => place > rank);
  const [low, from] = percentiles[next - 1] ?? percentiles[0];
  const [high, to] = percentiles[next] ?? percentiles[4];
  return from + ((to - from) * (rank - low)) / (high - low);
}

interface Count {
  readonly account: string | null;
  /** When the requests of the last second arrived. */
  arrivals: number[];
  concurrent: number;
}

const second = 1_000;

/** Counts requests against limits, by the time that really passed: the mock's clock may stand still. */
export function createLimits(elapsed: () => number) {
  const counts = new Map<string, Count>();
  let sweptAt = elapsed();

  /** Forgets counts that hold nobody back: a caller may send a new API key each time. */
  function sweep(present: number): void {
    if (present < sweptAt + second) return;
    sweptAt = present;
    for (const [name, { arrivals, concurrent }] of counts) {
      const last = arrivals.at(-1) ?? Number.NEGATIVE_INFINITY;
      if (concurrent === 0 && last <= present - second) counts.delete(name);
    }
  }

  return {
    /** Counts a request, and returns a function to call once it has ended; `null` if it exceeds the limit. */
    enter(
      { account, limit }: { readonly account: string | null; readonly limit: string },
      {
        perSecond = Number.POSITIVE_INFINITY,
        concurrent = Number.POSITIVE_INFINITY,
      }: NonNullable<Fault["limit"]>,
    ): (() => void) | null {
      const present = elapsed();
      sweep(present);
      const name = JSON.stringify([account, limit]);
      const count = counts.get(name) ?? { account, arrivals: [], concurrent: 0 };
      counts.set(name, count);
      count.arrivals = count.arrivals.filter((time) => time > present - second);
      if (count.arrivals.length >= perSecond || count.concurrent >= concurrent) return null;
      if (Number.isFinite(perSecond)) count.arrivals.push(present);
      count.concurrent += 1;
      let isReleased = false;
      return () => {
        if (!isReleased) count.concurrent -= 1;
        isReleased = true;
      };
    },
    reset(account?: string): void {
      for (const [name, count] of counts) {
        if (account === undefined || count.account === account) counts.delete(name);
      }
    },
    get size(): number {
      return counts.size;
    },
  };
}
