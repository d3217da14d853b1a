import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatServerReport, runServerCases } from "../src/index.js";
import { type ReferenceServer, startReferenceServer } from "./reference-server.js";
import {
  abroad,
  apiKey,
  failing,
  failure,
  isSwitch,
  resultOf,
  runAgainst,
  type Sent,
} from "./server-runs.js";

let server: ReferenceServer;

beforeAll(async () => {
  server = await startReferenceServer();
});

afterAll(() => server.close());

/** Orders of which the reference server knows but one. */
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

  it("is not what another failure says, nor what is no envelope", async () => {
    for (const body of ['{"success":true,"error":{"code":2}}', '{"error":{"code":2}}', "nonsense"]) {
      expect(await runAgainst((_, response) => response.end(body))).toMatchObject({ failed: 1 });
    }
  });
});

describe("orders that the server does not know", () => {
  it("fail one case for each proxy type, and contradict nothing", async () => {
    const report = await runServerCases({ baseUrl: server.url, apiKey, orders });
    const failed = report.cases.filter(({ outcome }) => outcome === "failed");
    expect(failed.map(({ id, problems }) => [id, problems.map(({ came }) => came)])).toEqual([
      ["setAutoExtend/orders/IPv4", ["29"]],
      ["setAutoExtend/orders/IPv6", ["29"]],
      ["setAutoExtend/orders/ISP", ["11"]],
    ]);
    expect(report.contradicted).toEqual([]);
  });

  it("skip the cases that need them, with the reason", async () => {
    const report = await runServerCases({ baseUrl: server.url, apiKey, orders });
    const reasonOf = (id: string) => resultOf(report, `setAutoExtend/${id}`).skipped?.reason;
    expect(reasonOf("success/IPv6")).toBe("order 88888 was refused with error 29");
    expect(reasonOf("success/ISP")).toBe("order 55555 was refused with error 11");
    expect(reasonOf("several-orders")).toBe("order 77777 was refused with error 29");
    expect(reasonOf("success/MOBILE")).toBe("it needs an order of MOBILE");
  });

  it("leave the cases to the orders that it does know", async () => {
    const report = await runServerCases({ baseUrl: server.url, apiKey, orders });
    for (const id of ["success/IPv4", "repeat", "rule/rental-period/zero", "rule/order-ids/one-bad"]) {
      expect(resultOf(report, `setAutoExtend/${id}`).outcome).toBe("passed");
    }
  });

  it("are shown first in the report for people", async () => {
    const report = await runServerCases({ baseUrl: server.url, apiKey, orders });
    expect(formatServerReport(report)).toMatch(
      /^.*\n\nfailed {2}setAutoExtend\/orders\/IPv4: knows the orders/,
    );
  });

  it("are not those that are refused for another reason", async () => {
    const only = "setAutoExtend/success/IPv4";
    const report = await runAgainst(
      (_, response) => response.end(JSON.stringify({ ...failure, error: { code: 35, message: "?" } })),
      { only },
    );
    expect(report.cases.map(({ id, outcome }) => [id, outcome])).toEqual([[only, "failed"]]);
  });
});

describe("orders that no case needs", () => {
  it("are left alone, though another case of the run changes orders", async () => {
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

  it("are left alone, and so are all where changes are not allowed", async () => {
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

  it("are known to the cases that list them", async () => {
    const known = { IPv4: { orderIds: ["11111"], rentPeriodDays: 30 } };
    const forgetful = await startReferenceServer((listener) => (request, response) => {
      if (request.url?.includes("/ipAddress")) response.end('{"success":true,"IPv4":[]}');
      else if (request.url?.includes("/rentPeriod"))
        response.end('{"success":true,"rentPeriodDays":[],"error":null}');
      else listener(request, response);
    });
    try {
      for (const [only, statement] of [
        ["listIpAddresses/success", "listIpAddresses/success"],
        ["listIpAddresses/by-type/IPv4", "listIpAddresses/by-type"],
        ["getRentPeriods/success/IPv4", "getRentPeriods/success"],
      ] as const) {
        const report = await runServerCases({ baseUrl: forgetful.url, apiKey, orders: known, only });
        expect(report.contradicted.map(({ id }) => id)).toContain(statement);
      }
      expect(forgetful.switched).toEqual([]);
    } finally {
      await forgetful.close();
    }
  });
});

describe("the ids of IP addresses", () => {
  it("are learned from the answers that switch the orders off", async () => {
    const only = "setAutoExtendByIpAddress/success/IPv6";
    const bodies: string[] = [];
    const onRequest = (sent: Sent) => sent.path.endsWith("/extend/auto") && bodies.push(sent.body);
    const known = { IPv6: { orderIds: ["66666"], rentPeriodDays: 30 } };
    const report = await runServerCases(
      abroad(server, { allowChanges: true, orders: known, only, onRequest }),
    );
    expect(report.passed).toBe(1);
    expect(bodies).toHaveLength(2);
    for (const body of bodies) expect(body).toContain('["1st-of-66666","2nd-of-66666"]');
  });

  it("are missed where a server does not list them, which fails nothing", async () => {
    const silent = await startReferenceServer((listener) => (request, response) => {
      const end = response.end.bind(response);
      response.end = ((text: string) =>
        end(String(text).replace(/"ipAddressIds":\["[^\]]*\]/, '"orderIds":null'))) as typeof response.end;
      listener(request, response);
    });
    try {
      const report = await runServerCases({ baseUrl: silent.url, apiKey });
      expect(report.failed).toBe(0);
      expect(resultOf(report, "setAutoExtendByIpAddress/success/ISP").skipped?.reason).toBe(
        "it needs an order of ISP, and a server that lists the ids of its IP addresses",
      );
      const skipped = report.cases.filter(({ outcome }) => outcome === "skipped");
      expect(skipped.filter(({ id }) => !/^(setAutoExtend|priceExtension)ByIpAddress\//.test(id))).toEqual(
        [],
      );
    } finally {
      await silent.close();
    }
  });
});
