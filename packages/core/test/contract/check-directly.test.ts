// `checkAnswer` drops what is no contradiction at the level it was asked for; here the checks of the operations are called
// themselves, so that nothing hides in that.
import {
  type Operation,
  operations,
  setAutoExtend,
  setAutoExtendByIpAddress,
  specOf,
} from "@auto-extend/core";
import { describe, expect, it } from "vitest";

const show = (value: unknown) => JSON.stringify(value);

function contradictions(operation: Operation, request: object, answer: object) {
  return operation.check(request, answer as { success: boolean }, { show, headers: {} });
}

describe("the check of an operation, called directly", () => {
  it.each(operations)("finds no contradiction in the documented answers of $id", (operation) => {
    const { requests, failures } = specOf(operation).examples;
    const pairs = Object.values<{ request: object; success: object }>(requests);
    expect(pairs.length).toBeGreaterThan(0);
    for (const { request, success } of pairs) expect(contradictions(operation, request, success)).toEqual([]);
    for (const { failure } of failures) expect(contradictions(operation, {}, failure)).toEqual([]);
  });

  it.each([
    ["fewer", ["11111"], { orderIds: ["11111", "22222"] }],
    ["others", ["33333", "22222"], { orderIds: ["11111", "22222"] }],
  ])("names no statement for a list of %s orders, which no statement is about", (_, listed, changes) => {
    const { request, success } = specOf(setAutoExtend).examples.requests.IPv4;
    const answer = { ...success, quantity: 2, ipAddressIds: null, orderIds: listed };
    const [first, ...others] = contradictions(setAutoExtend, { ...request, ...changes }, answer);
    expect(others).toEqual([]);
    expect(first).toMatchObject({ path: "orderIds", level: "accepts" });
    expect(first).not.toHaveProperty("statement");
  });

  it("names the statement about the quantity for a list of other IP addresses", () => {
    const { request, success } = specOf(setAutoExtendByIpAddress).examples.requests.IPv4;
    const answer = { ...success, ipAddressIds: ["9999999999999999999"] };
    expect(contradictions(setAutoExtendByIpAddress, request, answer)).toMatchObject([
      { path: "ipAddressIds", level: "accepts", statement: "quantity" },
    ]);
  });
});
