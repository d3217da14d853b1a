// Bundles the program of a member into dist/bin, with what it depends on: loading one file in place of some 150 halves the
// time until it starts.
//
//   node ../../scripts/bundle-program.mjs [--watch] [PACKAGE]...
//
// The packages named stay apart, and are loaded from node_modules when they are first needed. With --watch, it starts over
// whenever a source of the member, or of a package of this workspace, changes.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { build } from "vite";

const { values, positionals } = parseArgs({
  options: { watch: { type: "boolean" } },
  allowPositionals: true,
});

await build({
  configFile: false,
  logLevel: "warn",
  ssr: {
    noExternal: true,
    external: values.watch ? foreignPackages() : positionals,
    ...(values.watch && { resolve: { conditions: ["@auto-extend/source", "module", "node"] } }),
  },
  build: {
    ssr: "src/bin.ts",
    // As deep as the folders of the sources, so that paths relative to a module stay correct.
    outDir: "dist/bin",
    // A program that is running loads parts of it later.
    emptyOutDir: !values.watch,
    watch: values.watch ? {} : null,
    target: "node20.19",
    minify: false,
    license: { fileName: "licenses.md" },
    rolldownOptions: { output: { entryFileNames: "[name].js", chunkFileNames: "[name].js" } },
  },
});

/** They change too rarely to be bundled again and again. */
function foreignPackages() {
  const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  return Object.keys(dependencies).filter((name) => !name.startsWith("@auto-extend/"));
}
