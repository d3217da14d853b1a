import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, inject, it } from "vitest";
import { execute } from "../execute.ts";
import { checkerOf } from "./type-checker.ts";

const { projects } = inject("packed");
const folderOf = (name: string) => projects.find((project) => project.name === name)?.folder ?? "";

// The declarations of the packages are checked as well (skipLibCheck is off), and by the newest TypeScript all that they depend on.
// Only those of msw are not, since msw 2.0.0 and 3 have errors of their own.
describe("TypeScript 5.9 type-checks what users of zod 4 write", () => {
  const check = checkerOf("typescript");

  // TypeScript 5.0 finds the entries as old programs do, and TypeScript 7 as bundlers do.
  it("under NodeNext", () => {
    expect(check(join(folderOf("zod-4"), "tsconfig.zod-4.json"), "NodeNext")).toBe("");
  });
});

describe("TypeScript 7 type-checks what users write", () => {
  const tsc = join(
    dirname(createRequire(import.meta.url).resolve("typescript-7/package.json")),
    "bin",
    "tsc",
  );

  it.concurrent.each([
    ["zod-4", "tsconfig.zod-4.json", "NodeNext", "NodeNext"],
    ["zod-4", "tsconfig.page.json", "ESNext", "Bundler"],
    ["no-zod", "tsconfig.no-zod.json", "NodeNext", "NodeNext"],
    ["no-zod", "tsconfig.msw.json", "NodeNext", "NodeNext"],
  ])("in the project %s: %s as %s under %s", async (project, config, module, moduleResolution) => {
    const args = [
      tsc,
      "--project",
      config,
      "--module",
      module,
      "--moduleResolution",
      moduleResolution,
      "--singleThreaded",
    ];
    const { exitCode, stdout } = await execute(process.execPath, args, { cwd: folderOf(project) });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
  });
});
