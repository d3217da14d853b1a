import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execute } from "./execute.js";

const installed = fileURLToPath(new URL("../node_modules", import.meta.url));

/** The findings of the newest TypeScript in files, by their names, of a project that has installed what these tests have. */
export async function typeCheck(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "auto-extend-types-")));
  try {
    symlinkSync(installed, join(folder, "node_modules"), "junction");
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    const compilerOptions = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noEmit: true,
      skipLibCheck: true,
      module: "nodenext",
      target: "es2022",
      lib: ["es2023", "dom", "dom.iterable", "dom.asynciterable"],
      types: ["node"],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const tsc = join(installed, "typescript-7", "bin", "tsc");
    const { stdout, stderr } = await execute(process.execPath, [tsc, "-p", "."], { cwd: folder });
    return stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
