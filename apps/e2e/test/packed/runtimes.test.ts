import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { readManifest } from "../../../../scripts/members.mjs";
import { printed, type Running, start } from "../execute.ts";

const { projects } = inject("packed");
const folder = projects.find(({ name }) => name === "zod-4")?.folder ?? "";
const mockServer = join(folder, "node_modules", "@auto-extend", "mock-server", "bin", "auto-extend-mock.js");

/** Deno fetches nothing: it takes what npm has installed. */
const denoArgs = ["run", "--allow-all", "--no-remote", "--node-modules-dir=manual"];
const runtimes = [
  { name: "Bun", path: programOf("bun", "bin/bun"), args: [] },
  { name: "Deno", path: programOf("deno", "deno"), args: denoArgs },
];
const present = runtimes.flatMap(({ path, ...rest }) => (path === undefined ? [] : [{ path, ...rest }]));

describe.each(runtimes)("$name", ({ name, path, args }) => {
  if (path === undefined) {
    it.skip(`is not tested: the npm package has no ${name} for this platform`, () => {});
    return;
  }

  describe("with the packed packages", () => {
    const cache = mkdtempSync(join(tmpdir(), "auto-extend-deno-"));
    const surroundings = { cwd: folder, env: { DENO_DIR: cache, DENO_NO_UPDATE_CHECK: "1" } };
    let mocks: Running[] = [];

    beforeAll(() => {
      mocks = present.map((one) => start(one.path, [...one.args, mockServer, "--port", "0"], surroundings));
    });
    afterAll(async () => {
      for (const mock of mocks) mock.kill("SIGTERM");
      await Promise.all(mocks);
      rmSync(cache, { recursive: true, force: true, maxRetries: 3 });
    });

    it("calls the mock on every other runtime, and on its own: a success, a refusal, a lost answer", async () => {
      const ready = await Promise.all(mocks.map((mock) => printed(mock, /ready at (\S+)/)));
      const urls = ready.map(([, url = ""]) => url);
      const program = join(folder, "runtime.mjs");
      const { stdout, stderr } = await start(path, [...args, program, ...urls], surroundings);
      expect(stderr).toBe("");
      const expected = {
        success: 1,
        refusal: ["ApiError", "none"],
        lost: ["NetworkError", "unknown"],
        orders: 2,
      };
      expect(JSON.parse(stdout)).toEqual(present.map(() => expected));
    });
  });
});

/**
 * The program inside the registry package for this platform. The package's own script, which would copy it elsewhere, is
 * not needed.
 */
function programOf(name: string, file: string): string | undefined {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve(`${name}/package.json`);
  const platforms = Object.keys(readManifest(dirname(manifest)).optionalDependencies ?? {});
  const suffix = process.platform === "win32" ? ".exe" : "";
  for (const platform of platforms) {
    try {
      return join(dirname(createRequire(manifest).resolve(`${platform}/package.json`)), file + suffix);
    } catch {
      // It is for another platform.
    }
  }
  return undefined;
}
