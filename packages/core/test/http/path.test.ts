import { fillPath, matchPath, setAutoExtend } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { fc } from "../support/fuzz.js";

const template = "/api/{apiKey}/orders/{id}";

describe("filling a path", () => {
  it("puts each value into its place", () => {
    expect(fillPath(setAutoExtend.path, { apiKey: "abc" })).toBe("/client/api/v1/abc/extend/order/auto");
  });

  it("encodes what would change the path or end it in a text", () => {
    expect(fillPath(template, { apiKey: "a/b?c#d e", id: "ü'%" })).toBe(
      "/api/a%2Fb%3Fc%23d%20e/orders/%C3%BC%27%25",
    );
  });

  it.each([
    ["", "empty"],
    [".", "one dot"],
    ["..", "two dots"],
  ])("refuses %o: %s", (apiKey) => {
    expect(() => fillPath(template, { apiKey, id: "1" })).toThrow(RangeError);
  });

  it("refuses a value that is missing, and names the parameter", () => {
    expect(() => fillPath(template, { apiKey: "abc" })).toThrow(/^The path parameter id must not be empty/);
  });

  it("refuses a lone surrogate without a word of the value", () => {
    expect(() => fillPath(template, { apiKey: "secret\ud83d", id: "1" })).toThrow(
      new RangeError(
        'The path parameter apiKey must not be empty, "." or "..", nor contain a lone surrogate.',
      ),
    );
  });
});

describe("matching a path", () => {
  it("finds the values, decoded", () => {
    expect(matchPath(template, "/api/a%2Fb/orders/%C3%BC")).toEqual({ apiKey: "a/b", id: "ü" });
  });

  it.each([
    ["/api/abc/orders", "too short"],
    ["/api/abc/orders/1/2", "too long"],
    ["/api/abc/order/1", "another word"],
    ["/API/abc/orders/1", "another case"],
    ["/api//orders/1", "an empty value"],
    ["/api/%zz/orders/1", "a value that can't be decoded"],
    ["/api/abc/orders/1/", "a slash at the end"],
  ])("finds nothing in %s: %s", (path) => {
    expect(matchPath(template, path)).toBeUndefined();
  });

  it("finds again whatever was filled in", () => {
    const value = fc.string({ minLength: 1 }).filter((text) => text !== "." && text !== "..");
    fc.assert(
      fc.property(value, value, (apiKey, id) => {
        expect(matchPath(template, fillPath(template, { apiKey, id }))).toEqual({ apiKey, id });
      }),
    );
  });
});
