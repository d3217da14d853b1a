// Checks what Biome does not see: small folders, one zod in types and comments too, and plain English. Biome has the rest,
// by the rules in biome.json: no import cycles, short and simple functions.
//
//   node scripts/guard-rails.mjs [CHECKOUT]
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
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
const onePerThing = ["commands", "operations", "routes", "presets"];

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
  carrier: "channel",
  carriers: "channels",
  catalogued: "requireErrorCode",
  doNotAwait: "excludeFromShutdown",
  enact: "sendWithFault",
  impossibleIpAddressId: "reservedIpAddressId",
  impossibleOrderId: "reservedOrderId",
  impossibleProxyType: "reservedProxyType",
  isBodiless: "hasNullBody",
  isLasting: "isPermanent",
  isOver: "isRateLimited",
  jsonSpot: "jsonErrorPosition",
  keepsBack: "preventsExecution",
  lastMoment: "lastTimestamp",
  lastWords: "flush",
  leansOn: "dependsOn",
  looseMoment: "parseLenientDate",
  mayMend: "isRetryable",
  momentText: "timestampText",
  "no-verify": "--no-read-back",
  ofOrders: "needingOrders",
  orderOfAccount: "faultSpecForAccount",
  readOrder: "parseFaultSpec",
  servedBy: "defineHandler",
  struckOperations: "appliesTo",
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
  ownPackage: {
    rule: "A member must not import its own package by name.",
    why: "It is a cycle that Biome does not see.",
    fix: "Import the file.",
    find: ({ checkout, sources }) =>
      members(checkout).flatMap(({ folder, manifest }) => {
        const source = `${relative(checkout, folder).replaceAll(sep, "/")}/src/`;
        const own = code(sources).filter(({ path }) => path.startsWith(source));
        return placesOf(own, new RegExp(`\\b(?:from|import)\\b\\s*\\(?\\s*["']${manifest.name}["'/]`, "g"));
      }),
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
  components: {
    rule: "A component must not be longer than 60 lines, its parts included.",
    why: "Biome counts the functions inside of a component, but not its elements.",
    fix: "Make a component of a part that has a name.",
    find: ({ sources }) =>
      placesOf(
        sources.filter(({ path }) => path.endsWith(".tsx")),
        /^(?:export )?function \w+[\s\S]*?^\}$/gm,
      ).filter(({ lines }) => lines > 60),
  },
  suppressions: {
    rule: "No comment may switch off the rules about import cycles, complexity and length.",
    why: "Each exception makes the next one easier.",
    fix: "Remove the comment and change the code.",
    find: ({ sources }) =>
      placesOf(
        code(sources),
        /biome-ignore(?:-all|-start)?\s[^:\n]*?\blint(?:\/(?:suspicious|complexity)(?:\/(?:noImportCycles|noExcessive\w+))?)?(?=[\s:(])/g,
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
 * @returns {(Place & { lines: number })[]}
 */
function placesOf(sources, pattern, better) {
  const hint = better === undefined ? "" : ` (${better})`;
  return sources.flatMap(({ path, text }) =>
    [...text.matchAll(pattern)].map(({ 0: match, index }) => ({
      path,
      lines: match.split("\n").length,
      detail: `line ${text.slice(0, index).split("\n").length}: ${match.replace(/\s+/g, " ").slice(0, 200)}${hint}`,
    })),
  );
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
