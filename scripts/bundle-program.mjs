// Bundles the program of a member into dist/bin, with what it depends on: loading one file in place of some 150 halves the
// time until it starts.
//
//   node ../../scripts/bundle-program.mjs [PACKAGE]...
//
// The packages named stay apart, and are loaded from node_modules when they are first needed.
import { pathToFileURL } from "node:url";
import { build } from "vite";

/**
 * The settings of a bundle.
 *
 * @param {string} folder of the member
 * @param {string[]} external packages that stay apart
 * @returns {import("vite").InlineConfig}
 */
export function programBundle(folder, external) {
  return {
    root: folder,
    configFile: false,
    logLevel: "warn",
    ssr: { noExternal: true, external },
    build: {
      ssr: "src/bin.ts",
      // As deep as the folders of the sources, so that paths relative to a module stay correct.
      outDir: "dist/bin",
      target: "node20.19",
      minify: false,
      license: { fileName: "licenses.md" },
      rolldownOptions: { output: { entryFileNames: "[name].js", chunkFileNames: "[name].js" } },
    },
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await build(programBundle(process.cwd(), process.argv.slice(2)));
}
