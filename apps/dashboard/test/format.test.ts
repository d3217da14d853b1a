import { expect, it } from "vitest";
import { clockTime, exactTime, money, number, relative, shortDate, weekdayDate } from "../src/ui/format.ts";
import { visible } from "../src/ui/visible.ts";

it("numbers and money are grouped", () => {
  expect([0, 999, 1_000, 1_234_567, -1_000].map(number)).toEqual([
    "0",
    "999",
    "1,000",
    "1,234,567",
    "\u22121,000",
  ]);
  expect([0, 0.1, 999.999, 1_300, 1_234_567.891, -12.5].map(money)).toEqual([
    "0.00",
    "0.10",
    "1,000.00",
    "1,300.00",
    "1,234,567.89",
    "\u221212.50",
  ]);
  expect(number(1_234.5678)).toBe("1,234.5678");
});

it("texts from outside show what would be invisible, or turn others around", () => {
  expect(visible("a\u202eb\u0000c\u2066\u200b")).toBe("a\\u{202e}b\\u{0}c\\u{2066}\\u{200b}");
  expect(visible("Zoë\t日本\n😀")).toBe("Zoë\t日本\n😀");
});

it("times are in UTC", () => {
  const at = "2026-01-02T03:04:05.678Z";
  expect(weekdayDate(at)).toBe("Fri, 2 Jan 2026");
  expect(exactTime(at)).toBe("2 Jan 2026, 03:04:05 UTC");
  expect(clockTime(Date.parse(at))).toBe("03:04:05");
  expect(shortDate(at, Date.parse("2026-12-01T00:00:00Z"))).toBe("2 Jan");
  expect(shortDate(at, Date.parse("2025-12-31T00:00:00Z"))).toBe("2 Jan 2026");
  expect(relative(at, Date.parse(at) - 90_000)).toBe("in 1 min");
  expect(relative(at, Date.parse(at) - 30 * 86_400_000 + 5_000)).toBe("in 30 d");
});
