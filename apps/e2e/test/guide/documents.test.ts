import { describe, expect, it } from "vitest";
import { debianPackages } from "../../../../scripts/debian-packages.mjs";
import { describeWith } from "../debian-package.js";
import { type MarkdownFile, markdownFiles } from "./blocks.js";
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
