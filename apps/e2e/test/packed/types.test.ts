import { createRequire } from "node:module";
import { expect, inject, it } from "vitest";
import { execute } from "./execute.ts";

const { project, zod4Project } = inject("packed");
const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");

const nodeNext = ["--module", "NodeNext", "--moduleResolution", "NodeNext"];
const bundler = ["--module", "ESNext", "--moduleResolution", "Bundler"];

// The declarations of the packages, and of what they depend on, are checked as well (skipLibCheck is off).
it.each([
  ["under NodeNext", project, "tsconfig.program.json", nodeNext],
  ["under Bundler", project, "tsconfig.program.json", bundler],
  ["for a browser, without Node's types", project, "tsconfig.page.json", bundler],
  ["beside zod 4, under NodeNext", zod4Project, "tsconfig.zod-4.json", nodeNext],
  ["beside zod 4, under Bundler", zod4Project, "tsconfig.zod-4.json", bundler],
])("type-checks a user's program %s", async (_, cwd, config, resolution) => {
  const { code, stdout } = await execute(process.execPath, [tsc, "--project", config, ...resolution], {
    cwd,
  });
  expect(stdout).toBe("");
  expect(code).toBe(0);
});
