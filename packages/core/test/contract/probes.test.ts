import {
  getBalance,
  getRentPeriods,
  listIpAddresses,
  type OperationRequest,
  priceExtension,
  priceExtensionByIpAddress,
  type Rule,
  setAutoExtend,
  setAutoExtendByIpAddress,
  unknownApiKey,
} from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { freshContract } from "../support/fresh.js";

// Each probe, as the contract tests send it: what it changes in a valid request, and what its answer depends on.

interface Sent {
  readonly request: unknown;
  readonly needsOrders: boolean;
  readonly dependsOn?: string;
}

async function probesOf(
  operation: { readonly id: string },
  { valid, other }: { valid: OperationRequest; other: OperationRequest },
  ruleName: string,
): Promise<Record<string, Sent>> {
  const { specOf } = await freshContract();
  const rules: readonly (Rule & { readonly name?: string })[] = specOf(operation).rules;
  const { probes } = rules.find(({ name }) => name === ruleName) ?? expect.fail(`no rule ${ruleName}`);
  return Object.fromEntries(
    probes.map(({ id, request, needsOrders, dependsOn }) => [
      id,
      { request: request(valid, other), needsOrders, ...(dependsOn && { dependsOn }) },
    ]),
  );
}

const certain = (request: unknown): Sent => ({ request, needsOrders: false });
const malformedOf = (operation: string) => (request: unknown) => ({
  request,
  needsOrders: false,
  dependsOn: `${operation}/malformed-fields`,
});
const withOrders = (sent: Sent, dependsOn = sent.dependsOn) => ({
  ...sent,
  needsOrders: true,
  ...(dependsOn && { dependsOn }),
});

describe("the probes of setAutoExtend", () => {
  const valid = { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30, autoExtend: true };
  const other = { ...valid, proxyType: "IPv6", orderIds: ["33333"] };
  const impossible = {
    proxyType: "no-such-type",
    orderIds: ["no-such-order"],
    rentPeriodDays: 30,
    autoExtend: false,
  };
  const malformed = malformedOf("setAutoExtend");
  const of = (rule: string) => probesOf(setAutoExtend, { valid, other }, rule);
  const without = (field: keyof typeof valid, request: object = valid) =>
    Object.fromEntries(Object.entries(request).filter(([name]) => name !== field));

  it("send an unknown API key with a request that no server can act on, and with good orders", async () => {
    expect(await of("api-key")).toEqual({
      unknown: certain(impossible),
      "good-orders": withOrders(certain(valid)),
    });
    const { specOf } = await freshContract();
    const [{ probes }] = specOf(setAutoExtend).rules;
    expect(probes.map(({ apiKey }) => apiKey)).toEqual([unknownApiKey, unknownApiKey]);
  });

  it("send wrong proxy types", async () => {
    expect(await of("proxy-type")).toEqual({
      unknown: certain(impossible),
      case: certain({ ...impossible, proxyType: "ipv4" }),
      "good-orders-in-lower-case": withOrders(certain({ ...valid, proxyType: "ipv4" })),
      "good-orders-without-type": withOrders(malformed(without("proxyType"))),
      missing: malformed(without("proxyType", impossible)),
      null: malformed({ ...impossible, proxyType: null }),
      number: malformed({ ...impossible, proxyType: 4 }),
      list: malformed({ ...impossible, proxyType: ["IPv4"] }),
      "empty-object": malformed({}),
      "not-an-object": malformed([]),
      "null-body": malformed(null),
    });
  });

  it("send wrong order IDs", async () => {
    const all = "setAutoExtend/all-or-nothing";
    expect(await of("order-ids")).toEqual({
      unknown: certain({ ...valid, orderIds: ["no-such-order"] }),
      "order-number": certain({ ...valid, orderIds: ["NUMBER-000000"] }),
      missing: malformed(without("orderIds")),
      empty: malformed({ ...valid, orderIds: [] }),
      string: malformed({ ...valid, orderIds: "no-such-order" }),
      number: malformed({ ...valid, orderIds: [0] }),
      "empty-id": malformed({ ...valid, orderIds: [""] }),
      "good-string": withOrders(malformed({ ...valid, orderIds: "11111" })),
      "good-number": withOrders(malformed({ ...valid, orderIds: [11_111] })),
      "one-bad": withOrders(certain({ ...valid, orderIds: ["11111", "no-such-order"] }), all),
      "other-type": withOrders(certain({ ...valid, orderIds: ["33333"] }), "setAutoExtend/orders-of-type"),
    });
  });

  it("send wrong rental periods", async () => {
    const days = (rentPeriodDays: unknown) => ({ ...valid, rentPeriodDays });
    expect(await of("rental-period")).toEqual({
      "not-sold": withOrders(certain(days(99_999))),
      zero: withOrders(certain(days(0))),
      negative: withOrders(certain(days(-30))),
      fraction: withOrders(certain(days(30.5))),
      missing: withOrders(malformed(without("rentPeriodDays"))),
      string: withOrders(malformed(days("30"))),
    });
  });

  it("send wrong switches", async () => {
    expect(await of("auto-extend")).toEqual({
      missing: withOrders(malformed(without("autoExtend"))),
      string: withOrders(malformed({ ...valid, autoExtend: "false" })),
      number: withOrders(malformed({ ...valid, autoExtend: 0 })),
      null: withOrders(malformed({ ...valid, autoExtend: null })),
    });
  });
});

it("the probes of setAutoExtendByIpAddress send wrong IDs of IP addresses", async () => {
  const valid = { proxyType: "IPv4", ipAddressIds: ["1"], rentPeriodDays: 30, autoExtend: true };
  const other = { ...valid, proxyType: "IPv6", ipAddressIds: ["6"] };
  const malformed = malformedOf("setAutoExtendByIpAddress");
  const { ipAddressIds: _, ...missing } = valid;
  expect(await probesOf(setAutoExtendByIpAddress, { valid, other }, "ip-addresses")).toEqual({
    unknown: certain({ ...valid, ipAddressIds: ["no-such-ip-address"] }),
    missing: malformed(missing),
    empty: malformed({ ...valid, ipAddressIds: [] }),
    string: malformed({ ...valid, ipAddressIds: "no-such-ip-address" }),
    number: malformed({ ...valid, ipAddressIds: [0] }),
    "empty-id": malformed({ ...valid, ipAddressIds: [""] }),
    "one-bad": withOrders(
      certain({ ...valid, ipAddressIds: ["1", "no-such-ip-address"] }),
      "setAutoExtendByIpAddress/all-or-nothing",
    ),
    "other-type": withOrders(
      certain({ ...valid, ipAddressIds: ["6"] }),
      "setAutoExtendByIpAddress/ip-addresses-of-type",
    ),
  });
});

it.each([listIpAddresses, getRentPeriods])(
  "the probes of $id send wrong proxy types in the query",
  async (operation) => {
    const malformed = malformedOf(operation.id);
    const valid = { valid: { proxyType: "IPv4" }, other: { proxyType: "IPv6" } };
    expect(await probesOf(operation, valid, "proxy-type")).toEqual({
      unknown: certain({ proxyType: "no-such-type" }),
      case: certain({ proxyType: "ipv4" }),
      empty: malformed({ proxyType: "" }),
      ...(operation === getRentPeriods && { missing: malformed({}) }),
    });
  },
);

it("the probe of whole orders leaves IP addresses of an IPv6 order out", async () => {
  const valid = { proxyType: "IPv6", ipAddressIds: ["1", "2", "3"], rentPeriodDays: 30, autoExtend: true };
  expect(await probesOf(setAutoExtendByIpAddress, { valid, other: {} }, "whole-orders")).toEqual({
    "part-of-order": withOrders(certain({ ...valid, ipAddressIds: ["1"] })),
  });
});

it("the probes with an unknown key send requests that no server can act on, and good IDs where there are some", async () => {
  const ids = { ipAddressIds: ["no-such-ip-address"], rentPeriodDays: 30 };
  const both = { valid: { proxyType: "IPv4", ...ids }, other: {} };
  const goodIds = withOrders(certain(both.valid));
  expect(await probesOf(setAutoExtendByIpAddress, both, "api-key")).toEqual({
    unknown: certain({ proxyType: "no-such-type", ...ids, autoExtend: false }),
    "good-orders": goodIds,
  });
  expect(await probesOf(priceExtensionByIpAddress, both, "api-key")).toEqual({
    unknown: certain({ proxyType: "no-such-type", ...ids }),
    "good-orders": goodIds,
  });
  expect(await probesOf(priceExtension, both, "api-key")).toEqual({
    unknown: certain({ proxyType: "no-such-type", orderIds: ["no-such-order"], rentPeriodDays: 30 }),
    "good-orders": goodIds,
  });
  expect(await probesOf(getRentPeriods, both, "api-key")).toEqual({
    unknown: certain({ proxyType: "IPv4" }),
  });
  expect(await probesOf(listIpAddresses, both, "api-key")).toEqual({ unknown: certain({}) });
  expect(await probesOf(getBalance, both, "api-key")).toEqual({ unknown: certain({}) });
});

it("marks the probes that need more than one order or IP address", async () => {
  const { specOf } = await freshContract();
  const marked = [setAutoExtend, setAutoExtendByIpAddress].flatMap((operation) =>
    (specOf(operation).rules as readonly Rule[]).flatMap(({ id, probes }) =>
      probes
        .filter(({ needsOtherType, needsSeveralAddresses }) => needsOtherType || needsSeveralAddresses)
        .map((probe) => `${id}/${probe.id}`),
    ),
  );
  expect(marked).toEqual([
    "setAutoExtend/rule/order-ids/other-type",
    "setAutoExtendByIpAddress/rule/ip-addresses/other-type",
    "setAutoExtendByIpAddress/rule/whole-orders/part-of-order",
  ]);
});
