// Checks what Biome does not see: no import cycles, short functions, small folders, one zod in types and comments too, and plain
// English. Biome has the rest, by the rules in biome.json, such as simple functions.
//
//   node scripts/guard-rails.mjs [CHECKOUT]
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, posix, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { members } from "./members.mjs";
import { filesOf, root } from "./toolchain.mjs";

/**
 * @typedef {{ path: string, text: string }} Source a file of code or Markdown
 * @typedef {{ path: string, detail: string }} Place a file or folder that breaks a rule, and where
 * @typedef {{ checkout: string, sources: Source[] }} Tree
 * @typedef {{ rule: string, why: string, fix: string, find: (tree: Tree) => Place[] }} Guard
 */

const maxFiles = 12;
const maxLines = 60;
const onePerThing = ["commands", "operations", "routes", "presets"];

/** Names that were given up, and the name to use instead. */
const oldNames = {
  AccountName: "AccountRef",
  Asked: "FaultTrigger, RuleInput",
  Asking: "FaultTrigger, RuleInput",
  BulkAccount: "BulkSummary",
  ClockOrder: "ClockCommand",
  EngineSettings: "MockFetchOptions",
  FaultName: "FaultRef",
  FaultOrder: "FaultSpec",
  Feat: "Capability",
  Happening: "CallEvent",
  Manner: "Delivery",
  NotEnactedError: "UnsupportedFaultError",
  OrderBook: "OrderIndex",
  WaitingFault: "QueuedFault",
  accountText: "summaryText",
  askMock: "callMock",
  askedBy: "withErrorPlace",
  callerWithKeysIn: "redactingKeysIn",
  canStrike: "appliesTo",
  carriedOut: "execute",
  carrier: "channel",
  carriers: "channels",
  catalogued: "requireErrorCode",
  doNotAwait: "excludeFromShutdown",
  "drift-type": "drift-proxy-type",
  "drift-types": "drift-number-strings",
  enact: "sendWithFault",
  ignoreMagic: "literalOrderIds",
  impossibleIpAddressId: "reservedIpAddressId",
  impossibleOrderId: "reservedOrderId",
  impossibleProxyType: "reservedProxyType",
  isBodiless: "hasNullBody",
  isForeign: "isFromUpstream",
  isLasting: "isPermanent",
  isNarrowed: "isAccountScoped",
  isOver: "isRateLimited",
  isSpared: "asksForNoFault",
  jsonSpot: "jsonErrorPosition",
  keepsBack: "preventsExecution",
  largestBody: "maxBodyBytes",
  largestLog: "maxLogBytes",
  lastMoment: "lastTimestamp",
  lastWords: "flush",
  leansOn: "dependsOn",
  "limit-at-once": "limit-concurrent",
  logRedactionFor: "upstreamLogRedaction",
  longestPeriod: "maxPeriodDays",
  looseMoment: "parseLenientDate",
  mayMend: "isRetryable",
  momentText: "timestampText",
  mostLookAheads: "maxLookAheads",
  "no-verify": "--no-read-back",
  ofOrders: "needingOrders",
  orderOfAccount: "faultSpecForAccount",
  readOrder: "parseFaultSpec",
  renewedOfAccount: "accountRenewalEvent",
  servedBy: "defineHandler",
  struckOperations: "appliesTo",
  takesNewKeys: "acceptsNewKeys",
  writeEntry: "toLogEntry",
};

/** Names that were given up, but that are plain words elsewhere: only code must not have them, as names. */
const oldWords = {
  Carried: "execute, its return value",
  Case: "RuleInput",
  alike: "sameGroup",
  blamed: "causeOf",
  books: "ledger",
  cannot: "unsupported",
  carry: "send",
  counted: "pluralize, ...Count",
  dated: "mockDate",
  ill: "malformedProbe",
  kept: "satisfied, saved, retained",
  moment: "time, timestamp",
  moments: "times, timestamps",
  narrows: "accountScoped",
  passedOn: "forwarded",
  patience: "shutdownTimeout, ...Ms",
  quoted: "quoteShort, shellWord",
  served: "handlers",
  settle: "advanceTo, processChunk, finish, isFinal",
  settles: "finishes",
  stories: "explanations",
  story: "explanation",
  tell: "emit, report, show",
  through: "release",
  withheld: "answeredLocally",
};

const anyOldWord = new RegExp(`\\b(?:${Object.keys(oldWords).join("|")})\\b`);

/** Folders and files that got another name. */
const oldPaths = /(?:^|\/)(?:companions|nine|judge|canary|tellings)\/|(?:^|\/)impossible\.ts$/;

/** Phrases that puzzle readers, in comments, texts and titles, and what to write instead. */
const oldPhrases = {
  anew: "again",
  "Declined: nothing": "Cancelled. Nothing was sent.",
  discretion: "redaction",
  "goes on|going on|went on|(?:and|to|then|can|must) go on": "continues",
  "is none": "is missing, or no ...",
  "mend|mends|mended|mending": "fix",
  "pattern account|pattern accounts": "template account",
  "run\\.account\\(\\)": "run.summary()",
  "stranger|strangers": "unknown ...",
  "tells|told|telling": "says, reports, shows",
  "wants|wanting": "needs, requires",
  "(?:what|must) (?:come|comes|came|become|becomes|became) of": "the result, the outcome",
  "where left out": "default: ...",
  "which there is not": "unknown ...",
};

/** @type {Record<string, Guard>} */
const guards = {
  oldNames: {
    rule: "Names that were given up must not come back.",
    why: "One thing has one name, so that a reader can search for it.",
    fix: "Use the name in brackets.",
    find: ({ sources }) =>
      Object.entries(oldNames).flatMap(([name, better]) =>
        placesOf(plain(sources), new RegExp(`\\b${name}\\b`, "g"), better),
      ),
  },
  oldWords: {
    rule: "Names that were given up must not come back, as names.",
    why: "One thing has one name, so that a reader can search for it.",
    fix: "Use a name in brackets, or one that says what it is.",
    find: ({ sources }) => code(plain(sources)).flatMap(identifiersFrom),
  },
  oldPaths: {
    rule: "Folders and files that got another name keep it.",
    why: "A folder is named with the word that a user would say.",
    fix: "Name it by what it holds.",
    find: ({ sources }) =>
      sources.filter(({ path }) => oldPaths.test(path)).map(({ path }) => ({ path, detail: "an old name" })),
  },
  oldPhrases: {
    rule: "Comments, texts and titles are plain English.",
    why: "These phrases make a reader stop and puzzle.",
    fix: "Write what is in brackets, or whatever you would say to a colleague.",
    find: ({ sources }) =>
      Object.entries(oldPhrases).flatMap(([phrase, better]) => {
        // A comment can break a phrase over two lines.
        const words = phrase.replaceAll(" ", "[\\s*/]+");
        return placesOf(plain(sources), new RegExp(`\\b(?:${words})\\b`, "gi"), better);
      }),
  },
  riddles: {
    rule: 'A doc comment must not open with "What" or "That".',
    why: "It names a thing by a riddle instead of saying what it is.",
    fix: "Begin with a noun or a verb: The price of ..., Whether ..., Reads ....",
    find: ({ sources }) => placesOf(plain(sources), /\/\*\*\s*(?:\*\s*)?(?:What|That)\b[^\n]*/g),
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
      placesOf(
        code(sources),
        /\b(?:from|import|require)\b\s*\(?\s*(?:\/\*.*?\*\/\s*)?["'`]zod(?!\/v3["'`])(?:\/[^"'`]*)?["'`]/g,
      ).filter(({ path }) => !path.startsWith("apps/e2e/test/packed/user/")),
  },
  importCycles: {
    rule: "No file may import itself by way of others: in types, comments and calls of import, or by the name of its own package.",
    why: "A file in a cycle cannot be read, tested or moved alone.",
    fix: "Move what both need into a file that both import, or import the file in place of the own package.",
    find: importCyclesIn,
  },
  settings: {
    rule: "Only the top folder has settings of Biome.",
    why: "Another file of them can switch off every rule in its folder.",
    fix: "Remove it, and change the code.",
    find: ({ checkout }) =>
      filesOf(checkout)
        .filter((path) => /\/\.?biome\.jsonc?$/.test(path))
        .map((path) => ({ path, detail: "settings of Biome" })),
  },
  functions: {
    rule: `A function must not be longer than ${maxLines} lines. Blank lines and comments do not count, nor do functions inside of it that have a name: each of those counts by itself. The files of tests are exempt.`,
    why: "A reader should see a function at once.",
    fix: "Make a function of a part that has a name; of elements, a component.",
    find: ({ sources }) =>
      code(sources)
        .filter(({ path }) => !/(?:^|\/)test\//.test(path))
        .flatMap(longFunctionsIn),
  },
  suppressions: {
    rule: "No comment may switch off the rule about complexity.",
    why: "Each exception makes the next one easier.",
    fix: "Remove the comment and change the code.",
    find: ({ sources }) =>
      placesOf(
        code(sources),
        /biome-ignore(?:-all|-start)?\s[^:\n]*?\blint(?:\/complexity(?:\/noExcessiveCognitiveComplexity)?)?(?=[\s:(])/g,
      ),
  },
};

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const report = violationsIn(process.argv[2] ?? root);
  if (report === "") console.log("The guard rails hold.");
  else {
    console.error(report);
    process.exitCode = 1;
  }
}

/**
 * Everything that breaks a rule, with the reason for the rule and the way out; empty if nothing does.
 *
 * @param {string} checkout its top folder
 */
export function violationsIn(checkout) {
  const tree = readTree(checkout);
  const texts = Object.entries(guards).map(([name, { rule, why, fix, find }]) => {
    const places = find(tree);
    if (places.length === 0) return "";
    const lines = places.map(({ path, detail }) => `  ${path}\n    ${detail}\n`).join("");
    return `\n${name}: ${rule}\n\n${lines}\n  Why: ${why}\n  To fix: ${fix}\n`;
  });
  return texts.join("");
}

/**
 * @param {string} checkout
 * @returns {Tree}
 */
function readTree(checkout) {
  const sources = filesOf(checkout)
    .filter((path) => /\.(?:[cm]?[jt]sx?|md)$/.test(path))
    .map((path) => ({ path, text: readFileSync(join(checkout, path), "utf8") }));
  return { checkout, sources };
}

/**
 * All files but those that list the words, and those that list what was renamed.
 *
 * @param {Source[]} sources
 */
function plain(sources) {
  const others =
    /(?:^|\/)(?:guard-rails\.(?:mjs|test\.ts)|CHANGELOG\.md|\.changeset\/(?!README\.md)[^/]+\.md)$/;
  return sources.filter(({ path }) => !others.test(path));
}

/** @param {Source[]} sources */
function code(sources) {
  return sources.filter(({ path }) => !path.endsWith(".md"));
}

/**
 * The names in a file that are among the old words.
 *
 * @param {Source} source
 * @returns {Place[]}
 */
function identifiersFrom({ path, text }) {
  if (!anyOldWord.test(text)) return [];
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
  /** @type {Place[]} */
  const found = [];
  /** @param {ts.Node} node */
  function visit(node) {
    if (ts.isIdentifier(node) && Object.hasOwn(oldWords, node.text)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
      const better = oldWords[/** @type {keyof typeof oldWords} */ (node.text)];
      found.push({ path, detail: `line ${line + 1}: ${node.text} (${better})` });
    }
    ts.forEachChild(node, visit);
  }
  visit(file);
  return found;
}

/**
 * @param {Source[]} sources
 * @param {RegExp} pattern
 * @param {string} [better] what to write instead
 * @returns {Place[]}
 */
function placesOf(sources, pattern, better) {
  const hint = better === undefined ? "" : ` (${better})`;
  return sources.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].map(({ 0: match, index }) => ({
      path,
      detail: `line ${text.slice(0, index).split("\n").length}: ${match.replace(/\s+/g, " ").slice(0, 200)}${hint}`,
    })),
  );
}

/**
 * @param {Tree} tree
 * @returns {Place[]}
 */
function importCyclesIn({ checkout, sources }) {
  const paths = new Set(sources.map(({ path }) => path));
  const packages = members(checkout).map(({ folder, manifest: { name } }) => ({
    own: new RegExp(`^${name}(?:/|$)`),
    folder: `${relative(checkout, folder).replaceAll(sep, "/")}/src/`,
  }));
  /** @type {Map<string, string[]>} */
  const imports = new Map();
  for (const { path, text } of code(sources)) {
    const own = packages.find(({ folder }) => path.startsWith(folder))?.own;
    const names = [...text.matchAll(/\b(?:from|import)\b\s*\(?\s*["'`]([^"'`\n]+)["'`]/g)].map(
      ([, name = ""]) => name,
    );
    const found = names.flatMap((name) => {
      if (own?.test(name)) return [path];
      const file = posix.join(posix.dirname(path), name);
      return name.startsWith(".") ? [file, ...[".ts", ".tsx"].map((end) => file.replace(/\.js$/, end))] : [];
    });
    imports.set(
      path,
      [...new Set(found)].filter((file) => paths.has(file)),
    );
  }
  return [...imports].flatMap(([path, files]) =>
    files
      .filter((file) => withImports(imports, file).has(path))
      .map((file) => ({
        path,
        detail: file === path ? "imports its own package" : `imports ${file}, which leads back to it`,
      })),
  );
}

/**
 * @param {ReadonlyMap<string, string[]>} imports
 * @param {string} file
 */
function withImports(imports, file) {
  const found = new Set([file]);
  for (const each of found) for (const next of imports.get(each) ?? []) found.add(next);
  return found;
}

/**
 * @param {Source} source
 * @returns {Place[]}
 */
function longFunctionsIn({ path, text }) {
  const isCounted = text.split("\n").map((line) => !/^\s*(?:$|\/\/|\/\*|\*)/.test(line));
  if (isCounted.length <= maxLines) return [];
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lineOf = (/** @type {number} */ position) => file.getLineAndCharacterOfPosition(position).line;
  /** @type {Place[]} */
  const found = [];
  /** Returns the lines of the functions in a node that count by themselves. @param {ts.Node} node @returns {number} */
  function measure(node) {
    let inner = 0;
    ts.forEachChild(node, (child) => {
      inner += measure(child);
    });
    if (!ts.isFunctionLike(node) || !("body" in node)) return inner;
    const first = lineOf(node.getStart(file));
    const lines = isCounted.slice(first, lineOf(node.end) + 1).filter(Boolean).length;
    if (lines - inner > maxLines) found.push({ path, detail: `line ${first + 1}: ${lines - inner} lines` });
    const isCallback = ts.isCallExpression(node.parent) || ts.isJsxExpression(node.parent);
    return isCallback ? inner : lines;
  }
  measure(file);
  return found;
}

/**
 * @param {string} checkout
 * @param {string} member
 * @returns {Place[]}
 */
function largeFolders(checkout, member) {
  const top = join(member, "src");
  if (!existsSync(top)) return [];
  const folders = [top, ...foldersIn(top)].filter((folder) => !onePerThing.includes(basename(folder)));
  return folders.flatMap((folder) => {
    const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
    if (files.length <= maxFiles) return [];
    return [{ path: relative(checkout, folder).replaceAll(sep, "/"), detail: `${files.length} files` }];
  });
}

/** @param {string} top */
function foldersIn(top) {
  const entries = readdirSync(top, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ parentPath, name }) => join(parentPath, name));
}
