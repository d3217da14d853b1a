import type { ProxyType } from "@auto-extend/core";
import type { Account, Order } from "../state/store.js";
import type { Draws } from "./draws.js";
import { type Fault, FaultError } from "./fault.js";
import { canApplyTo, presetFault, requireAppliesTo } from "./preset-options.js";
import { presets } from "./presets.js";

/** A fault, and by what it was asked for. */
export interface FaultTrigger {
  readonly name: string;
  readonly by: "header" | "order id" | "API key" | "control API";
  /** The id of a fault that waited. */
  readonly id?: string;
}

/** A fault that was asked for, and what it is. */
export interface AskedFault extends FaultTrigger {
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
  for (const { name } of own) requireAppliesTo(name, operation);
  const lasting = isMagicKey ? [secretOne(apiKey)] : [];
  return {
    faults: [...own, ...lasting.filter(({ name }) => canApplyTo(name, operation))],
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

function magicOne(text: string, by: FaultTrigger["by"]): AskedFault {
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

/** What a `Prefer` header says of faults: those that are wanted for this request, or that none is. */
export interface PreferredFaults {
  readonly faults: readonly NamedFault[];
  /** Whether the faults that wait at the mock leave this request alone: `fault=none`. */
  readonly none: boolean;
}

// A token or a quoted text, with or without a value of its own (RFC 7240).
const part = /\s*([^\s=;,"]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?\s*([;,]|$)/y;

const unreadable =
  'The Prefer header is about a fault, but can\'t be read. Write it like one of these: fault=slow; ms=500 or fault=slow+lost-answer or fault=error; code=29; message="a text in quotes".';

/**
 * Reads the faults in a `Prefer` header (RFC 7240): `fault=slow; ms=500`, several as `fault=slow+gateway-502`. Options
 * go to each of them that has one of that name. Other preferences are not looked at; of several for faults the first
 * one counts.
 *
 * @throws FaultError where the header is about a fault, but can't be read.
 */
export function preferredFaults(header: string): PreferredFaults | null {
  let wanted: string | null = null;
  let options: Record<string, string> = {};
  let first = true;
  part.lastIndex = 0;
  for (
    let found = part.exec(header);
    found;
    found = part.lastIndex < header.length ? part.exec(header) : null
  ) {
    const [, name = "", quotedValue, plain = "", end] = found;
    const value = quotedValue?.replace(/\\(.)/g, "$1") ?? plain;
    if (first && wanted !== null) break;
    if (first) {
      options = {};
      if (name.toLowerCase() === "fault") wanted = value;
    } else options[name.toLowerCase()] = value;
    first = end === ",";
  }
  // A fault that was meant and is not found would be a test of nothing; other preferences are nobody's business here.
  const isWhole = part.lastIndex >= header.length || (first && wanted !== null) || header.trim() === "";
  if ((wanted === null || !isWhole) && /\bfaults?\b/i.test(header)) throw new FaultError(unreadable);
  if (wanted === null) return null;
  if (wanted === "none") return { faults: [], none: true };
  return { faults: wanted.split("+").map((name) => ({ name, options })), none: false };
}

/** What an order id or API key begins with that asks for a fault: `fault-slow`, `fault-slow:ms=50,jitter=10`. */
export const magicPrefix = "fault-";

/** A fault that somebody asked for by its name. */
export interface NamedFault {
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
}

/**
 * The fault that an order id or API key with the prefix asks for.
 *
 * @throws FaultError where its options can't be read.
 */
export function magicFault(text: string): NamedFault {
  const colon = text.indexOf(":");
  const name = text.slice(magicPrefix.length, colon === -1 ? undefined : colon);
  const pairs = colon === -1 ? [] : text.slice(colon + 1).split(",");
  return { name, options: Object.fromEntries(pairs.map(pair)) };
}

/**
 * An account as requests with magic order ids see it: it has those orders, too, each of the type that is asked for and
 * with one IP address. They are in no state: what is switched of them is forgotten.
 */
export function withMagicOrders(account: Account, proxyType: ProxyType): Account {
  const { orders } = account;
  return {
    ...account,
    orders: {
      ...orders,
      get: (id) => orders.get(id) ?? (id.startsWith(magicPrefix) ? magicOrder(id, proxyType) : undefined),
    },
  };
}

function magicOrder(orderId: string, proxyType: ProxyType): Order {
  const address = {
    ipAddressId: `${orderId}-1`,
    ip: proxyType === "IPv6" ? "2001:db8::1" : "192.0.2.1",
    country: "DE",
    autoExtend: false,
    rentPeriodDays: 30,
    endsAt: "9999-12-31T23:59:59.999Z",
  };
  return { orderId, proxyType, ipAddresses: [address] };
}

function pair(text: string): [string, string] {
  const [name = "", value] = text.split("=", 2);
  if (value !== undefined) return [name, value];
  throw new FaultError('The options of a fault come as name=value, such as "fault-slow:ms=50,jitter=10".');
}
