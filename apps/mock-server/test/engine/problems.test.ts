import { problem, setAutoExtend, transportErrors } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import type { FieldIssue } from "../../src/engine/log/schemas.js";
import type { EngineRequest } from "../../src/engine/types.js";
import { call, on, testEngine } from "../support/call.js";

const json = { "content-type": "application/json" };

describe("a request that never reaches the rules", () => {
  it.each([
    ["broken JSON", transportErrors.malformedJson, '{"proxyType":', json],
    ["an empty body", transportErrors.malformedJson, "", json],
    ["bytes that are no UTF-8", transportErrors.malformedJson, new Uint8Array([0x22, 0xff, 0x22]), json],
    ["text/plain", transportErrors.unsupportedMediaType, on, { "content-type": "text/plain" }],
    [
      "a form",
      transportErrors.unsupportedMediaType,
      "a=1",
      { "content-type": "application/x-www-form-urlencoded" },
    ],
    ["no content type", transportErrors.unsupportedMediaType, on, {}],
    [
      "another charset",
      transportErrors.unsupportedMediaType,
      on,
      { "content-type": "application/json; charset=latin1" },
    ],
    ["a compressed body", transportErrors.unsupportedMediaType, on, { ...json, "content-encoding": "gzip" }],
  ])("answers %s with a problem", (_, error, body, headers) => {
    const reply = call(testEngine(), body, { headers: headers as Record<string, string> });
    expect(reply.status).toBe(error.status);
    expect(reply.headers["content-type"]).toBe("application/problem+json");
    expect(problem.parse(reply.json)).toMatchObject({ status: error.status, title: error.title });
    expect(reply.headers["mock-explanation"]).toContain(error.id);
  });

  const switchPath = "/client/api/v1/k/extend/order/auto";
  it.each<[string, Partial<Omit<EngineRequest, "body">> & { body?: string }, Partial<FieldIssue>]>([
    ["a missing comma", { body: "{}\n{}" }, { part: "body", line: 2, column: 1, expected: "JSON in UTF-8" }],
    ["an empty body", { body: "" }, { part: "body", message: "it is empty" }],
    [
      "another type",
      { headers: { "content-type": "a/b" } },
      { path: "content-type", expected: "application/json" },
    ],
    ["no type", { headers: {} }, { path: "content-type", message: "it was sent without a Content-Type" }],
    [
      "another charset",
      { headers: { "content-type": "application/json; charset=latin1" } },
      { part: "header", path: "content-type", expected: "application/json; charset=utf-8" },
    ],
    [
      "compression",
      { headers: { ...json, "content-encoding": "gzip" } },
      { part: "header", path: "content-encoding", expected: "no Content-Encoding header" },
    ],
    ["another method", { method: "GET" }, { part: "method", expected: "POST" }],
    ["another path", { target: `${switchPath}s` }, { part: "path", expected: `POST ${setAutoExtend.path}` }],
    ["no path", { target: "/client/" }, { part: "path", expected: expect.stringMatching(/^one of POST /) }],
    ["no API key", { target: switchPath.replace("/k", "") }, { part: "path", path: "apiKey" }],
    ["an unknown fault", { headers: { ...json, prefer: "fault=no" } }, { part: "header", path: "prefer" }],
    [
      "an unknown order",
      { body: '{"orderIds":["fault-no"]}' },
      { path: "orderIds", message: expect.stringContaining("nknown preset") },
    ],
    ["too much", { body: "too-large" }, { part: "body", expected: "at most 2 MiB" }],
    [
      "an unknown API key",
      { target: switchPath.replace("/k/", "/unknown-api-key/") },
      { part: "path", path: "apiKey", expected: "the API key of an account, not unknown-api-key" },
    ],
  ])("says as data what is wrong with %s", (_, { body = JSON.stringify(on), ...change }, expected) => {
    const engine = testEngine();
    const bytes = body === "too-large" ? body : new TextEncoder().encode(body);
    engine.handle({ method: "POST", target: switchPath, headers: json, ...change, body: bytes });
    expect(engine.requests()[0]?.decided.issues).toMatchObject([expected]);
  });

  it.each([
    "application/json; charset=utf-8",
    'Application/JSON;charset="UTF-8"',
    "application/json ; x=y",
    'application/json; x="a; charset=latin1"',
  ])("takes %s for JSON", (contentType) => {
    expect(call(testEngine(), on, { headers: { "content-type": contentType } }).json.success).toBe(true);
  });

  it("accepts a byte order mark and an identity encoding", () => {
    const headers = { ...json, "content-encoding": "identity" };
    expect(call(testEngine(), `\uFEFF${JSON.stringify(on)}`, { headers }).json.success).toBe(true);
  });

  it("answers another method with 405, and names the right one", () => {
    const { status, headers } = call(testEngine(), "", { method: "GET" });
    expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: "POST" });
  });

  it.each([
    "/client/api/v1/test-key-1/extend/order",
    "/client/api/v1/test-key-1/extend/order/auto/",
    "/client/api/v1//extend/order/auto",
    "/client/api/v1/%E0%A4/extend/order/auto",
    "/client/",
  ])("answers 404 to %s", (path) => {
    expect(call(testEngine(), on, { path }).status).toBe(404);
  });

  it("does not mind a query", () => {
    expect(call(testEngine(), on, { path: "/client/api/v1/k/extend/order/auto?x=1" }).json.success).toBe(
      true,
    );
  });

  it("answers 413 to a body that was too large to read", () => {
    const target = "/client/api/v1/k/extend/order/auto";
    expect(testEngine().handle({ method: "POST", target, headers: json, body: "too-large" }).status).toBe(
      413,
    );
  });
});

it("a bug in the mock is answered as such, without an API key, and never ends the program", () => {
  let isBroken = false;
  const now = () => {
    if (isBroken) throw new Error("no time for /client/api/v1/canary-key-01/extend");
    return 0;
  };
  const engine = testEngine({ now });
  isBroken = true;
  const { status, body } = call(engine, on, { apiKey: "canary-key-01" });
  expect(status).toBe(500);
  expect(body).toContain("This is a bug in the mock");
  expect(body).not.toContain("canary");
});
