import { inspect } from "node:util";
import {
  type Example,
  getBalance,
  getRentPeriods,
  listIpAddresses,
  operations,
  priceExtension,
  setAutoExtendByIpAddress,
  specOf,
} from "@auto-extend/core";
import { describe, expect, it, onTestFinished } from "vitest";
import { startMockServer } from "../../src/index.js";
import { targetOf } from "../support/call.js";
import { answering, send, startBehind, startProxy } from "./behind.js";

const listed = specOf(listIpAddresses).examples.requests.IPv4.success;
const targets = [
  targetOf(listIpAddresses, { proxyType: "IPv4" }),
  targetOf(getRentPeriods, { proxyType: "IPv4" }),
  targetOf(getBalance),
];

/** The drift if a server answers a GET like this. */
async function driftOf(path: string, answer: unknown) {
  const behind = await startBehind(answering(answer));
  const mock = await startProxy(behind.url);
  await send(mock.url, { method: "GET", path, headers: {} });
  return (mock.requests()[0]?.drift ?? []).map(
    ({ direction, level, path: at, statement }) => `${direction} ${level} ${at || "-"} ${statement ?? "-"}`,
  );
}

describe("a forwarded GET", () => {
  it.each(targets)("keeps its query, and has no body: %s", async (path) => {
    const behind = await startBehind(answering(listed));
    const { url } = await startProxy(behind.url);
    await send(url, { method: "GET", path, headers: { "x-trace": "1" } });
    expect(behind.got).toMatchObject([{ method: "GET", url: path }]);
    expect(behind.got[0]?.body).toHaveLength(0);
    expect(Object.keys(behind.got[0]?.headers ?? {})).toEqual([
      "host",
      "x-trace",
      "via",
      "x-forwarded-by",
      "accept-encoding",
      "Connection",
    ]);
  });

  it("has no drift if both keep to the contract", async () => {
    expect(await driftOf(targetOf(listIpAddresses, { proxyType: "IPv4" }), listed)).toEqual([]);
    expect(await driftOf(targetOf(getBalance), specOf(getBalance).examples.requests.balance.success)).toEqual(
      [],
    );
    const { request, success } = specOf(getRentPeriods).examples.requests.IPv4;
    expect(await driftOf(targetOf(getRentPeriods, request), success)).toEqual([]);
    for (const operation of [listIpAddresses, getBalance, getRentPeriods]) {
      const { failure } = specOf(operation).examples;
      expect(await driftOf(targetOf(operation, { proxyType: "IPv4" }), failure)).toEqual(
        operation === getBalance ? ["request emits - -"] : [],
      );
    }
  });

  it("has drift if its query, or the answer to it, breaks the contract", async () => {
    const failed = specOf(getRentPeriods).examples.failure;
    expect(await driftOf(targetOf(getRentPeriods, { proxyType: "ipv4" }), failed)).toEqual([
      "request lawful proxyType getRentPeriods/rule/proxy-type",
    ]);
    expect(
      await driftOf(targetOf(getRentPeriods), { success: true, rentPeriodDays: [30], error: null }),
    ).toEqual([
      "request lawful proxyType getRentPeriods/rule/proxy-type",
      "answer lawful success getRentPeriods/rule/proxy-type",
    ]);
    expect(await driftOf(targetOf(getBalance), { success: true, balance: "5", currencyCode: null })).toEqual([
      "answer accepts balance getBalance/success",
      "answer lawful currencyCode getBalance/success",
      "answer lawful error getBalance/success",
    ]);
  });

  it("reports malformed credentials of a record without showing them", async () => {
    const spoiled = JSON.parse(JSON.stringify(listed));
    const [record] = spoiled.ipAddresses[0].orders[0].ipAddresses;
    const at = "ipAddresses[0].orders[0].ipAddresses[0]";
    record.authInfo = { login: "canary", token: "canary" };
    expect(await driftOf(targetOf(listIpAddresses), spoiled)).toEqual([
      `answer emits ${at}.authInfo.password -`,
      `answer emits ${at}.authInfo.token -`,
    ]);
    record.authInfo = ["canary"];
    expect(await driftOf(targetOf(listIpAddresses), spoiled)).toEqual([`answer emits ${at}.authInfo -`]);
    record.authInfo = "canary";
    expect(await driftOf(targetOf(listIpAddresses), spoiled)).toEqual([`answer emits ${at}.authInfo -`]);
  });

  it("can have a larger answer than others if it lists addresses, and the log retains its beginning", async () => {
    const [group, ...others] = listed.ipAddresses;
    const [order] = group?.orders ?? [];
    const [record] = order?.ipAddresses ?? [];
    const ipAddresses = Array.from({ length: 100 }, (_, index) => ({
      ...record,
      ipAddressId: `${index}`,
      // Few and long ones are checked and redacted faster than as many bytes in many.
      authInfo: { login: `canary-${index}`, password: "canary".repeat(30_000) },
    }));
    const answer = { ...listed, ipAddresses: [{ ...group, orders: [{ ...order, ipAddresses }] }, ...others] };
    const behind = await startBehind(answering(answer));
    const mock = await startProxy(behind.url);
    const came = await send(mock.url, { method: "GET", path: targetOf(listIpAddresses), headers: {} });
    expect(came.body.length).toBeGreaterThan(16 * 1024 * 1024);
    expect(came.json).toEqual(answer);
    const [entry] = mock.requests();
    expect(entry?.drift).toEqual([]);
    expect(JSON.stringify(entry).length).toBeLessThan(50_000);
    expect(inspect(entry, { depth: 20, maxStringLength: null })).not.toContain("canary");
  });

  it("is answered by the mock if a fault refuses it, as the operation refuses", async () => {
    const behind = await startBehind(answering(listed));
    const mock = await startProxy(behind.url);
    mock.faults.add({ preset: "unknown-error" });
    const { json } = await send(mock.url, { method: "GET", path: targetOf(listIpAddresses), headers: {} });
    expect(json).toEqual(specOf(listIpAddresses).examples.failures.find(({ code }) => code === 35)?.failure);
    expect(behind.got).toEqual([]);
  });
});

describe("the mock itself as the server behind", () => {
  it("keeps to the contract with every operation", async () => {
    const alone = await startMockServer();
    onTestFinished(() => alone.close());
    const proxy = await startProxy(alone.url);
    for (const operation of operations) {
      const { request } =
        Object.values<Example>(specOf(operation).examples.requests)[0] ?? expect.unreachable();
      const { method } = operation;
      const path = targetOf(operation, request);
      const came = await send(proxy.url, {
        method,
        path,
        ...(method === "POST" ? { body: request } : { headers: {} }),
      });
      expect(came.json).toMatchObject({ success: true });
      expect(proxy.requests().at(-1)).toMatchObject({ operation: operation.id, drift: [] });
    }
  });
});

describe("requests that name the wrong thing", () => {
  it.each([
    [setAutoExtendByIpAddress, "ipAddressIds", "setAutoExtendByIpAddress/rule/ip-addresses"],
    [priceExtension, "orderIds", "priceExtension/rule/order-ids"],
    [priceExtension, "promoCode", "priceExtension/malformed-fields"],
  ])("drift by the rule that looks at the field: %#", async (operation, field, statement) => {
    const { examples } = specOf(operation);
    const { request } = examples.requests.IPv4;
    const behind = await startBehind(answering(examples.failure));
    const mock = await startProxy(behind.url);
    await send(mock.url, { path: targetOf(operation), body: { ...request, [field]: 5 } });
    expect(mock.requests()[0]?.drift?.[0]).toMatchObject({ direction: "request", path: field, statement });
  });
});
