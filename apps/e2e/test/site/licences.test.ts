import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { expectPermissive } from "../licences.js";

const dist = fileURLToPath(new URL("../../../../docs/dist/", import.meta.url));

it("all that the site contains of others has a licence that allows it, and no font comes along", () => {
  expectPermissive(join(dist, "licenses.md"), ["vue", "vitepress", "minisearch"]);
  expect(readdirSync(join(dist, "assets")).filter((name) => /\.(?:woff2?|ttf|otf)$/.test(name))).toEqual([]);
});
