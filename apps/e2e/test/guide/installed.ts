import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { members } from "../../../../scripts/members.mjs";
import { root } from "./blocks.js";

/**
 * Our packages as npm installs them: copies inside of a node_modules folder. What is linked into one from elsewhere, test runners
 * translate file by file, which takes longer than the tests of a document.
 *
 * @returns the folder `@auto-extend`.
 */
export function installPackages(): string {
  const installed = realpathSync(mkdtempSync(join(tmpdir(), "auto-extend-installed-")));
  const scope = join(installed, "node_modules", "@auto-extend");
  for (const { folder, manifest } of members(root)) {
    if (manifest.private) continue;
    const copy = join(scope, basename(manifest.name));
    for (const name of ["package.json", ...(manifest.files ?? [])]) {
      if (existsSync(join(folder, name))) cpSync(join(folder, name), join(copy, name), { recursive: true });
    }
    mkdirSync(join(copy, "node_modules"));
    for (const name of readdirSync(join(folder, "node_modules"))) {
      // They find each other beside them.
      if (name.startsWith(".") || name === "@auto-extend") continue;
      symlinkSync(
        realpathSync(join(folder, "node_modules", name)),
        join(copy, "node_modules", name),
        "junction",
      );
    }
  }
  return scope;
}
