import { defaultRetry } from "@auto-extend/client";
import { expect, it } from "vitest";
import { markdownFiles } from "./blocks.js";

// Tables are made from the code. Doc comments name defaults, and the compiler does not compare these with the code.
it("the page of the client has the defaults of retries", () => {
  const prose = markdownFiles().find(({ path }) => path === "docs/client.md")?.prose ?? "";
  const rows = [...prose.matchAll(/^\| `(\w+)` \| ([\d,]+) \|/gm)];
  const listed = rows.map(([, name = "", value = ""]) => [name, Number(value.replaceAll(",", ""))]);
  expect(Object.fromEntries(listed)).toMatchObject(defaultRetry);
});
