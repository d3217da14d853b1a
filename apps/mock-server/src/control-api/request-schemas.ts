import { grades, problem } from "@auto-extend/core";
import { z } from "zod/v3";
import { faultSchema } from "../engine/faults/fault.js";
import { accountOrNone, anyJson, listOf, moment, orderChange, renewalEvent } from "./state-schemas.js";

/** The schemas of the answers about requests and events. */

/** A fault, and by what it was asked for. */
export const asked = z
  .object({
    name: z.string().describe("The name of the fault."),
    by: z.enum(["header", "order id", "API key", "control API"]).describe("What asked for it."),
    id: z.string().optional().describe("The id of a fault that waited."),
  })
  .strict();

const fields = {
  id: z.string().describe("Also in the answer's mock-request-id header."),
  at: moment.describe("When it came, by the mock's clock."),
  account: accountOrNone.describe("The account that it concerned; null where there was none."),
  operation: z.string().nullable().describe("The operation; null where the path or method is of none."),
  method: z.string().describe("The HTTP method."),
  path: z.string().describe("The path and query, without the API key."),
  sent: anyJson.describe(
    "The body: parsed where it is JSON, else its text. Of a GET the query, by name. The API key is not in it.",
  ),
  decided: z
    .object({
      outcome: z
        .enum(["done", "refused", "problem", "faulted", "forwarded"])
        .describe(
          "done: it was carried out. refused: a rule was broken. problem: it never got that far. faulted: a fault kept it from being carried out. forwarded: a server behind the mock decided.",
        ),
      statement: z.string().nullable().describe("The rule, transport error or fault that decided."),
      code: z.number().int().nullable().describe("The error code of a refusal."),
      why: z.string().describe("The reason, for people."),
      satisfied: z
        .number()
        .int()
        .min(0)
        .describe("How many rules were tried, one after the other, and kept."),
      ignored: listOf(z.string()).describe("Fields that were sent, but that the contract does not know."),
    })
    .strict()
    .describe("What was decided, and why."),
  fault: z
    .object({
      triggers: listOf(asked).describe("The faults, and by what each was asked for."),
      fault: faultSchema.describe("What they come to, in primitives."),
      delivered: z.string().describe("How the answer was delivered, for people."),
    })
    .strict()
    .nullable()
    .describe("What was to go wrong, on purpose; null where nothing was."),
  status: z.number().int().nullable().describe("The HTTP status of the answer; null where none left."),
  answered: anyJson.describe(
    "The body of the answer, as `sent` is; null where none left. Without credentials, and of the lists that hold such the first 100 items alone.",
  ),
  headers: z
    .record(z.string())
    .describe("Headers of the answer that say what it is or what to do; empty where none left."),
  drift: listOf(
    z
      .object({
        direction: z.enum(["request", "answer"]).describe("Which of the two breaks the contract."),
        level: z
          .enum(["accepts", "lawful", "emits"])
          .describe(
            "How grave it is. accepts: a caller cannot use the answer. lawful: it contradicts the contract. emits: our client or our mock would not send it; it contradicts nothing.",
          ),
        part: z.enum(["body", "status", "content-type"]).describe("The part of the message."),
        path: z.string().describe("The place within the body or query; empty for the whole."),
        message: z.string().describe("What is wrong, for people."),
        statement: z
          .string()
          .nullable()
          .describe("The statement of the contract that it contradicts or departs from, if there is one."),
      })
      .strict(),
  )
    .optional()
    .describe("What broke the contract, where the request was passed on to another server."),
};

/** A request in the log. */
export const logEntry = z.object(fields).strict().describe("One request as the mock saw it.");

/** The story of a request. */
export const story = z
  .object({
    ...fields,
    rules: listOf(
      z
        .object({
          id: z.string().describe("The id of the rule."),
          claim: z.string().describe("What it says."),
          grade: z.enum(grades).describe("How sure it is."),
          result: z.enum(["satisfied", "broken", "not tried"]).describe("What came of trying it."),
        })
        .strict(),
    ).describe("The provider's rules, in the order in which they are tried."),
    changes: listOf(orderChange).describe("What became another because of it, of the first 20 orders."),
    changedOrders: z.number().int().min(0).describe("How many orders it was about."),
    text: z.string().describe("All of it, for people."),
  })
  .strict()
  .describe("Everything there is to tell of one request.");

/** What came of holding the request log to an expectation. */
export const checked = {
  found: z.number().int().describe("How many requests fit."),
  wanted: z.string().describe("How many were wanted, in words."),
  nearest: listOf(
    z
      .object({
        id: z.string().describe("The id of the request."),
        differences: listOf(
          z
            .object({
              field: z.string().describe("The field."),
              wanted: anyJson.describe("What was wanted."),
              was: z.unknown().describe("What it was; left out where it was not there."),
            })
            .strict(),
        ).describe("How it differs; an empty list where it fits, and there were too many."),
      })
      .strict(),
  ).describe("The requests that come nearest, the nearest first; empty where all is as expected."),
};

/** A request log that is as it was expected. */
export const verified = z
  .object({
    passed: z.boolean().describe("Always true: what did not pass is a problem with status 409."),
    ...checked,
    text: z.string().describe("All of it, for people."),
  })
  .strict()
  .describe("The request log is as it was expected.");

/** What is answered where the request log is not as it was expected. */
export const verifyProblem = problem
  .extend(checked)
  .describe("The request log is not as it was expected; `detail` tells all of it.");

const of = {
  at: moment.describe("When, by the mock's clock."),
  account: accountOrNone.describe("The account that it is about; null where it is about none or all."),
};

/** Something that happened in the mock. */
export const mockEvent = z
  .union([
    z.object({ ...of, type: z.literal("request"), request: logEntry }).strict(),
    z
      .object({ ...of, type: z.literal("change"), request: z.string(), changes: listOf(orderChange) })
      .strict()
      .describe("The request of this id changed orders."),
    z
      .object({ ...of, type: z.literal("fault"), request: z.string(), faults: listOf(asked) })
      .strict()
      .describe("A fault struck the request of this id."),
    z.object({ ...of, type: z.literal("clock"), frozen: z.boolean() }).strict(),
    z.object({ ...of, type: z.literal("renewal"), renewal: renewalEvent }).strict(),
    z
      .object({ ...of, type: z.literal("queue"), waiting: z.number().int() })
      .strict()
      .describe("Faults were queued or removed: so many wait now."),
    z
      .object({ ...of, type: z.literal("log"), because: z.literal("cleared") })
      .strict()
      .describe("Requests were removed from the log."),
    z
      .object({ ...of, type: z.literal("state"), because: z.enum(["put", "reset"]) })
      .strict()
      .describe("The state was put in from outside, or reset."),
  ])
  .describe("Something that happened in the mock. No API key is in it.");
