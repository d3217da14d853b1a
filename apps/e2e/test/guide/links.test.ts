import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { root } from "./blocks.js";

const documents = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((path) => path !== "" && existsSync(join(root, path)));

/** READMEs are read on npm as well, so their links name the repository; a release refuses this placeholder. */
const repository = "https://github.com/OWNER/auto-extend-toolkit/blob/main/";
const published = ["apps/mock-server", "packages/client", "packages/core", "packages/contract-tests"];

it.each(documents)("the links in %s lead to files and headings that exist", (path) => {
  const dead = linksIn(path).filter((link) => !leadsSomewhere(path, link));
  expect(dead).toEqual([]);
});

it.each(published)("the README of %s has no link that npm could not follow", (folder) => {
  expect(linksIn(`${folder}/README.md`).filter((link) => !/^(?:https:\/\/|#)/.test(link))).toEqual([]);
});

function linksIn(path: string): string[] {
  const text = withoutBlocks(readFileSync(join(root, path), "utf8"));
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
}

function leadsSomewhere(path: string, link: string): boolean {
  if (!link.startsWith(repository) && /^[a-z]+:/.test(link)) return true;
  const [file = "", heading] = link.replace(repository, "").split("#");
  const folder = link.startsWith(repository) ? "" : dirname(path);
  const target = file === "" ? join(root, path) : join(root, folder, file);
  if (!existsSync(target)) return false;
  if (heading === undefined) return true;
  return statSync(target).isFile() && headingsOf(target).includes(heading);
}

/** The anchors of a document, as both GitHub and the site make them. */
function headingsOf(file: string): string[] {
  const text = withoutBlocks(readFileSync(file, "utf8"));
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replace(/[^\w\s-]/g, "")
      .trim()
      .replace(/\s/g, "-"),
  );
}

function withoutBlocks(markdown: string): string {
  return markdown.replace(/^```[\s\S]*?^```$/gm, "");
}
