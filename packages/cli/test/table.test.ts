import { describe, expect, it } from "vitest";
import { numberText, spanText, table } from "../src/app/format.js";

interface Row {
  name: string;
  count: string;
}

const columns = [
  { head: "NAME", cell: ({ name }: Row) => name },
  { head: "COUNT", cell: ({ count }: Row) => count, right: true as const },
];

it("lines columns up, numbers on the right, and ends no line with a space", () => {
  const rows = [
    { name: "a", count: "5" },
    { name: "longer", count: "" },
  ];
  expect(table(rows, columns)).toEqual(["NAME    COUNT", "a           5", "longer"]);
});

it("puts commas between thousands, but not into decimals", () => {
  const numbers = [0, 999, 1_000, -1_234_567.1234567];
  expect(numbers.map(numberText)).toEqual(["0", "999", "1,000", "-1,234,567.1234567"]);
});

it("names the columns for which there is no room", () => {
  const all = [
    ...columns,
    { head: "COLOUR", cell: () => "red", dropped: 2 },
    { head: "", cell: () => "!", dropped: 1 },
  ];
  const row = { name: "a", count: "5" };
  expect(table([row], all, 22)).toEqual(["NAME  COUNT  COLOUR", "a         5  red     !"]);
  expect(table([row], all, 20)).toEqual(["NAME  COUNT", "a         5  !", "Not shown here:", "COLOUR"]);
  expect(table([row], all, 12)).toEqual(["NAME  COUNT", "a         5", "Not shown", "here: COLOUR"]);
});

it("gives a text the width that a terminal shows, whatever its script", () => {
  const lines = ["abcd", "日本", "e\u0301bcd", "👩bc"].map(
    (name) => table([{ name, count: "7" }], columns)[1],
  );
  expect(lines).toEqual(["abcd      7", "日本      7", "e\u0301bcd      7", "👩bc      7"]);
});

describe("a span of time", () => {
  it.each([
    [0, "0 seconds"],
    [1, "1 second"],
    [59, "59 seconds"],
    [3600, "1 hour"],
    [3900, "1 hour 5 minutes"],
    // Whoever waits must not wait too short.
    [3605, "1 hour 1 minute"],
    [1_295_999, "15 days"],
  ])("of %i seconds is %s", (seconds, text) => {
    expect(spanText(seconds)).toBe(text);
  });
});
