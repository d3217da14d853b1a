import { priceExtension, proxyTypes, setAutoExtend, specOf } from "@auto-extend/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatServerReport, runServerCases, type ServerReport } from "../../src/index.js";
import { type ReferenceServer, startReferenceServer } from "../support/reference-server.js";
import {
  abroad,
  apiKey,
  failing,
  failure,
  isSwitch,
  resultOf,
  runAgainst,
  type Sent,
} from "../support/runs.js";

let server: ReferenceServer;

beforeAll(async () => {
  server = await startReferenceServer();
});

afterAll(() => server.close());

/** Of these orders, the reference server knows the first one only. */
const orders = {
  IPv4: { orderIds: ["11111", "77777"], rentPeriodDays: 30 },
  IPv6: { orderIds: ["88888"], rentPeriodDays: 30 },
  ISP: { orderIds: ["55555"], rentPeriodDays: 90 },
};

describe("an API key that the server does not know", () => {
  it("ends the run after one request that no server can act on", async () => {
    const bodies: string[] = [];
    const run = runAgainst(
      (request, response) => {
        request.setEncoding("utf8").on("data", (text) => bodies.push(text));
        request.on("end", () =>
          response.end(JSON.stringify({ ...failure, error: { code: 2, message: "?" } })),
        );
      },
      { only: "" },
    );
    await expect(run).rejects.toThrow("does not know this API key (error 2)");
    await expect(run).rejects.toMatchObject({ name: "TargetError", reason: "invalid" });
    expect(bodies).toEqual([expect.stringContaining('"proxyType":"no-such-type"')]);
  });

  it("is not reported by another failure, nor by an answer that is no envelope", async () => {
    for (const body of ['{"success":true,"error":{"code":2}}', '{"error":{"code":2}}', "nonsense"]) {
      expect(await runAgainst((_, response) => response.end(body))).toMatchObject({ failed: 1 });
    }
  });
});

describe("orders that the server does not know", () => {
  let report: ServerReport;

  beforeAll(async () => {
    report = await runServerCases({ baseUrl: server.url, apiKey, orders });
  });

  it("fail one case for each proxy type, and contradict nothing", () => {
    const failed = report.cases.filter(({ outcome }) => outcome === "failed");
    expect(failed.map(({ id, problems }) => [id, problems.map(({ actual }) => actual)])).toEqual([
      ["priceExtension/orders/IPv4", ["29"]],
      ["priceExtension/orders/IPv6", ["29"]],
      ["priceExtension/orders/ISP", ["11"]],
    ]);
    expect(report.contradicted).toEqual([]);
  });

  it("skip the cases that need them, with the reason", () => {
    const reasonOf = (id: string) => resultOf(report, `setAutoExtend/${id}`).skipped?.reason;
    expect(reasonOf("success/IPv6")).toBe("order 88888 was refused with error 29");
    expect(reasonOf("success/ISP")).toBe("order 55555 was refused with error 11");
    expect(reasonOf("several-orders")).toBe("order 77777 was refused with error 29");
    expect(reasonOf("success/MOBILE")).toBe("it needs an order of MOBILE");
  });

  it("leave the cases to the orders that it knows", () => {
    for (const id of ["success/IPv4", "repeat", "rule/rental-period/zero", "rule/order-ids/one-bad"]) {
      expect(resultOf(report, `setAutoExtend/${id}`).outcome).toBe("passed");
    }
  });

  it("are shown first in the report for people", () => {
    expect(formatServerReport(report)).toMatch(
      /^.*\n\nfailed {2}priceExtension\/orders\/IPv4: knows the orders/,
    );
    expect(formatServerReport(report)).toContain(
      "! body.error.code: is 29, which refuses the order: check that it belongs to the account",
    );
  });

  it("do not include those that are refused for another reason", async () => {
    const only = "setAutoExtend/success/IPv4";
    const report = await runAgainst(
      (_, response) => response.end(JSON.stringify({ ...failure, error: { code: 35, message: "?" } })),
      { only },
    );
    expect(report.cases.map(({ id, outcome }) => [id, outcome])).toEqual([[only, "failed"]]);
  });
});

describe("the orders of the examples", () => {
  /** Another account: it has one order of its own, and refuses those of the examples. */
  const startOther = (list: object | string) =>
    startReferenceServer(undefined, (path, { orderIds = [] }) => {
      if (path.endsWith("/ipAddress")) return list;
      const isExample = [orderIds].flat().some((id) => /^\d{5}$/.test(String(id)));
      return path.includes("/calculate/") && isExample
        ? { ...priceFailure, error: { code: 29, message: "Incorrect orderIds" } }
        : undefined;
    });
  const { failure: priceFailure } = specOf(priceExtension).examples;
  const empty = { success: true, IPv4: [], error: null };

  it("are not used, and fail nothing, if the list shows that the account does not have them", async () => {
    const other = await startOther(empty);
    try {
      const target = { baseUrl: other.url, apiKey, only: "setAutoExtend/success/" };
      const { cases, failed } = await runServerCases(target);
      expect({ failed, cases: cases.length }).toEqual({ failed: 0, cases: 4 });
      expect(cases[0]?.skipped).toEqual({
        reason: "order 11111 is not in the list of IP addresses",
        option: "orders",
      });
      expect(other.switched).toEqual([]);
      const { requests } = specOf(setAutoExtend).examples;
      const orders = Object.fromEntries(proxyTypes.map((type) => [type, requests[type].request]));
      expect((await runServerCases({ ...target, orders })).failed).toBe(4);
    } finally {
      await other.close();
    }
  });

  it("fail a case if the list cannot be read, or is not complete", async () => {
    const broken = { success: true, IPv4: [{ orderId: "1", ips: [null] }], error: null };
    for (const list of ["<h1>Maintenance</h1>", broken]) {
      const other = await startOther(list);
      try {
        const { failed } = await runServerCases({
          baseUrl: other.url,
          apiKey,
          only: "setAutoExtend/success/",
        });
        expect(failed).toBe(4);
      } finally {
        await other.close();
      }
    }
  });
});

describe("orders that no case needs", () => {
  it("are left alone, although another case of the run changes orders", async () => {
    const bodies: string[] = [];
    const only = "setAutoExtend/success/ISP";
    const known = { ...orders, ISP: { orderIds: ["55555"], rentPeriodDays: 30 } };
    const target = { allowChanges: true, orders: known, only };
    const report = await runServerCases(
      abroad(server, { ...target, onRequest: ({ body }) => bodies.push(body) }),
    );
    expect(report.passed).toBe(1);
    for (const body of bodies) expect(body).not.toMatch(/"(11111|77777|88888)"/);
  });

  it("are left alone, and so are all orders if changes are not allowed", async () => {
    const switches: string[] = [];
    const onRequest = (sent: Sent) => isSwitch(sent) && switches.push(sent.body);
    await runServerCases(abroad(server, { orders, onRequest }));
    await runServerCases(abroad(server, { orders, allowChanges: true, only: failing, onRequest }));
    expect(switches.length).toBeGreaterThan(0);
    for (const body of switches) expect(body).not.toMatch(/"(11111|55555|77777|88888)"/);
  });
});

describe("orders that are only asked about", () => {
  it("are checked without being switched", async () => {
    const known = { IPv4: { orderIds: ["11111", "77777"], rentPeriodDays: 30 } };
    const sent: Sent[] = [];
    const report = await runServerCases(
      abroad(server, {
        allowChanges: true,
        orders: known,
        only: "priceExtension/",
        onRequest: (one) => sent.push(one),
      }),
    );
    expect(sent.filter(isSwitch).map(({ body }) => body)).toEqual([
      expect.stringContaining('"orderIds":["no-such-order"]'),
    ]);
    expect(report.cases.filter(({ outcome }) => outcome === "failed").map(({ id }) => id)).toEqual([
      "priceExtension/orders/IPv4",
    ]);
    expect(resultOf(report, "priceExtension/success/IPv4").outcome).toBe("passed");
    expect(resultOf(report, "priceExtension/several-orders").skipped?.reason).toBe(
      "order 77777 was refused with error 29",
    );
  });

  it("are known to the cases about lists", async () => {
    const known = { IPv4: { orderIds: ["11111"], rentPeriodDays: 30 } };
    const forgetful = await startReferenceServer((listener) => (request, response) => {
      const path = request.url ?? "";
      const instead = path.includes("/ipAddress")
        ? { success: true, IPv4: [], error: null }
        : path.includes("/rentPeriod") && { success: true, rentPeriodDays: [], error: null };
      if (!instead) return listener(request, response);
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(instead));
    });
    try {
      for (const [only, statement] of [
        ["listIpAddresses/success", "listIpAddresses/success"],
        ["listIpAddresses/by-type/IPv4", "listIpAddresses/by-type"],
        ["getRentPeriods/success/IPv4", "getRentPeriods/success"],
      ] as const) {
        const report = await runServerCases({ baseUrl: forgetful.url, apiKey, orders: known, only });
        expect(report.contradicted.map(({ id }) => id)).toEqual([statement]);
      }
      expect(forgetful.switched).toEqual([]);
    } finally {
      await forgetful.close();
    }
  });
});

describe("the IDs of IP addresses", () => {
  it("are learned from the list, so that harmless cases can name them", async () => {
    const only = "priceExtensionByIpAddress/";
    const known = { IPv6: { orderIds: ["66666"], rentPeriodDays: 30 } };
    const sent: Sent[] = [];
    const report = await runServerCases(
      abroad(server, { orders: known, only, onRequest: (one) => sent.push(one) }),
    );
    expect(report.failed).toBe(0);
    expect(resultOf(report, "priceExtensionByIpAddress/success/IPv6").outcome).toBe("passed");
    expect(sent.map(({ body }) => body)).toContainEqual(
      expect.stringContaining('["1st-of-66666","2nd-of-66666"]'),
    );
    expect(sent.filter(isSwitch)).toHaveLength(1);
  });

  it("are missing if the list cannot be read, which fails no other case", async () => {
    const listless = await startReferenceServer((listener) => (request, response) => {
      if (request.url?.includes("/ipAddress")) response.writeHead(503).end("<h1>Maintenance</h1>");
      else listener(request, response);
    });
    try {
      const report = await runServerCases({ baseUrl: listless.url, apiKey });
      const failed = report.cases.filter(({ outcome }) => outcome === "failed").map(({ id }) => id);
      expect(failed.filter((id) => !id.includes("listIpAddresses/"))).toEqual([]);
      expect(resultOf(report, "setAutoExtendByIpAddress/success/ISP").skipped).toEqual({
        reason: expect.stringMatching(/^the list of IP addresses could not be read: /),
        option: null,
      });
      const skipped = report.cases.filter(({ outcome }) => outcome === "skipped").map(({ id }) => id);
      expect(
        skipped.filter((id) => !/ByIpAddress\//.test(id) && id !== "setAutoExtend/several-addresses"),
      ).toEqual([]);
    } finally {
      await listless.close();
    }
  });
});
