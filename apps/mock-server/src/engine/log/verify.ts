import { operations, proxyTypes } from "@auto-extend/core";
import { z } from "zod/v3";
import { fieldsOf } from "../../lib/fits.js";
import { anyJson, count, listOf, namesOf, readWith, whole, withSubject } from "../../lib/schemas.js";
import { nearestOf, pluralize } from "../../lib/text.js";
import { operationIds } from "../faults/fault-spec.js";
import { presets } from "../faults/presets.js";
import { driftLevels, type LogEntry, outcomes } from "./schemas.js";

/** Searches the request log, and compares it with expectations. */

/** The levels of drift that requests can be selected by: one of them, any, or none. */
export const driftFilters = [...namesOf(driftLevels), "any", "none"] as const;

/** Selects requests: those that match all of these. */
export type RequestFilter = z.input<typeof requestFilterSchema>;

export const requestFilterSchema = z
  .strictObject({
    account: z.string().describe("The ID of the account."),
    changes: z
      .boolean()
      .describe("Whether the operation can change something: a switch can, a list or a price cannot."),
    operation: z.enum(operationIds).describe("The operation."),
    outcome: z.enum(namesOf(outcomes)).describe("The outcome of the request."),
    code: whole.describe("The error code of a refusal."),
    status: whole.nullable().describe("The HTTP status; null if no answer was sent."),
    fault: z
      .string()
      .refine(isFaultName, (name) => ({ message: unknownFault(name) }))
      .describe(
        "A fault that was injected into it: a preset, or the ID of one that was queued without a preset.",
      ),
    proxyType: z.enum(proxyTypes).describe("The proxy type that was sent."),
    orderId: z.string().describe("An order ID that was sent, perhaps among others."),
    orderIds: z.array(z.string()).describe("The order IDs that were sent, in any order, and no others."),
    ipAddressId: z.string().describe("An IP address ID that was sent, perhaps among others."),
    ipAddressIds: z
      .array(z.string())
      .describe("The IP address IDs that were sent, in any order, and no others."),
    rentPeriodDays: z.number().describe("The rental period that was sent, in days."),
    autoExtend: z.boolean().describe("Whether the request switches auto-extend on."),
    drift: z.enum(driftFilters).describe("How a forwarded request or its answer differs from the contract."),
  })
  .partial();

const presetNames = presets.map(({ name }) => name);

/** A misspelled name would select nothing, and an expectation of none would always be met. */
function isFaultName(name: string): boolean {
  return presetNames.includes(name) || /^fault-\d+$/.test(name);
}

function unknownFault(name: string): string {
  const near = nearestOf(name, presetNames);
  const hint = near === undefined ? "" : ` (did you mean "${near}"?)`;
  return `must be a preset, such as gateway-502, or the ID of a queued fault, such as fault-1${hint}`;
}

export const requestQuerySchema = requestFilterSchema.extend({
  limit: whole
    .min(1)
    .optional()
    .describe("The maximum number of requests; the most recent ones are returned."),
  after: z
    .string()
    .optional()
    .describe("Only requests after the one with this ID; all requests if the log does not have that one."),
  before: z
    .string()
    .regex(/^request-\d+$/, "must be the ID of a request, such as request-17")
    .optional()
    .describe("Only requests before the one with this ID. With `limit`, this pages back through the log."),
});

/** One way in which a request differs from a filter. */
export type Difference = z.output<typeof difference>;

const difference = z.strictObject({
  field: z.enum(namesOf(requestFilterSchema.shape)).describe("The field."),
  expected: anyJson.describe("The expected value."),
  actual: anyJson.describe("The actual value; null if it is missing."),
});

export function differences(entry: LogEntry, filter: RequestFilter): Difference[] {
  const sent = fieldsOf(entry.sent);
  const actual: Record<keyof RequestFilter, unknown> = {
    account: entry.account,
    changes: operations.some(({ id, changes }) => id === entry.operation && changes),
    operation: entry.operation,
    outcome: entry.decided.outcome,
    code: entry.decided.code,
    status: entry.status,
    fault: entry.fault?.triggers.map(({ name }) => name),
    proxyType: sent.proxyType,
    orderId: sent.orderIds,
    orderIds: sent.orderIds,
    ipAddressId: sent.ipAddressIds,
    ipAddressIds: sent.ipAddressIds,
    rentPeriodDays: sent.rentPeriodDays,
    autoExtend: sent.autoExtend,
    drift: entry.drift?.map(({ level }) => level) ?? [],
  };
  return namesOf(actual).flatMap((field): Difference[] => {
    const [expected, found] = [filter[field], actual[field] ?? null];
    return expected === undefined || matchesField(field, expected, found)
      ? []
      : [{ field, expected, actual: found }];
  });
}

/** Fields of a filter that look for one item of a list. */
const members: readonly (keyof RequestFilter)[] = ["fault", "orderId", "ipAddressId"];

function matchesField(field: keyof RequestFilter, expected: unknown, actual: unknown): boolean {
  if (members.includes(field)) return Array.isArray(actual) && actual.includes(expected);
  if (field === "orderIds" || field === "ipAddressIds") return sameSet(expected, actual);
  if (field === "drift" && Array.isArray(actual)) {
    if (expected === "none") return actual.length === 0;
    return expected === "any" ? actual.length > 0 : actual.includes(expected);
  }
  return expected === actual;
}

function sameSet(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return false;
  const [left, right] = [new Set(a), new Set(b)];
  return left.size === right.size && [...left].every((item) => right.has(item));
}

/** The requests that the log is expected to have. */
export type Expectation = z.input<typeof expectationSchema>;

export const expectationSchema = requestFilterSchema.extend({
  times: z
    .union([count, z.strictObject({ atLeast: count.optional(), atMost: count.optional() })])
    .optional()
    .describe("The number of such requests (default: at least one)."),
});

/** The request log is as expected. */
export type Verification = z.output<typeof verification>;

export const verification = z
  .strictObject({
    found: whole.describe("How many requests match."),
    expected: z.string().describe("How many were expected, in words."),
    text: z.string().describe("All of it as text."),
  })
  .describe("The request log is as expected.");

/** A request that nearly matches. */
export type NearMiss = z.output<typeof nearMiss>;

export const nearMiss = z.strictObject({
  id: z.string().describe("The ID of the request."),
  differences: listOf(difference).describe(
    "How it differs; empty for a matching request, if too many match.",
  ),
});

/** The request log is not as expected. */
export class VerifyError extends Error {
  override readonly name = "VerifyError";
  /** The number of matching requests. */
  readonly found: number;
  /** The expected number, in words. */
  readonly expected: string;
  /** The nearest requests, the nearest first, and how each of them differs. */
  readonly nearest: readonly NearMiss[];

  constructor({ found, expected, text }: Verification, nearest: readonly NearMiss[]) {
    super(text);
    this.found = found;
    this.expected = expected;
    this.nearest = nearest;
  }
}

/** An expectation or filter that cannot be used. */
export class FilterError extends Error {
  override readonly name = "FilterError";
}

/** The requests of a log that are compared with an expectation. */
interface ComparedLog {
  readonly entries: readonly LogEntry[];
  /** The number of older requests that the log no longer has. */
  readonly dropped: number;
  /** Such as ` of this account`; empty for all. */
  readonly whose: string;
}

const maxNearest = 3;

/** Compares the request log with an expectation, and throws a VerifyError if it is not as expected. */
export function verify({ entries, dropped, whose }: ComparedLog, expectation: Expectation): Verification {
  const { times = { atLeast: 1 }, ...filter } = expectation;
  const compared = entries.map((entry) => ({ id: entry.id, differences: differences(entry, filter) }));
  const matching = compared.filter((each) => each.differences.length === 0);
  const found = matching.length;
  const { atLeast = 0, atMost = Number.POSITIVE_INFINITY } =
    typeof times === "number" ? { atLeast: times, atMost: times } : times;
  const expected = countText(atLeast, atMost);
  const result = `${found} of ${entries.length} requests match ${JSON.stringify(filter)}, expected ${expected}.`;
  if (found >= atLeast && found <= atMost) return { found, expected, text: `As expected: ${result}` };
  // If there are too many, the matching requests are the problem; if too few, those that nearly match help.
  const others = compared.filter((each) => each.differences.length > 0);
  const near = found > atMost ? matching : others.sort((a, b) => distance(a) - distance(b));
  const nearest = near.slice(0, maxNearest);
  const text = [
    `Not as expected: ${result}`,
    ...nearest.map(missText),
    ...(dropped === 0
      ? []
      : [
          `  The log has dropped ${pluralize(dropped, "older request")}: it keeps the newest, up to its limit (logLimit, --log-limit) and 32 MiB. Raise the limit, or verify sooner.`,
        ]),
    ...(entries.length > 0
      ? []
      : [`The log has no request${whose}. Does the code under test use the mock's URL?`]),
  ].join("\n");
  throw new VerifyError({ found, expected, text }, nearest);
}

/** Reads a query of the request log. @throws FilterError */
export function readQuery<Schema extends z.ZodTypeAny>(schema: Schema, value: unknown): z.output<Schema> {
  return readWith(schema, value, invalid("The query of the request log", { outcome: "done", limit: 10 }));
}

/** @throws FilterError */
export function readExpectation<Schema extends z.ZodTypeAny>(
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const refuse = invalid("The expectation", { outcome: "done", times: 2 });
  const read = readWith(schema, value, refuse);
  // A test whose expectation was forgotten would pass with any request.
  if (Object.values(read).every((each) => each === undefined)) throw refuse("is empty");
  return read;
}

function invalid(subject: string, example: object): (problems: string) => FilterError {
  const shown = JSON.stringify({ orderId: "11111", ...example });
  return (problems) =>
    new FilterError(`${withSubject(subject, "is invalid", problems)}. An example: ${shown}.`);
}

/** A request that has a field with another value is nearer than one that lacks it. */
function distance({ differences: all }: NearMiss): number {
  return all.length + all.filter(({ actual }) => actual === null).length;
}

function missText({ id, differences: differing }: NearMiss): string {
  if (differing.length === 0) return `  ${id} matches`;
  const ways = differing.map(
    ({ field, expected, actual }) => `${field} was ${show(actual)}, expected ${show(expected)}`,
  );
  return `  ${id}: ${ways.join("; ")}`;
}

function show(value: unknown): string {
  const text = value === null ? "missing" : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}

function countText(atLeast: number, atMost: number): string {
  if (atLeast === atMost) return `exactly ${atLeast}`;
  const most = atMost === Number.POSITIVE_INFINITY ? [] : [`at most ${atMost}`];
  return [...(atLeast > 0 || most.length === 0 ? [`at least ${atLeast}`] : []), ...most].join(" and ");
}
