import type { Draws } from "./draws.js";
import { type Fault, FaultError } from "./fault.js";
import { magicFault, magicPrefix, type NamedFault } from "./magic.js";
import { type PreferredFaults, preferredFaults } from "./prefer.js";
import { presetFault } from "./preset-options.js";
import { presets } from "./presets.js";
import { canStrike, requireStrikes } from "./struck-operations.js";

/** A fault, and by what it was asked for. */
export interface Asked {
  readonly name: string;
  readonly by: "header" | "order id" | "API key" | "control API";
  /** The id of a fault that waited. */
  readonly id?: string;
}

/** A fault that was asked for, and what it is. */
export interface AskedFault extends Asked {
  readonly fault: Fault;
  /** What its delay is drawn by, and from; the planner's own where left out. */
  readonly seed?: number;
  readonly draws?: Draws;
}

/** A request, as far as it asks for faults by itself. */
export interface AskingRequest {
  /** The header; empty where there is none. */
  readonly prefer: string;
  readonly apiKey: string;
  readonly operation: string | null;
  /** What was sent as text; empty where it can't name orders. */
  readonly text: string;
  /** The body or the query, whatever it is. */
  readonly sent: unknown;
  /** Whether order ids and API keys are what they are, even where they look like a fault. */
  readonly ignoreMagic?: boolean | undefined;
}

/** What a request asks for by itself. */
export interface Asking {
  readonly faults: readonly AskedFault[];
  /** Whether faults that wait are to leave it alone. */
  readonly none: boolean;
  readonly hasMagicOrders: boolean;
}

/**
 * Finds the faults that a request asks for by itself: by its header, by order ids, by its API key.
 *
 * @throws FaultError where one can't be had.
 */
export function askedFaults(request: AskingRequest): Asking {
  const { prefer, apiKey, operation, text, sent, ignoreMagic = false } = request;
  const preferred = prefer === "" ? null : preferredFaults(prefer);
  const ids = ignoreMagic ? [] : magicOrderIds(text, sent);
  const isMagicKey = !ignoreMagic && apiKey.startsWith(magicPrefix);
  const own = [...(preferred ? preferredOnes(preferred) : []), ...ids.map((id) => magicOne(id, "order id"))];
  // Whoever asks for a fault of this very request wants it; an API key asks for whatever it can have, of each.
  for (const { name } of own) requireStrikes(name, operation);
  const lasting = isMagicKey ? [secretOne(apiKey)] : [];
  return {
    faults: [...own, ...lasting.filter(({ name }) => canStrike(name, operation))],
    none: preferred?.none ?? false,
    hasMagicOrders: ids.length > 0,
  };
}

/** Options in a header are for whichever of its faults has them. */
function preferredOnes({ faults }: PreferredFaults): AskedFault[] {
  const known = new Map(presets.map(({ name, options }) => [name, options.map((option) => option.name)]));
  const ofAny = new Set(faults.flatMap(({ name }) => known.get(name) ?? []));
  return faults.map(({ name, options }) => {
    const own = known.get(name) ?? [];
    const meant = Object.entries(options).filter(([option]) => own.includes(option) || !ofAny.has(option));
    return { name, by: "header", fault: presetFault(name, Object.fromEntries(meant)) };
  });
}

function magicOne(text: string, by: Asked["by"]): AskedFault {
  const { name, options }: NamedFault = magicFault(text);
  return { name, by, fault: presetFault(name, options) };
}

/** An API key is a secret, and so is any part of it: whatever is wrong with it is told in the same words. */
function secretOne(apiKey: string): AskedFault {
  try {
    return magicOne(apiKey, "API key");
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    throw new FaultError(
      `The API key begins with ${magicPrefix}, so it asks for a fault, but not for one that can be had; what is wrong is not told, for that would tell part of the key. Take another API key, or one like fault-slow or fault-slow:ms=50,jitter=10. There are: ${presets.map(({ name }) => magicPrefix + name).join(", ")}; \`auto-extend-mock faults\` lists their options.`,
    );
  }
}

function magicOrderIds(text: string, sent: unknown): string[] {
  // Looking for the prefix in the text is all that nearly every request takes.
  if (!text.includes(magicPrefix)) return [];
  const { orderIds } = (sent ?? {}) as { orderIds?: unknown };
  if (!Array.isArray(orderIds)) return [];
  return [...new Set(orderIds)].filter(
    (id): id is string => typeof id === "string" && id.startsWith(magicPrefix),
  );
}
