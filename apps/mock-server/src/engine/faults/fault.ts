import { z } from "zod/v3";
import { hasNullBody } from "../../lib/headers.js";

/** Faults: the six primitives they are made of, and the rules about how these go together. */

/** How long something takes, in milliseconds: ten minutes at most. */
const milliseconds = z.number().min(0).max(600_000);

/** What is wrong with a value whose fields all fit, for people: the field that it is about, or none, and the words. */
type Check<Value> = (value: Value) => readonly (readonly [field: string, message: string])[];

/** A schema that also looks at whether its fields go together. In a document it is what it was. */
function checked<Schema extends z.ZodTypeAny>(
  schema: Schema,
  check: Check<z.output<Schema>>,
): z.ZodEffects<Schema> {
  return schema.superRefine((value, context) => {
    for (const [field, message] of check(value)) {
      context.addIssue({ code: z.ZodIssueCode.custom, path: field === "" ? [] : [field], message });
    }
  });
}

/** The names of the fields that somebody has given. */
function given<Value extends object>(value: Value): (keyof Value & string)[] {
  return (Object.keys(value) as (keyof Value & string)[]).filter((name) => value[name] !== undefined);
}

/** Those of these fields that somebody has given. */
function givenOf<Value extends object, Name extends keyof Value & string>(
  value: Value,
  names: readonly Name[],
): Name[] {
  return names.filter((name) => value[name] !== undefined);
}

/** The parts that change fields of an answer. Only `merge` and `copy` add fields that it does not have. */
const drifting = ["merge", "copy", "drop", "asText", "empty", "next"] as const;

/** Answers with something else. */
const answer = checked(
  z
    .object({
      code: z
        .number()
        .int()
        .optional()
        .describe("Refuses with this error code; nothing is carried out then, unless `applied` says so."),
      message: z.string().min(1).optional().describe("The message that goes with `code`."),
      body: z.unknown().describe("Any JSON in place of the answer."),
      merge: z.record(z.unknown()).optional().describe("Fields to set in an answer, null included."),
      copy: z
        .record(z.string())
        .optional()
        .describe("Fields to set in an answer to what the request has: its field, by the answer's."),
      drop: z.array(z.string()).optional().describe("Fields to leave out of an answer."),
      asText: z
        .array(z.string())
        .optional()
        .describe("Fields whose numbers are sent as text, if the answer has them."),
      empty: z.array(z.string()).optional().describe("Lists to send without items, if the answer has them."),
      next: z
        .record(z.array(z.unknown()).min(2))
        .optional()
        .describe(
          "Fields to replace by the value that follows theirs in a list, whose end leads to its start, if the answer has them.",
        ),
      of: z
        .enum(["success", "failure", "both"])
        .optional()
        .describe("Which answers the other parts change (default: only successes)."),
    })
    .strict()
    .describe("Answers with something else."),
  (value) => {
    const { code, message, body, of } = value;
    const drifts = givenOf(value, drifting);
    if (given(value).length === 0) {
      return [
        [
          "",
          `must have something to answer with: give code, body, ${drifting.slice(0, -1).join(", ")} or ${drifting.at(-1)}`,
        ],
      ];
    }
    if (body !== undefined && given(value).length > 1) {
      const others = given(value).filter((name) => name !== "body");
      return [
        [
          "body",
          `stands in place of the whole answer, so that ${others.join(", ")} would do nothing: leave it out, or the rest`,
        ],
      ];
    }
    const wrong: [string, string][] = drifts
      .filter((name) => Object.keys(value[name] ?? {}).length === 0)
      .map((name) => [name, "is empty, and would do nothing: name a field, or leave it out"]);
    if (message !== undefined && code === undefined) {
      wrong.push(["message", "does nothing without code: give the error code that it goes with"]);
    }
    if (of !== undefined && drifts.length === 0) {
      wrong.push([
        "of",
        `does nothing without ${drifting.slice(0, -1).join(", ")} or ${drifting.at(-1)}: give one of them, or leave it out`,
      ]);
    }
    if (code !== undefined && drifts.length > 0 && (of ?? "success") === "success") {
      wrong.push([
        "of",
        `must be failure: code makes a refusal of the answer, and ${drifts.join(", ")} would change successes alone`,
      ]);
    }
    return wrong;
  },
);

/** Cuts the answer. */
const cut = checked(
  z
    .object({
      how: z
        .enum(["reset", "close", "hang", "truncate", "drip"])
        .describe(
          "`reset` (RST) and `close` (FIN) end the connection, `hang` leaves it open, `truncate` sends half of the body as if it were the whole, `drip` sends a few bytes at a time.",
        ),
      at: z
        .enum(["before", "middle", "after"])
        .optional()
        .describe(
          "When the answer is left off, for reset, close and hang; `before` where left out. A hang has no `after`.",
        ),
      bytes: z.number().int().min(1).optional().describe("How much drips at a time; 16 where left out."),
      everyMs: milliseconds.optional().describe("How long it takes from drop to drop; 20 ms where left out."),
    })
    .strict()
    .describe("Cuts the answer."),
  (value) => {
    const { how, at } = value;
    const wrong: [string, string][] = [];
    if (at !== undefined && (how === "truncate" || how === "drip")) {
      wrong.push(["at", `does nothing with ${how}: it is for reset, close and hang. Leave it out`]);
    }
    if (at === "after" && how === "hang") {
      wrong.push(["at", "must be before or middle: a whole answer leaves nothing to wait for"]);
    }
    if (how !== "drip") {
      for (const name of givenOf(value, ["bytes", "everyMs"])) {
        wrong.push([name, `does nothing with ${how}: it is for drip. Leave it out`]);
      }
    }
    return wrong;
  },
);

/** Answers late. */
const delay = checked(
  z
    .object({
      ms: milliseconds.optional().describe("How long the answer is held back, in milliseconds."),
      jitter: milliseconds.optional().describe("How much longer or shorter that may be, in milliseconds."),
      p50: milliseconds.optional().describe("In place of `ms`: half of the answers take no longer."),
      p95: milliseconds.optional().describe("95 of 100 answers take no longer; `p50` where left out."),
      p99: milliseconds.optional().describe("99 of 100 answers take no longer; `p95` where left out."),
      seed: z
        .number()
        .int()
        .optional()
        .describe("What it is drawn by, for each API key apart, so that it comes again; 1 where left out."),
    })
    .strict()
    .describe("Answers late."),
  (value) => {
    const { jitter, p50, p95 = p50, p99, seed: drawnBy } = value;
    const simple = givenOf(value, ["ms", "jitter"]);
    const others = givenOf(value, ["p95", "p99"]);
    if (p50 === undefined) {
      if (others.length > 0) {
        return [
          ["p50", `is missing: give what half of the answers stay within, before ${others.join(" and ")}`],
        ];
      }
      if (simple.length === 0) return [["", "must say how long: give ms, or p50"]];
      return drawnBy !== undefined && jitter === undefined
        ? [
            [
              "seed",
              "does nothing without jitter or p50, for nothing is drawn: give one of them, or leave it out",
            ],
          ]
        : [];
    }
    const wrong: [string, string][] = [];
    if (simple.length > 0) {
      wrong.push([
        "p50",
        `says how long in another way than ${simple.join(" and ")}: leave out one or the other`,
      ]);
    }
    if (p95 !== undefined && p95 < p50) wrong.push(["p95", `must be at least p50, which is ${p50}`]);
    if (p95 !== undefined && p99 !== undefined && p99 < Math.max(p50, p95)) {
      wrong.push(["p99", `must be at least ${p95 > p50 ? `p95, which is ${p95}` : `p50, which is ${p50}`}`]);
    }
    return wrong;
  },
);

/** Set by whoever sends the answer: another value would break it, or be there twice. */
const carriersOwn = ["content-length", "transfer-encoding", "connection", "trailer"];
const isMocksOwn = (name: string) => name.startsWith("mock-") || name === "preference-applied";
const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9a-z-]+$/, "must be the name of a header in lower case")
  .refine((name) => !carriersOwn.includes(name), "can't be set: it is what the answer is sent by")
  .refine((name) => !isMocksOwn(name), "can't be set: it is what the mock says of itself");
const headerValue = z.string().regex(/^[\t\x20-\x7e]*$/, "must be plain ASCII on one line");

/** Answers with another HTTP status or body. */
const http = checked(
  z
    .object({
      status: z.number().int().min(200).max(599).optional().describe("The HTTP status; 200 where left out."),
      headers: z.record(headerName, headerValue).optional().describe("Headers to set, by lower-case name."),
      body: z.string().optional().describe("The text to send in place of the answer's."),
      retryAfter: z.number().int().min(0).optional().describe("What `Retry-After` says, in seconds."),
      retryAfterDate: z.boolean().optional().describe("Whether `Retry-After` says it as a date."),
      gzip: z.enum(["whole", "broken"]).optional().describe("Compressed unasked, or only said to be."),
    })
    .strict()
    .describe("Answers with another HTTP status or body."),
  (value) => {
    const { status = 200, headers, body, retryAfter, retryAfterDate, gzip } = value;
    if (given(value).length === 0) {
      return [["", "must have something that is another: give status, headers, body, retryAfter or gzip"]];
    }
    const wrong: [string, string][] = [];
    if (headers && Object.keys(headers).length === 0) {
      wrong.push(["headers", "is empty, and would do nothing: name a header, or leave it out"]);
    }
    if (retryAfterDate !== undefined && retryAfter === undefined) {
      wrong.push(["retryAfterDate", "does nothing without retryAfter: give the seconds until that date"]);
    }
    if (hasNullBody(status) && (body || gzip)) {
      const none = `can't be sent: an answer with status ${status} has no body. Leave it out, or take another status`;
      wrong.push([body ? "body" : "gzip", none]);
    }
    return wrong;
  },
);

/** Refuses what is over a limit. */
const limit = checked(
  z
    .object({
      perSecond: z.number().int().min(1).optional().describe("How many requests may come within a second."),
      atOnce: z.number().int().min(1).optional().describe("How many requests may be under way."),
      retryAfter: z.number().int().min(0).optional().describe("What `Retry-After` says; 1 s where left out."),
    })
    .strict()
    .describe("Refuses what is over a limit with 429; the requests of one account count together."),
  (value) =>
    givenOf(value, ["perSecond", "atOnce"]).length > 0
      ? []
      : [["", "must have a limit: give perSecond, atOnce or both"]],
);

/** A deliberate failure: up to six primitives, which combine. */
export type Fault = z.infer<typeof faultSchema>;

/** The schema of a {@link Fault}. It refuses a fault that would do nothing: whoever asks for it means something else. */
export const faultSchema = checked(
  z
    .object({
      answer: answer.optional(),
      delay: delay.optional(),
      http: http.optional(),
      cut: cut.optional(),
      lose: z
        .enum(["applied", "not-applied"])
        .optional()
        .describe(
          "Loses the answer after the request was carried out, or the request before: alike to whoever waits. The connection is closed, unless `cut` says otherwise.",
        ),
      limit: limit.optional(),
      applied: z
        .boolean()
        .optional()
        .describe(
          "Whether the request is carried out all the same; where left out, it is unless it is refused, lost or answered with a status from 300 on.",
        ),
    })
    .strict(),
  (fault) => {
    const { lose, applied } = fault;
    if (given(fault).length === 0) {
      return [
        ["", "must have something that goes wrong: give answer, delay, http, cut, lose, limit or applied"],
      ];
    }
    return lose !== undefined && applied !== undefined && applied !== (lose === "applied")
      ? [["applied", `can't be ${applied} with lose ${lose}, which says the opposite: leave one of them out`]]
      : [];
  },
);

/** A fault that cannot be injected. The message says why, and what to do. */
export class FaultError extends Error {
  override readonly name = "FaultError";
}

/** A fault that would change nothing about the answer of an operation. */
export class FaultNotApplicableError extends Error {
  override readonly name = "FaultNotApplicableError";
}

/** Merges faults: each primitive is taken from the first fault that has it. The result is frozen. */
export function mergeFaults(faults: readonly Fault[]): Fault {
  const fault: Partial<Record<keyof Fault, unknown>> = {};
  for (const each of faults) for (const name of given(each)) fault[name] ??= each[name];
  return Object.freeze(fault as Fault);
}

/** Freezes a value with all its parts. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    for (const part of Object.values(value)) deepFreeze(part);
    Object.freeze(value);
  }
  return value;
}
