import { type ProxyType, proxyTypes } from "@auto-extend/core";
import { fieldsOf } from "../../lib/fits.js";
import { decodeHeader } from "../../lib/headers.js";
import type { FaultTrigger } from "../log/schemas.js";
import type { Account, AnswerChange, Order, Plan } from "../types.js";
import { type Fault, FaultError } from "./fault.js";
import { presetFault } from "./fault-spec.js";
import { presets } from "./presets.js";
import type { Draws } from "./queue.js";

/**
 * The faults that a request asks for itself, by its `Prefer` header or by order IDs that name a fault, and how the faults
 * of a request combine.
 */

interface PreferredFaults {
  readonly faults: readonly RequestedFault[];
  /** Whether queued faults are to leave the request alone. */
  readonly none: boolean;
}

/** The last headers and their faults: a test suite sends the same few again and again. */
const known = new Map<string, PreferredFaults>();
const maxKnown = 100;

/** Reads the faults in a `Prefer` header. It throws a FaultError if one of them cannot be read or injected. */
export function preferredFaults(header: string): PreferredFaults {
  let preferred = known.get(header);
  if (!preferred) {
    preferred = readPreferredFaults(decodeHeader(header));
    if (known.size >= maxKnown) known.clear();
    known.set(header, preferred);
  }
  return preferred;
}

function readPreferredFaults(header: string): PreferredFaults {
  const preference = parsePrefer(header);
  if (!preference || preference.value === "none") return { faults: [], none: preference !== undefined };
  const { options } = preference;
  const names = preference.value.split("+");
  const named = presets.filter((preset) => names.includes(preset.name));
  const faults = names.map((name): RequestedFault => {
    // Each option is for whichever of the faults has it. One that none of them has is an error for each.
    const meant = Object.entries(options).filter(([option]) => {
      const owners = named.filter((preset) => preset.options.some((each) => each.name === option));
      return owners.length === 0 || owners.some((preset) => preset.name === name);
    });
    return { ...presetFault(name, Object.fromEntries(meant)), by: "header" };
  });
  return { faults, none: false };
}

// A token or a quoted text, with or without a value of its own (RFC 7240).
const part = /\s*([^\s=;,"]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?\s*([;,]|$)/y;

const unreadable =
  'The Prefer header is about a fault, but can\'t be read. Write it like one of these: fault=slow; ms=500 or fault=slow+lost-answer or fault=error; code=29; message="a value in quotes".';

interface Preference {
  readonly name: string;
  readonly value: string;
  readonly options: Record<string, string>;
}

/**
 * Finds the faults in a `Prefer` header (RFC 7240): `fault=slow; ms=500`, or several as `fault=slow+gateway-502`. Other
 * preferences are ignored. If there are several preferences for faults, the first one counts.
 */
function parsePrefer(header: string): Preference | undefined {
  const preferences: Preference[] = [];
  const pairs = readPairs(header, part);
  for (const [index, { name, value }] of pairs.entries()) {
    const current = preferences.at(-1);
    if (!current || pairs[index - 1]?.end === ",") preferences.push({ name, value, options: {} });
    else current.options[name.toLowerCase()] = value;
  }
  const last = pairs.at(-1);
  const isComplete = last?.isLast || last?.end === ",";
  const fault = preferences.find(({ name }) => name.toLowerCase() === "fault");
  const isRead = fault !== undefined && (isComplete || fault !== preferences.at(-1));
  // A test whose fault was overlooked would test nothing.
  if (!isRead && /\bfaults?\b/i.test(header)) throw new FaultError(unreadable);
  return fault;
}

/** Reads pairs as far as it can. The groups of the pattern are name, value in quotes, plain value, and separator. */
function readPairs(text: string, pattern: RegExp) {
  const pairs: { name: string; value: string; end: string; isLast: boolean }[] = [];
  pattern.lastIndex = 0;
  while (!pairs.at(-1)?.isLast) {
    const found = pattern.exec(text);
    if (!found) break;
    const [, name = "", quotedText, plain = "", end = ""] = found;
    const value = quotedText?.replace(/\\(.)/g, "$1") ?? plain;
    pairs.push({ name, value, end, isLast: pattern.lastIndex === text.length });
  }
  return pairs;
}

/** How an order ID starts that asks for a fault: `fault-slow`, `fault-slow:ms=50,jitter=10`, `fault-error:message="a, b"`. */
export const magicPrefix = "fault-";

/** The faults that a request asks for by its order IDs. It throws a FaultError if one of them cannot be injected. */
export function magicFaults(sent: unknown): RequestedFault[] {
  const { orderIds } = fieldsOf(sent);
  if (!Array.isArray(orderIds)) return [];
  const ids = new Set(orderIds.filter((id) => typeof id === "string" && id.startsWith(magicPrefix)));
  return [...ids].map(magicFault);
}

function magicFault(orderId: string): RequestedFault {
  const colon = orderId.indexOf(":");
  const name = orderId.slice(magicPrefix.length, colon === -1 ? undefined : colon);
  const options = colon === -1 ? {} : readMagicOptions(orderId.slice(colon + 1));
  return { ...presetFault(name, options), by: "order ID" };
}

// A plain value has no comma, but may be a URL with a query. A quoted one is written as in the header.
const magicOption = /([^=,]+)=(?:"((?:[^"\\]|\\.)*)"|((?!")[^,]*))(,|$)/y;

function readMagicOptions(text: string): Record<string, string> {
  const pairs = readPairs(text, magicOption);
  if (pairs.at(-1)?.end === "") return Object.fromEntries(pairs.map(({ name, value }) => [name, value]));
  throw new FaultError(
    'Write the options of a fault as name=value, such as "fault-slow:ms=50,jitter=10", and a value with a comma in quotes, such as message="a, b".',
  );
}

/**
 * An account as a request with magic order IDs sees it: it has those orders as well, each of the requested type and with
 * one IP address. They belong to no state: switching them changes nothing.
 */
export function withMagicOrders(account: Account | undefined, sent: unknown): Account | undefined {
  if (!account) return undefined;
  const { proxyType } = fieldsOf(sent);
  // A request without a type is refused anyway.
  const type = proxyTypes.find((each) => each === proxyType) ?? "IPv4";
  const { orders } = account;
  const get = (id: string) =>
    orders.get(id) ?? (id.startsWith(magicPrefix) ? magicOrder(id, type) : undefined);
  return { ...account, orders: { ...orders, get } };
}

function magicOrder(orderId: string, proxyType: ProxyType): Order {
  const address = {
    ipAddressId: `${orderId}-1`,
    ip: proxyType === "IPv6" ? "2001:db8::1" : "192.0.2.1",
    country: "DEU",
    autoExtend: false,
    rentPeriodDays: 30,
    endsAt: "9999-12-31T23:59:59.999Z",
  };
  return { orderId, proxyType, ipAddresses: [address] };
}

export interface RequestedFault extends FaultTrigger {
  readonly fault: Fault;
  /** How its delay is drawn (default: by the planner). */
  readonly seed?: number;
  readonly draws?: Draws;
}

/**
 * Puts faults together. Changes of the answer are made one after the other, and each limit counts for itself; any other
 * primitive is taken from the first fault that has it. A queued fault of which nothing is left is not effective.
 *
 * @throws FaultError if faults that the request asks for itself contradict each other.
 */
export function combineFaults(requested: readonly RequestedFault[]) {
  const fault: Record<string, unknown> & Plan["fault"] = {};
  const origin: Record<string, string> = {};
  const changes: AnswerChange[] = [];
  const effective: RequestedFault[] = [];
  for (const each of requested) {
    const taken = effective.length === 0 ? [] : takenOf(each.fault, { fault, changes });
    if (taken.length > 0 && each.by !== "queue")
      withErrorPlace(each.by, () => refuseToCombine(each.name, taken));
    const { applied: _, ...primitives } = each.fault;
    if (taken.length > 0 && taken.length === Object.keys(primitives).length) continue;
    effective.push(each);
    add(each, taken);
  }
  // A fault that loses something ends the connection, unless one says otherwise.
  if (fault.lose && !fault.cut) {
    Object.assign(fault, { cut: closedBefore });
    origin.cut = origin.lose ?? "";
  }
  const refusal = changes.length === 0 ? undefined : refusalOf(changes);
  return { effective, combined: { fault, origin, changes, refusal } };

  function add({ name, by, id, fault: own }: RequestedFault, taken: readonly string[]): void {
    const { answer, ...others } = own;
    const isAll = Object.keys(others).length === 0;
    if (answer && !taken.includes("answer")) changes.push({ name, by, id, answer, isAll });
    for (const [primitive, value] of Object.entries(others)) {
      if (taken.includes(primitive)) continue;
      fault[primitive] = primitive === "http" ? { ...fault.http, ...own.http } : (fault[primitive] ?? value);
      origin[primitive] ??= name;
    }
  }
}

const closedBefore: Fault["cut"] = Object.freeze({ how: "close", at: "before" });

/** The primitives of a fault that contradict earlier ones. */
function takenOf(
  { answer, http, cut, lose, delay }: Fault,
  { fault, changes }: Pick<Plan, "fault" | "changes">,
): readonly string[] {
  const isRefused = answer && isRefusal(answer) && changes.some((each) => isRefusal(each.answer));
  return [
    ...(isRefused ? ["answer"] : []),
    ...(http && fault.http && sharesField(http, fault.http) ? ["http"] : []),
    ...(lose && (fault.lose || (fault.cut && !loses(fault.cut))) ? ["lose"] : []),
    ...(cut && (fault.cut || (fault.lose && !loses(cut))) ? ["cut"] : []),
    ...(delay && fault.delay ? ["delay"] : []),
  ];
}

function sharesField(one: object, other: object): boolean {
  return Object.keys(one).some((field) => field in other);
}

/** Whether an end of the connection loses the answer, or the rest of it. */
export function loses({ how, at }: Partial<NonNullable<Fault["cut"]>> = {}): boolean {
  return how !== "drip" && how !== "truncate" && at !== "after";
}

function refuseToCombine(name: string, primitives: readonly string[]): never {
  throw new FaultError(
    `The preset "${name}" contradicts another fault of this request: both set ${primitives.join(" and ")}. Remove one of them.`,
  );
}

/** Whether it demands an error for any request. The `error-...` drifts use their own code only if the request would succeed. */
function isRefusal({ code, drift }: Partial<AnswerChange["answer"]> = {}): boolean {
  return code !== undefined && !drift?.startsWith("error-");
}

function refusalOf(changes: readonly AnswerChange[]): AnswerChange | undefined {
  return (
    changes.find(({ answer }) => isRefusal(answer)) ?? changes.find(({ answer }) => answer.code !== undefined)
  );
}

const places = {
  header: { part: "header", path: "prefer" },
  "order ID": { path: "orderIds" },
  queue: undefined,
} as const;

/** Reads what a request asks for. An error says where. */
export function withErrorPlace<Value>(by: keyof typeof places, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof FaultError) error.requestedAt = places[by];
    throw error;
  }
}
