import { createRedactor, foreignLine, foreignText, foreignValue, redacted } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { anyCharacter, fc } from "../support/fuzz.js";

const key = "canary-key-0123456789";
const redact = createRedactor(key);

describe("a text from outside", () => {
  it("stays as it is if it is short and clean, line feeds and tabs included", () => {
    expect(foreignText("Incorrect proxy type\n\tневерно ☂ 🚀", redact)).toBe(
      "Incorrect proxy type\n\tневерно ☂ 🚀",
    );
  });

  it.each([
    ["colours", "\u001b[31mred\u001b[0m", "red"],
    ["cursor sequences", "a\u001b[2J\u001b[1;1Hb", "ab"],
    ["control characters", "a\u0000\u0007\u009b\r\u007fb", "ab"],
    ["bidi characters", "a\u202eb\u2066c\u200f\u061cd", "abcd"],
    ["line separators", "a\u2028b\u2029c", "abc"],
  ])("loses its %s", (_, text, expected) => {
    expect(foreignText(text, redact)).toBe(expected);
  });

  it("is cut to 2,000 characters, or to another length", () => {
    expect(foreignText("x".repeat(700_000), redact)).toBe("x".repeat(2_000));
    expect(foreignText("x".repeat(700_000), redact, 10)).toBe("x".repeat(10));
  });

  it("is redacted before it is cut, so that no half of a key is left", () => {
    expect(foreignText(`${"x".repeat(1_990)}${key}`, redact)).toBe(`${"x".repeat(1_990)}${redacted}`);
    expect(foreignText(key.repeat(20_000), redact)).not.toContain("canary");
  });

  it("is not cut within a character", () => {
    expect(foreignText("a🚀", redact, 2)).toBe("a");
  });

  it("is always bounded, clean and without the key", () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), fc.nat(50), (text, length) => {
        const clean = foreignText(`${text}${key}${text}`, redact, length);
        expect(clean.length).toBeLessThanOrEqual(length);
        expect(clean).not.toMatch(/(?![\n\t])\p{Cc}|\p{Bidi_Control}/u);
        expect(clean).not.toContain("canary-key");
      }),
    );
  });
});

describe("a line from outside", () => {
  it("has no line feeds and tabs, so that it cannot forge another line of a log", () => {
    expect(foreignLine("Incorrect\n\n ERROR:\tall gone", redact)).toBe("Incorrect ERROR: all gone");
    expect(foreignLine("\n two  spaces stay \n", redact)).toBe("two  spaces stay");
    expect(foreignLine("a\r\n\u2028b", redact)).toBe("a b");
  });

  it("is redacted, clean and bounded like a text", () => {
    expect(foreignLine(`\u001b[31m${key}\u0007`, redact)).toBe(redacted);
    expect(foreignLine("x".repeat(700_000), redact)).toBe("x".repeat(2_000));
    expect(foreignLine("x".repeat(700_000), redact, 10)).toBe("x".repeat(10));
  });

  it("is quick about a million spaces and line feeds", () => {
    // Processor time, since the machine may be busy with other work.
    const start = process.cpuUsage();
    foreignLine(" ".repeat(1_000_000), redact);
    foreignLine(" \n".repeat(500_000), redact);
    expect(process.cpuUsage(start).user / 1_000_000).toBeLessThan(10);
  });

  it("has one line, whatever the text is", () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), fc.nat(50), (text, length) => {
        const line = foreignLine(`${text}\n${text}${key}`, redact, length);
        expect(line.length).toBeLessThanOrEqual(length);
        expect(line).not.toMatch(/\p{Cc}|\p{Bidi_Control}|[\u2028\u2029]/u);
        expect(line).not.toContain("canary-key");
      }),
    );
  });
});

describe("a value from outside", () => {
  it("stays as it is if it is small and clean", () => {
    const value = {
      success: false,
      error: { code: 4, message: "Incorrect proxy type" },
      list: [1, null, "a"],
    };
    expect(foreignValue(value, redact)).toEqual(value);
  });

  it("has clean and bounded texts and names, without secrets", () => {
    const value = { [`a\u0007${key}`]: [`\u001b[31m${key}`], long: "x".repeat(5_000) };
    expect(foreignValue(value, redact)).toEqual({ [`a${redacted}`]: [redacted], long: "x".repeat(2_000) });
  });

  it("is bounded in items, fields and depth", () => {
    const { list, fields, deep } = foreignValue(
      {
        list: Array.from({ length: 250 }, (_, index) => index),
        fields: Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`f${index}`, index])),
        deep: JSON.parse(`${"[".repeat(5_000)}${"]".repeat(5_000)}`),
      },
      redact,
    ) as { list: unknown[]; fields: object; deep: unknown };
    expect(list).toHaveLength(101);
    expect(list.at(-1)).toBe("[150 more]");
    expect(Object.keys(fields)).toHaveLength(100);
    expect(JSON.stringify(deep)).toContain("[nested deeper]");
  });

  it("is bounded in all, however it is nested", () => {
    const row = Array.from({ length: 100 }, () => "x".repeat(100));
    const value = Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => row));
    expect(JSON.stringify(foreignValue(value, redact)).length).toBeLessThan(50_000);
  });

  it("has a bounded length in all, whatever its texts and names are", () => {
    const texts = Array.from({ length: 100 }, () => Array.from({ length: 19 }, () => "x".repeat(2_000)));
    const names = Object.fromEntries(
      Array.from({ length: 100 }, (_, index) => [`${index}`.padEnd(9_000), 1]),
    );
    for (const value of [texts, names]) {
      expect(JSON.stringify(foreignValue(value, redact)).length).toBeLessThan(35_000);
    }
    expect(foreignValue({ error: { code: 29, message: "no" }, texts }, redact)).toMatchObject({
      error: { code: 29, message: "no" },
    });
  });

  it("keeps a field named __proto__ as a field", () => {
    const value: unknown = JSON.parse('{"__proto__":{"a":1}}');
    expect(JSON.stringify(foreignValue(value, redact))).toBe('{"__proto__":{"a":1}}');
  });
});
