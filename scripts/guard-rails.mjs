// Checks the rules that keep the code easy to change: no import cycles, short and simple functions, small folders, one
// zod, and plain English.
// guard-rails.json lists the exceptions, each with what was measured. They may only become fewer and smaller: a new one
// fails, so does one that got worse, and so does one that is no longer needed. Nor may the list have grown since the last
// commit, or in it.
//
//   node scripts/guard-rails.mjs [--update] [CHECKOUT]
//
// `--update` removes the exceptions that are no longer needed, and lowers those that are too high. It never adds any.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import { parseArgs } from "node:util";
import { members } from "./members.mjs";
import { outputOf, root } from "./toolchain.mjs";

/**
 * @typedef {{ path: string, text: string }} Source a file of code or Markdown
 * @typedef {{ path: string, sizes: number[], details: string[] }} Finding a file or folder that breaks a rule, how badly,
 *   and where: the size of each function that is too large, from the largest on, or one number of places or files
 * @typedef {{ path: string, rule: string, detail: string }} Diagnostic one thing that Biome reports
 * @typedef {{ checkout: string, sources: Source[], diagnostics: Diagnostic[] }} Tree
 * @typedef {{ rule: string, why: string, fix: string, find: (tree: Tree) => Finding[] }} Guard
 * @typedef {string[] | Record<string, number | number[]>} Exceptions paths, or the sizes that are accepted of each path
 * @typedef {Record<string, Exceptions>} List the exceptions of each rule
 * @typedef {{ name: string, violations: Finding[], stale: string[], needed: Exceptions }} Result
 */

const listName = "scripts/guard-rails.json";
const scriptName = "scripts/guard-rails.mjs";
const maxFiles = 12;
const onePerThing = ["commands", "operations", "routes", "presets"];

/** The folders whose code, tests and READMEs are held to plain English. */
const plainFolders = [
  "apps/mock-server",
  "packages/core",
  "packages/client",
  "packages/contract-tests",
  "packages/cli/src",
];

/** Names that were given up, and the name to use instead. */
const oldNames = {
  Asked: "FaultTrigger, RuleInput",
  Asking: "FaultTrigger, RuleInput",
  BulkAccount: "BulkSummary",
  ClockOrder: "ClockCommand",
  EngineSettings: "MockFetchOptions",
  FaultOrder: "FaultSpec",
  Feat: "Capability",
  Happening: "CallEvent",
  Manner: "Delivery",
  NotEnactedError: "UnsupportedFaultError",
  OrderBook: "OrderIndex",
  WaitingFault: "QueuedFault",
  accountText: "summaryText",
  canStrike: "appliesTo",
  carriedOut: "execute",
  catalogued: "requireErrorCode",
  doNotAwait: "excludeFromShutdown",
  enact: "sendWithFault",
  impossibleIpAddressId: "reservedIpAddressId",
  impossibleOrderId: "reservedOrderId",
  impossibleProxyType: "reservedProxyType",
  isBodiless: "hasNullBody",
  isLasting: "isPermanent",
  jsonSpot: "jsonErrorPosition",
  keepsBack: "preventsExecution",
  lastMoment: "lastTimestamp",
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
  discretion: "redaction",
  "goes on": "continues",
  "is none": "is missing, or no ...",
  "mend|mends|mended": "fix",
  stranger: "unknown ...",
  "tells|told": "says, reports, shows",
  wants: "needs, requires",
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
    find: (tree) => reported(tree, cycles).map((finding) => ({ ...finding, sizes: [1] })),
  },
  complexity: {
    rule: "The cognitive complexity of a function must not exceed 15.",
    why: "A reader has to keep all branches and loops around a line in mind.",
    fix: "Return early, give an inner step a function of its own, or replace branches with a table.",
    find: (tree) => reported(tree, complexity, /complexity of (\d+)/),
  },
  functionLines: {
    rule: "A function must not exceed 60 lines of code (tests excepted; blank lines, comments and closing brackets do not count).",
    why: "A function should fit on a screen.",
    fix: "Split it into steps that have names.",
    find: (tree) =>
      reported(tree, functionLines, /lines \((\d+)\)/).filter(({ path }) => !/(^|\/)test\//.test(path)),
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
  if (update) writeFileSync(listFile, listText(results));
  const grown = update ? [] : grownSince(checkout, list);
  for (const text of grown) console.error(`\n${text}`);
  return report(results, update) && grown.length === 0;
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
 * @param {RegExp} [size] finds it in the text of a diagnostic
 * @returns {Finding[]}
 */
function reported({ diagnostics }, rule, size) {
  const findings = countByPath(diagnostics.filter((diagnostic) => diagnostic.rule === rule));
  if (size === undefined) return findings;
  return findings.map(({ path, details }) => ({
    path,
    details,
    sizes: details.map((text) => Number(size.exec(text)?.[1])).sort((one, other) => other - one),
  }));
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
  return [...details].map(([path, found]) => ({ path, sizes: [found.length], details: found }));
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
    .map(({ path, sizes }) => ({ path, sizes, details: [`${sizes} files`] }))
    .filter(({ sizes: [count = 0] }) => count > maxFiles);
}

/**
 * @param {string} name
 * @param {Exceptions} [list]
 * @param {Finding[]} findings
 * @returns {Result}
 */
function compare(name, list = {}, findings) {
  const allowed = sizesOf(list);
  const found = new Map(findings.map(({ path, sizes }) => [path, sizes]));
  const compared = [...allowed].map(([path, sizes]) => {
    const left = found.get(path) ?? [];
    return {
      path,
      sizes,
      needed: sizes.map((size, index) => Math.min(size, left[index] ?? 0)).filter(Boolean),
    };
  });
  const needed = compared.filter((each) => each.needed.length > 0);
  return {
    name,
    violations: findings.filter(({ path, sizes }) =>
      sizes.some((size, index) => size > (allowed.get(path)?.[index] ?? 0)),
    ),
    stale: compared
      .filter(({ sizes, needed }) => String(sizes) !== String(needed))
      .map(({ path, sizes, needed }) =>
        needed.length === 0 ? path : `${path}: ${needed.join(", ")} instead of ${sizes.join(", ")}`,
      ),
    needed: Array.isArray(list)
      ? needed.map(({ path }) => path)
      : Object.fromEntries(
          needed.map(({ path, needed }) => [path, Array.isArray(list[path]) ? needed : (needed[0] ?? 0)]),
        ),
  };
}

/**
 * The accepted sizes of each path.
 *
 * @param {Exceptions} list
 * @returns {Map<string, number[]>}
 */
function sizesOf(list) {
  if (Array.isArray(list)) return new Map(list.map((path) => [path, [1]]));
  return new Map(Object.entries(list).map(([path, sizes]) => [path, [sizes].flat()]));
}

/**
 * Compares the list with those of the last commit and its parents, as far as the clone has them: a shallow one has the
 * last commit. Sums are compared and not paths, since files move.
 *
 * @param {string} checkout
 * @param {List} list
 * @returns {string[]} what has grown
 */
function grownSince(checkout, list) {
  const commits = ["HEAD", "HEAD^1", "HEAD^2"];
  return commits.flatMap((commit) => {
    const [before, script] = [textAt(checkout, commit, listName), textAt(checkout, commit, scriptName)];
    if (before === undefined || script === undefined) return [];
    const earlier = JSON.parse(before);
    return Object.keys(list)
      .filter((name) => script.includes(`\n  ${name}: {`) && hasSameForm(list[name], earlier[name]))
      .filter((name) => isLarger(list[name], earlier[name]))
      .map(
        (name) => `${name}: ${listName} accepts more than in ${commit}. Exceptions may only become fewer.`,
      );
  });
}

/**
 * A file as it was in a commit; undefined if either is not there.
 *
 * @param {string} checkout
 * @param {string} commit
 * @param {string} path
 */
function textAt(checkout, commit, path) {
  try {
    return outputOf("git", ["show", `${commit}:${path}`], { cwd: checkout });
  } catch {
    return undefined;
  }
}

/**
 * Whether both lists have the sizes of functions, or neither has: earlier lists only had their number.
 *
 * @param {Exceptions} list
 * @param {Exceptions} [earlier]
 */
function hasSameForm(list, earlier = {}) {
  const [now, before] = [list, earlier].map((each) => Object.values(each).map(Array.isArray));
  return before.length === 0 || now[0] === before[0];
}

/**
 * @param {Exceptions} list
 * @param {Exceptions} [earlier]
 */
function isLarger(list, earlier = {}) {
  const [now = [], before = []] = [list, earlier].map((each) => [...sizesOf(each).values()].flat());
  const sum = (/** @type {number[]} */ sizes) => sizes.reduce((total, size) => total + size, 0);
  return now.length > before.length || sum(now) > sum(before);
}

/**
 * The list with what is still needed, formatted as Biome does.
 *
 * @param {Result[]} results
 */
function listText(results) {
  const list = Object.fromEntries(
    results.filter(({ needed }) => Object.keys(needed).length > 0).map(({ name, needed }) => [name, needed]),
  );
  const text = JSON.stringify(list, null, 2).replace(/\[[\s\d,]+\]/g, (sizes) =>
    sizes.replace(/\s+/g, " ").replace("[ ", "[").replace(" ]", "]"),
  );
  return `${text}\n`;
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
  const left = results.reduce((sum, { needed }) => sum + Object.keys(needed).length, 0);
  console.log(`The guard rails hold. ${listName} lists ${left} files and folders as exceptions.`);
  return true;
}
