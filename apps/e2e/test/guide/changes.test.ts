import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { changes } from "../../../../docs/scripts/changes.mjs";

/** The page of changes of a checkout with these files. */
function pageOf(files: Record<string, string>): string {
  const checkout = mkdtempSync(join(tmpdir(), "auto-extend-changes-"));
  onTestFinished(() => rmSync(checkout, { recursive: true }));
  for (const [name, text] of Object.entries({ ".changeset/README.md": "# Changesets", ...files })) {
    mkdirSync(dirname(join(checkout, name)), { recursive: true });
    writeFileSync(join(checkout, name), text);
  }
  return changes(checkout, ["packages/client", "packages/cli"]).join("\n\n");
}

const changeset = (text: string) => `---\n"@auto-extend/client": minor\n---\n\n${text}\n`;

it("the page of changes shows all changesets before the first release", () => {
  const page = pageOf({ ".changeset/b.md": changeset("Second."), ".changeset/a.md": changeset("First.") });
  expect(page).toBe("# Changes\n\n## First release, not published yet\n\nFirst.\n\nSecond.");
});

it("the page of changes shows each change once after a release, when no changeset is left", () => {
  const both = "- 1234567: Both\n  of them.\n";
  const page = pageOf({
    "packages/client/CHANGELOG.md": `# @auto-extend/client\n\n## 0.2.0\n\n### Minor Changes\n\n${both}\n## 0.1.0\n\n### Minor Changes\n\n- First.\n`,
    "packages/cli/CHANGELOG.md": `# @auto-extend/cli\n\n## 0.2.0\n\n### Minor Changes\n\n${both}- Only the CLI.\n\n### Patch Changes\n\n- Updated dependencies [1234567]\n  - @auto-extend/client@0.2.0\n`,
  });
  expect(page).toBe(
    "# Changes\n\n## 0.2.0\n\n### Minor Changes\n\n- 1234567: Both\n  of them.\n- Only the CLI.\n\n## 0.1.0\n\n### Minor Changes\n\n- First.",
  );
});

it("the page of changes shows changesets above the releases", () => {
  const page = pageOf({
    ".changeset/a.md": changeset("Next."),
    "packages/client/CHANGELOG.md": "# x\n\n## 0.1.0\n\n### Minor Changes\n\n- First.\n",
  });
  expect(page).toBe(
    "# Changes\n\n## Not published yet\n\nNext.\n\n## 0.1.0\n\n### Minor Changes\n\n- First.",
  );
});

it("the page of changes can be made with nothing to show", () => {
  expect(pageOf({})).toBe("# Changes\n\nNothing has changed yet.");
});
