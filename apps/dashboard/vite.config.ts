import { defineConfig } from "vite";

export default defineConfig({
  // The mock may be mounted below a path of another app.
  base: "./",
  build: {
    target: "es2022",
    // The page's policy forbids inline content.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: "licenses.md" },
  },
});
