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

  it("expect no effect of an operation that changes nothing", () => {
    for (const { id, operation, expect: expected } of clientCases) {
      if (expected.outcome === "success" || operationOf(operation).changes) continue;
      expect([id, expected.effect]).toEqual([id, "none"]);
    }
  });
});

describe("runCases", () => {
  const id = "setAutoExtend/success/IPv4";
  const cases = clientCases.filter((each) => each.id === id);

  it("does not show the API key that it looks for", async () => {
    const echoing: Driver = (_, { apiKey }) => Promise.reject(new Error(`no ${apiKey}`));
    expect(await runCases(cases, echoing, { channel: overSocket })).toEqual([
      `${id}: the driver threw: Error: no [redacted]`,
      `${id}: 0 requests were sent, expected 1`,
    ]);
  });

  it("does not wait for a client that never returns", async () => {
    const driver: Driver = () => new Promise(() => {});
    const problems = await runCases(cases, driver, { channel: overSocket, timeoutMs: 20 });
    expect(problems).toContain(`${id}: nothing within 20 ms`);
  });
});

function jsonOf(body: string | Uint8Array): unknown {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return JSON.parse(new TextDecoder().decode(bytes));
}
