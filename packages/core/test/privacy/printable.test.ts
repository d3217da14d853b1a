import { printable } from "@auto-extend/core";
import { expect, it } from "vitest";

it("leaves an ordinary text as it is, line feeds included", () => {
  expect(printable("naïve ☂\nsecond line")).toBe("naïve ☂\nsecond line");
});

it.each([
  ["\u001b[2J", String.raw`\u001b[2J`],
  ["\u001b]0;title\u0007", String.raw`\u001b]0;title\u0007`],
  ["a\r\nb", "a\\u000d\nb"],
  ["\u009b2J\u007f", String.raw`\u009b2J\u007f`],
  ["\u001b[31mred\u001b[0m", String.raw`\u001b[31mred\u001b[0m`],
])("makes the control characters of %j visible", (text, shown) => {
  expect(printable(text)).toBe(shown);
});
