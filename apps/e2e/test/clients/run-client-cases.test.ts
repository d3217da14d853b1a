import {
  fillPath,
  listIpAddresses,
  type Operation,
  operations,
  specOf,
  withoutCredentials,
} from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import {
  type ClientCase,
  type ClientCaseResult,
  clientCases,
  formatClientReport,
  type OperationDriver,
  type Outcome,
  type Reach,
  runClientCases,
} from "./index.js";

describe("clientCases", () => {
  it("have ids of their own", () => {
    const ids = clientCases.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("answer in the form that they say they do", () => {
    for (const { id, operation, expect: expected, script } of clientCases) {
      const last = script.at(-1);
      if (expected.outcome !== "success" || !last || "lose" in last) continue;
      const { accepts } = operationOf(operation);
      expect([id, accepts.success.safeParse(jsonOf(last.body)).success]).toEqual([id, true]);
    }
  });

  it("are about every operation, with its successes and its failures", () => {
    const ids = clientCases.map(({ id }) => id);
    for (const operation of operations) {
      const { id } = operation;
      const { examples } = specOf(operation);
      for (const name of Object.keys(examples.requests)) expect(ids).toContain(`${id}/success/${name}`);
      for (const { code } of examples.failures) expect(ids).toContain(`${id}/refused/code-${code}`);
    }
  });

  it("know that nothing is done where an operation changes nothing", () => {
    for (const { id, operation, expect: expected } of clientCases) {
      if (expected.outcome === "success" || operationOf(operation).changes) continue;
      expect([id, expected.effect]).toEqual([id, "none"]);
    }
  });
});

describe("runClientCases", () => {
  it("passes a client that does what the case is about", async () => {
    const report = await runClientCases(naiveClient, { cases: [caseOf("setAutoExtend/success/IPv4")] });
    expect(report).toMatchObject({ passed: 1, failed: 0 });
  });

  it("catches a client that believes every 200", async () => {
    const report = await runClientCases(naiveClient);
    expect(resultOf(report, "refused/unknown-code").problems[0]).toEqual({
      at: "outcome",
      expected: '"error"',
      came: '"success"',
    });
    expect(resultOf(report, "broken/other-quantity").outcome).toBe("failed");
    expect(resultOf(report, "http/500-then-success").outcome).toBe("failed");
  });

  it("catches a client that follows redirects", async () => {
    const report = await runClientCases(naiveClient, { cases: [caseOf("setAutoExtend/http/redirect-307")] });
    expect(report.cases[0]?.problems).toContainEqual({
      at: "sent[1].path",
      expected: "/client/api/v1/[redacted]/extend/order/auto",
      came: "/elsewhere",
    });
  });

  it("catches a client that sends what it should have refused", async () => {
    const report = await runClientCases(naiveClient, { cases: [caseOf("setAutoExtend/input/no-orders")] });
    expect(report.cases[0]?.problems).toContainEqual({
      at: "sent",
      expected: "0 requests",
      came: "1 requests",
    });
  });

  it("catches a client that sends something else than it was asked to", async () => {
    const driver: OperationDriver = (clientCase, reach) =>
      naiveClient({ ...clientCase, request: { ...(clientCase.request as object), autoExtend: true } }, reach);
    const report = await runClientCases(driver, { cases: [caseOf("setAutoExtend/success/off")] });
    expect(report.cases[0]?.problems).toMatchObject([{ at: "sent[0].body" }]);
  });

  it("catches a client that shows the API key, and does not show it itself", async () => {
    const driver: OperationDriver = async (clientCase, reach) => ({
      ...(await naiveClient(clientCase, reach)),
      shown: `POST ${reach.apiKey}`,
    });
    const report = await runClientCases(driver, { cases: [caseOf("setAutoExtend/success/IPv4")] });
    expect(report.cases[0]?.problems).toEqual([
      { at: "outcome", expected: "no API key", came: "the API key" },
    ]);
    expect(JSON.stringify(report)).not.toContain("client-case-api-key");
  });

  it("gives up a client that does not come back", async () => {
    const report = await runClientCases(() => new Promise(() => {}), {
      cases: [caseOf("setAutoExtend/success/IPv4")],
      timeout: 20,
    });
    expect(report.cases[0]?.problems[0]?.came).toBe("nothing within 20 ms");
  });

  it("takes what a driver throws for a failure of the case", async () => {
    const driver = () => Promise.reject(new Error("out of order"));
    const report = await runClientCases(driver, { cases: [caseOf("setAutoExtend/success/IPv4")] });
    expect(report.cases[0]?.problems[0]?.came).toBe("the driver threw: Error: out of order");
  });

  it("leaves out the operations that a driver does not offer, and says so", async () => {
    const own = clientCases.filter(({ operation }) => operation === "setAutoExtend");
    for (const driver of [naiveClient, { setAutoExtend: naiveClient }]) {
      const report = await runClientCases(driver, {
        cases: [caseOf("getBalance/success/balance"), caseOf("setAutoExtend/success/IPv4")],
      });
      expect(report).toMatchObject({ passed: 1, failed: 0, skipped: 1 });
      expect(report.cases[0]).toMatchObject({
        outcome: "skipped",
        skipped: { reason: "the driver offers no getBalance" },
      });
      expect(formatClientReport(report)).toBe(
        "Client cases\n\nSkipped\n  1 x the driver offers no getBalance\n\n1 passed, 1 skipped\n",
      );
    }
    const all = await runClientCases(naiveClient);
    expect(all.skipped).toBe(clientCases.length - own.length);
  });

  it("compares the query of a GET, and wants no body with it", async () => {
    const cases = [caseOf("getRentPeriods/success/IPv4")];
    const right = await runClientCases({ getRentPeriods: naiveClient }, { cases });
    expect(right).toMatchObject({ passed: 1, failed: 0 });
    const other: OperationDriver = (clientCase, reach) =>
      naiveClient({ ...clientCase, request: { proxyType: "ISP" } }, reach);
    const report = await runClientCases({ getRentPeriods: other }, { cases });
    expect(report.cases[0]?.problems).toEqual([
      { at: "sent[0].query", expected: '{"proxyType":"IPv4"}', came: '{"proxyType":"ISP"}' },
    ]);
  });

  it("catches a client that shows the credentials of a proxy, but where it hands on the answer", async () => {
    const cases = [caseOf("listIpAddresses/success/all")];
    expect(await runClientCases({ listIpAddresses: naiveClient }, { cases })).toMatchObject({ passed: 1 });
    const withheld: OperationDriver = async (clientCase, reach) => ({
      ...(await naiveClient(clientCase, reach)),
      answer: withoutCredentials(specOf(listIpAddresses).examples.requests.all.success),
    });
    expect(await runClientCases({ listIpAddresses: withheld }, { cases })).toMatchObject({ passed: 1 });
    const talkative: OperationDriver = async (clientCase, reach) => {
      const outcome = await naiveClient(clientCase, reach);
      return { ...outcome, shown: JSON.stringify(outcome) };
    };
    const report = await runClientCases({ listIpAddresses: talkative }, { cases });
    expect(report.cases[0]?.problems).toEqual([
      { at: "outcome", expected: "no credentials", came: "credentials of a proxy" },
    ]);
  });

  it("refuses a case of an operation that there is not", async () => {
    const cases = [{ ...caseOf("setAutoExtend/success/IPv4"), operation: "buyOrder" }];
    await expect(runClientCases(naiveClient, { cases })).rejects.toThrow(RangeError);
  });

  it("refuses to run no case at all", async () => {
    await expect(runClientCases(naiveClient, { cases: [] })).rejects.toThrow(RangeError);
  });
});

describe("formatClientReport", () => {
  it("shows what was sent, the difference and the totals", async () => {
    const report = await runClientCases(naiveClient, { cases: [caseOf("setAutoExtend/broken/null")] });
    expect(formatClientReport(report)).toBe(`Client cases

failed  setAutoExtend/broken/null: does not guess what is meant by null in place of an object
    sent    POST /client/api/v1/[redacted]/extend/order/auto
            {"proxyType":"IPv4","orderIds":["11111"],"rentPeriodDays":30,"autoExtend":true}
    outcome
    - expected: "error"
    + came:     "success"
    error
    - expected: "ContractError"
    + came:     nothing
    effect
    - expected: "unknown"
    + came:     nothing

0 passed, 1 failed
`);
  });
});

/** A client as one writes it in a hurry. */
async function naiveClient(
  { operation, request }: ClientCase,
  { fetch, baseUrl, apiKey }: Reach,
): Promise<Outcome> {
  const { method, path } = operationOf(operation);
  const query = new URLSearchParams(request as Record<string, string>);
  try {
    const response = await fetch(
      baseUrl + fillPath(path, { apiKey }) + (method === "GET" ? `?${query}` : ""),
      {
        method,
        signal: AbortSignal.timeout(50),
        ...(method === "POST" && {
          headers: { "content-type": "application/json" },
          body: JSON.stringify(request),
        }),
      },
    );
    if (!response.ok)
      return { outcome: "error", error: "HttpError", effect: "none", status: response.status };
    return { outcome: "success", answer: await response.json() };
  } catch {
    return { outcome: "error", error: "NetworkError", effect: "none" };
  }
}

function operationOf(id: string): Operation {
  const found = operations.find((operation) => operation.id === id);
  if (!found) throw new RangeError(`There is no operation ${id}.`);
  return found;
}

function caseOf(id: string): ClientCase {
  const found = clientCases.find((candidate) => candidate.id === id);
  if (!found) throw new RangeError(`There is no case ${id}.`);
  return found;
}

function jsonOf(body: string | Uint8Array): unknown {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return JSON.parse(new TextDecoder().decode(bytes));
}

function resultOf({ cases }: { cases: readonly ClientCaseResult[] }, id: string): ClientCaseResult {
  const result = cases.find((candidate) => candidate.id === `setAutoExtend/${id}`);
  if (!result) throw new RangeError(`There is no case ${id}.`);
  return result;
}
