import { z } from "zod/v3";
import { hasNullBody } from "../../lib/headers.js";
import { count, whole } from "../../lib/schemas.js";

/** Faults: the six primitives they are made of, and the rules about how these go together. */

/** At most ten minutes. */
const milliseconds = z.number().min(0).max(600_000);

/** Yields the problems of a value whose fields all fit. An empty field stands for the whole value. */
type Check<Value> = (value: Value) => Iterable<readonly [field: string, message: string]>;

/** A schema that also checks whether its fields go together. Documents show the schema alone. */
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

/** Which fields are set: all of them, or those among some. */
function given<Value extends object, Name extends keyof Value & string = keyof Value & string>(
  value: Value,
  names: readonly Name[] = Object.keys(value) as Name[],
): Name[] {
  return names.filter((name) => value[name] !== undefined);
}

const answer = checked(
  z
    .strictObject({
      code: whole.describe("Refuses with this error code. Nothing is carried out, unless `applied` is true."),
      message: z.string().min(1).describe("The message of the error."),
      body: z.unknown().describe("Any JSON in place of the answer."),
      merge: z.record(z.unknown()).describe("Fields to set in an answer, null included."),
      drop: z.array(z.string()).describe("Fields to leave out of an answer."),
      drift: z
        .enum([
          "orderids",
          "number-strings",
          "quantity",
          "proxy-type",
          "error-text",
          "error-code",
          "error-null",
        ])
        .describe(
          "Changes fields of an answer as the preset `drift-...` of this name does. With `error-...`, a request that is refused anyway keeps its own error in place of `code`.",
        ),
      of: z
        .enum(["success", "failure", "both"])
        .describe("Which answers the other parts change (default: only successes)."),
    })
    .partial()
    .describe("Refuses, or changes or replaces the answer."),
  function* (value) {
    const { code, message, body, of = "success", drift } = value;
    const changes = given(value, ["merge", "drop", "drift"]).filter(
      (name) => Object.keys(Object(value[name])).length > 0,
    );
    const isRefusal = code !== undefined || drift?.startsWith("error-");
    if (body !== undefined && given(value).length > 1) {
      yield ["body", "replaces the whole answer, so the other parts would do nothing: remove it, or them"];
    } else if (body === undefined && code === undefined && changes.length === 0) {
      yield ["", "must change the answer: give code, body, merge, drop or drift"];
    } else if (message !== undefined && code === undefined) {
      yield ["message", "does nothing without code: give an error code as well"];
    } else if (isRefusal && changes.length > 0 && of === "success") {
      yield [
        "of",
        `must be failure or both: with an error code the answer is a refusal, and ${changes.join(", ")} would change only successes`,
      ];
    }
  },
);

const cut = checked(
  z
    .strictObject({
      how: z
        .enum(["reset", "close", "hang", "truncate", "drip"])
        .describe(
          "`reset` (RST) and `close` (FIN) end the connection, `hang` leaves it open, `truncate` sends half of the body as if it were the whole, `drip` sends a few bytes at a time.",
        ),
      at: z
        .enum(["before", "middle", "after"])
        .optional()
        .describe(
          "When a reset, close or hang happens (default: before). A hang cannot happen after the answer.",
        ),
      bytes: whole.min(1).optional().describe("How many bytes are sent at a time, for drip (default: 16)."),
      everyMs: milliseconds
        .optional()
        .describe("The time between them in milliseconds, for drip (default: 20)."),
    })
    .describe("Cuts the answer."),
  function* (value) {
    const { how, at } = value;
    const hasPlace = how === "reset" || how === "close" || how === "hang";
    if (at !== undefined && !hasPlace) yield ["at", `does nothing with ${how}: remove it`];
    for (const name of how === "drip" ? [] : given(value, ["bytes", "everyMs"])) {
      yield [name, `does nothing with ${how}, only with drip: remove it`];
    }
    if (how === "hang" && at === "after") {
      yield ["at", "must be before or middle: after a whole answer there is nothing to wait for"];
    }
  },
);

const delay = checked(
  z
    .strictObject({
      ms: milliseconds.describe("How long the answer is delayed, in milliseconds."),
      jitter: milliseconds.describe("By how much `ms` varies in either direction, in milliseconds."),
      p50: milliseconds.describe("The median, in milliseconds, in place of `ms`."),
      p95: milliseconds.describe("The 95th percentile, in milliseconds (default: p50)."),
      p99: milliseconds.describe("The 99th percentile, in milliseconds (default: p95)."),
    })
    .partial()
    .describe("Answers late."),
  function* (value) {
    const { ms, jitter, p50, p95 = p50, p99 = p95 } = value;
    const isRandom = (p50 ?? p95 ?? p99) !== undefined;
    if (isRandom && (ms ?? jitter) !== undefined) {
      yield ["", "must be ms and jitter, or p50, p95 and p99, but not both"];
    } else if (isRandom && p50 === undefined) {
      yield ["p50", "is required with p95 or p99 (the median)"];
    } else if (!isRandom && (ms ?? jitter) === undefined) {
      yield ["", "must have a length: give ms or p50"];
    } else if (p50 !== undefined && !(p50 <= Number(p95) && Number(p95) <= Number(p99))) {
      yield ["", "must grow: p95 must be at least p50, and p99 at least p95"];
    }
  },
);

/** Set by the channel: another value would break the answer, or be there twice. */
const channelHeaders = ["content-length", "transfer-encoding", "connection", "trailer"];
const isOwnHeader = (name: string) => name.startsWith("mock-") || name === "preference-applied";
const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9a-z-]+$/, "must be the name of a header in lower case")
  .refine((name) => !channelHeaders.includes(name), "can't be set: the server sets it itself")
  .refine((name) => !isOwnHeader(name), "can't be set: it is one of the mock's own headers");
const headerValue = z.string().regex(/^[\t\x20-\x7e]*$/, "must be plain ASCII on one line");

const http = checked(
  z
    .strictObject({
      status: whole.min(200).max(599).describe("The HTTP status (default: 200)."),
      headers: z.record(headerName, headerValue).describe("Headers to set, by lower-case name."),
      body: z.string().describe("The text to send in place of the answer's."),
      retryAfter: count.describe("The value of `Retry-After`, in seconds."),
      retryAfterDate: z.boolean().describe("Whether `Retry-After` is a date."),
      gzip: z
        .enum(["whole", "broken"])
        .describe(
          "Compresses the answer although the client did not ask for it (`whole`), or only claims to (`broken`).",
        ),
    })
    .partial()
    .describe("Answers with another HTTP status or body."),
  function* (value) {
    const { status = 200, headers, body, retryAfter, retryAfterDate, gzip } = value;
    if (given(value).length === 0) {
      yield ["", "must change something: give status, headers, body, retryAfter or gzip"];
    }
    if (headers && Object.keys(headers).length === 0) {
      yield ["headers", "is empty, and would do nothing: name a header, or remove it"];
    }
    if (retryAfterDate !== undefined && retryAfter === undefined) {
      yield ["retryAfterDate", "does nothing without retryAfter: give the seconds until the date"];
    }
    if (hasNullBody(status) && (body || gzip)) {
      const none = `can't be sent: an answer with status ${status} has no body. Remove it, or choose another status`;
      yield [body ? "body" : "gzip", none];
    }
  },
);

const limit = checked(
  z
    .strictObject({
      perSecond: whole.min(1).describe("The maximum number of requests per second."),
      concurrent: whole.min(1).describe("The maximum number of concurrent requests."),
      retryAfter: count.describe("The value of `Retry-After`, in seconds (default: 1)."),
    })
    .partial()
    .describe("Refuses requests over a limit with 429. Each account is counted separately."),
  function* (value) {
    if (given(value, ["perSecond", "concurrent"]).length > 0) return;
    yield ["", "must have a limit: give perSecond, concurrent or both"];
  },
);

/** A deliberate failure: up to six primitives, which combine. */
export type Fault = z.infer<typeof faultSchema>;

/** The schema of a {@link Fault}. It refuses a fault that would do nothing, which must be a mistake. */
export const faultSchema = checked(
  z
    .strictObject({
      answer: answer,
      delay: delay,
      http: http,
      cut: cut,
      lose: z
        .enum(["answer", "request"])
        .describe(
          "Loses the answer, after the request was carried out, or the request, which is not carried out: the caller sees no difference. The connection is closed, unless `cut` says otherwise.",
        ),
      limit: limit,
      applied: z
        .boolean()
        .describe(
          "Whether the request is carried out (default: yes, unless the fault refuses it, loses it, or answers it with a status of 300 or higher).",
        ),
    })
    .partial(),
  function* (fault) {
    const { lose, applied } = fault;
    if (given(fault).length === 0) {
      yield ["", "must say what goes wrong: give answer, delay, http, cut, lose, limit or applied"];
    }
    if (lose !== undefined && applied !== undefined && applied !== (lose === "answer")) {
      const opposite = `can't be ${applied} with lose ${lose}, which says the opposite`;
      yield ["applied", `${opposite}: remove one of them`];
    }
  },
);

/** Several faults together. */
export const combinedFault = faultSchema.innerType().extend({
  answer: z
    .union([answer, z.array(answer)])
    .optional()
    .describe("The change of the answer, or several that are made one after the other."),
});

/** A fault that cannot be injected. The message says why, and what to do. */
export class FaultError extends Error {
  override readonly name = "FaultError";

  /** Whether the fault would change nothing about the answer of a request. */
  readonly isIdle: boolean;
  /** The place in the request that asked for it, if one did. */
  requestedAt?: { readonly part?: "header"; readonly path: string } | undefined;

  constructor(message: string, { isIdle = false } = {}) {
    super(message);
    this.isIdle = isIdle;
  }
}

export function deepFreeze<Value>(value: Value): Value {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    for (const part of Object.values(value)) deepFreeze(part);
    Object.freeze(value);
  }
  return value;
}
