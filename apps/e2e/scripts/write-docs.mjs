// Writes what stands in docs/: the OpenAPI document as JSON and YAML, the page made from it, the page of faults, and the
// OpenAPI document of the mock's control API; and the table of faults in the README of the mock server. With --check it
// writes nothing, and fails where a file differs from what would be written. It wants the packages built.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { presets } from "@auto-extend/mock-server";
import { presetTable } from "../../../scripts/preset-table.mjs";
import { apiPage } from "./docs/api-page.mjs";
import { faultsPage } from "./docs/faults-page.mjs";
import { withWrittenPart } from "./docs/written-part.mjs";

const root = new URL("../../../", import.meta.url);
const json = readText("@auto-extend/core/openapi.json");
const readme = "apps/mock-server/README.md";
const files = {
  "docs/openapi.json": json,
  "docs/openapi.yaml": readText("@auto-extend/core/openapi.yaml"),
  "docs/api.html": apiPage(JSON.parse(json)),
  "docs/faults.md": faultsPage(presets),
  "docs/control-api.json": readText("@auto-extend/mock-server/control-api.json"),
  [readme]: withWrittenPart(committed(readme) ?? "", "presets", presetTable(presets)),
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
