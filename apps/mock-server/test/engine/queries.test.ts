import { getBalance, getRentPeriods, listIpAddresses, operations } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { ask, call, targetOf, testEngine } from "../support/call.js";

describe("a GET", () => {
  it("sends its query, as texts, and the log has it by name", () => {
    const engine = testEngine();
    ask(engine, listIpAddresses, { proxyType: "IPv4", note: "a b" });
    expect(engine.requests()[0]).toMatchObject({
      method: "GET",
      path: "/client/api/v1/[redacted]/ipAddress?proxyType=IPv4&note=a+b",
      sent: { proxyType: "IPv4", note: "a b" },
      decided: { outcome: "done", ignored: ['"note"'] },
    });
  });

  it.each([
    ["?proxyType=IPv4&proxyType=SOCKS", true],
    ["?proxyType=SOCKS&proxyType=IPv4", false],
    ["?proxy%54ype=%49Pv4", true],
    ["?proxyType=IPv4?", false],
    ["?&&proxyType=IPv4&", true],
    ["?", false],
    ["", false],
    ["?__proto__=x&proxyType=IPv4", true],
  ])("reads %j; if a name is repeated, its first value counts", (query, success) => {
    const path = targetOf(getRentPeriods) + query;
    expect(call(testEngine(), "", { method: "GET", path, headers: {} }).json.success).toBe(success);
  });

  it.each([
    ["no content type", new Uint8Array([0xff]), {}],
    ["text", "text", { "content-type": "text/plain" }],
    ["broken JSON, compressed", "{", { "content-type": "application/json", "content-encoding": "gzip" }],
  ])("is not judged by a body that it has no use for: %s", (_, body, headers) => {
    const engine = testEngine();
    const path = targetOf(getBalance);
    const reply = call(engine, body, { method: "GET", path, headers: headers as Record<string, string> });
    expect(reply).toMatchObject({ status: 200, json: { success: true } });
    expect(engine.requests()[0]?.sent).toEqual({});
    const target = { method: "GET", target: path, headers: {}, body: "too-large" as const };
    expect(engine.handle(target).status).toBe(200);
  });

  it("is logged without an API key, wherever in the query it is", () => {
    const apiKey = "canary-key-0123456789";
    const engine = testEngine();
    const query = `?proxyType=${apiKey}&${apiKey}=1&__proto__=${apiKey}`;
    call(engine, "", { method: "GET", path: targetOf(listIpAddresses, {}, apiKey) + query, headers: {} });
    expect(JSON.stringify(engine.requests())).not.toContain("canary");
    expect(engine.requests()).toHaveLength(1);
  });
});

describe("a method that an operation does not take", () => {
  const methods = ["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE"];
  const cases = operations.flatMap((operation) =>
    methods
      .filter((method) => method !== operation.method)
      .map((method) => ({ operation, id: operation.id, method })),
  );

  it.each(cases)("is answered with 405, and Allow: $method to $id", ({ operation, method }) => {
    const engine = testEngine();
    const { status, headers } = call(engine, "", { method, path: targetOf(operation) });
    expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: operation.method });
    expect(engine.requests()[0]).toMatchObject({ operation: null, decided: { outcome: "problem" } });
  });
});
