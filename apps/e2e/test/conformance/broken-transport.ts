import { gunzipSync } from "node:zlib";
import { problemMediaType } from "@auto-extend/core";
import type { Mutation, PassingRequest } from "./mutating-proxy.js";
import {
  answering,
  type BrokenServer,
  broken,
  jsonOf,
  operationOf,
  page,
  withBody,
  withHeaders,
} from "./mutations.js";

const wrongMethods = [
  "transport/method-not-allowed/listIpAddresses/POST",
  "transport/method-not-allowed/getRentPeriods/POST",
  "transport/method-not-allowed/getBalance/POST",
] as const;
const unknownPaths = [
  "transport/not-found/unknown-path",
  "transport/not-found/listIpAddresses/unknown-path",
  "transport/not-found/getRentPeriods/unknown-path",
  "transport/not-found/getBalance/unknown-path",
] as const;

/** Servers that accept what is no request of the contract, or refuse it in another way. */
export const brokenTransport: readonly BrokenServer[] = [
  broken(
    "accepts a comma too many",
    "transport/malformed-json/comma",
    raw((text) => text.replace(",}", "}")),
  ),
  broken(
    "takes anything for an empty object",
    "transport/malformed-json/truncated",
    raw((text) =>
      text !== "" && jsonOf(Buffer.from(text)) === undefined && !/^(\[\]|null)$/.test(text) ? "{}" : text,
    ),
  ),
  broken(
    "takes no body for an empty object",
    "transport/malformed-json/empty",
    raw((text) => text || "{}"),
  ),
  // Reading and writing the text puts another character in place of what is not UTF-8.
  broken(
    "replaces what is not UTF-8",
    "transport/malformed-json/invalid-utf-8",
    raw((text) => text),
  ),
  broken(
    "breaks down over broken JSON",
    "transport/malformed-json/comma",
    answering(400, () => page(500)),
  ),
  broken(
    "reads plain text as JSON",
    "transport/unsupported-media-type/text-plain",
    readsAsJson("text/plain"),
  ),
  broken("reads forms", "transport/unsupported-media-type/form", {
    request: (request) =>
      request.headers["content-type"] === "application/x-www-form-urlencoded"
        ? asJson(withBody(request, Object.fromEntries(new URLSearchParams(request.body.toString()))))
        : request,
  }),
  broken(
    "reads anything without a media type as JSON",
    "transport/unsupported-media-type/missing",
    readsAsJson(undefined),
  ),
  broken("decompresses bodies", "transport/unsupported-media-type/gzip", {
    request(request) {
      const { "content-encoding": encoding, ...headers } = request.headers;
      return encoding === "gzip" ? { ...request, headers, body: gunzipSync(request.body) } : request;
    },
  }),
  broken("shows a page to browsers", "transport/method-not-allowed/GET", {
    request: (request) =>
      request.method === "GET" && operationOf(request)?.method === "POST" ? page(200) : request,
  }),
  broken("takes POST for GET", wrongMethods, {
    request({ headers: { "content-type": type, ...headers }, ...request }) {
      return operationOf({ ...request, headers })?.method === "GET"
        ? { ...request, headers, method: "GET", body: Buffer.alloc(0) }
        : { ...request, headers: type === undefined ? headers : { ...headers, "content-type": type } };
    },
  }),
  broken("takes PUT for POST", "transport/method-not-allowed/PUT", {
    request: (request) =>
      request.method === "PUT" ? asJson(withBody({ ...request, method: "POST" }, {})) : request,
  }),
  broken("does not know DELETE", "transport/method-not-allowed/DELETE", {
    request: (request) => (request.method === "DELETE" ? page(501) : request),
  }),
  broken(
    "does not say which method it takes",
    ["transport/method-not-allowed/GET", ...wrongMethods],
    answering(405, ({ headers: { allow, ...headers }, ...answer }) => ({ ...answer, headers })),
  ),
  broken("does not look at the end of a path", unknownPaths, {
    request: (request) => ({ ...request, path: request.path.replace("/no-such-path", "") }),
  }),
  broken(
    "has a page for unknown paths",
    unknownPaths,
    answering(404, () => page(404)),
  ),
  broken("reads whatever comes", "transport/too-large/over-2-mib", {
    request: (request) =>
      request.body.length > 1024 ** 2 ? withBody(request, jsonOf(request.body)) : request,
  }),
  broken("hangs up on large bodies", "transport/too-large/over-2-mib", {
    answer: (answer) => (answer.status === 413 ? "reset" : answer),
  }),
  broken(
    "calls its problems JSON",
    "transport/not-found/unknown-path",
    problems((answer) => withHeaders(answer, { "content-type": "application/json" })),
  ),
  broken(
    "has another status in its problems",
    "transport/not-found/unknown-path",
    problems((answer) => withBody(answer, { ...jsonOf(answer.body), status: 500 })),
  ),
  broken(
    "does not say what the problem is",
    "transport/not-found/unknown-path",
    problems((answer) => withBody(answer, {})),
  ),
];

function raw(change: (text: string) => string): Mutation {
  return { request: (request) => ({ ...request, body: Buffer.from(change(request.body.toString())) }) };
}

function readsAsJson(type: string | undefined): Mutation {
  return { request: (request) => (request.headers["content-type"] === type ? asJson(request) : request) };
}

function asJson(request: PassingRequest): PassingRequest {
  return withHeaders(request, { "content-type": "application/json" });
}

function problems(change: NonNullable<Parameters<typeof answering>[1]>): Mutation {
  return {
    answer: (answer) =>
      answer.headers["content-type"]?.startsWith(problemMediaType) ? change(answer) : answer,
  };
}
