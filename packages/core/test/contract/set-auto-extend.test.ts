import { formatIssues, isOrderNumber, issuesOf, setAutoExtend, specOf } from "@auto-extend/core";
import { describe, expect, it } from "vitest";

const { request } = specOf(setAutoExtend).examples.requests.IPv4;
const { success } = specOf(setAutoExtend).examples.requests.IPv4;
const { failure } = specOf(setAutoExtend).examples;

function issuesWith(changes: Record<string, unknown>): string {
  const { error } = setAutoExtend.request.safeParse({ ...request, ...changes });
  return error ? formatIssues(issuesOf(error)) : "";
}

describe("the request", () => {
  it("takes several orders, any whole number of days, and both ways", () => {
    expect(
      issuesWith({ orderIds: ["11111", "1112223334283d122"], rentPeriodDays: 7, autoExtend: false }),
    ).toBe("");
  });

  it.each([
    [
      { proxyType: undefined },
      "proxyType: is missing: it must be one of IPv4, IPv6, MOBILE, ISP, in this spelling",
    ],
    [{ proxyType: "ipv4" }, "proxyType: must be one of IPv4, IPv6, MOBILE, ISP, in this spelling"],
    [{ orderIds: undefined }, "orderIds: is missing: list at least one order ID"],
    [{ orderIds: "11111" }, 'orderIds: must be a list of order IDs, such as ["11111"]'],
    [{ orderIds: [] }, "orderIds: is empty: list at least one order ID"],
    [{ orderIds: [11111] }, 'orderIds[0]: must be a string: an order ID in quotes, such as "11111"'],
    [{ orderIds: ["11111", ""] }, "orderIds[1]: is empty"],
    [
      { orderIds: ["NUMBER-112233"] },
      "orderIds[0]: is an order number; use the order ID (orderId in the list of your IP addresses)",
    ],
    [
      { rentPeriodDays: undefined },
      "rentPeriodDays: is missing: give a number of days, such as 30, even to switch off",
    ],
    [{ rentPeriodDays: "30" }, "rentPeriodDays: must be a number of days, such as 30, without quotes"],
    [{ rentPeriodDays: 30.5 }, "rentPeriodDays: must be a whole number of days"],
    [{ rentPeriodDays: 0 }, "rentPeriodDays: must be at least 1 day"],
    [{ autoExtend: undefined }, "autoExtend: is missing: true switches auto-extend on, false off"],
    [{ autoExtend: "false" }, "autoExtend: must be true (on) or false (off), not a string or number"],
  ])("explains what is wrong with %o", (changes, issues) => {
    expect(issuesWith(changes)).toBe(issues);
  });

  it("works as a standard schema validator", async () => {
    const result = await setAutoExtend.request["~standard"].validate({ ...request, rentPeriodDays: -1 });
    expect(result).toMatchObject({
      issues: [{ path: ["rentPeriodDays"], message: "must be at least 1 day" }],
    });
  });
});

it("knows an order number, however it was copied", () => {
  expect(["NUMBER-112233", " number-1"].filter(isOrderNumber)).toHaveLength(2);
  expect(["11111", "1112223334283d122", "NUMBER", "A-NUMBER-1"].filter(isOrderNumber)).toEqual([]);
});

describe("what is emitted", () => {
  it("is the reference's success and failure, byte for byte", () => {
    expect(JSON.stringify(specOf(setAutoExtend).emits.success.parse(success))).toBe(
      '{"success":true,"proxyType":"IPv4","rentPeriodDays":30,"quantity":1,"ipAddressIds":["1111111111111111111"],"balance":5,"currency":"USD","error":null}',
    );
    expect(JSON.stringify(specOf(setAutoExtend).emits.failure.parse(failure))).toBe(
      '{"success":false,"proxyType":null,"rentPeriodDays":0,"quantity":0,"ipAddressIds":[],"balance":5,"currency":"USD","error":{"code":4,"message":"Incorrect proxy type"}}',
    );
  });

  it("keeps the reference's order of fields, whatever order it is given", () => {
    const backwards = Object.fromEntries(Object.entries(success).reverse());
    expect(JSON.stringify(specOf(setAutoExtend).emits.success.parse(backwards))).toBe(
      JSON.stringify(success),
    );
  });

  it.each([
    ["success", { more: 1 }],
    ["success", { error: undefined }],
    ["success", { balance: null }],
    ["success", { quantity: -1 }],
    ["success", { ipAddressIds: undefined, orderIds: ["11111"] }],
    ["failure", { more: 1 }],
    ["failure", { proxyType: "IPv4" }],
    ["failure", { ipAddressIds: ["1"] }],
    ["failure", { error: null }],
    ["failure", { error: { code: 4, message: "" } }],
  ] as const)("is strict: no %s with %o", (kind, changes) => {
    const documented = kind === "success" ? success : failure;
    expect(specOf(setAutoExtend).emits[kind].safeParse({ ...documented, ...changes }).success).toBe(false);
  });

  it("has null for balance and currency only where the API key is unknown", () => {
    const withoutAccount = specOf(setAutoExtend).examples.failures.filter(
      ({ failure }) => failure.balance === null,
    );
    expect(withoutAccount).toMatchObject([{ code: 2, failure: { currency: null } }]);
  });

  it("has an example of the documented failure that is the documented failure", () => {
    expect(specOf(setAutoExtend).examples.failures.find(({ code }) => code === 4)?.failure).toEqual(failure);
  });
});

describe("what is accepted", () => {
  it.each([
    ["success", "order IDs in place of IP address IDs", { ipAddressIds: undefined, orderIds: ["11111"] }],
    ["success", "neither list", { ipAddressIds: undefined }],
    ["success", "no error field", { error: undefined }],
    ["success", "more fields", { more: { deep: true } }],
    ["success", "a proxy type that is new", { proxyType: "IPv7" }],
    ["failure", "nulls", { balance: null, currency: null, quantity: null, ipAddressIds: null }],
    ["failure", "an unknown code", { error: { code: 987, message: "New" } }],
    ["failure", "more about the error", { error: { code: 4, message: "", field: "proxyType" } }],
  ] as const)("is a %s with %s, and every field passes through", (kind, _, changes) => {
    const answer = { ...(kind === "success" ? success : failure), ...changes };
    expect(setAutoExtend.accepts[kind].parse(answer)).toEqual(answer);
  });

  it.each([
    ["success", { success: "true" }],
    ["success", { error: { code: 4, message: "Incorrect proxy type" } }],
    ["success", { quantity: "1" }],
    ["failure", { error: null }],
    ["failure", { error: { code: "4", message: "Incorrect proxy type" } }],
  ] as const)("is no %s with %o", (kind, changes) => {
    const answer = { ...(kind === "success" ? success : failure), ...changes };
    expect(setAutoExtend.accepts[kind].safeParse(answer).success).toBe(false);
  });
});
