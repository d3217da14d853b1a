import {
  describeErrorCode,
  errorCodes,
  errorSubjects,
  refusalScope,
  requireErrorCode,
} from "@auto-extend/core";
import { describe, expect, it } from "vitest";

const facts = [
  [2, "Error api key", "sibling"],
  [4, "Incorrect proxy type", "reference"],
  [11, null, "observed"],
  [16, "Insufficient funds on balance", "sibling"],
  [24, "Incorrect ip addresses", "sibling"],
  [25, null, "observed"],
  [28, null, "observed"],
  [29, "Incorrect orderIds", "sibling"],
  [35, null, "observed"],
] as const;

describe("the list of error codes", () => {
  it.each(facts)("has code %i with the public message %o, graded %s", (code, message, grade) => {
    const entry = requireErrorCode(code);
    expect(entry.grade).toBe(grade);
    expect(entry.about).not.toBe("purchase");
    if (message === null) expect(entry.message.grade).toBe("assumed");
    else expect(entry.message).toMatchObject({ text: message, grade });
  });

  it("has the codes of buying an order beside them, and says so", () => {
    const others = errorCodes.filter(({ about }) => about === "purchase");
    expect(others.map(({ code }) => code)).toEqual([3, 6, 7, 10, 14, 19, 23]);
    for (const { meaning } of others) expect(meaning).toContain("buying an order");
  });

  it("is in the order of the codes, each there once", () => {
    const codes = errorCodes.map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)].sort((a, b) => a - b));
  });

  it("has a message, a meaning and advice for every code", () => {
    for (const { message, meaning, whatToDo } of errorCodes) {
      expect(message.text).not.toBe("");
      expect(meaning).toMatch(/\.$/);
      expect(whatToDo).toMatch(/\.$/);
    }
  });
});

describe("looking a code up", () => {
  it("finds the entry of a known code", () => {
    expect(describeErrorCode(29)).toMatchObject({ known: true, code: 29, grade: "sibling" });
  });

  it("is honest about a code that nobody knows", () => {
    const unknown = describeErrorCode(9999);
    expect(unknown).toMatchObject({ known: false, code: 9999 });
    expect(unknown.meaning).toContain("does not say");
  });

  it("throws if a code has to be known and is not", () => {
    expect(() => requireErrorCode(9999)).toThrow(
      new RangeError("Error code 9999 is unknown: use describeErrorCode, which takes any code."),
    );
  });
});

it("says what each code is about", () => {
  expect(Object.fromEntries(errorCodes.map(({ code, about }) => [code, about]))).toMatchObject({
    2: "key",
    4: "type",
    11: "period",
    16: "funds",
    24: "addresses",
    25: "order",
    28: "addresses",
    29: "order",
    35: "unknown",
    3: "purchase",
    23: "purchase",
  });
  expect(describeErrorCode(4711).about).toBe(null);
  for (const { about } of errorCodes) expect(errorSubjects).toContain(about);
});

it("a refusal holds for other calls according to its subject", () => {
  const scopes = errorSubjects.map((about) => [about, refusalScope(about)]);
  expect(Object.fromEntries(scopes)).toEqual({
    key: "every-call",
    type: "same-group",
    period: "same-group",
    order: "some-orders",
    addresses: "some-orders",
    funds: "this-call",
    unknown: "this-call",
    purchase: "some-orders",
  });
  expect(refusalScope(null)).toBe("some-orders");
});
