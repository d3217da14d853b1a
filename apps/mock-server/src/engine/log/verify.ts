import { formatIssues, issuesOf, proxyTypes } from "@auto-extend/core";
import { z } from "zod/v3";
import { schemaMessages } from "../../lib/schema-messages.js";
import type { LogEntry } from "./request-log.js";

/** Searches the request log, and holds it to expectations. */

/** Which requests are meant: those that have everything that is named here. */
export type RequestFilter = z.input<typeof requestFilterSchema>;

/** The schema of a {@link RequestFilter}. */
export const requestFilterSchema = z
  .object({
    account: z.string().optional().describe("The id of the account."),
    operation: z.string().optional().describe("The operation, such as setAutoExtend."),
    outcome: z
      .enum(["done", "refused", "problem", "faulted", "forwarded"])
      .optional()
      .describe("What became of the request."),
    code: z.number().int().optional().describe("The error code of a refusal."),
    status: z.number().int().nullable().optional().describe("The HTTP status; null where no answer left."),
    fault: z.string().optional().describe("The name of a fault that struck it."),
    proxyType: z.enum(proxyTypes).optional().describe("The proxy type that was sent."),
    orderId: z.string().optional().describe("An order id that was sent, perhaps among others."),
    orderIds: z
      .array(z.string())
      .optional()
      .describe("The order ids that were sent, in any order, and no others."),
    ipAddressId: z.string().optional().describe("An IP address id that was sent, perhaps among others."),
    ipAddressIds: z
      .array(z.string())
      .optional()
      .describe("The IP address ids that were sent, in any order, and no others."),
    rentPeriodDays: z.number().optional().describe("The rental period that was sent, in days."),
    autoExtend: z.boolean().optional().describe("The switch that was sent."),
    drift: z
      .enum(["accepts", "lawful", "emits", "any", "none"])
      .optional()
      .describe("How it drifted from the contract, where it was passed on to another server."),
  })
  .strict();

/** How a request differs from what was wanted of it. */
export interface Difference {
  readonly field: keyof RequestFilter;
  readonly wanted: unknown;
  /** What it was; `null` where it was not there. */
  readonly was: unknown;
}

/** How a request differs from what a filter wants; an empty list where it fits. */
export function differences(entry: LogEntry, filter: RequestFilter): Difference[] {
  const sent = (typeof entry.sent === "object" && entry.sent !== null ? entry.sent : {}) as Record<
    string,
    unknown
  >;
  const was: Record<keyof RequestFilter, unknown> = {
    account: entry.account,
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
  return (Object.keys(filter) as (keyof RequestFilter)[])
    .filter((field) => filter[field] !== undefined && !fits(field, filter[field], was[field]))
    .map((field) => ({ field, wanted: filter[field], was: was[field] ?? null }));
}

/** One of many is wanted. */
const members: readonly (keyof RequestFilter)[] = ["fault", "orderId", "ipAddressId"];

function fits(field: keyof RequestFilter, wanted: unknown, was: unknown): boolean {
  if (members.includes(field)) return Array.isArray(was) && was.includes(wanted);
  if (field === "orderIds" || field === "ipAddressIds") return sameSet(wanted, was);
  if (field === "drift" && Array.isArray(was)) {
    return wanted === "none" ? was.length === 0 : wanted === "any" ? was.length > 0 : was.includes(wanted);
  }
  return wanted === was;
}

function sameSet(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return false;
  const [left, right] = [new Set(a), new Set(b)];
  return left.size === right.size && [...left].every((item) => right.has(item));
}

/** What the request log is expected to have. */
export type Expectation = z.input<typeof expectationSchema>;

const count = z.number().int().min(0);

/** The schema of an {@link Expectation}. */
export const expectationSchema = requestFilterSchema
  .extend({
    times: z
      .union([count, z.object({ atLeast: count.optional(), atMost: count.optional() }).strict()])
      .optional()
      .describe("How many such requests; at least one where left out."),
  })
  .strict();

/** Whether the request log is as it was expected, and if not, how it differs. */
export interface Verification {
  readonly passed: boolean;
  /** How many requests fit. */
  readonly found: number;
  /** How many were wanted, in words. */
  readonly wanted: string;
  /** The requests that come nearest, the nearest first, and how each of them differs; empty where it passed. */
  readonly nearest: readonly NearMiss[];
  /** All of it, for people. */
  readonly text: string;
}

/** A request that nearly fits. */
export interface NearMiss {
  readonly id: string;
  readonly differences: readonly Difference[];
}

/** A request log that is not as it was expected. */
export class VerifyError extends Error {
  override readonly name = "VerifyError";
  readonly verification: Verification;

  constructor(verification: Verification) {
    super(verification.text);
    this.verification = verification;
  }
}

/** An expectation or filter that can't be read. */
export class FilterError extends Error {
  override readonly name = "FilterError";
}

/** How many requests are shown that nearly fit. */
const mostNearest = 3;

/**
 * Holds the request log to an expectation.
 *
 * @param entries oldest first.
 * @param dropped how many older ones the log has let go of.
 * @throws FilterError where the expectation can't be read.
 */
export function verification(entries: readonly LogEntry[], expected: unknown, dropped = 0): Verification {
  const { times = { atLeast: 1 }, ...filter } = readBy(expectationSchema, expected);
  const judged = entries.map((entry) => ({ entry, differing: differences(entry, filter) }));
  const fitting = judged.filter(({ differing }) => differing.length === 0);
  const found = fitting.length;
  const { atLeast = 0, atMost = Number.POSITIVE_INFINITY } =
    typeof times === "number" ? { atLeast: times, atMost: times } : times;
  const passed = found >= atLeast && found <= atMost;
  const wanted = wantedText(atLeast, atMost);
  // Too many: what came is what is wrong. Too few: what nearly came is what helps.
  const near = passed
    ? []
    : found > atMost
      ? fitting
      : judged
          .filter(({ differing }) => differing.length > 0)
          .sort((a, b) => a.differing.length - b.differing.length);
  const nearest = near
    .slice(0, mostNearest)
    .map(({ entry, differing }) => ({ id: entry.id, differences: differing }));
  const text = [
    `${passed ? "As expected" : "Not as expected"}: ${found} of ${entries.length} requests fit ${JSON.stringify(filter)}, wanted ${wanted}.`,
    ...nearest.map(missText),
    ...(passed || dropped === 0
      ? []
      : [`  The log has let go of ${dropped} older requests: let it keep more (logLimit, --log-limit).`]),
    ...(passed || entries.length > 0
      ? []
      : ["The mock has seen no request: does the code under test use its URL?"]),
  ].join("\n");
  return { passed, found, wanted, nearest, text };
}

/**
 * Reads a value by a schema.
 *
 * @throws FilterError where it does not fit.
 */
export function readBy<Schema extends z.ZodTypeAny>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value, { errorMap: schemaMessages });
  if (parsed.success) return parsed.data;
  throw new FilterError(
    `What is asked of the request log can't be read: ${formatIssues(issuesOf(parsed.error))}. An example: {"orderId":"11111","outcome":"done"}.`,
  );
}

function missText({ id, differences: differing }: NearMiss): string {
  if (differing.length === 0) return `  ${id} fits`;
  const ways = differing.map(({ field, wanted, was }) => `${field} was ${show(was)}, wanted ${show(wanted)}`);
  return `  ${id}: ${ways.join("; ")}`;
}

function show(value: unknown): string {
  const text = value === null ? "missing" : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}...` : text;
}

function wantedText(atLeast: number, atMost: number): string {
  if (atLeast === atMost) return `exactly ${atLeast}`;
  const most = atMost === Number.POSITIVE_INFINITY ? [] : [`at most ${atMost}`];
  return [...(atLeast > 0 || most.length === 0 ? [`at least ${atLeast}`] : []), ...most].join(" and ");
}
