import { combined, type Fault, FaultError } from "./fault.js";
import { createLimits } from "./limits.js";
import { type AskedFault, magicFault, magicPrefix } from "./magic.js";
import { preferredFaults } from "./prefer.js";
import { presetFault, presets } from "./presets.js";
import { createFaultQueue, type FaultQueue, type Matched } from "./queue.js";
import { createRandom, type Random } from "./random.js";

/** What is planned to go wrong with one request: decided once, frozen, and of no other request. */
export interface Plan {
  /** The faults, and who asked for each of them. */
  readonly asked: readonly Asked[];
  readonly fault: Fault;
  /** How long the answer is held back, in milliseconds. */
  readonly delay: number;
  /** Whether the request is over a limit. */
  readonly isOver: boolean;
  /** Whether it names magic orders. */
  readonly hasMagicOrders: boolean;
  /** To be called once the request is through. */
  readonly through: () => void;
}

/** A fault, and by what it was asked for. */
export interface Asked {
  readonly name: string;
  readonly by: "header" | "order id" | "API key" | "control API";
}

/** A request, as far as faults are asked for by it. */
export interface PlannedRequest extends Matched {
  readonly prefer: string;
  readonly apiKey: string;
  /** The body as text. */
  readonly text: string;
}

/** Finds out which faults a request is to meet. */
export interface Planner {
  readonly queue: FaultQueue;
  /**
   * @returns `null` where nothing is to go wrong.
   * @throws FaultError where a fault was asked for that can't be had.
   */
  plan(request: PlannedRequest): Plan | null;
  reset(): void;
}

/** @param elapsed milliseconds that really went by. */
export function createPlanner(elapsed: () => number): Planner {
  const queue = createFaultQueue();
  const limits = createLimits(elapsed);
  let random = createRandom(1);

  function plan(request: PlannedRequest): Plan | null {
    const preferred = request.prefer === "" ? null : preferredFaults(request.prefer);
    const magicIds = magicOrderIds(request);
    const asked = [
      ...(preferred ? preferredOnes(preferred.faults) : []),
      ...magicIds.map((id) => named(magicFault(id), "order id")),
      ...(request.apiKey.startsWith(magicPrefix) ? [named(magicFault(request.apiKey), "API key")] : []),
      ...(preferred?.none
        ? []
        : queue.strike(request).map((struck) => ({ ...struck, by: "control API" as const }))),
    ];
    if (asked.length === 0) return null;
    const fault = combined(asked.map((each) => each.fault));
    const delayed = asked.find((each) => each.fault.delay !== undefined);
    const entered = fault.limit ? limits.enter(limitName(asked, request), fault.limit) : () => {};
    return Object.freeze({
      asked: Object.freeze(asked.map(({ name, by }) => Object.freeze({ name, by }))),
      fault,
      delay: delayOf(fault, delayed?.random ?? random),
      isOver: entered === null,
      hasMagicOrders: magicIds.length > 0,
      through: entered ?? (() => {}),
    });
  }

  return {
    queue,
    plan,
    reset() {
      queue.reset();
      limits.reset();
      random = createRandom(1);
    },
  };
}

interface AskedWithFault extends Asked {
  readonly fault: Fault;
  /** Where delays of it are drawn from; the planner's own where left out. */
  readonly random?: Random;
  /** Of one that waited. */
  readonly id?: string;
}

function named(asked: AskedFault | null, by: Asked["by"]): AskedWithFault {
  // Part of an API key must not be told on.
  if (by === "API key" && !presets.some(({ name }) => name === asked?.name)) {
    throw new FaultError(
      `The API key asks for a fault that there is not. There are: ${presets.map(({ name }) => magicPrefix + name).join(", ")}.`,
    );
  }
  const { name = "", options } = asked ?? {};
  return { name, by, fault: presetFault(name, options) };
}

/** Options in a header are for whichever of its faults has them. */
function preferredOnes(faults: readonly AskedFault[]): AskedWithFault[] {
  const known = new Map(presets.map(({ name, options }) => [name, options.map((option) => option.name)]));
  const ofAny = new Set(faults.flatMap(({ name }) => known.get(name) ?? []));
  return faults.map(({ name, options }) => {
    const own = known.get(name) ?? [];
    const meant = Object.entries(options).filter(([option]) => own.includes(option) || !ofAny.has(option));
    return { name, by: "header", fault: presetFault(name, Object.fromEntries(meant)) };
  });
}

function magicOrderIds({ text, sent }: PlannedRequest): string[] {
  // Looking for the prefix in the text is all that nearly every request takes.
  if (!text.includes(magicPrefix)) return [];
  const { orderIds } = (sent ?? {}) as { orderIds?: unknown };
  if (!Array.isArray(orderIds)) return [];
  return [...new Set(orderIds)].filter(
    (id): id is string => typeof id === "string" && id.startsWith(magicPrefix),
  );
}

function limitName(asked: readonly AskedWithFault[], { account }: PlannedRequest): string {
  const limiting = asked.find(({ fault }) => fault.limit);
  return JSON.stringify([limiting?.id ?? [account, limiting?.by, limiting?.fault.limit]]);
}

function delayOf({ delay }: Fault, random: Random): number {
  if (!delay) return 0;
  const { ms = 0, jitter = 0, p50, p95 = p50, p99 = p95 } = delay;
  if (p50 === undefined) return Math.max(0, jitter === 0 ? ms : ms + (random() * 2 - 1) * jitter);
  return percentile(random() * 100, [
    [0, p50 / 2],
    [50, p50],
    [95, p95 ?? p50],
    [99, p99 ?? p50],
    // Some are slower still, as they are.
    [100, (p99 ?? p50) * 1.5],
  ]);
}

/** Reads a value off the line through points of growing rank. */
function percentile(rank: number, points: readonly (readonly [number, number])[]): number {
  const next = points.findIndex(([place]) => place >= rank);
  const [toRank, to] = points[Math.max(next, 1)] ?? [100, 0];
  const [fromRank, from] = points[Math.max(next, 1) - 1] ?? [0, 0];
  return from + ((to - from) * (rank - fromRank)) / (toRank - fromRank);
}
