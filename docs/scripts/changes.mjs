// The page of changes: what waits for the next release, from the changesets, and what was released, from the changelogs of the packages,
// which share their versions.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The parts of the page.
 *
 * @param {string} checkout
 * @param {readonly string[]} packages their folders
 */
export function changes(checkout, packages) {
  const released = releases(packages.map((folder) => join(checkout, folder, "CHANGELOG.md")));
  const waiting = waitingIn(join(checkout, ".changeset"));
  const next = released.size === 0 ? "First release, not published yet" : "Not published yet";
  return [
    "# Changes",
    ...(waiting.length === 0 ? [] : [`## ${next}`, ...waiting]),
    ...[...released].flatMap(([version, kinds]) => [
      `## ${version}`,
      ...[...kinds].flatMap(([kind, items]) => [`### ${kind}`, [...items].join("\n")]),
    ]),
    ...(waiting.length === 0 && released.size === 0 ? ["Nothing has changed yet."] : []),
  ];
}

/** @param {string} folder */
function waitingIn(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".md") && name !== "README.md")
    .sort()
    .map((name) =>
      /^---\n[\s\S]*?\n---\n([\s\S]*)$/.exec(readFileSync(join(folder, name), "utf8"))?.[1]?.trim(),
    )
    .filter((text) => text);
}

/**
 * The items of all changelogs by version and kind of change. One change is listed by each package that it is about.
 *
 * @param {readonly string[]} changelogs
 */
function releases(changelogs) {
  /** @type {Map<string, Map<string, Set<string>>>} */
  const versions = new Map();
  for (const { version, kind, item } of changelogs.flatMap(itemsOf)) {
    const kinds = versions.get(version) ?? new Map();
    versions.set(version, kinds.set(kind, (kinds.get(kind) ?? new Set()).add(item)));
  }
  return versions;
}

/** @param {string} changelog */
function itemsOf(changelog) {
  if (!existsSync(changelog)) return [];
  return sections(readFileSync(changelog, "utf8"), "## ").flatMap(([version, ofVersion]) =>
    sections(ofVersion, "### ").flatMap(([kind, text]) =>
      text
        .split(/\n(?=- )/)
        .filter((item) => !item.startsWith("- Updated dependencies"))
        .map((item) => ({ version, kind, item: item.trim() })),
    ),
  );
}

/**
 * @param {string} text
 * @param {string} mark of a heading
 */
function sections(text, mark) {
  const [, ...parts] = `\n${text}`.split(`\n${mark}`);
  return parts.map((part) => {
    const [title = "", ...lines] = part.split("\n");
    return /** @type {const} */ ([title, lines.join("\n").trim()]);
  });
}
