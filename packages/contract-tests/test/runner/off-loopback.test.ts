import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runServerCases, type ServerReport, type ServerTarget, serverCases } from "../../src/index.js";
import { type ReferenceServer, startReferenceServer } from "../support/reference-server.js";
import { abroad, isSwitch, resultOf, type Sent } from "../support/runs.js";

let server: ReferenceServer;
/** A run without any permission, and one that may change orders but has none. */
let byDefault: Run;
let allowed: Run;

interface Run {
  readonly report: ServerReport;
  readonly sent: readonly Sent[];
}

beforeAll(async () => {
  server = await startReferenceServer();
  byDefault = await runWith({});
  allowed = await runWith({ allowChanges: true });
});

async function runWith(target: Partial<ServerTarget>): Promise<Run> {
  const sent: Sent[] = [];
  const report = await runServerCases(abroad(server, { ...target, onRequest: (one) => sent.push(one) }));
  return { report, sent };
}

afterAll(() => server.close());

describe("off loopback", () => {
  it("sends nothing that a server could act on", () => {
    const { report } = byDefault;
    const outcomes = new Map(report.cases.map(({ id, outcome }) => [id, outcome]));
    for (const { id, safety, needs } of serverCases) {
      const isRun = safety === "harmless" && !needs;
      expect([id, outcomes.get(id)]).toEqual([id, isRun ? "passed" : "skipped"]);
    }
    expect(report.passed + report.skipped).toBe(serverCases.length);
    expect(report.passed).toBeGreaterThan(10);
  });

  it("never tries to switch something of an existing proxy type, by default", () => {
    const bodies = byDefault.sent.filter(isSwitch).map(({ body }) => body);
    expect(bodies.join()).toContain("no-such-type");
    expect(bodies.join()).toContain("no-such-ip-address");
    for (const body of bodies) expect(body).not.toMatch(/"proxyType":"(IPv4|IPv6|MOBILE|ISP)"/);
  });

  it("takes no text for the permission to change orders", async () => {
    const orders = { IPv4: { orderIds: ["11111"], rentPeriodDays: 30 } };
    const only = "setAutoExtend/success";
    const { report } = await runWith({ allowChanges: "false" as never, orders, only });
    expect(report.passed).toBe(0);
  });

  it("prices the orders that it is given, and switches none of them, by default", async () => {
    const { length } = server.switched;
    const orders = {
      IPv4: { orderIds: ["11111", "22222"], rentPeriodDays: 30 },
      IPv6: { orderIds: ["33333"], rentPeriodDays: 30 },
    };
    const { report, sent } = await runWith({ orders });
    expect(report.failed).toBe(0);
    for (const id of ["success/IPv4", "spends-nothing", "several-orders", "rule/rental-period/zero"]) {
      expect(resultOf(report, `priceExtension/${id}`).outcome).toBe("passed");
    }
    for (const { body } of sent.filter(isSwitch)) expect(body).not.toMatch(/"(11111|22222|33333|ip-of-.*)"/);
    expect(server.switched).toHaveLength(length);
  });

  it("sends GET requests beside the POST requests, and no others, by default", () => {
    const methodsOf = ({ sent }: Run) => new Set(sent.map(({ method }) => method));
    expect(methodsOf(byDefault)).toEqual(new Set(["GET", "POST"]));
    expect(methodsOf(allowed)).toEqual(new Set(["GET", "POST", "PUT", "DELETE"]));
  });

  it("says why a case was skipped, and what would let it run", () => {
    expect(resultOf(byDefault.report, "setAutoExtend/success/IPv4").skipped).toEqual({
      reason: "it changes orders",
      option: "allowChanges",
    });
    expect(resultOf(allowed.report, "setAutoExtend/success/IPv4").skipped).toEqual({
      reason: "it needs an order of IPv4",
      option: "orders",
    });
    expect(resultOf(allowed.report, "setAutoExtend/rule/order-ids/empty").outcome).toBe("passed");
  });

  it("uses the orders that it is given, and no others", async () => {
    const orders = { ISP: { orderIds: ["55555"], rentPeriodDays: 30 } };
    const { report, sent } = await runWith({ allowChanges: true, orders });
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
    for (const { body } of sent) expect(body).not.toMatch(/"(11111|22222|33333|44444)"/);
  });
});
