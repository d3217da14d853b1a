import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runServerCases, serverCases } from "../src/index.js";
import { type ReferenceServer, startReferenceServer } from "./reference-server.js";
import { abroad, resultOf } from "./server-runs.js";

let server: ReferenceServer;

beforeAll(async () => {
  server = await startReferenceServer();
});

afterAll(() => server.close());

describe("off loopback", () => {
  it("sends nothing that a server could act on", async () => {
    const report = await runServerCases(abroad(server));
    const outcomes = new Map(report.cases.map(({ id, outcome }) => [id, outcome]));
    for (const { id, safety } of serverCases) {
      expect([id, outcomes.get(id)]).toEqual([id, safety === "harmless" ? "passed" : "skipped"]);
    }
    expect(report.passed + report.skipped).toBe(serverCases.length);
    expect(report.passed).toBeGreaterThan(10);
  });

  it("never names a proxy type that exists, by default", async () => {
    const bodies: string[] = [];
    await runServerCases(abroad(server, { onRequest: ({ body }) => bodies.push(body) }));
    expect(bodies.join()).toContain("no-such-type");
    for (const body of bodies) expect(body).not.toMatch(/"proxyType":"(IPv4|IPv6|MOBILE|ISP)"/);
  });

  it("asks for nothing but to be read, where it does not POST, by default", async () => {
    const methods = new Set<string>();
    await runServerCases(abroad(server, { onRequest: ({ method }) => methods.add(method) }));
    expect(methods).toEqual(new Set(["GET", "POST"]));
    await runServerCases(
      abroad(server, { allowChanges: true, onRequest: ({ method }) => methods.add(method) }),
    );
    expect(methods).toEqual(new Set(["GET", "POST", "PUT", "DELETE"]));
  });

  it("says why a case was left out, and what would let it run", async () => {
    const byDefault = await runServerCases(abroad(server));
    expect(resultOf(byDefault, "setAutoExtend/success/IPv4").skipped).toEqual({
      reason: "it changes orders",
      option: "allowChanges",
    });
    const allowed = await runServerCases(abroad(server, { allowChanges: true }));
    expect(resultOf(allowed, "setAutoExtend/success/IPv4").skipped).toEqual({
      reason: "it needs an order of IPv4",
      option: "orders",
    });
    expect(resultOf(allowed, "setAutoExtend/rule/order-ids/empty").outcome).toBe("passed");
  });

  it("uses the orders that it is given, and no others", async () => {
    const bodies: string[] = [];
    const orders = { ISP: { orderIds: ["55555"], rentPeriodDays: 30 } };
    const report = await runServerCases(
      abroad(server, { allowChanges: true, orders, onRequest: ({ body }) => bodies.push(body) }),
    );
    expect(report.failed).toBe(0);
    expect(resultOf(report, "setAutoExtend/success/ISP").outcome).toBe("passed");
    expect(resultOf(report, "setAutoExtend/rule/order-ids/one-bad").outcome).toBe("passed");
    expect(resultOf(report, "setAutoExtend/several-orders").skipped?.reason).toBe(
      "it needs two orders of one proxy type",
    );
    expect(resultOf(report, "setAutoExtend/rule/order-ids/other-type").skipped?.reason).toBe(
      "it needs orders of two proxy types",
    );
    for (const body of bodies) expect(body).not.toMatch(/"(11111|22222|33333|44444)"/);
  });
});
