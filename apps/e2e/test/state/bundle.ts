import { copyFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { mockProgram } from "./program.js";

/**
 * Bundles the mock's program into one file, which starts in two thirds of the processor time.
 *
 * @returns the path of the program, for `node`
 */
export async function bundleMock(folder: string): Promise<string> {
  const outfile = join(folder, "dist", "program", "mock.mjs");
  await build({
    entryPoints: [join(dirname(mockProgram), "..", "dist", "bin.js")],
    outfile,
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "node20",
    mainFields: ["module", "main"],
    // Dependencies in CommonJS require Node's modules.
    banner: {
      js: `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`,
    },
    logLevel: "error",
  });
  // The program reads its version from there.
  await copyFile(join(dirname(mockProgram), "..", "package.json"), join(folder, "package.json"));
  return outfile;
}
