import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { execute } from "../execute.js";
import { markdownFiles } from "./blocks.js";

const installed = fileURLToPath(new URL("../../node_modules", import.meta.url));
const programs = markdownFiles()
  .flatMap(({ blocks }) => blocks)
  .filter(({ language, directives }) => language === "ts" && directives["not run"] === undefined)
  // What imports other files is checked together with these, where its document is tested.
  .filter(({ text }) => !/from "[.]{1,2}[/]/.test(text));

it("all programs in TypeScript have correct types", async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "auto-extend-types-")));
  try {
    symlinkSync(installed, join(folder, "node_modules"), "junction");
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    for (const { place, text, directives } of programs) {
      // A file without imports would not be a module.
      const program = `${directives.setup ?? ""}\n${text}\nexport {};\n`;
      writeFileSync(join(folder, `${place.replace(/\W+/g, "-")}.ts`), program);
    }
    const compilerOptions = {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      module: "nodenext",
      target: "es2022",
      lib: ["es2023", "dom", "dom.iterable", "dom.asynciterable"],
      types: ["node"],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    const tsc = join(installed, "typescript-7", "bin", "tsc");
    const { stdout } = await execute(process.execPath, [tsc, "-p", "."], { cwd: folder });
    expect(stdout).toBe("");
    expect(programs.length).toBeGreaterThan(15);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
});
