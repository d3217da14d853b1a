import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { members } from "../../../scripts/members.mjs";
import { copyCheckout } from "../../../scripts/toolchain.mjs";

const checkout = fileURLToPath(new URL("../../../", import.meta.url));

/**
 * A copy of this checkout for one test, which may build and change it while other tests read what is built here. It has links to all
 * that is installed, and its members find each other.
 *
 * @param atEnd is given what removes the copy
 */
export function copyOfWorkspace(atEnd: (remove: () => void) => void = onTestFinished): string {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), "auto-extend-copy-")));
  atEnd(() => rmSync(copy, { recursive: true, force: true, maxRetries: 3 }));
  copyCheckout(checkout, copy);
  symlinkSync(join(checkout, "node_modules"), join(copy, "node_modules"), "junction");
  const folders = new Map(members(copy).map(({ folder, manifest }) => [manifest.name, folder]));
  for (const folder of folders.values()) {
    const installed = join(checkout, folder.slice(copy.length), "node_modules");
    for (const name of packagesIn(installed)) {
      const link = join(folder, "node_modules", name);
      mkdirSync(join(link, ".."), { recursive: true });
      symlinkSync(folders.get(name) ?? join(installed, name), link, "junction");
    }
  }
  return copy;
}

/** The entries of a folder with installed packages; of the scope of this workspace, each package. */
function packagesIn(installed: string): string[] {
  return readdirSync(installed).flatMap((name) =>
    name === "@auto-extend" ? readdirSync(join(installed, name)).map((each) => `${name}/${each}`) : [name],
  );
}

/** Builds in a copy take their results from here where they can, and leave them here. */
export const turboCache = { TURBO_CACHE_DIR: join(checkout, ".turbo", "cache") };
