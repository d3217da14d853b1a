import { gradeMeanings, grades, type Level } from "@auto-extend/core";
import { z } from "zod/v3";
import {
  accountOrNone,
  anyJson,
  count,
  date,
  listOf,
  meaningsOf,
  namesOf,
  whole,
} from "../../lib/schemas.js";
import { combinedFault } from "../faults/fault.js";

/** A logged request and its explanation: the types of the engine, and the answers of the control API. No API key is in them. */

/** The outcomes of requests, and their meanings. */
export const outcomes = {
  done: "carried out",
  refused: "a rule was broken",
  problem: "it never reached the rules",
  faulted: "a fault prevented its execution",
  forwarded: "another server decided",
} as const;

/** How serious a difference from the contract is, the most serious first: the level, and its meaning. */
export const driftLevels: Readonly<Record<Level, string>> = {
  accepts: "a caller cannot use the answer",
  lawful: "it contradicts the contract",
  emits: "our client or our mock would not send it; it contradicts nothing",
};

export const logClears = whole.describe(
  "How many times requests were removed from the log since the mock's start. A reader who last found a smaller number must read the log from the start: requests may be gone, or may have been removed before they were read.",
);

/** A place in a request that is at fault. */
export type FieldIssue = z.output<typeof fieldIssue>;

export const fieldIssue = z.strictObject({
  part: z
    .enum(["method", "path", "header", "body"])
    .optional()
    .describe("The part of the request at fault; missing for a field of its body or query."),
  path: z
    .string()
    .describe(
      "The field at fault, such as `orderIds[1]`, or the name of a header or path parameter; empty for the whole part.",
    ),
  message: z.string().describe("What is wrong with it, as a sentence."),
  expected: z
    .string()
    .describe(
      "What would be accepted, such as `one of 30, 60, 90`; empty if another entry of the list has it.",
    ),
  line: whole.min(1).optional().describe("The line in a text that is not JSON, from 1."),
  column: whole.min(1).optional().describe("The place in that line, from 1."),
});

/** A fault, and what requested it. */
export type FaultTrigger = z.output<typeof faultTrigger>;

export const faultTrigger = z.strictObject({
  name: z.string().describe("The preset, or the ID of a queued fault without one."),
  by: z.enum(["header", "order ID", "queue"]).describe("What requested it."),
  id: z.string().optional().describe("The ID, if it is a queued fault."),
  options: z
    .record(z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .describe("The chosen options of the preset, if there are any."),
});

/** The decision about a request, and the reason. */
export type Decision = z.output<typeof decision>;

const decision = z
  .strictObject({
    outcome: z.enum(namesOf(outcomes)).describe(meaningsOf(outcomes)),
    statement: z
      .string()
      .nullable()
      .describe("The ID of the rule, transport error or fault that decided; null if it was carried out."),
    code: whole.nullable().describe("The error code of a refusal."),
    why: z.string().describe("The reason, as a sentence."),
    issues: listOf(fieldIssue)
      .optional()
      .describe(
        "The places at fault, if the request itself was. Of a list, the first few items, and how many more.",
      ),
    later: listOf(fieldIssue)
      .optional()
      .describe(
        "Fields that rules after the broken one would refuse too, as far as their format shows; only if there are any.",
      ),
    satisfied: count.describe("How many rules were satisfied before the decision."),
    ignored: listOf(z.string()).describe("Unknown fields of the request; they were ignored."),
  })
  .describe("The decision, and its reason.");

/** A field of an answer that a fault changed. */
export type AlteredField = z.output<typeof alteredField>;

const alteredField = z.strictObject({
  path: z.string().describe("The field, such as `error.code`; empty for the whole answer."),
  usual: anyJson
    .optional()
    .describe("Its value without the fault, of a long list the beginning; missing if the fault added it."),
});

/** A fault that was injected into a request. */
export type LoggedFault = z.output<typeof loggedFault>;

const loggedFault = z.strictObject({
  triggers: listOf(faultTrigger).describe("The faults, and what requested each of them."),
  fault: combinedFault.describe("The combined fault."),
  altered: listOf(alteredField)
    .optional()
    .describe(
      "The first 50 fields of the answer that the fault changed, added or removed, if there are any.",
    ),
  delivered: z.string().describe("How the answer was delivered, as a sentence."),
});

/** One difference between a forwarded exchange and the contract. */
export type Drift = z.output<typeof drift>;

const drift = z.strictObject({
  direction: z.enum(["request", "answer"]).describe("Which of the two differs from the contract."),
  level: z.enum(namesOf(driftLevels)).describe(meaningsOf(driftLevels)),
  part: z.enum(["body", "status", "content-type", "headers"]).describe("The part of the message."),
  path: z
    .string()
    .describe("The place within the body or query, or the name of a header; empty for the whole."),
  message: z.string().describe("What differs, as a sentence."),
  statement: z
    .string()
    .nullable()
    .describe("The ID of the contract's statement that it contradicts or departs from, if there is one."),
});

const entryFields = {
  id: z.string().describe("Unique until the mock is restarted; also in the answer's mock-request-id header."),
  at: date.describe("When it arrived, by the mock's clock."),
  arrivedAt: date.describe("When it really arrived, by the machine's clock."),
  durationMs: whole
    .nullable()
    .describe(
      "How long it really took until the answer had left or its connection was closed, in milliseconds; null before.",
    ),
  origin: z
    .enum(["client", "control API"])
    .describe(
      "Who sent it: a client of the API, or somebody who uses the control API, such as the dashboard.",
    ),
  account: accountOrNone.describe("The account of the API key; null if it has none."),
  operation: z.string().nullable().describe("The operation; null if path and method match none."),
  method: z.string().describe("The HTTP method."),
  path: z.string().describe("The path and query, without the API key."),
  sent: anyJson.describe(
    "The body: parsed if it is JSON, else its text. For a GET, the query parameters. The API key is redacted.",
  ),
  sentText: z
    .string()
    .optional()
    .describe(
      "The body as JSON text, if `sent` does not represent it exactly: a field is repeated, it is a JSON string, or a number has too many digits. Without spaces; the API key is redacted.",
    ),
  sentNote: z
    .string()
    .optional()
    .describe(
      "Something about the body that `sent` does not say, as a sentence. Without `sentText`, the log does not have the body as it was sent: it was too large, is not UTF-8, or may contain secrets.",
    ),
  sentHeaders: z
    .record(z.string())
    .describe("The headers of the request that say what it is, what it asks for, and who sent it."),
  decided: decision,
  fault: loggedFault.nullable().describe("The injected fault; null without one."),
  status: whole.nullable().describe("The HTTP status of the answer; null if none was sent."),
  answered: anyJson.describe(
    "The body of the answer, like `sent`; null if none was sent. In forwarded answers credentials are removed; of a long list of IP addresses only the beginning is kept, at most 100 records.",
  ),
  answerHeaders: z
    .record(z.string())
    .describe("The headers of the answer that matter to a reader; empty for forwarded answers."),
  drift: listOf(drift)
    .optional()
    .describe("How a forwarded request and its answer differ from the contract."),
};

/** One logged request, as callers see it. */
export type LogEntry = z.output<typeof logEntry>;

export const logEntry = z.strictObject(entryFields).describe("A request in the log.");

/** How an order changed: all distinct values if its IP addresses differ. */
export type OrderChange = z.output<typeof orderChange>;

export const orderChange = z
  .strictObject({
    orderId: z.string().describe("The order."),
    ipAddresses: whole.describe("How many of its IP addresses changed."),
    autoExtend: fromTo(z.boolean()).optional().describe("Auto-extend, if it changed."),
    rentPeriodDays: fromTo(z.number()).optional().describe("The rental period in days, if it changed."),
  })
  .describe("How an order changed.");

function fromTo<Value extends z.ZodTypeAny>(value: Value) {
  const values = listOf(value);
  return z.strictObject({ from: values.describe("Before."), to: values.describe("After.") });
}

/** A rule of the provider, and its result. */
export type RuleResult = z.output<typeof ruleResult>;

const ruleResult = z.strictObject({
  id: z.string().describe("The ID of the rule."),
  claim: z.string().describe("What the rule says."),
  grade: z.enum(grades).describe(meaningsOf(gradeMeanings)),
  code: whole.describe("The error code of the answer if the rule is broken."),
  result: z.enum(["satisfied", "broken", "not tried"]).describe("The result of trying it."),
});

/** Everything known about one request. */
export type Explanation = z.output<typeof explanation>;

export const explanation = z
  .strictObject({
    ...entryFields,
    rules: listOf(ruleResult).describe("The provider's rules, in the order in which they are tried."),
    changes: listOf(orderChange).describe("What the request changed, for the first 20 orders."),
    changedOrders: count.describe("The number of orders that it changed."),
    text: z.string().describe("All of it as text."),
  })
  .describe("Everything known about one request.");
