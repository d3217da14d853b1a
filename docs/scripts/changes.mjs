// The page of changes: what waits for the next release, from the changesets, and the changelog of each package.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The parts of the page.
 *
 * @param {string} checkout
 * @param {readonly string[]} packages their folders
 */
export function changes(checkout, packages) {
  const changesets = join(checkout, ".changeset");
  const waiting = readdirSync(changesets)
    .filter((name) => name.endsWith(".md") && name !== "README.md")
    .sort()
    .map((name) =>
      readFileSync(join(changesets, name), "utf8")
        .replace(/^---\n[\s\S]*?\n---\n/, "")
        .trim(),
    );
  const released = packages
    .map((folder) => join(checkout, folder, "CHANGELOG.md"))
    .filter((file) => existsSync(file))
    // Each begins with the name of its package; headings move down by a level.
    .map((file) => readFileSync(file, "utf8").trim().replace(/^#/gm, "##"));
  return ["# Changes", ...(waiting.length === 0 ? [] : ["## Not released yet", ...waiting]), ...released];
}
