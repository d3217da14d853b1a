import { join } from "node:path";
import { requireErrorCode } from "@auto-extend/core";
import { build } from "esbuild";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { execute } from "./execute.ts";

const { packages, project, zod4Project, nodes } = inject("packed");

beforeAll(async () => {
  // Only the types are taken away: every import is still resolved by the Node that runs it.
  const options = { format: "esm", logLevel: "error" } as const;
  await build({ ...options, entryPoints: [join(project, "program.ts")], outdir: project });
  await build({ ...options, entryPoints: [join(zod4Project, "zod-4.ts")], outdir: zod4Project });
});

describe.each(nodes)("on Node $major", ({ major, path: node }) => {
  it("is run by the Node it should be", async () => {
    const { stdout } = await execute(node, ["--version"], { cwd: project });
    expect(stdout).toMatch(new RegExp(`^v${major}\\.`));
  });

  it("exports from every package what its sources export", async () => {
    const names = packages.map(({ name }) => name);
    const { stdout, stderr } = await execute(node, ["exports.mjs", ...names], { cwd: project });
    expect(stderr).toBe("");
    const sources = names.map(async (name) => [name, Object.keys(await import(name)).sort()]);
    expect(JSON.parse(stdout)).toEqual(Object.fromEntries(await Promise.all(sources)));
  });

  it("runs a program that uses all packages", async () => {
    const { stdout, stderr, code } = await execute(node, ["program.js"], { cwd: project });
    expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
    expect(JSON.parse(stdout)).toEqual({
      quantity: 1,
      meaning: requireErrorCode(29).meaning,
      failed: 0,
      anyPassed: true,
      exitCode: 0,
      explained: true,
    });
  });

  it("checks with the contract's schemas beside a program's own zod 4", async () => {
    const { stdout, stderr } = await execute(node, ["zod-4.js"], { cwd: zod4Project });
    expect({ stdout, stderr }).toEqual({ stdout: "valid\n", stderr: "" });
  });
});
