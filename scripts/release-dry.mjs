// Rehearses a release in a scratch copy of this checkout: sets versions, builds and packs. It publishes nothing.

import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packAll, placeholdersIn, problemsOf } from "./packing.mjs";
import { copyCheckout, install, outputOf, root, run } from "./toolchain.mjs";

try {
  parseArgs({ options: {} });
} catch {
  console.error(
    "npm run release:dry rehearses a release in a scratch copy and publishes nothing. It has no options.",
  );
  process.exit(2);
}
if (!install()) process.exit(1);
// A step that is interrupted fails, and then the scratch copy is removed.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
const scratch = mkdtempSync(join(tmpdir(), "auto-extend-release-"));
try {
  rehearse(join(scratch, "checkout"), join(scratch, "tarballs"));
} catch (error) {
  console.error(`\nThe release would fail. ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
}

function rehearse(checkout, tarballs) {
  console.log("Copying the checkout...");
  copyCheckout(root, checkout);
  commit(checkout);
  const pnpm = (step, ...args) => {
    console.log(`${step}...`);
    if (!run("pnpm", args, { cwd: checkout, quiet: true }))
      throw new Error(`\`pnpm ${args.join(" ")}\` failed.`);
  };
  pnpm("Installing", "install", "--frozen-lockfile", "--prefer-offline");
  if (changesets(checkout).length === 0) {
    console.log("No changesets are pending: packing the current versions.");
  } else {
    pnpm(`Applying ${changesets(checkout).length} changeset(s)`, "run", "version");
    pnpm("Installing from the new lockfile", "install", "--frozen-lockfile", "--prefer-offline");
  }
  pnpm("Building", "run", "build");
  console.log("Packing...");
  mkdirSync(tarballs);
  const packed = packAll(checkout, tarballs);
  const rows = packed.map(({ name, version, files, size }) => [
    name,
    { version, files: files.length, size: `${(size / 1024).toFixed(1)} KiB` },
  ]);
  console.table(Object.fromEntries(rows));
  const problems = packed.flatMap((one) => problemsOf(one, packed));
  if (problems.length > 0) throw new Error(`The packages cannot be published:\n  ${problems.join("\n  ")}`);
  const placeholders = placeholdersIn(checkout);
  if (placeholders.length === 0) console.log("\nA release would publish these packages.");
  else console.log(`\nA release would refuse to publish until this is done:\n  ${placeholders.join("\n  ")}`);
  console.log("Nothing was published.");
}

/** @param {string} checkout the copy; changesets compare it with the main branch, so it has one. */
function commit(checkout) {
  const settings = {
    "user.name": "Release rehearsal",
    "user.email": "nobody@localhost",
    "commit.gpgSign": "false",
  };
  const me = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  outputOf("git", ["init", "--quiet", "--initial-branch=main"], { cwd: checkout });
  outputOf("git", ["add", "--all"], { cwd: checkout });
  // Without the hooks of whoever runs it.
  const message = ["--quiet", "-n", "--message=Rehearse a release"];
  outputOf("git", [...me, "commit", ...message], { cwd: checkout });
}

function changesets(checkout) {
  return readdirSync(join(checkout, ".changeset")).filter(
    (name) => name.endsWith(".md") && name !== "README.md",
  );
}
