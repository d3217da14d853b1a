import { formatIssues, setAutoExtend, setAutoExtendByIpAddress, specOf } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { findingsOf } from "../support/check.js";

const { request, success } = specOf(setAutoExtend).examples.requests.IPv4;
const { failure } = specOf(setAutoExtend).examples;

function issuesWith(changes: Record<string, unknown>, asked: object = request): string {
  return formatIssues(findingsOf(setAutoExtend, asked, { ...success, ...changes }));
}

function failureIssuesWith(changes: Record<string, unknown>): string {
  return formatIssues(findingsOf(setAutoExtend, request, { ...failure, ...changes }));
}

describe("a success", () => {
  it("must echo the proxy type", () => {
    expect(issuesWith({ proxyType: "IPv6" })).toBe('proxyType: is "IPv6", but "IPv4" was requested');
  });

  it("must echo the rental period", () => {
    expect(issuesWith({ rentPeriodDays: 60 })).toBe("rentPeriodDays: is 60, but 30 was requested");
    expect(issuesWith({ rentPeriodDays: undefined })).toBe("rentPeriodDays: is missing");
  });

  it("that says whether it is on must say what was requested", () => {
    expect(issuesWith({ autoExtend: true })).toBe("");
    expect(issuesWith({ autoExtend: null })).toBe("");
    expect(issuesWith({ autoExtend: false })).toBe("autoExtend: is false, but true was requested");
    expect(issuesWith({ autoExtend: true }, { ...request, autoExtend: false })).toBe(
      "autoExtend: is true, but false was requested",
    );
  });

  it("cannot have a quantity that no list has", () => {
    expect(issuesWith({ quantity: 1e300, ipAddressIds: undefined })).toMatch(/^quantity: /);
  });

  it("must list as many IP addresses as it counts", () => {
    expect(issuesWith({ quantity: 2 })).toBe(
      "quantity: is 2, but the count of distinct IP addresses in the answer is 1",
    );
    expect(issuesWith({ ipAddressIds: [] })).toBe(
      "quantity: is 1, but the count of distinct IP addresses in the answer is 0",
    );
  });

  it("must list as many distinct IP addresses as its quantity says", () => {
    const asked = { ...request, orderIds: ["1", "2", "3"] };
    const answer = { ...success, quantity: 3, ipAddressIds: ["1", "1", "1"] };
    expect(findingsOf(setAutoExtend, asked, answer)).toMatchObject([
      {
        path: "quantity",
        level: "accepts",
        message: "is 3, but the count of distinct IP addresses in the answer is 1",
      },
    ]);
    expect(issuesWith({ quantity: 2, ipAddressIds: ["1", "1"] })).toBe(
      "quantity: is 2, but the count of distinct IP addresses in the answer is 1",
    );
    expect(issuesWith({ quantity: 1, ipAddressIds: ["1", "1"] })).toContain("quantity: is 1");
  });

  it("may list none, as a newer page shows it", () => {
    expect(issuesWith({ ipAddressIds: undefined, quantity: 7 })).toBe("");
    expect(issuesWith({ ipAddressIds: null, orderIds: ["11111"], quantity: 7 })).toBe("");
  });

  it("with other IDs contradicts the statement that is about them", () => {
    const others = { ...success, ipAddressIds: null, orderIds: ["33333"] };
    expect(findingsOf(setAutoExtend, request, others)).toMatchObject([
      { path: "orderIds", level: "accepts", statement: "setAutoExtend/success" },
    ]);
    const byAddress = { ...request, orderIds: undefined, ipAddressIds: ["2"] };
    expect(findingsOf(setAutoExtendByIpAddress, byAddress, success)).toMatchObject([
      { path: "ipAddressIds", level: "accepts", statement: "setAutoExtendByIpAddress/quantity" },
    ]);
  });

  it("that lists order IDs must list those asked for, in any order, and no others", () => {
    const asked = { ...request, orderIds: ["1", "2", "2"] };
    const two = { quantity: 2, ipAddressIds: undefined };
    expect(issuesWith({ ...two, orderIds: ["2", "1"] }, asked)).toBe("");
    expect(issuesWith({ ...two, orderIds: ["1"] }, asked)).toBe(
      'orderIds: requested but not in the answer: ["2"]',
    );
    expect(issuesWith({ ...two, orderIds: ["1", "2", "3"] }, asked)).toBe(
      'orderIds: in the answer but not requested: ["3"]',
    );
  });

  it("that misses three order IDs names all of them", () => {
    const asked = { ...request, orderIds: ["1", "2", "3"] };
    expect(issuesWith({ quantity: 3, ipAddressIds: undefined, orderIds: [] }, asked)).toBe(
      'orderIds: requested but not in the answer: ["1","2","3"]',
    );
  });

  it("that misses many order IDs names the first of them", () => {
    const asked = { ...request, orderIds: Array.from({ length: 99 }, (_, place) => String(place + 1)) };
    const many = { quantity: 99, ipAddressIds: undefined };
    expect(issuesWith({ ...many, orderIds: [] }, asked)).toMatch(
      /^orderIds: requested but not in the answer: \["1","2","3",[\d",]{80,100}\.\.\.$/,
    );
    expect(issuesWith({ ...many, orderIds: asked.orderIds.slice(2) }, asked)).toContain(
      'requested but not in the answer: ["1","2"]',
    );
  });
});

it("ids in a field that the operation does not know are not asked for", () => {
  expect(issuesWith({}, { ...request, ipAddressIds: ["1", "2"] })).toBe("");
  const { request: byAddress, success: answer } = specOf(setAutoExtendByIpAddress).examples.requests.IPv4;
  const asked = { ...byAddress, orderIds: ["1", "2"] };
  expect(findingsOf(setAutoExtendByIpAddress, asked, answer)).toEqual([]);
});

describe("the quantity of a success", () => {
  const asked = { ...request, orderIds: ["1", "2", "3", "3"] };
  const quantityFindings = (quantity: number) =>
    findingsOf(setAutoExtend, asked, { ...success, quantity, ipAddressIds: undefined });

  it.each([-1, 1.5])("must be a whole number, 0 or more: %d is of no use to a caller", (quantity) => {
    expect(quantityFindings(quantity)).toMatchObject([{ path: "quantity", level: "accepts" }]);
  });

  it.each([0, 1, 2])("contradicts an assumption below the number of distinct orders: %i", (quantity) => {
    expect(quantityFindings(quantity)).toEqual([
      {
        part: "body",
        path: "quantity",
        message: `is ${quantity}, but the count of orders in the request is 3`,
        level: "lawful",
        statement: "setAutoExtend/every-order-counts",
      },
    ]);
  });

  it.each([3, 4, 300])("is fine from the number of distinct orders on: %i", (quantity) => {
    expect(quantityFindings(quantity)).toEqual([]);
  });

  it("has a statement of its own, which is assumed", () => {
    const { statements } = specOf(setAutoExtend);
    expect(statements.find(({ id }) => id.endsWith("/every-order-counts"))?.grade).toBe("assumed");
  });
});

describe("a failure", () => {
  it.each([
    [{ proxyType: "IPv4" }, "proxyType: Expected null, received string"],
    [{ rentPeriodDays: 30 }, "rentPeriodDays: Invalid literal value, expected 0"],
    [{ quantity: 1 }, "quantity: Invalid literal value, expected 0"],
    [{ ipAddressIds: ["1"] }, 'ipAddressIds: must be an empty list in a failure; it is ["1"]'],
    [{ ipAddressIds: undefined }, "ipAddressIds: must be an empty list in a failure; it is nothing"],
  ])("must have done nothing: %o", (changes, issue) => {
    expect(failureIssuesWith(changes)).toBe(issue);
  });

  it("may list no order IDs in place of no IP addresses", () => {
    expect(failureIssuesWith({ ipAddressIds: undefined, orderIds: [] })).toBe("");
    expect(failureIssuesWith({ ipAddressIds: undefined, orderIds: ["1"] })).toContain('it is ["1"]');
  });

  it("that has a very long value is cut short", () => {
    const issue = failureIssuesWith({ ipAddressIds: ["x".repeat(10_000)] });
    expect(issue.length).toBeLessThan(200);
    expect(issue).toMatch(/x\.\.\.$/);
  });
});
