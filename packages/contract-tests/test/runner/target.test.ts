import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runServerCases, type ServerTarget } from "../../src/index.js";
import { type ReferenceServer, startReferenceServer } from "../support/reference-server.js";
import { abroad, apiKey } from "../support/runs.js";

let server: ReferenceServer;

beforeAll(async () => {
  server = await startReferenceServer();
});

afterAll(() => server.close());

describe("a target that is not valid", () => {
  const good: ServerTarget = { baseUrl: "https://provider.test", apiKey };
  const bad: Record<string, [Partial<ServerTarget>, RegExp]> = {
    "no URL": [{ baseUrl: "provider.test" }, /must be a valid http\(s\) URL/],
    "another protocol": [{ baseUrl: "ftp://provider.test" }, /must be a valid http\(s\) URL/],
    "a URL with a user": [{ baseUrl: "https://me:secret@provider.test" }, /user name or password/],
    "plain http": [{ baseUrl: "http://provider.test" }, /allowHttp/],
    "plain http with a text for permission": [
      { baseUrl: "http://provider.test", allowHttp: "false" as never },
      /allowHttp/,
    ],
    "no API key": [{ apiKey: "" }, /^The API key is missing\. Give the API key of an account\.$/],
    "dots for an API key": [{ apiKey: ".." }, /^The API key cannot be part of a URL\./],
    "the unknown API key": [
      { apiKey: "unknown-api-key" },
      /^The API key unknown-api-key is reserved: the tests check that a server refuses it/,
    ],
    "no timeout": [{ timeout: 0 }, /timeout is 0/],
    "a negative pause": [{ rereadDelayMs: -1 }, /rereadDelayMs is -1/],
    "a negative longest pause": [{ maxRetryAfterMs: -1 }, /maxRetryAfterMs is -1/],
    "a signal of another kind": [{ signal: {} as never }, /not an AbortSignal/],
    "orders without IDs": [{ orders: { IPv6: { orderIds: [], rentPeriodDays: 30 } } }, /orders of IPv6/],
    "no case": [{ only: "no-such-case" }, /No case has an ID that begins with "no-such-case"/],
    "no case of a grade": [
      { only: "transport/", grade: "sibling" },
      /No case of grade sibling or stronger has an ID that begins with "transport\/"/,
    ],
  };
  for (const [what, [change, message]] of Object.entries(bad)) {
    it(`is refused before anything is sent: ${what}`, async () => {
      const fetch = () => Promise.reject(new Error("nothing should be sent"));
      const run = runServerCases({ ...good, ...change, fetch });
      await expect(run).rejects.toThrow(message);
      await expect(run).rejects.toMatchObject({ name: "TargetError", reason: "invalid" });
    });
  }

  it("may be plain http on another machine if that is allowed", async () => {
    const report = await runServerCases({
      ...abroad(server),
      baseUrl: "http://provider.test",
      allowHttp: true,
      only: "getBalance/",
    });
    expect(report).toMatchObject({ passed: 2, failed: 0 });
  });
});
