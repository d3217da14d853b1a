import {
  fillPath,
  listIpAddresses,
  type OperationId,
  type OperationSpec,
  operations,
  specOf,
  withoutCredentials,
} from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { overSocket } from "./channels.js";
import { clientCases } from "./client-cases.js";
import { type Driver, operationOf, runCases } from "./run-cases.js";

describe("clientCases", () => {
  it("have IDs of their own", () => {
    const ids = clientCases.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("answer in the form that they claim", () => {
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
      const { examples }: OperationSpec = specOf(operation);
      for (const name of Object.keys({ ...examples.requests, ...examples.otherAccounts }))
        expect(ids).toContain(`${id}/success/${name}`);
      for (const { code } of examples.failures) expect(ids).toContain(`${id}/refused/code-${code}`);
    }
  });

  it("expect no effect of an operation that changes nothing", () => {
    for (const { id, operation, expect: expected } of clientCases) {
      if (expected.outcome === "success" || operationOf(operation).changes) continue;
      expect([id, expected.effect]).toEqual([id, "none"]);
    }
  });
});

describe("runCases", () => {
  it("finds nothing wrong with a client that does what the case is about", async () => {
    expect(await problemsOf("setAutoExtend/success/IPv4")).toEqual([]);
  });

  it("catches a client that believes every 200", async () => {
    expect(await problemsOf("setAutoExtend/refused/unknown-code")).toContain(
      'setAutoExtend/refused/unknown-code: outcome is "success", expected "error"',
    );
    expect(await problemsOf("setAutoExtend/broken/other-quantity")).not.toEqual([]);
    expect(await problemsOf("setAutoExtend/http/500-then-success")).not.toEqual([]);
  });

  it("catches a client that follows redirects", async () => {
    expect(await problemsOf("setAutoExtend/http/redirect-307")).toContain(
      'setAutoExtend/http/redirect-307: request 2: path is "/elsewhere", expected "/client/api/v1/[redacted]/extend/order/auto"',
    );
  });

  it("catches a client that sends what it should have refused", async () => {
    expect(await problemsOf("setAutoExtend/input/no-orders")).toContain(
      "setAutoExtend/input/no-orders: 1 requests were sent, expected 0",
    );
  });

  it("catches a client that sends something else than its caller asked for", async () => {
    const driver: Driver = (clientCase, connection) =>
      naiveClient(
        { ...clientCase, request: { ...(clientCase.request as object), autoExtend: true } },
        connection,
      );
    expect(await problemsOf("setAutoExtend/success/off", driver)).toEqual([
      expect.stringMatching(/: request 1: body is .*"autoExtend":true.*, expected .*"autoExtend":false/),
    ]);
  });

  it("compares the query of a GET, and expects no body with it", async () => {
    expect(await problemsOf("getRentPeriods/success/IPv4")).toEqual([]);
    const driver: Driver = (clientCase, connection) =>
      naiveClient({ ...clientCase, request: { proxyType: "ISP" } }, connection);
    expect(await problemsOf("getRentPeriods/success/IPv4", driver)).toEqual([
      'getRentPeriods/success/IPv4: request 1: query is {"proxyType":"ISP"}, expected {"proxyType":"IPv4"}',
    ]);
  });

  it("catches a client that shows the API key, and does not show it itself", async () => {
    const driver: Driver = async (clientCase, connection) => ({
      ...(await naiveClient(clientCase, connection)),
      shown: `POST ${connection.apiKey}`,
    });
    const problems = await problemsOf("setAutoExtend/success/IPv4", driver);
    expect(problems).toEqual(["setAutoExtend/success/IPv4: the API key is shown"]);
    const echoing: Driver = (_, { apiKey }) => Promise.reject(new Error(`no ${apiKey}`));
    expect(await problemsOf("setAutoExtend/success/IPv4", echoing)).toEqual([
      "setAutoExtend/success/IPv4: the driver threw: Error: no [redacted]",
      "setAutoExtend/success/IPv4: 0 requests were sent, expected 1",
    ]);
  });

  it("catches a client that shows the credentials of a proxy, unless it returns them in the answer", async () => {
    const id = "listIpAddresses/success/all";
    expect(await problemsOf(id)).toEqual([]);
    const withholding: Driver = async (clientCase, connection) => ({
      ...(await naiveClient(clientCase, connection)),
      answer: withoutCredentials(specOf(listIpAddresses).examples.requests.all.success),
    });
    expect(await problemsOf(id, withholding)).toEqual([]);
    const talkative: Driver = async (clientCase, connection) => {
      const outcome = await naiveClient(clientCase, connection);
      return { ...outcome, shown: JSON.stringify(outcome) };
    };
    expect(await problemsOf(id, talkative)).toEqual([`${id}: credentials of a proxy are shown`]);
  });

  it("does not wait for a client that never returns", async () => {
    const id = "setAutoExtend/success/IPv4";
    const cases = clientCases.filter((each) => each.id === id);
    const driver: Driver = () => new Promise(() => {});
    const problems = await runCases(cases, driver, { channel: overSocket, timeoutMs: 20 });
    expect(problems).toContain(`${id}: nothing within 20 ms`);
  });

  it("rejects a case of an unknown operation", async () => {
    const cases = clientCases.slice(0, 1).map((each) => ({ ...each, operation: "buyOrder" as OperationId }));
    await expect(runCases(cases, naiveClient, { channel: overSocket })).rejects.toThrow(RangeError);
  });
});

/** A client as one writes it in a hurry. */
const naiveClient: Driver = async ({ operation, request }, { fetch, baseUrl, apiKey }) => {
  const { method, path } = operationOf(operation);
  const query = new URLSearchParams(request as Record<string, string>);
  const url = baseUrl + fillPath(path, { apiKey }) + (method === "GET" ? `?${query}` : "");
  try {
    const response = await fetch(url, {
      method,
      signal: AbortSignal.timeout(5_000),
      ...(method === "POST" && {
        headers: { "content-type": "application/json" },
        body: JSON.stringify(request),
      }),
    });
    if (!response.ok) {
      return { outcome: "error", error: "HttpError", effect: "none", status: response.status };
    }
    return { outcome: "success", answer: await response.json() };
  } catch {
    return { outcome: "error", error: "NetworkError", effect: "none" };
  }
};

function problemsOf(id: string, driver = naiveClient): Promise<string[]> {
  const cases = clientCases.filter((each) => each.id === id);
  if (cases.length === 0) throw new RangeError(`There is no case ${id}.`);
  return runCases(cases, driver, { channel: overSocket });
}

function jsonOf(body: string | Uint8Array): unknown {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return JSON.parse(new TextDecoder().decode(bytes));
}
