// Checks the rules that keep the code easy to change: no import cycles, short and simple functions, small folders, one
// zod, and plain English.
// guard-rails.json lists the exceptions. They may only become fewer: a new one fails, and so does one that is no longer
// needed.
//
//   node scripts/guard-rails.mjs [--update] [CHECKOUT]
//
// `--update` removes the exceptions that are no longer needed. It never adds any.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { parseArgs } from "node:util";
import { members } from "./members.mjs";
import { outputOf, root } from "./toolchain.mjs";

/**
 * @typedef {{ path: string, text: string }} Source a file of code or Markdown
 * @typedef {{ path: string, count: number, details: string[] }} Finding a file or folder that breaks a rule, how often
 *   it does, and where
 * @typedef {{ path: string, rule: string, detail: string }} Diagnostic one thing that Biome reports
 * @typedef {{ checkout: string, sources: Source[], diagnostics: Diagnostic[] }} Tree
 * @typedef {{ rule: string, why: string, fix: string, find: (tree: Tree) => Finding[] }} Guard
 * @typedef {{ name: string, violations: Finding[], stale: string[], needed: Map<string, number>, asArray: boolean }} Result
 */

const listName = "scripts/guard-rails.json";
const maxFiles = 12;
const onePerThing = ["commands", "operations", "routes", "presets"];

/** The folders whose code, tests and READMEs are held to plain English. */
const plainFolders = ["packages/core", "packages/client"];

/** Names that were given up, and the name to use instead. */
const oldNames = {
  BulkAccount: "BulkSummary",
  ClockOrder: "ClockCommand",
  FaultOrder: "FaultSpec",
  Feat: "Capability",
  Happening: "CallEvent",
  NotEnactedError: "UnsupportedFaultError",
  OrderBook: "OrderIndex",
  accountText: "summaryText",
  canStrike: "appliesTo",
  carriedOut: "execute",
  catalogued: "requireErrorCode",
  doNotAwait: "excludeFromShutdown",
  enact: "sendWithFault",
  isBodiless: "hasNullBody",
  isLasting: "isPermanent",
  jsonSpot: "jsonErrorPosition",
  keepsBack: "preventsExecution",
  lastWords: "flush",
  leansOn: "dependsOn",
  looseMoment: "parseLenientDate",
  mayMend: "isRetryable",
  ofOrders: "needingOrders",
  orderOfAccount: "faultSpecForAccount",
  readOrder: "parseFaultSpec",
  servedBy: "defineHandler",
  struckOperations: "appliesTo",
};

/** Phrases that puzzle readers, in comments, texts and titles, and what to write instead. */
const oldPhrases = {
  anew: "again",
  "goes on": "continues",
  "is none": "is missing, or no ...",
  "mend|mends|mended": "fix",
  "tells|told": "says, reports, shows",
  "what comes of it": "the result",
  "where left out": "default: ...",
  "which there is not": "unknown ...",
};

// biome.json sets the limits of these rules but leaves them off, so that `biome ci` and editors accept the exceptions;
// `--only` switches them on here. A cycle through `import("./a.js").Type` or through JSDoc escapes noImportCycles.
const cycles = "suspicious/noImportCycles";
const complexity = "complexity/noExcessiveCognitiveComplexity";
const functionLines = "complexity/noExcessiveLinesPerFunction";

/** @type {Record<string, Guard>} */
const guards = {
  oldNames: {
    rule: "Names that were given up must not come back.",
    why: "One thing has one name, so that a reader can search for it.",
    fix: "Use the name in brackets.",
    find: ({ sources }) =>
      countByPath(
        Object.entries(oldNames).flatMap(([name, better]) =>
          placesOf(plain(sources), new RegExp(`\\b${name}\\b`, "g"), better),
        ),
      ),
  },
  oldPhrases: {
    rule: "Comments, texts and titles are plain English.",
    why: "These phrases make a reader stop and puzzle.",
    fix: "Write what is in brackets, or whatever you would say to a colleague.",
    find: ({ sources }) =>
      countByPath(
        Object.entries(oldPhrases).flatMap(([phrase, better]) => {
          // A comment can break a phrase over two lines.
          const words = phrase.replaceAll(" ", "[\\s*/]+");
          return placesOf(plain(sources), new RegExp(`\\b(?:${words})\\b`, "gi"), better);
        }),
      ),
  },
  riddles: {
    rule: 'A doc comment must not open with "What" or "That".',
    why: "It names a thing by a riddle instead of saying what it is.",
    fix: "Begin with a noun or a verb: The price of ..., Whether ..., Reads ....",
    find: ({ sources }) => matches(plain(sources), /\/\*\*\s*(?:\*\s*)?(?:What|That)\b[^\n]*/g),
  },
  importCycles: {
    rule: "Files must not import each other in a cycle. Type imports count.",
    why: "The files of a cycle can only be understood, moved and tested together.",
    fix: `Move what both sides need into a file below them. See each cycle with: npx biome lint --only=${cycles} FILE`,
    find: (tree) => reported(tree, cycles).map((finding) => ({ ...finding, count: 1 })),
  },
  complexity: {
    rule: "The cognitive complexity of a function must not exceed 15.",
    why: "A reader has to keep all branches and loops around a line in mind.",
    fix: "Return early, give an inner step a function of its own, or replace branches with a table.",
    find: (tree) => reported(tree, complexity),
  },
  functionLines: {
    rule: "A function must not exceed 60 lines of code (tests excepted; blank lines, comments and closing brackets do not count).",
    why: "A function should fit on a screen.",
    fix: "Split it into steps that have names.",
    find: (tree) => reported(tree, functionLines).filter(({ path }) => !/(^|\/)test\//.test(path)),
  },
  folderFiles: {
    rule: `A folder in src must not have more than ${maxFiles} files (except for folders named ${onePerThing.join(", ")}).`,
    why: "A reader should be able to take in a folder at a glance.",
    fix: "Merge a file into the only one that imports it, or give a feature a folder of its own.",
    find: ({ checkout }) => members(checkout).flatMap(({ folder }) => largeFolders(checkout, folder)),
  },
  zodImports: {
    rule: 'Import zod from "zod/v3" and nothing else, in types and comments too.',
    why: "Users of zod 3 and users of zod 4 then share their copy of zod with these packages.",
    fix: 'Replace "zod", "zod/v4" or "zod/mini" with "zod/v3".',
    // Biome's noRestrictedImports shows import statements in editors, but it does not see types and comments.
    find: ({ sources }) =>
      matches(
        code(sources),
        /\b(?:from|import|require)\b\s*\(?\s*(?:\/\*.*?\*\/\s*)?["'`]zod(?!\/v3["'`])(?:\/[^"'`]*)?["'`]/g,
      ).filter(({ path }) => !path.startsWith("apps/e2e/test/packed/user/")),
  },
  suppressions: {
    rule: "No comment may switch these rules off.",
    why: `Exceptions belong in ${listName}, where they are counted.`,
    fix: "Remove the comment and change the code.",
    find: ({ sources }) =>
      matches(
        code(sources),
        /biome-ignore(?:-all|-start)?\s[^:\n]*?\blint(?:\/(?:suspicious|complexity)(?:\/(?:noImportCycles|noExcessive\w+))?)?(?=[\s:(])/g,
      ),
  },
};

const { values, positionals } = parseArgs({
  options: { update: { type: "boolean" } },
  allowPositionals: true,
});
if (!check(positionals[0] ?? root, values.update === true)) process.exitCode = 1;

/**
 * @param {string} checkout its top folder
 * @param {boolean} update
 */
function check(checkout, update) {
  const listFile = join(checkout, listName);
  const list = JSON.parse(readFileSync(listFile, "utf8"));
  const unknown = Object.keys(list).filter((name) => !Object.hasOwn(guards, name));
  if (unknown.length > 0)
    throw new Error(`${listName} has exceptions to unknown rules: ${unknown.join(", ")}`);
  const tree = readTree(checkout);
  const results = Object.entries(guards).map(([name, guard]) => compare(name, list[name], guard.find(tree)));
  if (update) writeFileSync(listFile, `${JSON.stringify(neededList(results), null, 2)}\n`);
  return report(results, update);
}

/**
 * @param {string} checkout
 * @returns {Tree}
 */
function readTree(checkout) {
  const listed = outputOf("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: checkout,
  });
  const sources = listed
    .split("\0")
    .filter((path) => /\.(?:[cm]?[jt]sx?|md)$/.test(path) && existsSync(join(checkout, path)))
    .map((path) => ({ path, text: readFileSync(join(checkout, path), "utf8") }));
  return { checkout, sources, diagnostics: lint(checkout) };
}

/**
 * Reports what Biome finds, whatever the number.
 *
 * @param {string} checkout
 * @returns {Diagnostic[]}
 */
function lint(checkout) {
  const only = [cycles, complexity, functionLines].map((rule) => `--only=${rule}`);
  const args = ["lint", ...only, "--reporter=json", "--max-diagnostics=none", "."];
  const { diagnostics } = JSON.parse(outputOf("biome", args, { cwd: checkout }));
  return diagnostics.map(({ category, message, location: { path, start } }) => ({
    path: path.replaceAll("\\", "/"),
    rule: category.replace(/^lint\//, ""),
    detail: `line ${start.line}: ${message}`,
  }));
}

/**
 * @param {Tree} tree
 * @param {string} rule
 */
function reported({ diagnostics }, rule) {
  return countByPath(diagnostics.filter((diagnostic) => diagnostic.rule === rule));
}

/** @param {Source[]} sources */
function plain(sources) {
  return sources.filter(({ path }) => plainFolders.some((folder) => path.startsWith(`${folder}/`)));
}

/** @param {Source[]} sources */
function code(sources) {
  return sources.filter(({ path }) => !path.endsWith(".md"));
}

/**
 * @param {Source[]} sources
 * @param {RegExp} pattern
 */
function matches(sources, pattern) {
  return countByPath(placesOf(sources, pattern));
}

/**
 * @param {Source[]} sources
 * @param {RegExp} pattern
 * @param {string} [better] what to write instead
 */
function placesOf(sources, pattern, better) {
  const hint = better === undefined ? "" : ` (${better})`;
  return sources.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].map(({ 0: match, index }) => ({
      path,
      detail: `line ${text.slice(0, index).split("\n").length}: ${match.replace(/\s+/g, " ")}${hint}`,
    })),
  );
}

/**
 * @param {{ path: string, detail: string }[]} places
 * @returns {Finding[]}
 */
function countByPath(places) {
  /** @type {Map<string, string[]>} */
  const details = new Map();
  for (const { path, detail } of places) details.set(path, [...(details.get(path) ?? []), detail]);
  return [...details].map(([path, found]) => ({ path, count: found.length, details: found }));
}

/**
 * @param {string} checkout
 * @param {string} member
 * @returns {Finding[]}
 */
function largeFolders(checkout, member) {
  const top = join(member, "src");
  if (!existsSync(top)) return [];
  const entries = readdirSync(top, { recursive: true, withFileTypes: true });
  const files = entries.filter(
    (entry) => entry.isFile() && !onePerThing.includes(basename(entry.parentPath)),
  );
  return countByPath(
    files.map(({ parentPath, name }) => ({
      path: relative(checkout, parentPath).replaceAll(sep, "/"),
      detail: name,
    })),
  )
    .filter(({ count }) => count > maxFiles)
    .map(({ path, count }) => ({ path, count, details: [`${count} files`] }));
}

/**
 * @param {string} name
 * @param {string[] | Record<string, number>} list paths, or how often each path may break the rule
 * @param {Finding[]} findings
 * @returns {Result}
 */
function compare(name, list, findings) {
  const asArray = Array.isArray(list);
  /** @type {Map<string, number>} */
  const allowed = new Map(asArray ? list.map((path) => [path, 1]) : Object.entries(list ?? {}));
  const found = new Map(findings.map(({ path, count }) => [path, count]));
  const needed = [...allowed].map(([path, count]) => ({ path, count, left: found.get(path) ?? 0 }));
  return {
    name,
    violations: findings.filter(({ path, count }) => count > (allowed.get(path) ?? 0)),
    stale: needed
      .filter(({ count, left }) => left < count)
      .map(({ path, count, left }) => (left === 0 ? path : `${path}: ${left} of ${count} left`)),
    needed: new Map(
      needed.filter(({ left }) => left > 0).map(({ path, count, left }) => [path, Math.min(count, left)]),
    ),
    asArray,
  };
}

/** @param {Result[]} results */
function neededList(results) {
  return Object.fromEntries(
    results
      .filter(({ needed }) => needed.size > 0)
      .map(({ name, needed, asArray }) => [name, asArray ? [...needed.keys()] : Object.fromEntries(needed)]),
  );
}

/**
 * Prints what is wrong; false if anything is.
 *
 * @param {Result[]} results
 * @param {boolean} updated whether the list has just been brought up to date
 */
function report(results, updated) {
  const broken = results.filter(({ violations }) => violations.length > 0);
  for (const { name, violations } of broken) {
    const { rule, why, fix } = guards[name];
    console.error(`\n${name}: ${rule}\n`);
    for (const { path, details } of violations) console.error(`  ${path}\n    ${details.join("\n    ")}`);
    console.error(`\n  Why: ${why}\n  To fix: ${fix}`);
  }
  const stale = updated ? [] : results.flatMap(({ name, stale }) => stale.map((text) => `${name}: ${text}`));
  if (stale.length > 0) {
    console.error(`\nThese exceptions are no longer needed. Remove them from the list ${listName},`);
    console.error("or run: node scripts/guard-rails.mjs --update\n");
    for (const text of stale) console.error(`  ${text}`);
    console.error("\nIf a file has only moved, change its path in the list instead.");
  }
  if (broken.length > 0 || stale.length > 0) return false;
  const left = results.reduce((sum, { needed }) => sum + needed.size, 0);
  console.log(`The guard rails hold. ${listName} lists ${left} files and folders as exceptions.`);
  return true;
}
