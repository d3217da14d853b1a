import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runServerCases, serverCases } from "../../src/index.js";
import { type ReferenceServer, startReferenceServer } from "../support/reference-server.js";
import { abroad, isSwitch, resultOf, type Sent } from "../support/runs.js";

let server: ReferenceServer;

beforeAll(async () => {
  server = await startReferenceServer();
});

afterAll(() => server.close());

describe("off loopback", () => {
  it("sends nothing that a server could act on", async () => {
    const report = await runServerCases(abroad(server));
    const outcomes = new Map(report.cases.map(({ id, outcome }) => [id, outcome]));
    for (const { id, safety, needs } of serverCases) {
      const isRun = safety === "harmless" && !needs;
      expect([id, outcomes.get(id)]).toEqual([id, isRun ? "passed" : "skipped"]);
    }
    expect(report.passed + report.skipped).toBe(serverCases.length);
    expect(report.passed).toBeGreaterThan(10);
  });

  it("never tries to switch something of an existing proxy type, by default", async () => {
    const switches: Sent[] = [];
    const onRequest = (sent: Sent) => isSwitch(sent) && switches.push(sent);
    await runServerCases(abroad(server, { onRequest }));
    const bodies = switches.map(({ body }) => body);
    expect(bodies.join()).toContain("no-such-type");
    expect(bodies.join()).toContain("no-such-ip-address");
    for (const body of bodies) expect(body).not.toMatch(/"proxyType":"(IPv4|IPv6|MOBILE|ISP)"/);
  });

  it("prices the orders that it is given, and switches none of them, by default", async () => {
    const sent: Sent[] = [];
    const { length } = server.switched;
    const orders = {
      IPv4: { orderIds: ["11111", "22222"], rentPeriodDays: 30 },
      IPv6: { orderIds: ["33333"], rentPeriodDays: 30 },
    };
    const report = await runServerCases(abroad(server, { orders, onRequest: (one) => sent.push(one) }));
    expect(report.failed).toBe(0);
    for (const id of ["success/IPv4", "spends-nothing", "several-orders", "rule/rental-period/zero"]) {
      expect(resultOf(report, `priceExtension/${id}`).outcome).toBe("passed");
    }
    for (const { body } of sent.filter(isSwitch)) expect(body).not.toMatch(/"(11111|22222|33333|ip-of-.*)"/);
    expect(server.switched).toHaveLength(length);
  });

  it("sends GET requests beside the POST requests, and no others, by default", async () => {
    const methods = new Set<string>();
    await runServerCases(abroad(server, { onRequest: ({ method }) => methods.add(method) }));
    expect(methods).toEqual(new Set(["GET", "POST"]));
    await runServerCases(
      abroad(server, { allowChanges: true, onRequest: ({ method }) => methods.add(method) }),
    );
    expect(methods).toEqual(new Set(["GET", "POST", "PUT", "DELETE"]));
  });

  it("says why a case was skipped, and what would let it run", async () => {
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
    for (const id of ["setAutoExtendByIpAddress/success/ISP", "listIpAddresses/extend-info"]) {
      expect(resultOf(report, id).outcome).toBe("passed");
    }
    expect(resultOf(report, "setAutoExtendByIpAddress/quantity").skipped?.reason).toBe(
      "it needs two orders of one proxy type",
    );
    for (const body of bodies) expect(body).not.toMatch(/"(11111|22222|33333|44444)"/);
  });
});
