import { once } from "node:events";
import { request } from "node:http";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type MockServer, startMockServer } from "../../src/index.js";
import { on } from "../support/call.js";

const seed = Number(process.env.FUZZ_SEED ?? 1);
const parameters = { seed, numRuns: 150 };
console.info(`FUZZ_SEED=${seed}`);

let mock: MockServer;
beforeAll(async () => {
  mock = await startMockServer();
});
afterAll(() => mock.close());

interface Sent {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** Sends anything at all, as `fetch` would not; an answer that does not come within 5 seconds is a hang. */
async function send({ method, path, headers, body }: Sent): Promise<number> {
  const hasBody = method !== "GET" && method !== "HEAD";
  const sent = request(mock.url + path, {
    method,
    // Node would send the body of a DELETE without its length: the server would take it for another request.
    headers: hasBody ? { ...headers, "content-length": body.length } : headers,
    signal: AbortSignal.timeout(5_000),
  });
  sent.end(hasBody ? body : undefined);
  const [response] = await once(sent, "response");
  response.resume();
  await once(response, "end");
  return response.statusCode;
}

const operation = "/client/api/v1/any-key/extend/order/auto";
const anything: fc.Arbitrary<Sent> = fc.record({
  method: fc.constantFrom("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"),
  path: fc.oneof(
    fc.constantFrom(
      operation,
      `${operation}/`,
      "/",
      "/docs",
      "/openapi.json",
      "/client/",
      "/client/api/v1/%E0",
    ),
    fc.constantFrom(
      "/__mock/state",
      "/__mock/requests",
      "/__mock/reset",
      "/__mock/health",
      "/__mock/state?account=x",
    ),
    fc.webPath().map((path) => (path.startsWith("/") ? path : `/${path}`)),
  ),
  headers: fc.record(
    {
      "content-type": fc.constantFrom(
        "application/json",
        "application/json; charset=utf-16",
        "text/plain",
        "x",
      ),
      "content-encoding": fc.constantFrom("gzip", "identity", "br", "x"),
      origin: fc.constantFrom("null", "http://localhost:1", "https://evil.example"),
      "mock-api-key": fc.constantFrom("any-key", "unknown-api-key", "..", " "),
    },
    { requiredKeys: [] },
  ),
  body: fc.oneof(
    fc.uint8Array({ maxLength: 100 }),
    fc
      .constantFrom("", "{", "[]", JSON.stringify(on), '{"version":1,"accounts":[]}')
      .map((text) => Buffer.from(text)),
    fc.json().map((text) => Buffer.from(text)),
  ),
});

it("answers anything on any path, and never with an internal error", async () => {
  await fc.assert(
    fc.asyncProperty(anything, async (sent) => {
      expect([200, 204, 302, 400, 403, 404, 405, 413, 415]).toContain(await send(sent));
    }),
    parameters,
  );
  expect(
    await send({
      method: "POST",
      path: operation,
      headers: { "content-type": "application/json" },
      body: Buffer.from(JSON.stringify(on)),
    }),
  ).toBe(200);
});
