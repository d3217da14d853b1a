import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { debianPackages } from "../../../../scripts/debian-packages.mjs";
import { describeWith } from "../debian-package.js";
import { type Block, type MarkdownFile, markdownFiles } from "./blocks.js";
import { workThrough } from "./session.js";

const files = markdownFiles().filter(({ blocks }) => blocks.length > 0);
/** The commands of documents that come with a Debian package. */
const packageOf: Readonly<Record<string, keyof typeof debianPackages>> = {
  curl: "curl",
  python3: "python3",
  php: "php-cli",
  "php switch_on.php": "php-curl",
  "go run": "golang-go",
  perl: "libopenapi-client-perl",
  nginx: "nginx",
  "npx playwright": "chromium",
};

// The commands are for a POSIX shell.
describe.skipIf(process.platform === "win32")("the blocks of", { concurrent: true }, () => {
  for (const file of files) {
    describeWithAll(packagesOf(file), file.path, () => {
      it("run as they stand, and print what the document shows", () => workThrough(file), 180_000);
    });
  }
});

it("at most five blocks of all documents are not run, and no command in the text; each says why", () => {
  const reasons = files
    .flatMap(({ blocks }) => blocks)
    .flatMap(({ place, directives }) =>
      directives["not run"] === undefined ? [] : [[place, directives["not run"]]],
    );
  expect(reasons.length).toBeLessThanOrEqual(5);
  for (const [place, reason = ""] of reasons) expect(reason.length, place).toBeGreaterThan(20);
});

it("each block that is saved is used by one that is run, or by a test", () => {
  const saved = files.flatMap((file) =>
    file.blocks.flatMap((block) => (block.directives.file === undefined ? [] : [{ file, block }])),
  );
  expect(saved.length).toBeGreaterThan(20);
  expect(saved.filter(({ file, block }) => !isUsed(block, file)).map(({ block }) => block.place)).toEqual([]);
});

function isUsed(block: Block, { blocks }: MarkdownFile): boolean {
  // one-more-operation.test.ts saves these in a copy of the workspace, and builds it.
  if (block.folder === "toolkit") return true;
  const name = basename(block.directives.file ?? "");
  const run = blocks.filter((each) => each !== block && each.directives["not run"] === undefined);
  // Test runners find the files that are named like this by themselves.
  const found = /\.(?:test|spec)\.|\.config\./.test(name);
  const runner = /\b(?:vitest run|node --test|jest|playwright test)\b/;
  return run.some(({ text, folder }) =>
    found ? folder === block.folder && runner.test(text) : text.includes(name),
  );
}

function packagesOf({ blocks }: MarkdownFile): (keyof typeof debianPackages)[] {
  const commands = blocks.filter(({ language }) => language === "sh").map(({ text }) => text);
  const needed = Object.entries(packageOf).filter(([command]) =>
    commands.some((text) => new RegExp(`^${command} `, "m").test(text)),
  );
  return needed.map(([, name]) => name);
}

function describeWithAll(
  names: readonly (keyof typeof debianPackages)[],
  title: string,
  suite: () => void,
): void {
  const missing = names.find((name) => !debianPackages[name]);
  if (missing === undefined) describe(title, suite);
  else describeWith(missing, title, suite);
}
