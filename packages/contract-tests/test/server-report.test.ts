import type { RequestListener } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatServerReport, runServerCases, type ServerCaseResult } from "../src/index.js";
import { credentials } from "./reference-account.js";
import { type ReferenceServer, startReferenceServer } from "./reference-server.js";
import { apiKey, failing, failure, runAgainst } from "./server-runs.js";

let server: ReferenceServer;

beforeAll(async () => {
  server = await startReferenceServer();
});

afterAll(() => server.close());

describe("the report", () => {
  it("names the statement that is contradicted, with its grade and the case that found out", async () => {
    const report = await runAgainst(answering({ success: false, error: { code: 35 } }));
    expect(report.contradicted.map(({ id }) => id)).toEqual(["setAutoExtend/failure"]);
    const other = await runAgainst(answering({ ...failure, error: { code: 35, message: "?" } }));
    expect(other.contradicted).toMatchObject([
      { id: "setAutoExtend/rule/proxy-type", grade: "reference", by: [failing] },
    ]);
  });

  it("takes another code for a rule that does not hold, and not for another meaning of the code", async () => {
    const cases: Record<string, string> = {
      unknown: "setAutoExtend/rule/order-ids",
      "one-bad": "setAutoExtend/all-or-nothing",
      "other-type": "setAutoExtend/orders-of-type",
      missing: "setAutoExtend/malformed-fields",
    };
    for (const [probe, statement] of Object.entries(cases)) {
      const only = `setAutoExtend/rule/order-ids/${probe}`;
      const report = await runAgainst(answering({ ...failure, error: { code: 25, message: "?" } }), { only });
      expect(report.contradicted.map(({ id }) => id)).toEqual([statement]);
    }
  });

  it("says that a code means something else where it comes without the cause that it is to have", async () => {
    const only = "setAutoExtend/success/IPv4";
    const report = await runAgainst(answering({ ...failure, error: { code: 4, message: "?" } }), { only });
    expect(report.contradicted.map(({ id }) => id)).toEqual([
      "setAutoExtend/rule/proxy-type",
      "error-code/4",
    ]);
  });

  it("has no API key in it, though the server repeats it everywhere", async () => {
    const report = await runAgainst(({ url }, response) => {
      response.writeHead(500, { "content-type": `text/${apiKey}`, [apiKey]: apiKey, location: String(url) });
      response.end(`${"x".repeat(1_990)}${apiKey} ${url}`);
    });
    expect(report.failed).toBe(1);
    expect(JSON.stringify(report)).toContain("[redacted]");
    expect(JSON.stringify(report)).not.toContain(apiKey.slice(0, 8));
  });

  it("has no credentials in it, whatever is wrong with the list that holds them", async () => {
    const { login, password } = credentials;
    const list = '{"success":true,"list":[{"ipAddressId":"1","authInfo":';
    const both = JSON.stringify(credentials);
    const bodies = [
      // A record that is in no order is shown.
      `${list}${both}}]}`,
      `[${list}${both}}]}]`,
      // It is not JSON, so that fields can't be told.
      `${list}${both}`,
      `"padding":"${"x".repeat(1_950)}", "password":"${password}"`,
      `{"success":false,"error":{"code":35,"message":"login=${login} password: ${password}"}}`,
    ];
    for (const body of bodies) {
      const listing = await startReferenceServer((listener) => (request, response) => {
        const headers = { "x-password": password, "content-type": "application/json" };
        if (request.url?.includes("/ipAddress")) response.writeHead(200, headers).end(body);
        else listener(request, response);
      });
      try {
        const report = await runServerCases({ baseUrl: listing.url, apiKey, only: "listIpAddresses/" });
        expect(report.failed).toBeGreaterThan(0);
        const text = JSON.stringify(report) + formatServerReport(report);
        expect(text).toContain("[redacted]");
        expect(text).not.toMatch(/login-to|password-to/);
      } finally {
        await listing.close();
      }
    }
  });

  it("keeps its own words where the API key is one of them", async () => {
    const report = await runAgainst(answering({ ...failure, error: { code: 35, message: "?" } }), {
      apiKey: "setAutoExtend",
    });
    expect(report.cases[0]?.id).toBe(failing);
    expect(report.contradicted[0]?.by).toEqual([failing]);
  });

  it("tells of each case as it ends", async () => {
    const results: ServerCaseResult[] = [];
    const report = await runServerCases({
      baseUrl: server.url,
      apiKey,
      only: "transport/malformed-json",
      onResult: (result) => results.push(result),
    });
    expect(results).toHaveLength(4);
    expect(results).toEqual(report.cases);
  });

  it("leaves out the cases that are less sure than wanted", async () => {
    const report = await runServerCases({ baseUrl: server.url, apiKey, grade: "reference" });
    expect(report.passed).toBeGreaterThan(0);
    expect(new Set(report.cases.map(({ grade }) => grade))).toEqual(new Set(["reference"]));
  });
});

function answering(body: object): RequestListener {
  return (_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ ...failure, ...body }));
  };
}
