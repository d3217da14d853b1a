import { z } from "zod/v3";
import { type AccountRef, accountIdOf, twoAccounts } from "../../controls.js";
import { explanation, logClears, logEntry } from "../../engine/log/schemas.js";
import {
  type Expectation,
  expectationSchema,
  nearMiss,
  requestQuerySchema,
  verification,
} from "../../engine/log/verify.js";
import { isObject } from "../../lib/fits.js";
import { count, listOf } from "../../lib/schemas.js";
import { controlProblem, controlRoute } from "../route.js";

export const verifyProblem = controlProblem
  .extend({
    found: verification.shape.found,
    expected: verification.shape.expected,
    nearest: listOf(nearMiss).describe("The requests that come nearest, the nearest first."),
  })
  .describe("The request log is not as expected; `detail` is all of it as text.");

export const requestRoutes = [
  controlRoute("listRequests", "get /__mock/requests", {
    tag: "Requests",
    summary: "The requests in the log",
    description: "The requests in the log that match the query, oldest first. They contain no API key.",
    query: requestQuerySchema.omit({ account: true }),
    answer: z.strictObject({
      requests: listOf(logEntry).describe("The requests, oldest first."),
      run: z.string().describe("Identifies this run of the mock. Each restart changes it."),
      clears: logClears,
      isComplete: z
        .boolean()
        .describe(
          "Whether the log still has the request `after`; true without `after`. A `limit` may still leave out some of those after it.",
        ),
      dropped: count.describe(
        "How many requests since the log was last emptied it no longer has: it retains only the newest, up to its limit (`--log-limit`) and 32 MiB.",
      ),
    }),
    handle({ controls, engine, run, of, query }) {
      const requests = controls.requests({ ...query, ...of });
      const isComplete = query.after === undefined || engine.request(query.after) !== undefined;
      const dropped = engine.droppedRequests(accountIdOf(engine, of));
      return { json: { requests, run, clears: engine.clears(), isComplete, dropped } };
    },
  }),
  controlRoute("clearRequests", "delete /__mock/requests", {
    tag: "Requests",
    summary: "Empties the log",
    description: "Removes the requests of all accounts, or of one. Nothing else changes.",
    handle: ({ controls, of }) => void controls.clearRequests(of),
  }),
  controlRoute("explainRequest", "get /__mock/requests/{id}", {
    tag: "Requests",
    summary: "The explanation of a request",
    description:
      "What was read, which rules were tried, what was decided and changed, and what was sent. With `Accept: text/plain` it comes as text.",
    pathId: "The ID of the request, as in its answer's `mock-request-id` header; `last` for the last one.",
    answer: explanation,
    text: {
      mediaType: "text/plain",
      schema: z.string(),
      example: "request-1, 2030-01-01T00:00:00.000Z\n...",
    },
    problems: { 404: { description: "The log does not have this request, or no longer has it." } },
    handle({ controls, of, pathId, request }) {
      const explained = controls.explain(pathId, of);
      return request.accepts("json", "text/plain") === "text/plain"
        ? { parts: [`${explained.text}\n`], mediaType: "text/plain" }
        : { json: explained };
    },
  }),
  controlRoute("verify", "post /__mock/verify", {
    tag: "Requests",
    summary: "Compares the log with an expectation",
    description:
      "Counts the requests that match. If the number is not as expected, the answer is a problem that shows the nearest requests and how they differ; `curl -f` then fails. An empty expectation is refused.",
    body: {
      schema: expectationSchema,
      examples: {
        "at least one": { operation: "setAutoExtend", outcome: "done" },
        "exactly one": { orderIds: ["11111"], autoExtend: true, times: 1 },
        none: { code: 16, times: 0 },
        "at most two": { orderId: "11111", times: { atMost: 2 } },
      },
    },
    answerDescription: "The log is as expected.",
    answer: verification,
    problems: { 409: { description: "The log is not as expected.", schema: verifyProblem } },
    handle: ({ controls, of, body }) => ({ json: controls.verify(expectationOf(body, of)) }),
  }),
];

/** An expectation about the account that the request is limited to. `verify` refuses whatever is no expectation, or empty. */
function expectationOf(body: unknown, of: AccountRef | undefined): Expectation {
  const expected = body as Expectation;
  if (of === undefined || !isObject(body) || Object.keys(body).length === 0) return expected;
  if (expected.account !== undefined && !("account" in of && of.account === expected.account))
    throw twoAccounts();
  return { ...expected, ...of };
}
