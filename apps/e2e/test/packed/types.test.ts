import { createRequire } from "node:module";
import { expect, inject, it } from "vitest";
import { execute } from "./execute.ts";

const { project, zod4Project } = inject("packed");
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

// The declarations of the packages, and of what they depend on, are checked as well (skipLibCheck is off).
it.each([
  ["under NodeNext", project, "tsconfig.nodenext.json"],
  ["under Bundler", project, "tsconfig.bundler.json"],
  ["for a browser, without Node's types", project, "tsconfig.page.json"],
  ["under NodeNext beside zod 4", zod4Project, "tsconfig.nodenext.json"],
  ["under Bundler beside zod 4", zod4Project, "tsconfig.bundler.json"],
  ["with schemas of both zods", zod4Project, "tsconfig.zod-4.json"],
])("type-checks a user's program %s", async (_, cwd, config) => {
  const { code, stdout } = await execute(process.execPath, [tsc, "--noEmit", "--project", config], { cwd });
  expect(stdout).toBe("");
  expect(code).toBe(0);
});
