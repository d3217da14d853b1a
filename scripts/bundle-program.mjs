// Bundles the program of a member into dist/bin, with what it depends on: loading one file in place of some 150 halves the
// time until it starts.
//
//   node ../../scripts/bundle-program.mjs [PACKAGE]...
//
// The packages named stay apart, and are loaded from node_modules when they are first needed.
import { build } from "vite";

await build({
  configFile: false,
  logLevel: "warn",
  ssr: { noExternal: true, external: process.argv.slice(2) },
  build: {
    ssr: "src/bin.ts",
    // As deep as the folders of the sources, so that paths relative to a module stay correct.
    outDir: "dist/bin",
    target: "node20.19",
    minify: false,
    license: { fileName: "licenses.md" },
    rolldownOptions: { output: { entryFileNames: "[name].js", chunkFileNames: "[name].js" } },
  },
});
