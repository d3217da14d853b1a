// The fenced blocks of the repository's documents, with the commands in the text between them, which are run like blocks.
// What the comment in front of a block says about how it is run:
//
//   <!-- file: NAME -->      the reader saves the block under this name, in the folder of the document
//   <!-- folder: NAME -->    the blocks from here on belong to a folder of their own, which is empty at first
//   <!-- setup: CODE -->     code that stands in front of the program; the reader has such code already
//   <!-- not run: REASON --> the block is not executed
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { filesOf } from "../../../../scripts/toolchain.mjs";

export const root = fileURLToPath(new URL("../../../../", import.meta.url));

export interface Block {
  readonly place: string;
  readonly language: string;
  readonly text: string;
  /** The folder inside that of the document; empty for that folder itself. */
  readonly folder: string;
  readonly directives: Readonly<Partial<Record<Directive, string>>>;
}

export interface MarkdownFile {
  readonly path: string;
  readonly prose: string;
  readonly blocks: readonly Block[];
}

const directiveNames = ["file", "setup", "not run"] as const;
type Directive = (typeof directiveNames)[number];

const fence = /^( *)```(.*)\n([\s\S]*?)^ *```$/gm;
/** A command that a reader types. Programs of ours are also named without arguments. */
const command =
  /`((?:npm install|npx(?! @auto-extend\/[\w-]+`)|node|curl|docker|nginx|kill(?! -)|perl|python3|php|go|\(umask)\s[^`]+)`/g;
const directivesBefore = new RegExp(
  `(?:<!-- (?:${directiveNames.join("|")}): (?:(?!-->)[\\s\\S])*-->\\s*)+$`,
);

export function markdownFiles(): MarkdownFile[] {
  return filesOf(root, "*.md").map((path) => {
    const text = readFileSync(join(root, path), "utf8");
    return { path, prose: text.replace(fence, ""), blocks: blocksOf(path, text) };
  });
}

/** The text that a document has the reader save under a name, which may begin with a folder. */
export function savedAs(path: string, name: string): string {
  const text = readFileSync(join(root, path), "utf8");
  const saved = blocksOf(path, text).find(
    ({ folder, directives: { file = "" } }) => posix.join(folder, file) === name,
  );
  if (saved === undefined) throw new Error(`${path} has no block that is saved as ${name}.`);
  return saved.text;
}

function blocksOf(path: string, markdown: string): Block[] {
  const fenced = [...markdown.matchAll(fence)].map(({ index, 1: indent, 2: language = "", 3: text = "" }) => {
    if (indent !== "")
      throw new Error(`${path}: ${text}: this block is indented; put it at the beginning of the line.`);
    return { index, language, text, directives: directivesIn(markdown.slice(0, index)) };
  });
  const prose = markdown.replace(fence, blank).replace(/<!--[\s\S]*?-->/g, blank);
  const typed = [...prose.matchAll(command)].map(({ index, 1: text = "" }) => ({
    index,
    language: "sh",
    text: text.replace(/\s+/g, " "),
    directives: {},
  }));
  return [...fenced, ...typed]
    .sort((one, other) => one.index - other.index)
    .map(({ index, ...block }) => {
      const before = markdown.slice(0, index);
      const folder = [...before.matchAll(/<!-- folder: (\S+) -->/g)].at(-1)?.[1] ?? "";
      return { ...block, place: `${path}:${before.split("\n").length}`, folder };
    });
}

/** Keeps the places of what follows. */
function blank(text: string): string {
  return " ".repeat(text.length);
}

function directivesIn(before: string): Block["directives"] {
  const [comments = ""] = directivesBefore.exec(before) ?? [];
  const each = /<!-- ([a-z ]+): ([\s\S]*?) -->/g;
  return Object.fromEntries([...comments.matchAll(each)].map(([, name = "", value = ""]) => [name, value]));
}
