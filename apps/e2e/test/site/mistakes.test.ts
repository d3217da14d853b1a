import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { execute } from "../execute.js";

const config = fileURLToPath(new URL("../../../../docs/.vitepress/config.mjs", import.meta.url));
const installed = fileURLToPath(new URL("../../../../docs/node_modules/", import.meta.url));

it("a warning and a link to a heading that is not there fail the build of the site", async () => {
  const folder = mkdtempSync(join(tmpdir(), "auto-extend-site-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, ".vitepress"));
  symlinkSync(installed, join(folder, "node_modules"), "junction");
  const files = {
    ".vitepress/config.mjs": `import site from ${JSON.stringify(config)};
      export default { ...site, srcDir: ".", themeConfig: {} };`,
    "index.md": "# Home\n\n[there](/other#heading) [gone](/other#missing)\n\n```cobol-60\nADD 1 TO X\n```\n",
    "other.md": "# Other\n\n## Heading\n",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const program = join(installed, "vitepress/bin/vitepress.js");
  const { exitCode, stderr } = await execute(process.execPath, [program, "build"], { cwd: folder });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^The site has mistakes:\n[\s\S]*cobol-60[\s\S]*\n {2}dead link \/other#missing on \/$/m,
  );
});
