import { formatIssues, issuesOf } from "@auto-extend/core";
import { z } from "zod/v3";
import { schemaMessages } from "../../lib/schema-messages.js";
import { type Difference, differences, requestFilterSchema } from "./request-filter.js";
import type { LogEntry } from "./request-log.js";

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
  const parsed = schema.safeParse(value, { errorMap: schemaMessages(schema) });
  if (parsed.success) return parsed.data;
  throw new FilterError(
    `The query of the request log is invalid: ${formatIssues(issuesOf(parsed.error))}. An example: {"orderId":"11111","outcome":"done"}.`,
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
