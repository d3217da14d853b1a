import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";

const dist = new URL("../dist/", import.meta.url).pathname;
const files = readdirSync(dist, { recursive: true, encoding: "utf8" })
  .map((name) => join(dist, name))
  .filter((path) => statSync(path).isFile() && !path.endsWith(".md"));

it("the whole page is at most 150 KB, compressed", () => {
  const sizes = files.map((path) => gzipSync(readFileSync(path)).length);
  expect(files.length).toBeGreaterThan(3);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(150 * 1024);
});

it("the page names no other host", () => {
  for (const path of files) {
    const hosts = readFileSync(path, "utf8").match(/\bhttps?:\/\/[\w.-]+/g) ?? [];
    // Namespaces are names, and nobody is asked for them.
    expect(
      hosts.filter((host) => host !== "http://www.w3.org"),
      path,
    ).toEqual([]);
  }
});
