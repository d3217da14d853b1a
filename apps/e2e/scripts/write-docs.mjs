// Writes what stands in docs/: the OpenAPI document as JSON and YAML, the page made from it, the page of faults, and the
// OpenAPI document of the mock's control API. With --check it writes nothing, and fails where a file differs from what would be written. It
// wants the packages built.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { presets } from "@auto-extend/mock-server";
import { apiPage } from "./docs/api-page.mjs";
import { faultsPage } from "./docs/faults-page.mjs";

const folder = new URL("../../../docs/", import.meta.url);
const json = readText("@auto-extend/core/openapi.json");
const files = {
  "openapi.json": json,
  "openapi.yaml": readText("@auto-extend/core/openapi.yaml"),
  "api.html": apiPage(JSON.parse(json)),
  "faults.md": faultsPage(presets),
  "control-api.json": readText("@auto-extend/mock-server/control-api.json"),
};

if (process.argv.includes("--check")) check();
else write();

function write() {
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(new URL(name, folder), text);
    console.log(`Wrote docs/${name}.`);
  }
}

function check() {
  const differing = Object.entries(files).filter(([name, text]) => committed(name) !== text);
  for (const [name] of differing) console.error(`docs/${name} is not what the contract makes of it.`);
  if (differing.length === 0) return console.log("The documents in docs/ are up to date.");
  console.error("Run `npm run docs:api` and commit what it writes.");
  process.exitCode = 1;
}

/** @param {string} name */
function committed(name) {
  try {
    return readFileSync(new URL(name, folder), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** @param {string} specifier */
function readText(specifier) {
  return readFileSync(fileURLToPath(import.meta.resolve(specifier)), "utf8");
}
