// Writes what is generated in docs/: the OpenAPI document as JSON and YAML, the page of faults, and tables. With --check it writes
// nothing, and fails if a file differs from what it would write. Build the packages first.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { presets } from "@auto-extend/mock-server";
import {
  errorsTable,
  eventsTable,
  exportsTable,
  fieldsTable,
  optionsTable,
  resultsTable,
  valuesTable,
} from "./docs/docstrings.mjs";
import { faultsPage } from "./docs/faults-page.mjs";
import {
  exitCodesTable,
  helpCommandsTable,
  helpOptionsTable,
  mockExamplesTable,
  mockExitCodesTables,
} from "./docs/help.mjs";
import {
  contractTables,
  controlTable,
  methodsTable,
  requestsTable,
  rulesTable,
  withTables,
} from "./docs/tables.mjs";

const root = new URL("../../../", import.meta.url);
const files = {
  "docs/openapi.json": readText("@auto-extend/core/openapi.json"),
  "docs/openapi.yaml": readText("@auto-extend/core/openapi.yaml"),
  "docs/faults.md": faultsPage(presets),
  ...withTables("docs/core.md", {
    ...contractTables,
    sets: fieldsTable("set", [
      ["core", "Operation", ["lawful", "accepts"]],
      ["core", "OperationSpec", ["emits"]],
    ]),
    levels: valuesTable("level", "core", "Finding", "level"),
    privacy: exportsTable("core", [
      ...["foreignText", "foreignValue", "foreignLine"],
      ...["withoutCredentials", "withoutCredentialsInText", "printable"],
    ]),
    helpers: exportsTable("core", [
      ...["baseUrlIssues", "parseBaseUrl", "isLoopback", "fetchAnswer", "withinTime", "pause", "whenAborted"],
      ...["isTroubleStatus", "isUncertainStatus", "readRetryAfter", "refusalScope", "effects", "errorNames"],
      "requestBodyLimit",
    ]),
  }),
  ...withTables("docs/control-api.md", {
    requests: controlTable(JSON.parse(readText("@auto-extend/mock-server/control-api.json"))),
  }),
  ...withTables("docs/client.md", {
    methods: methodsTable(),
    list: fieldsTable("field", [["client", "ListIpAddressesResult"]], {
      "orders[]": ["core", "ListedOrder"],
      "orders[].ipAddresses[]": ["core", "ListedIpAddress"],
    }),
    effects: valuesTable("`effect`", "core", "Effect"),
    errors: errorsTable(),
    options: optionsTable("client", "ClientOptions"),
    events: eventsTable(),
    retries: optionsTable("client", "RetryOptions"),
  }),
  ...withTables("docs/bulk.md", { options: optionsTable("client", "SetAutoExtendManyOptions") }),
  ...withTables("docs/verify.md", {
    options: optionsTable("contract-tests", "ServerTarget"),
    report: fieldsTable("field", [["contract-tests", "ServerReport"]], {
      "cases[]": ["contract-tests", "ServerCaseResult"],
      "cases[].problems[]": ["contract-tests", "CaseProblem"],
      "cases[].exchanges[]": ["contract-tests", "Exchange"],
      "cases[].skipped": ["contract-tests", "Skip"],
      "contradicted[]": ["contract-tests", "ContradictedStatement"],
      "remarks[]": ["contract-tests", "Remark"],
      "notRestored[]": ["contract-tests", "NotRestored"],
    }),
  }),
  ...withTables("docs/testing.md", { options: optionsTable("mock-server", "MockServerOptions") }),
  ...withTables("docs/worlds.md", { options: helpOptionsTable("mock", "world", "new") }),
  ...withTables("docs/mock-server.md", {
    options: helpOptionsTable("mock"),
    commands: helpCommandsTable("mock"),
    examples: mockExamplesTable(["requests", "explain", "state", "faults"]),
    ...mockExitCodesTables(),
    requests: requestsTable(),
    rules: rulesTable(),
  }),
  ...withTables("docs/test-clock.md", { commands: mockExamplesTable(["clock"]) }),
  ...withTables("docs/cli.md", {
    commands: helpCommandsTable("cli"),
    options: helpOptionsTable("cli"),
    "exit codes": exitCodesTable(),
    output: fieldsTable("field", [["cli", "JsonOutput"]], { "error.*": ["cli", "JsonError"] }),
    results: resultsTable(),
  }),
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
