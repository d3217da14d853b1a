// Writes the generated files of docs/: the OpenAPI document as JSON and YAML, and the page of faults; the table of
// faults in the README of the mock server; and the explanation in that of the repository. With --check it writes nothing, and fails if a file differs from what it would
// write. Build the packages first.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { presets } from "@auto-extend/mock-server";
import { presetTable } from "../../../scripts/preset-table.mjs";
import { faultsPage } from "./docs/faults-page.mjs";
import { explanationBlock } from "./docs/refusal.mjs";
import { withWrittenPart } from "./docs/written-part.mjs";

const root = new URL("../../../", import.meta.url);
const readme = "apps/mock-server/README.md";
const files = {
  "docs/openapi.json": readText("@auto-extend/core/openapi.json"),
  "docs/openapi.yaml": readText("@auto-extend/core/openapi.yaml"),
  "docs/faults.md": faultsPage(presets),
  "README.md": withWrittenPart(committed("README.md") ?? "", "explanation", await explanationBlock()),
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
