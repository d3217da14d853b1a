import { existsSync } from "node:fs";
import { join, posix } from "node:path";
import { expect, it } from "vitest";
import { pages } from "../../../../docs/pages.mjs";
import { readManifest } from "../../../../scripts/members.mjs";
import { markdownFiles, root } from "./blocks.js";

const documents = new Map(markdownFiles().map(({ path, prose }) => [path, prose]));

/** READMEs are read on npm as well, so their links name the repository. */
const { url } = readManifest(join(root, "packages/core")).repository as { url: string };
const repository = `${url.replace(/^git\+|\.git$/g, "")}/blob/main/`;
const [, owner, name] = /github\.com\/(.+)\/(.+)\.git$/.exec(url) ?? [];
const site = `https://${owner}.github.io/${name}/`;
const published = [
  "apps/mock-server",
  "packages/client",
  "packages/core",
  "packages/contract-tests",
  "packages/cli",
];

it.each([...documents.keys()])("the links in %s lead to files and headings that exist", (path) => {
  const dead = linksIn(path).filter((link) => !leadsSomewhere(path, link));
  expect(dead).toEqual([]);
});

it.each(published)("the README of %s has no link that npm could not follow", (folder) => {
  expect(linksIn(`${folder}/README.md`).filter((link) => !/^(?:https:\/\/|#)/.test(link))).toEqual([]);
});

it("each package's README leads to the reference of each of its entries", () => {
  const references = pages.map(({ page }) => page).filter((page) => page.startsWith("reference/packages/"));
  const links = published
    .flatMap((folder) => linksIn(`${folder}/README.md`))
    .filter((link) => link.startsWith(site));
  const linked = links.map((link) => `${link.slice(site.length)}.md`);
  expect([...linked, "reference/packages/index.md"].sort()).toEqual(references.sort());
});

it("the links of the packages' READMEs are those of the repository that the packages name", () => {
  for (const folder of published)
    expect(linksIn(`${folder}/README.md`).some((link) => link.startsWith(repository))).toBe(true);
});

function linksIn(path: string): string[] {
  return [...(documents.get(path) ?? "").matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
}

function leadsSomewhere(path: string, link: string): boolean {
  if (link.startsWith(site))
    return pages.some(({ page }) => site + page.replace(/(?:index)?\.md$/, "") === link);
  if (!link.startsWith(repository) && /^[a-z]+:/.test(link)) return true;
  const [file = "", heading] = link.replace(repository, "").split("#");
  const folder = link.startsWith(repository) ? "" : posix.dirname(path);
  const target = file === "" ? path : posix.join(folder, file);
  return existsSync(join(root, target)) && (heading === undefined || headingsOf(target).includes(heading));
}

/** The anchors of a document, as both GitHub and the site make them. */
function headingsOf(path: string): string[] {
  return [...(documents.get(path) ?? "").matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\w\s-]/g, "")
      .trim()
      .replace(/\s/g, "-"),
  );
}
