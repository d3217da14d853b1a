// The pages of the site: where each comes from, and where it stands in the navigation.
import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { operations, specOf } from "@auto-extend/core";

/** @typedef {{ source: string, page: string, title: string }} Page `source` from the root of the repository */

/** The packages with a reference of their own, by the folder of each. */
export const packages = [
  { name: "mock-server", folder: "apps/mock-server" },
  { name: "client", folder: "packages/client" },
  { name: "cli", folder: "packages/cli" },
  { name: "core", folder: "packages/core" },
  { name: "contract-tests", folder: "packages/contract-tests" },
];

/** The entries of the packages, which programs import; the name of each is without the scope. */
export const entries = packages.flatMap(({ name, folder }) =>
  Object.entries(exportsOf(folder)).flatMap(([path, { "@auto-extend/source": source }]) =>
    source === undefined ? [] : [{ name: posix.join(name, path), file: posix.join(folder, source) }],
  ),
);

/** @param {string} folder */
function exportsOf(folder) {
  const file = fileURLToPath(new URL(`../${folder}/package.json`, import.meta.url));
  return JSON.parse(readFileSync(file, "utf8")).exports;
}

/**
 * @param {string} source
 * @param {string} title
 * @param {string} page its path on the site
 * @returns {Page}
 */
function page(source, title, page = source.replace(/^docs\/(?:pages\/)?/, "")) {
  return { source, page, title };
}

/** @type {readonly { title: string, pages: readonly Page[] }[]} */
export const groups = [
  {
    title: "Start",
    pages: [
      page("README.md", "Start in a minute", "index.md"),
      page("docs/guide.md", "First steps, in five commands"),
      page("docs/what-goes-wrong.md", "What goes wrong"),
    ],
  },
  {
    title: "Guides",
    pages: [
      page("docs/testing.md", "Testing your own service"),
      page("docs/mock-server.md", "The mock server"),
      page("docs/faults.md", "Faults"),
      page("docs/test-clock.md", "The test clock and the forecast"),
      page("docs/worlds.md", "World files and saved state"),
      page("docs/control-api.md", "The control API"),
      page("docs/client.md", "The client"),
      page("docs/bulk.md", "Many orders"),
      page("docs/cli.md", "The CLI"),
      page("docs/switching.md", "Switching from a file"),
      page("docs/verify.md", "Verifying a server"),
      page("docs/validating-proxy.md", "The validating proxy"),
      page("docs/openapi.md", "OpenAPI: documents and clients"),
      page("docs/contract-tools.md", "Other contract tools"),
      page("docs/several-mocks.md", "Several mocks behind one address"),
      page("docs/languages.md", "Programs in Python, PHP and Go"),
      page("docs/container.md", "Containers and Testcontainers"),
    ],
  },
  {
    title: "The contract",
    pages: [
      page("docs/core.md", "The contract as a package"),
      page("docs/pages/reference/statements.md", "What is known, and how well"),
      page("docs/pages/reference/error-codes.md", "Error codes"),
      ...operations.map((operation) =>
        page(`docs/pages/reference/operations/${operation.id}.md`, specOf(operation).summary),
      ),
    ],
  },
  {
    title: "Reference",
    pages: [
      page("docs/pages/reference/packages/index.md", "All packages"),
      ...entries.map(({ name }) => page(`docs/pages/reference/packages/${name}.md`, `@auto-extend/${name}`)),
    ],
  },
  {
    title: "The project",
    pages: [
      page("CONTRIBUTING.md", "Contributing", "contributing.md"),
      page("docs/decisions.md", "Decisions"),
      page("docs/bench.md", "Measurements"),
      page("docs/pages/reference/changes.md", "Changes"),
      page("SECURITY.md", "Security", "security.md"),
    ],
  },
];

/** All pages. */
export const pages = groups.flatMap((group) => group.pages);
