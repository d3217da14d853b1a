import {
  type FailureExample,
  getBalance,
  getRentPeriods,
  operations,
  priceExtension,
  priceExtensionByIpAddress,
  setAutoExtend,
  setAutoExtendByIpAddress,
  specOf,
} from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { findingsOf } from "../support/check.js";

describe.each(operations)("$id", (operation) => {
  const { accepts } = operation;
  const { emits, examples } = specOf(operation);
  const successes = Object.entries<{ success: unknown }>(examples.requests);

  it.each(successes)(
    "accepts the success that is emitted for %s as it is, and with fields that nobody knows",
    (_, { success }) => {
      expect(accepts.success.parse(success)).toEqual(success);
      const more = { ...(success as object), aField: { of: "tomorrow" } };
      expect(accepts.success.parse(more)).toEqual(more);
      expect(emits.success.safeParse(more).success).toBe(false);
    },
  );

  it("accepts a failure that holds nothing but its error", () => {
    const bare = { success: false, error: { code: 99, message: "" } };
    expect(accepts.failure.parse(bare)).toEqual(bare);
  });
});

describe("the requests", () => {
  it("refuse what has no price, period or address", () => {
    const { request } = priceExtension;
    const valid = specOf(priceExtension).examples.requests.IPv4.request;
    expect(request.parse({ ...valid, promoCode: "SPRING" })).toEqual({ ...valid, promoCode: "SPRING" });
    for (const wrong of [{ promoCode: 5 }, { orderIds: [] }, { rentPeriodDays: 0 }, { proxyType: "ipv4" }]) {
      expect(request.safeParse({ ...valid, ...wrong }).success, JSON.stringify(wrong)).toBe(false);
    }
    expect(getRentPeriods.request.safeParse({}).success).toBe(false);
    expect(getBalance.request.parse({})).toEqual({});
    const byAddress = specOf(setAutoExtendByIpAddress).examples.requests.IPv4.request;
    for (const ipAddressIds of [[], [1], [""], "1", undefined]) {
      expect(setAutoExtendByIpAddress.request.safeParse({ ...byAddress, ipAddressIds }).success).toBe(false);
    }
  });
});

describe.each([priceExtension, priceExtensionByIpAddress])("the check of $id", (operation) => {
  const { requests, failures } = specOf(operation).examples;
  const { request, success } = requests.IPv4;

  it("finds fault with a price for another proxy type", () => {
    expect(findingsOf(operation, request, success)).toEqual([]);
    expect(findingsOf(operation, request, { ...success, proxyType: "ISP" })).toMatchObject([
      { path: "proxyType", level: "accepts" },
    ]);
    expect(findingsOf(operation, request, { ...success, proxyType: null }, "accepts")).toEqual([]);
  });

  it("finds fault with a price for another period, or for other orders or IP addresses", () => {
    const [field] = Object.keys(request).filter((name) => name.endsWith("Ids"));
    const asked = { ...request, [field as string]: ["1", "2"] };
    for (const [path, answered] of [
      ["rentPeriodDays", 60],
      ["rentPeriodDays", "60"],
      [field, ["1"]],
    ] as const) {
      expect(
        findingsOf(operation, asked, { ...success, [path as string]: answered }, "accepts"),
      ).toMatchObject([{ path, level: "accepts" }]);
    }
    const same = { ...success, rentPeriodDays: 30, [field as string]: ["2", "1"] };
    expect(findingsOf(operation, asked, same, "accepts")).toEqual([]);
  });

  it.each([-0.01, JSON.parse("1e999")])("finds fault with a price of %d, which nobody can pay", (price) => {
    expect(findingsOf(operation, request, { ...success, price }, "accepts")).toMatchObject([
      { path: "price", level: "accepts" },
    ]);
    expect(findingsOf(operation, request, { ...success, price: 0 }, "accepts")).toEqual([]);
  });

  it.each(["balance", "discount"])("finds fault with a %s that is not finite", (field) => {
    const answer = { ...success, [field]: JSON.parse("1e999") };
    expect(findingsOf(operation, request, answer, "accepts")).toMatchObject([
      { path: field, level: "accepts" },
    ]);
  });

  it("lets a discount, the status of a promo code and an empty list of warnings pass", () => {
    for (const promoCodeStatus of ["VALID", "NO_VALID"]) {
      expect(findingsOf(operation, request, { ...success, discount: 0.2, promoCodeStatus }, "emits")).toEqual(
        [],
      );
    }
    expect(findingsOf(operation, request, { ...success, promoCodeStatus: "EXPIRED", warnings: [] })).toEqual(
      [],
    );
  });

  it.each<FailureExample>([...failures])(
    "lets error $code pass with and without a balance",
    ({ failure }) => {
      expect(findingsOf(operation, request, failure)).toEqual([]);
      const filled = { ...(failure as object), balance: 0.65, currency: "USD" };
      expect(findingsOf(operation, request, filled)).toEqual([]);
    },
  );
});

describe("the check of a switch by IP address", () => {
  const { examples } = specOf(setAutoExtendByIpAddress);
  const { request, success } = examples.requests.IPv4;
  const two = { ...request, ipAddressIds: ["1", "2"] };

  it("finds fault with more, fewer or other IP addresses than were asked for", () => {
    expect(findingsOf(setAutoExtendByIpAddress, request, success)).toEqual([]);
    expect(
      findingsOf(setAutoExtendByIpAddress, two, { ...success, quantity: 2, ipAddressIds: ["2", "1"] }),
    ).toEqual([]);
    expect(
      findingsOf(setAutoExtendByIpAddress, two, { ...success, quantity: 1, ipAddressIds: ["1"] }),
    ).toMatchObject([{ path: "quantity" }, { path: "ipAddressIds" }]);
    expect(
      findingsOf(setAutoExtendByIpAddress, two, { ...success, quantity: 2, ipAddressIds: ["1", "3"] }),
    ).toMatchObject([{ path: "ipAddressIds", message: expect.stringContaining('"2"') }]);
    const many = { ...request, ipAddressIds: ["1", "2", "3", "4", "5"] };
    const wrong = { ...success, quantity: 5, ipAddressIds: ["a", "b", "c", "d", "e"] };
    expect(findingsOf(setAutoExtendByIpAddress, many, wrong)[0]?.message).toBe(
      'requested but not in the answer: ["1","2","3","4","5"]; in the answer but not requested: ["a","b","c","d","e"]',
    );
  });

  it("puts up with an answer that lists none, and holds a failure to what it claims", () => {
    expect(findingsOf(setAutoExtendByIpAddress, request, { ...success, ipAddressIds: null })).toEqual([]);
    expect(findingsOf(setAutoExtendByIpAddress, request, examples.failure)).toEqual([]);
    expect(
      findingsOf(setAutoExtendByIpAddress, request, { ...examples.failure, quantity: 1 } as never),
    ).toMatchObject([{ path: "quantity" }]);
  });
});

it.each([getBalance, setAutoExtend, setAutoExtendByIpAddress])(
  "the check of $id finds fault with a balance that is not finite",
  (operation) => {
    const [example] = Object.values<{ request: unknown; success: unknown }>(
      specOf(operation).examples.requests,
    );
    const answer = { ...Object(example?.success), balance: JSON.parse("1e999") };
    expect(findingsOf(operation, example?.request, answer, "accepts")).toMatchObject([{ path: "balance" }]);
  },
);
