import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { changes } from "../../../../docs/scripts/changes.mjs";

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

it("the page of changes shows what is not released yet, then the changelog of each package", () => {
  const page = pageOf({
    ".changeset/b.md": changeset("Second."),
    ".changeset/a.md": changeset("First."),
    "packages/cli/CHANGELOG.md": "# @auto-extend/cli\n\n## 0.1.0\n\n### Minor Changes\n\n- Old.\n",
  });
  expect(page).toBe(
    "# Changes\n\n## Not released yet\n\nFirst.\n\nSecond.\n\n## @auto-extend/cli\n\n### 0.1.0\n\n#### Minor Changes\n\n- Old.",
  );
});

it("the page of changes can be made when nothing waits", () => {
  const page = pageOf({ "packages/client/CHANGELOG.md": "# @auto-extend/client\n\n## 0.1.0\n" });
  expect(page).toBe("# Changes\n\n## @auto-extend/client\n\n### 0.1.0");
});
