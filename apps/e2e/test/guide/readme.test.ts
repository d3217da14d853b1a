import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { filesOf } from "../../../../scripts/toolchain.mjs";
import { markdownFiles, root } from "./blocks.js";

const read = (path: string) => readFileSync(`${root}${path}`, "utf8");

it("the README is short enough to be read at once", () => {
  expect(read("README.md").trim().split("\n").length).toBeLessThanOrEqual(90);
});

it.each(["apps/mock-server", "packages/client", "packages/core", "packages/contract-tests", "packages/cli"])(
  "the README of %s fits on a screen",
  (folder) => {
    expect(read(`${folder}/README.md`).trim().split("\n").length).toBeLessThanOrEqual(60);
  },
);

it("CONTRIBUTING is short enough to be read before the first change", () => {
  expect(read("CONTRIBUTING.md").trim().split("\n").length).toBeLessThanOrEqual(78);
});

it("every room has a row of its own in CONTRIBUTING", () => {
  const rows = [...read("CONTRIBUTING.md").matchAll(/^\| `(.+?)\/` \|/gm)].map(([, folder = ""]) => folder);
  const sources = filesOf(root, "packages/*/src/*", "apps/mock-server/src", "apps/dashboard/src");
  const rooms = new Set(sources.flatMap((file) => /^.+?\/src\/(?:engine\/)?[\w-]+(?=\/)/.exec(file) ?? []));
  // Its rooms have rows.
  rooms.delete("apps/mock-server/src/engine");
  expect(rooms.size).toBeGreaterThan(25);
  expect([...rooms].filter((room) => !rows.includes(room))).toEqual([]);
  expect(rows.filter((row) => !existsSync(join(root, row)))).toEqual([]);
});

it("each of at most fifteen decisions has a reason, a cost, and what was rejected", () => {
  const [, ...decisions] = read("docs/decisions.md").split(/^### /m);
  expect(decisions.length).toBeLessThanOrEqual(15);
  for (const [index, decision] of decisions.entries()) {
    const [, number, reason = ""] =
      /^(\d+)\. .+\n\n([\s\S]+?)\n\n- \*\*Cost\*\*: [\s\S]+?\n- \*\*Rejected\*\*: /.exec(decision) ?? [];
    expect(number, decision).toBe(`${index + 1}`);
    expect(reason.length, decision).toBeGreaterThan(200);
  }
});

it("no sentence stands in two places", () => {
  const places = new Map<string, string[]>();
  for (const { path, prose } of markdownFiles().filter((file) => !file.path.startsWith("."))) {
    const text = prose.replace(/<!--[\s\S]*?-->|^\|.*$/gm, "");
    const sentences = text.split(/\n\s*\n|\n(?=- |\d\. |#)|(?<=[.:!?])\s/);
    for (const sentence of sentences.map((each) => each.replace(/\s+/g, " ").trim())) {
      if (sentence.length > 40) places.set(sentence, [...(places.get(sentence) ?? []), path]);
    }
  }
  expect(places.size).toBeGreaterThan(500);
  expect([...places].filter(([, paths]) => paths.length > 1)).toEqual([]);
});

it("nothing that people paste fetches and runs a package that is not ours", () => {
  const launched = (text: string) =>
    [
      ...text.matchAll(
        /\b(?:npx|pnpx|bunx|npm exec|npm x|pnpm dlx|yarn dlx|bun x|deno run)\s+(?:-\S*\s+)*((?:npm:)?[\w@/-]*auto-extend[\w/-]*)/g,
      ),
    ].map(([, name]) => name);
  expect(launched("`npx -y auto-extend`, `pnpm dlx a-auto-extend-mock`, npm exec -- auto-extend")).toEqual([
    "auto-extend",
    "a-auto-extend-mock",
    "auto-extend",
  ]);
  const pasted = filesOf(root, ":!*/test/*", ":!pnpm-lock.yaml", ":!*.png").flatMap((file) =>
    launched(read(file)),
  );
  expect(pasted.length).toBeGreaterThan(20);
  expect(new Set(pasted)).toEqual(new Set(["@auto-extend/cli", "@auto-extend/mock-server"]));
});
