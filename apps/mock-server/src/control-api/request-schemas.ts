import { gradeMeanings, grades, problem } from "@auto-extend/core";
import { z } from "zod/v3";
import { faultSchema } from "../engine/faults/fault.js";
import { driftLevels, outcomes } from "../engine/types.js";
import { meaningsOf, namesOf } from "../lib/schema-messages.js";
import { accountOrNone, anyJson, date, listOf, orderChange, renewalEvent } from "./state-schemas.js";

/** The schemas of the answers about requests and events. */

/** A fault, and what requested it. */
export const faultTrigger = z
  .object({
    name: z.string().describe("The name of the fault."),
    by: z.enum(["header", "order id", "queue"]).describe("What requested it."),
    id: z.string().optional().describe("The ID, if it is a queued fault."),
  })
  .strict();

const fields = {
  id: z.string().describe("Also in the answer's mock-request-id header."),
  at: date.describe("When it arrived, by the mock's clock."),
  arrivedAt: date.describe("When it really arrived, by the machine's clock."),
  durationMs: z
    .number()
    .int()
    .describe("How long it really took until the answer left, with the delay of a fault, in milliseconds."),
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
  sentHeaders: z
    .record(z.string())
    .describe("The headers of the request that say what it is, or what it asks for."),
  decided: z
    .object({
      outcome: z.enum(namesOf(outcomes)).describe(meaningsOf(outcomes)),
      statement: z.string().nullable().describe("The ID of the rule, transport error or fault that decided."),
      code: z.number().int().nullable().describe("The error code of a refusal."),
      why: z.string().describe("The reason, as a sentence."),
      issues: listOf(
        z
          .object({
            path: z.string().describe("The field at fault, such as `orderIds[1]`."),
            message: z.string().describe("What is wrong with it, as a sentence."),
          })
          .strict(),
      )
        .optional()
        .describe(
          "The fields at fault, the first few of them; only if a request was refused for its fields.",
        ),
      satisfied: z.number().int().min(0).describe("How many rules were satisfied before the decision."),
      ignored: listOf(z.string()).describe("Unknown fields of the request; they were ignored."),
    })
    .strict()
    .describe("The decision, and its reason."),
  fault: z
    .object({
      triggers: listOf(faultTrigger).describe("The faults, and what requested each of them."),
      fault: faultSchema.describe("The combined fault."),
      delivered: z.string().describe("How the answer was delivered, as a sentence."),
    })
    .strict()
    .nullable()
    .describe("The injected fault; null without one."),
  status: z.number().int().nullable().describe("The HTTP status of the answer; null if none was sent."),
  answered: anyJson.describe(
    "The body of the answer, like `sent`; null if none was sent. In forwarded answers credentials are removed; lists of IP addresses are cut after 100 items.",
  ),
  headers: z.record(z.string()).describe("The headers of the answer that matter to a reader."),
  drift: listOf(
    z
      .object({
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
          .describe(
            "The ID of the contract's statement that it contradicts or departs from, if there is one.",
          ),
      })
      .strict(),
  )
    .optional()
    .describe("How a forwarded request and its answer differ from the contract."),
};

export const logEntry = z.object(fields).strict().describe("A request in the log.");

export const explanation = z
  .object({
    ...fields,
    rules: listOf(
      z
        .object({
          id: z.string().describe("The ID of the rule."),
          claim: z.string().describe("What the rule says."),
          grade: z.enum(grades).describe(meaningsOf(gradeMeanings)),
          code: z.number().int().describe("The error code of the answer if the rule is broken."),
          result: z.enum(["satisfied", "broken", "not tried"]).describe("The result of trying it."),
        })
        .strict(),
    ).describe("The provider's rules, in the order in which they are tried."),
    changes: listOf(orderChange).describe("What the request changed, for the first 20 orders."),
    changedOrders: z.number().int().min(0).describe("The number of orders that it changed."),
    text: z.string().describe("All of it as text."),
  })
  .strict()
  .describe("Everything known about one request.");

const found = z.number().int().describe("How many requests match.");
const expected = z.string().describe("How many were expected, in words.");

export const verified = z
  .object({ found, expected, text: z.string().describe("All of it as text.") })
  .strict()
  .describe("The request log is as expected.");

export const verifyProblem = problem
  .extend({
    found,
    expected,
    nearest: listOf(
      z
        .object({
          id: z.string().describe("The ID of the request."),
          differences: listOf(
            z
              .object({
                field: z.string().describe("The field."),
                expected: anyJson.describe("The expected value."),
                actual: anyJson.describe("The actual value; null without one."),
              })
              .strict(),
          ).describe("How it differs; empty for a matching request, if too many match."),
        })
        .strict(),
    ).describe("The requests that come nearest, the nearest first."),
  })
  .describe("The request log is not as expected; `detail` is all of it as text.");

const common = {
  at: date.describe("When it happened, by the mock's clock."),
  account: accountOrNone.describe("The account that it belongs to; null for none or all."),
};

export const mockEvent = z
  .union([
    z.object({ ...common, type: z.literal("request"), request: logEntry }).strict(),
    z
      .object({ ...common, type: z.literal("change"), request: z.string(), changes: listOf(orderChange) })
      .strict()
      .describe("The request with this ID changed orders."),
    z
      .object({ ...common, type: z.literal("fault"), request: z.string(), faults: listOf(faultTrigger) })
      .strict()
      .describe("Faults were injected into the request with this ID."),
    z.object({ ...common, type: z.literal("clock"), frozen: z.boolean() }).strict(),
    z.object({ ...common, type: z.literal("renewal"), renewal: renewalEvent }).strict(),
    z
      .object({
        ...common,
        type: z.literal("queue"),
        queued: z.number().int().describe("The number of queued faults."),
      })
      .strict()
      .describe("Faults were queued or removed."),
    z
      .object({ ...common, type: z.literal("log"), because: z.literal("cleared") })
      .strict()
      .describe("Requests were removed from the log."),
    z
      .object({ ...common, type: z.literal("state"), because: z.enum(["put", "reset"]) })
      .strict()
      .describe("The state was replaced or reset."),
  ])
  .describe("Something that happened in the mock. It contains no API key.");

export const skippedEvents = z
  .object({
    type: z.literal("skipped"),
    requests: z.number().int().describe("The number of requests that were left out."),
    changes: z.number().int().describe("The number of requests that changed orders, and were left out."),
  })
  .strict()
  .describe("Events that were left out, since more came than `perSecond`.");

export const streamStart = z
  .object({
    type: z.literal("stream"),
    run: z.string().describe("Identifies this run of the mock. Each restart changes it."),
    isResumed: z
      .boolean()
      .describe(
        "Whether the stream continues after `Last-Event-ID` without a gap; false without that header.",
      ),
  })
  .strict()
  .describe("The first event of a stream.");
