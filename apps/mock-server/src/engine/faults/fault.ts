import { describeErrorCode } from "@auto-extend/core";
import { z } from "zod";
import type { Refused } from "../outcome.js";

/** What goes wrong with a request, on purpose: up to six primitives, which combine. */
export type Fault = z.infer<typeof faultSchema>;

const milliseconds = z.number().min(0).max(600_000);
const at = z.enum(["before", "middle", "after"]);

const answer = z
  .object({
    code: z.number().int().optional().describe("Refuses with this error code; nothing is carried out then."),
    message: z.string().min(1).optional().describe("The message that goes with `code`."),
    body: z.unknown().describe("Any JSON in place of the answer."),
    merge: z.record(z.unknown()).optional().describe("Fields to set in a success, null included."),
    copy: z
      .record(z.string())
      .optional()
      .describe("Fields to set in a success to what the request has: its field, by the answer's."),
    drop: z.array(z.string()).optional().describe("Fields to leave out of a success."),
  })
  .strict()
  .describe("Answers with something else.");

const delay = z
  .object({
    ms: milliseconds.optional().describe("How long the answer is held back, in milliseconds."),
    jitter: milliseconds.optional().describe("How much longer or shorter that may be, in milliseconds."),
    p50: milliseconds.optional().describe("In place of `ms`: half of the answers take no longer."),
    p95: milliseconds.optional().describe("95 of 100 answers take no longer; `p50` where left out."),
    p99: milliseconds.optional().describe("99 of 100 answers take no longer; `p95` where left out."),
  })
  .strict()
  .describe("Answers late.");

/** Set by whoever sends the answer: another value would break it. */
const carriersOwn = ["content-length", "transfer-encoding", "connection"];
const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9a-z-]+$/, "must be the name of a header in lower case")
  .refine((name) => !carriersOwn.includes(name), "can't be set: it is what the answer is sent by");
const headerValue = z.string().regex(/^[\t\x20-\x7e]*$/, "must be plain ASCII on one line");

const http = z
  .object({
    status: z.number().int().min(200).max(599).optional().describe("The HTTP status; 200 where left out."),
    headers: z.record(headerName, headerValue).optional().describe("Headers to set, by lower-case name."),
    body: z.string().optional().describe("The text to send in place of the answer's."),
    retryAfter: z.number().int().min(0).optional().describe("What `Retry-After` says, in seconds."),
    retryAfterDate: z.boolean().optional().describe("Whether `Retry-After` says it as a date."),
    gzip: z.enum(["whole", "broken"]).optional().describe("Compressed unasked, or only said to be."),
  })
  .strict()
  .describe("Answers with another HTTP status or body.");

const cut = z
  .object({
    how: z
      .enum(["reset", "close", "hang", "truncate", "drip"])
      .describe(
        "`reset` (RST) and `close` (FIN) end the connection, `hang` leaves it open, `truncate` sends half of the body as if it were the whole, `drip` sends a few bytes at a time.",
      ),
    at: at
      .optional()
      .describe("When the answer is left off, for reset, close and hang; `before` where left out."),
    bytes: z.number().int().min(1).optional().describe("How much drips at a time; 16 where left out."),
    everyMs: milliseconds.optional().describe("How long it takes from drop to drop; 20 ms where left out."),
  })
  .strict()
  .describe("Cuts the answer.");

const limit = z
  .object({
    perSecond: z.number().int().min(1).optional().describe("How many requests may come within a second."),
    atOnce: z.number().int().min(1).optional().describe("How many requests may be under way."),
    retryAfter: z.number().int().min(0).optional().describe("What `Retry-After` says; 1 s where left out."),
  })
  .strict()
  .describe("Refuses what is over a limit with 429.");

/** The schema of a {@link Fault}. */
export const faultSchema = z
  .object({
    answer: answer.optional(),
    delay: delay.optional(),
    http: http.optional(),
    cut: cut.optional(),
    lose: z
      .enum(["applied", "not-applied"])
      .optional()
      .describe(
        "Loses the answer after the request was carried out, or the request before: alike to whoever waits.",
      ),
    limit: limit.optional(),
    applied: z
      .boolean()
      .optional()
      .describe(
        "Whether the request is carried out all the same; where left out, it is unless it is refused, lost or answered with a status from 300 on.",
      ),
  })
  .strict();

/** A fault that can't be had, for people: what, why, and what to do. */
export class FaultError extends Error {
  override readonly name = "FaultError";
}

/**
 * Puts faults together: each primitive is taken from the first that has it.
 *
 * @returns a frozen value that shares nothing with what it is made of.
 */
export function combined(faults: readonly Fault[]): Fault {
  return deepFrozen(structuredClone(Object.assign({}, ...[...faults].reverse())));
}

/** Whether a request with this fault is carried out. */
export function isApplied({ applied, answer, lose, http }: Fault): boolean {
  return applied ?? (answer?.code === undefined && lose !== "not-applied" && (http?.status ?? 200) < 300);
}

/** The refusal that a fault asks for in place of what the rules would say; `null` where it asks for none. */
export function forcedRefusal(
  { answer: wanted }: Fault,
  asked: readonly { readonly name: string }[],
): Refused | null {
  if (wanted?.code === undefined) return null;
  const message = wanted.message ?? messageOf(wanted.code);
  return {
    broken: { id: `fault/${asked[0]?.name}`, code: wanted.code, message },
    why: "a fault was asked for that refuses the request",
  };
}

function messageOf(code: number): string {
  const about = describeErrorCode(code);
  return about.known ? about.message.text : `Error ${code}`;
}

function deepFrozen<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) deepFrozen(part);
    Object.freeze(value);
  }
  return value;
}
