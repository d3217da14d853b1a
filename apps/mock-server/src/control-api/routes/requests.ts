import { transportErrors } from "@auto-extend/core";
import { z } from "zod/v3";
import type { Engine } from "../../engine/engine.js";
import { type Explanation, explain } from "../../engine/log/explanation.js";
import { differences, requestFilterSchema } from "../../engine/log/verify.js";
import { logEntry, story } from "../request-schemas.js";
import { ControlError, controlRoute } from "../route.js";
import { listOf } from "../state-schemas.js";

const listQuery = requestFilterSchema
  .omit({ account: true })
  .extend({ limit: z.number().int().min(1).optional().describe("The last ones, as many as this.") });

/** The routes about the request log. */
export const requestRoutes = [
  controlRoute({
    id: "listRequests",
    tag: "Requests",
    method: "get",
    path: "/__mock/requests",
    summary: "The requests in the log",
    description:
      "The last requests, oldest first: all, or those that have everything that the query names. No API key is in them.",
    accountScoped: true,
    query: listQuery,
    answer: {
      status: 200,
      says: "The requests.",
      schema: z.object({ requests: listOf(logEntry).describe("The requests, oldest first.") }).strict(),
    },
    handle({ engine, account, query: { limit, ...filter } }) {
      const fitting = engine.requests(account).filter((entry) => differences(entry, filter).length === 0);
      return { json: { requests: limit === undefined ? fitting : fitting.slice(-limit) } };
    },
  }),
  controlRoute({
    id: "forgetRequests",
    tag: "Requests",
    method: "delete",
    path: "/__mock/requests",
    summary: "Empties the log",
    description: "Forgets the requests: all, or those of one account. Nothing else becomes another.",
    accountScoped: true,
    answer: { status: 204, says: "Done." },
    handle({ engine, account }) {
      engine.clearRequests(account);
      return "nothing";
    },
  }),
  controlRoute({
    id: "explainRequest",
    tag: "Requests",
    method: "get",
    path: "/__mock/requests/{id}",
    summary: "The story of a request",
    description:
      "What was read, which rules were tried, what was decided and changed, and what left. With `Accept: text/plain` it comes as a text for people.",
    accountScoped: true,
    pathId: "The id of the request, as in its answer's `mock-request-id` header; `last` for the last one.",
    answer: {
      status: 200,
      says: "The story.",
      schema: story,
      text: {
        mediaType: "text/plain",
        schema: z.string(),
        example: "request-1, 2030-01-01T00:00:00.000Z\n...",
      },
    },
    problems: { 404: { says: "The log has no such request, or not any more." } },
    handle({ engine, account, pathId, request }) {
      const told = storyIn(engine, account, pathId);
      return request.accepts("json", "text/plain") === "text/plain"
        ? { text: `${told.text}\n`, mediaType: "text/plain" }
        : { json: told };
    },
  }),
];

function storyIn(engine: Engine, account: string | undefined, id: string): Explanation {
  const draft = id === "last" ? engine.lastRequest(account) : engine.request(id);
  if (draft && (account === undefined || draft.account === account)) return explain(draft);
  const whose = account === undefined ? "" : " of this account";
  const detail =
    id === "last"
      ? `The log has no request${whose} yet, or was emptied: send one first.`
      : `The log has no such request${whose}: it keeps the last ones only, and none from before a reset. GET /__mock/requests lists those there are.`;
  throw new ControlError({ error: { ...transportErrors.notFound, detail } });
}
