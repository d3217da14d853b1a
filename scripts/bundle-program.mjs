// Bundles the program of a member into dist/bin, with what it depends on: loading one file in place of some 150 halves the
// time until it starts.
//
//   node ../../scripts/bundle-program.mjs [PACKAGE]...
//
// The packages named are bundled into dist/packages, a file for each, which the program loads when it first needs it.
import { pathToFileURL } from "node:url";
import { build, mergeConfig } from "vite";

/**
 * The settings of a program's bundle.
 *
 * @param {string} folder of the member
 * @param {string[]} external packages that stay apart
 * @param {Record<string, string>} [paths] where those are loaded from, other than node_modules
 * @returns {import("vite").InlineConfig}
 */
export function programBundle(folder, external, paths = {}) {
  return {
    ...settings(folder, external),
    build: {
      ...bundled,
      ssr: "src/bin.ts",
      // As deep as the folders of the sources, so that paths relative to a module stay correct.
      outDir: "dist/bin",
      rolldownOptions: { output: { entryFileNames: "[name].js", chunkFileNames: "[name].js", paths } },
    },
  };
}

/**
 * Bundles a program, which loads the named packages from dist/packages.
 *
 * @param {string} folder of the member
 * @param {string[]} packages
 * @param {import("vite").InlineConfig} [others] further settings
 */
export async function bundleProgram(folder, packages, others = {}) {
  const paths = Object.fromEntries(packages.map((name) => [name, `../packages/${name}.cjs`]));
  const bundle = await build(mergeConfig(programBundle(folder, packages, paths), others));
  return /** @type {Extract<typeof bundle, { output: unknown }>} */ (bundle);
}

/**
 * @param {string} folder
 * @param {string[]} packages
 * @returns {import("vite").InlineConfig}
 */
function packageBundles(folder, packages) {
  return {
    ...settings(folder, []),
    build: {
      ...bundled,
      ssr: true,
      outDir: "dist/packages",
      rolldownOptions: {
        input: Object.fromEntries(packages.map((name) => [name, name])),
        // CommonJS: on Node 20 an import that failed once, such as for want of a descriptor, fails for good.
        output: { format: "cjs", entryFileNames: "[name].cjs", chunkFileNames: "[name].cjs" },
      },
    },
  };
}

/**
 * @param {string} root
 * @param {string[]} external
 * @returns {import("vite").InlineConfig}
 */
function settings(root, external) {
  return { root, configFile: false, logLevel: "warn", ssr: { noExternal: true, external } };
}

const bundled = { target: "node20.19", minify: false, license: { fileName: "licenses.md" } };

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const packages = process.argv.slice(2);
  await bundleProgram(process.cwd(), packages);
  await build(packageBundles(process.cwd(), packages));
}
