// Writes what is generated in docs/: the OpenAPI document as JSON and YAML, the page of faults, and tables. With --check it writes
// nothing, and fails if a file differs from what it would write. Build the packages first.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { presets } from "@auto-extend/mock-server";
import { faultsPage } from "./docs/faults-page.mjs";
import { contractTables, controlTable, optionsTable, withTables, worldOptionsTable } from "./docs/tables.mjs";

const root = new URL("../../../", import.meta.url);
const files = {
  "docs/openapi.json": readText("@auto-extend/core/openapi.json"),
  "docs/openapi.yaml": readText("@auto-extend/core/openapi.yaml"),
  "docs/faults.md": faultsPage(presets),
  ...withTables("docs/core.md", contractTables),
  ...withTables("docs/control-api.md", {
    requests: controlTable(JSON.parse(readText("@auto-extend/mock-server/control-api.json"))),
  }),
  ...withTables("docs/client.md", {
    options: optionsTable("packages/client/src/options.ts", "ClientOptions"),
    retries: optionsTable("packages/client/src/options.ts", "RetryOptions"),
  }),
  ...withTables("docs/bulk.md", {
    options: optionsTable("packages/client/src/bulk/options.ts", "SetAutoExtendManyOptions"),
  }),
  ...withTables("docs/verify.md", {
    options: optionsTable("packages/contract-tests/src/runner/target.ts", "ServerTarget"),
  }),
  ...withTables("docs/worlds.md", { options: worldOptionsTable() }),
};

if (process.argv.includes("--check")) check();
else write();

function write() {
  for (const [path, text] of Object.entries(files)) {
    writeFileSync(new URL(path, root), text);
    console.log(`Wrote ${path}.`);
  }
}

function check() {
  const differing = Object.entries(files).filter(([path, text]) => committed(path) !== text);
  for (const [path] of differing) console.error(`${path} is not what the contract and the mock make of it.`);
  if (differing.length === 0) return console.log("The documents are up to date.");
  console.error("Run `npm run docs:api` and commit what it writes.");
  process.exitCode = 1;
}

/** @param {string} path */
function committed(path) {
  try {
    return readFileSync(new URL(path, root), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** @param {string} specifier */
function readText(specifier) {
  return readFileSync(fileURLToPath(import.meta.resolve(specifier)), "utf8");
}
