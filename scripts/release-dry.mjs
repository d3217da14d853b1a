// Rehearses a release in a scratch copy of this checkout: sets versions, builds and packs. It publishes nothing.

import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { packAll, placeholdersIn, problemsOf } from "./packing.mjs";
import { install, root, run } from "./toolchain.mjs";

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
  copyCheckout(checkout);
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
  printTable(packed);
  const problems = packed.flatMap((one) => problemsOf(one, packed));
  if (problems.length > 0) throw new Error(`The packages cannot be published:\n  ${problems.join("\n  ")}`);
  const placeholders = placeholdersIn(checkout);
  if (placeholders.length === 0) console.log("\nA release would publish these packages.");
  else console.log(`\nA release would refuse to publish until this is done:\n  ${placeholders.join("\n  ")}`);
  console.log("Nothing was published.");
}

/** Copies all files that git would commit, and commits them: changesets compare with the main branch. */
function copyCheckout(checkout) {
  const git = (cwd, ...args) =>
    execFileSync("git", args, { cwd, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  const listed = git(root, "ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0");
  const files = listed.filter((file) => file && existsSync(join(root, file)));
  console.log(`Copying ${files.length} files...`);
  for (const file of files) {
    mkdirSync(dirname(join(checkout, file)), { recursive: true });
    copyFileSync(join(root, file), join(checkout, file));
  }
  const me = [
    "-c",
    "user.name=Release rehearsal",
    "-c",
    "user.email=nobody@localhost",
    "-c",
    "commit.gpgSign=false",
  ];
  git(checkout, "init", "--quiet", "--initial-branch=main");
  git(checkout, "add", "--all");
  git(checkout, ...me, "commit", "--quiet", "--no-verify", "--message=Rehearse a release");
}

function changesets(checkout) {
  return readdirSync(join(checkout, ".changeset")).filter(
    (name) => name.endsWith(".md") && name !== "README.md",
  );
}

function printTable(packed) {
  const rows = [
    ["package", "version", "files", "size"],
    ...packed.map(({ name, version, files, size }) => [
      name,
      version,
      String(files.length),
      `${(size / 1024).toFixed(1)} KiB`,
    ]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  console.log();
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column < 2 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
    );
    console.log(cells.join("  "));
  }
}
