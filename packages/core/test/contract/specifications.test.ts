import { type OperationSpec, proxyTypes, type Statement } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { freshContract } from "../support/fresh.js";

// The specifications, as readers of the documents and users of the examples know them.

const ids = {
  IPv4: { orderId: "11111", ipAddressId: "1111111111111111111" },
  IPv6: { orderId: "33333", ipAddressId: "22222222222222222" },
  MOBILE: { orderId: "44444", ipAddressId: "4444444444444444444" },
  ISP: { orderId: "55555", ipAddressId: "5555555555555555555" },
} as const;

/** Something for each proxy type. */
function ofEachType<Made>(make: (type: keyof typeof ids, each: (typeof ids)["IPv4" | "IPv6"]) => Made) {
  return Object.fromEntries(proxyTypes.map((type) => [type, make(type, ids[type] as (typeof ids)["IPv4"])]));
}

const messages: Record<number, string> = {
  2: "Error api key",
  4: "Incorrect proxy type",
  11: "Incorrect rental period",
  16: "Insufficient funds on balance",
  24: "Incorrect ip addresses",
  25: "Order refused",
  28: "All IP addresses of an IPv6 order must be extended together",
  29: "Incorrect orderIds",
  35: "Unknown error",
};

/** A failure for each of the codes. */
function failuresOf(codes: readonly number[], failure: (code: number) => object) {
  return codes.map((code) => ({
    code,
    failure: { ...failure(code), error: { code, message: messages[code] } },
  }));
}

describe("the statements", () => {
  it("of each operation have these names and grades", async () => {
    const { operations, specOf } = await freshContract();
    const named = operations.map((operation) => {
      const statements: readonly Statement[] = specOf(operation).statements;
      for (const { claim, source } of statements) expect([claim, source]).not.toContain("");
      return [
        operation.id,
        statements.map(({ id, grade }) => `${id.replace(`${operation.id}/`, "")} ${grade}`),
      ];
    });
    const price = ["status", "success", "failure", "spends-nothing", "warnings", "promo-code"];
    const pricing = (several: string, ofType: string) => [
      ...price.map((name) => `${name} sibling`),
      "malformed-fields assumed",
      `${several} assumed`,
      "all-or-nothing assumed",
      `${ofType} assumed`,
    ];
    expect(Object.fromEntries(named)).toEqual({
      setAutoExtend: [
        ...[
          "status reference",
          "success reference",
          "quantity sibling",
          "failure reference",
          "off reference",
        ],
        ...["several-orders reference", "every-order-counts assumed", "repeat assumed", "duplicates assumed"],
        ...["unknown-fields assumed", "malformed-fields assumed", "refusal-changes-nothing assumed"],
        "all-or-nothing assumed",
        ...["orders-of-type assumed", "rule-order assumed"],
      ],
      setAutoExtendByIpAddress: [
        ...["status sibling", "success sibling", "failure sibling", "off sibling", "quantity sibling"],
        ...["duplicates assumed", "malformed-fields assumed", "refusal-changes-nothing assumed"],
        ...["all-or-nothing assumed", "ip-addresses-of-type assumed"],
      ],
      listIpAddresses: [
        ...["status assumed", "success observed", "extend-info observed", "by-type observed"],
        ...["whole-list assumed", "failure assumed", "malformed-fields assumed"],
      ],
      priceExtension: pricing("several-orders", "orders-of-type"),
      priceExtensionByIpAddress: pricing("several-addresses", "ip-addresses-of-type"),
      getRentPeriods: ["status sibling", "success sibling", "failure sibling", "malformed-fields assumed"],
      getBalance: ["status sibling", "success sibling", "failure sibling"],
    });
  });

  it("and rules are all in the list of statements, with those of errors, renewals, transport and periods", async () => {
    const { allStatements, errorCodeStatement, operations, errorCodes, specOf, transportErrors } =
      await freshContract();
    const listed = allStatements();
    const own = operations.flatMap((operation) => {
      const { statements, rules }: OperationSpec = specOf(operation);
      return [...statements, ...rules];
    });
    const renewals = listed.filter(({ id }) => id.startsWith("renewal/"));
    expect(renewals.map(({ id, grade }) => `${id.slice("renewal/".length)} ${grade}`)).toEqual([
      ...["ipv6-whole sibling", "ipv6-rest assumed", "groups assumed", "lead-time assumed"],
      ...["new-end assumed", "short-balance assumed", "expiry assumed", "one-moment assumed"],
      "ended-orders assumed",
    ]);
    const more = [...own, ...errorCodes.map(errorCodeStatement), ...Object.values(transportErrors)].map(
      ({ id }) => id,
    );
    const periods = proxyTypes.map((type) => `rent-periods/${type}`);
    expect(listed.map(({ id }) => id).sort()).toEqual(
      [...more, ...renewals.map(({ id }) => id), ...periods].sort(),
    );
  });
});

describe("the examples", () => {
  const switched = (proxyType: string, ipAddressIds: string[]) => ({
    ...{ success: true, proxyType, rentPeriodDays: 30, quantity: ipAddressIds.length, ipAddressIds },
    ...{ balance: 5, currency: "USD", error: null },
  });
  const nothing = { success: false, proxyType: null, rentPeriodDays: 0, quantity: 0, ipAddressIds: [] };
  const refused = (code: number) =>
    code === 2 ? { ...nothing, balance: null, currency: null } : { ...nothing, balance: 5, currency: "USD" };

  it("of setAutoExtend are the documented ones", async () => {
    const { setAutoExtend, specOf } = await freshContract();
    const { requests, failure, failures } = specOf(setAutoExtend).examples;
    const common = { rentPeriodDays: 30, autoExtend: true };
    expect(requests).toEqual(
      ofEachType((proxyType, { orderId, ipAddressId }) => ({
        request: { proxyType, orderIds: [orderId], ...common },
        success: switched(proxyType, [ipAddressId]),
      })),
    );
    expect(failure).toEqual({ ...refused(4), error: { code: 4, message: "Incorrect proxy type" } });
    expect(failures).toEqual(failuresOf([2, 4, 11, 16, 24, 25, 28, 29, 35], refused));
  });

  it("of setAutoExtendByIpAddress have the same answers, and one of a whole IPv6 order", async () => {
    const { setAutoExtendByIpAddress, specOf } = await freshContract();
    const { requests, failures } = specOf(setAutoExtendByIpAddress).examples;
    const example = (proxyType: string, ipAddressIds: string[]) => ({
      request: { proxyType, ipAddressIds, rentPeriodDays: 30, autoExtend: true },
      success: switched(proxyType, ipAddressIds),
    });
    expect(requests).toEqual({
      ...ofEachType((proxyType, { ipAddressId }) => example(proxyType, [ipAddressId])),
      "whole-order": example("IPv6", ["6666666666666666661", "6666666666666666662"]),
    });
    expect(failures).toEqual(failuresOf([2, 4, 11, 16, 24, 25, 28, 29, 35], refused));
  });

  it("of prices name the price of one order", async () => {
    const { priceExtension, priceExtensionByIpAddress, specOf } = await freshContract();
    const prices: Record<string, number> = { IPv4: 0.8, IPv6: 0.1, MOBILE: 3.5, ISP: 1.6 };
    const priced = (proxyType: string) => ({
      ...{ success: true, proxyType, balance: 5, price: prices[proxyType], currency: "USD", discount: 0 },
      ...{ promoCodeStatus: null, error: null, warnings: null },
    });
    const none = { success: false, proxyType: null, balance: null, price: null, currency: null };
    const failure = { ...none, discount: null, promoCodeStatus: null, warnings: null };
    const expected = (field: string, idOf: (each: (typeof ids)["IPv4"]) => string) => ({
      requests: ofEachType((proxyType, each) => ({
        request: { proxyType, [field]: [idOf(each as (typeof ids)["IPv4"])], rentPeriodDays: 30 },
        success: priced(proxyType),
      })),
    });
    expect(specOf(priceExtension).examples).toEqual({
      ...expected("orderIds", ({ orderId }) => orderId),
      failure: { ...failure, error: { code: 29, message: messages[29] } },
      failures: failuresOf([2, 4, 11, 29, 35], () => failure),
    });
    expect(specOf(priceExtensionByIpAddress).examples).toEqual({
      ...expected("ipAddressIds", ({ ipAddressId }) => ipAddressId),
      failure: { ...failure, error: { code: 24, message: messages[24] } },
      failures: failuresOf([2, 4, 11, 24, 35], () => failure),
    });
  });

  it("of the list have every order of the default account, or those of a type", async () => {
    const { listIpAddresses, readIpAddressList, specOf } = await freshContract();
    const { requests, failure, failures } = specOf(listIpAddresses).examples;
    const listed = Object.entries(requests).map(([name, { request, success }]) => {
      const { orders, isComplete } = readIpAddressList(success);
      expect([isComplete, success.success]).toEqual([true, true]);
      return [name, { request, orders: orders.map((each) => `${each.proxyType} ${each.orderId}`) }];
    });
    const [four, six] = [
      ["IPv4 11111", "IPv4 22222"],
      ["IPv6 33333", "IPv6 66666"],
    ];
    const [mobile, isp] = [["MOBILE 44444"], ["ISP 55555"]];
    expect(Object.fromEntries(listed)).toEqual({
      all: { request: {}, orders: [four, six, mobile, isp].flat() },
      IPv4: { request: { proxyType: "IPv4" }, orders: four },
      IPv6: { request: { proxyType: "IPv6" }, orders: six },
      MOBILE: { request: { proxyType: "MOBILE" }, orders: mobile },
      ISP: { request: { proxyType: "ISP" }, orders: isp },
    });
    const records = JSON.stringify(requests.all.success).match(/"ipAddressId":"\d+"/g);
    expect(records).toHaveLength(8);
    expect(requests.IPv4.success.ipAddresses[0]?.orders[0]?.ipAddresses).toEqual([
      {
        ...{
          ipAddressId: "1111111111111111111",
          ipAddressIp: "192.0.2.11",
          country: "DEU",
          proxyType: "IPv4",
        },
        ...{ dateStart: "2030-01-01T00:00:00.000Z", dateEnd: "2030-01-31T00:00:00.000Z" },
        ...{ httpsPort: 8000, socks5Port: 8001, protocol: "HTTP" },
        authInfo: { login: "mock-login-vvx987", password: "mock-password-vvx987" },
        extendInfo: { autoExtend: false, extendDays: 30 },
      },
    ]);
    const empty = { success: false, ipAddresses: [] };
    expect(failure).toEqual({ ...empty, error: { code: 4, message: messages[4] } });
    expect(failures).toEqual(failuresOf([2, 4, 35], () => empty));
  });

  it("of rental periods and of the balance are these", async () => {
    const { getBalance, getRentPeriods, specOf } = await freshContract();
    const periods = { success: false, rentPeriodDays: [] };
    expect(specOf(getRentPeriods).examples).toEqual({
      requests: ofEachType((proxyType) => ({
        request: { proxyType },
        success: { success: true, rentPeriodDays: [30], error: null },
      })),
      failure: { ...periods, error: { code: 4, message: messages[4] } },
      failures: failuresOf([2, 4, 35], () => periods),
    });
    const balance = { success: false, balance: null, currencyCode: null };
    expect(specOf(getBalance).examples).toEqual({
      requests: {
        balance: {
          request: {},
          success: { success: true, balance: 5, currencyCode: "USD", error: null },
        },
      },
      failure: { ...balance, error: { code: 2, message: messages[2] } },
      failures: failuresOf([2, 35], () => balance),
    });
  });
});

describe("a specification", () => {
  it("is made once, and is the same object from then on", async () => {
    const { operations, specOf } = await freshContract();
    for (const operation of operations) expect(specOf(operation)).toBe(specOf({ id: operation.id }));
  });

  it("of an unknown operation does not exist", async () => {
    const { specOf } = await freshContract();
    const unknown: { id: string } = { id: "toString" };
    expect(() => specOf(unknown)).toThrow(
      /^The contract has no operation "toString": it has setAutoExtend, .*, getBalance\.$/,
    );
  });
});
