import type { RequestListener } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatServerReport, runServerCases, type ServerCaseResult, serverReport } from "../../src/index.js";
import { credentials } from "../support/reference-account.js";
import { changingAnswers, type ReferenceServer, startReferenceServer } from "../support/reference-server.js";
import { apiKey, failing, failure, runAgainst, textsIn } from "../support/runs.js";

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

  it("counts the statements that were asked, confirmed, contradicted and not asked, and fits its schema", async () => {
    const report = serverReport.parse(await runAgainst(answering({ success: false, error: { code: 35 } })));
    const [failed] = report.cases.filter(({ outcome }) => outcome === "failed");
    const { total, ...counts } = report.statements;
    const asked = new Set(failed?.statements).size;
    expect(counts).toEqual({ asked, confirmed: 0, contradicted: 1, notAsked: total - asked });
    expect([asked > 0, total > 50]).toEqual([true, true]);
    const passing = { baseUrl: server.url, apiKey, only: failing };
    const { statements } = serverReport.parse(await runServerCases(passing));
    expect(statements).toEqual({ total, asked, confirmed: asked, contradicted: 0, notAsked: total - asked });
  });

  it("takes another code for a broken rule, and not for another meaning of the code", async () => {
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

  it("reports another meaning of a code if it comes without its cause", async () => {
    const only = "setAutoExtend/success/IPv4";
    const report = await runAgainst(answering({ ...failure, error: { code: 4, message: "?" } }), { only });
    expect(report.contradicted.map(({ id }) => id)).toEqual([
      "setAutoExtend/rule/proxy-type",
      "error-code/4",
    ]);
  });

  it("has no API key in it, although the server repeats it everywhere", async () => {
    const report = await runAgainst(({ url }, response) => {
      response.writeHead(500, { "content-type": `text/${apiKey}`, [apiKey]: apiKey, location: String(url) });
      response.end(`${"x".repeat(1_990)}${apiKey} ${url}`);
    });
    expect(report.failed).toBe(1);
    expect(JSON.stringify(report)).toContain("[redacted]");
    expect(JSON.stringify(report)).not.toContain(apiKey.slice(0, 8));
  });

  it("has no control characters in it and is bounded, whatever headers the server sends", async () => {
    const hostile = `\u001b[31mred\u202e${"x".repeat(5_000)}`;
    const fetch = async () => ({
      status: 200,
      headers: new Map([
        ...Array.from({ length: 1_000 }, (_, index): [string, string] => [`x-${index}`, hostile]),
        [hostile, hostile],
      ]),
      text: async () => JSON.stringify({ [hostile]: hostile, success: false, error: { code: hostile } }),
    });
    const report = await runServerCases({
      baseUrl: server.url,
      apiKey,
      only: failing,
      fetch: fetch as never,
    });
    expect(report.failed).toBe(1);
    expect(textsIn(report).filter((text) => /\p{Cc}(?<!\n)|\u202e/u.test(text))).toEqual([]);
    expect(JSON.stringify(report).length).toBeLessThan(100_000);
    expect(JSON.stringify(report)).toContain("red");
  });

  it("has no credentials in it, whatever is wrong with the list that holds them", async () => {
    const { login, password } = credentials;
    const list = '{"success":true,"list":[{"ipAddressId":"1","authInfo":';
    const both = JSON.stringify(credentials);
    const bodies = [
      // A record that is in no order is shown.
      `${list}${both}}]}`,
      `[${list}${both}}]}]`,
      // It is not JSON, so there are no fields.
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

  it("keeps its own words even if the API key is one of them", async () => {
    const report = await runAgainst(answering({ ...failure, error: { code: 35, message: "?" } }), {
      apiKey: "setAutoExtend",
    });
    expect(report.cases[0]?.id).toBe(failing);
    expect(report.contradicted[0]?.by).toEqual([failing]);
  });

  it("is announced case by case", async () => {
    const results: ServerCaseResult[] = [];
    const report = await runServerCases({
      baseUrl: server.url,
      apiKey,
      only: "transport/malformed-json",
      onResult: (result) => results.push(result),
    });
    expect(results).toHaveLength(5);
    expect(results).toEqual(report.cases);
  });

  it("leaves out the cases below a grade", async () => {
    const report = await runServerCases({ baseUrl: server.url, apiKey, grade: "reference" });
    expect(report.passed).toBeGreaterThan(0);
    expect(new Set(report.cases.map(({ grade }) => grade))).toEqual(new Set(["reference"]));
  });
});

describe("the findings in a report", () => {
  it("fail a case at the levels accepts and lawful, and are remarks at the level emits", async () => {
    const only = "getBalance/success";
    const balances: readonly [object, level: string | null, remarks: readonly string[]][] = [
      [{ requestId: "1" }, null, ["emits"]],
      [{ currencyCode: null, requestId: "1" }, "lawful", ["emits"]],
      [{ balance: "5.00" }, "accepts", []],
    ];
    for (const [change, level, remarks] of balances) {
      const other = await startReferenceServer(
        changingAnswers("balance", (answer) => ({ ...answer, ...change })),
      );
      try {
        const report = await runServerCases({ baseUrl: other.url, apiKey, only });
        const [result] = report.cases;
        expect(result?.outcome).toBe(level === null ? "passed" : "failed");
        expect(result?.problems.map((problem) => problem.level)).toEqual(level === null ? [] : [level]);
        expect(report.remarks.map((remark) => remark.level)).toEqual(remarks);
      } finally {
        await other.close();
      }
    }
  });

  it("are remarks about dates that no calendar has", async () => {
    const other = await startReferenceServer(
      changingAnswers("ipAddress", (answer) =>
        JSON.parse(JSON.stringify(answer).replace(/"dateEnd":"[^"]+"/g, '"dateEnd":"2027-02-29T00:00:00Z"')),
      ),
    );
    try {
      const only = "listIpAddresses/success";
      const report = await runServerCases({ baseUrl: other.url, apiKey, only });
      expect(report.failed).toBe(0);
      const at = expect.stringMatching(/\.dateEnd$/);
      expect(report.remarks).toContainEqual(expect.objectContaining({ at, level: "emits" }));
    } finally {
      await other.close();
    }
  });

  it("are remarks if they contradict an assumption, which has a case of its own", async () => {
    const paged = await startReferenceServer(
      changingAnswers("ipAddress", (answer) => (answer.success ? { ...answer, pages: 3 } : answer)),
    );
    try {
      const report = await runServerCases({ baseUrl: paged.url, apiKey, only: "listIpAddresses/" });
      const failed = report.cases.filter(({ outcome }) => outcome === "failed").map(({ id }) => id);
      expect(failed).toEqual(["listIpAddresses/whole-list"]);
      expect(report.remarks).toContainEqual(
        expect.objectContaining({ level: "lawful", by: expect.arrayContaining(["listIpAddresses/success"]) }),
      );
    } finally {
      await paged.close();
    }
  });

  it("have no secrets in them: neither the API key nor a rebootLink, whatever answer repeats them", async () => {
    const link = "https://modem.example/reboot?token=link-to-look-for";
    const leaking = await startReferenceServer((listener) => (request, response) => {
      const end = response.end.bind(response);
      response.end = ((text: string) => {
        const answer = JSON.parse(text);
        const secrets = { rebootLink: link, authInfo: credentials, proxyType: { apiKey, rebootLink: link } };
        return end(JSON.stringify({ ...answer, ...secrets }));
      }) as typeof response.end;
      listener(request, response);
    });
    try {
      const report = await runServerCases({ baseUrl: leaking.url, apiKey, rereadDelayMs: 0 });
      expect(report.failed).toBeGreaterThan(50);
      const text = JSON.stringify(report) + formatServerReport(report);
      expect(text).toContain("[redacted]");
      expect(text).not.toMatch(/-to-look-for/);
    } finally {
      await leaking.close();
    }
  });
});

function answering(body: object): RequestListener {
  return (_, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ ...failure, ...body }));
  };
}
