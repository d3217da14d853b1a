import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";
import { type Packed, packAll } from "../../../../scripts/packing.mjs";
import { execute } from "./execute.ts";

/** What the tests of the packed packages share: made once, for it takes its time. */
export interface PackedPackages {
  readonly packages: readonly Packed[];
  /** A project that has the packed packages installed, and nothing of this workspace. */
  readonly project: string;
  /** The same, for a user of zod 4. */
  readonly zod4Project: string;
  /** A Node of each line that is served. */
  readonly nodes: readonly { readonly major: number; readonly path: string }[];
}

declare module "vitest" {
  interface ProvidedContext {
    packed: PackedPackages;
  }
}

const checkout = fileURLToPath(new URL("../../../..", import.meta.url));

/** Packs the packages, installs them as a user would, and finds the Nodes to run them with. */
export async function setup({ provide }: TestProject): Promise<() => void> {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), "auto-extend-packed-")));
  const remove = () => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  try {
    provide("packed", await prepare(scratch));
    return remove;
  } catch (error) {
    remove();
    throw error;
  }
}

async function prepare(scratch: string): Promise<PackedPackages> {
  const tarballs = join(scratch, "tarballs");
  mkdirSync(tarballs);
  const packages = packAll(checkout, tarballs);
  return {
    packages,
    project: await installProject(join(scratch, "project"), packages),
    zod4Project: await installProject(join(scratch, "zod-4-project"), packages, { zod: "^4" }),
    nodes: await Promise.all([20, 22, 24].map(findNode)),
  };
}

/** The packages find one another among the tarballs, and never in the registry: hence the overrides. */
async function installProject(
  folder: string,
  packages: readonly Packed[],
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  cpSync(new URL("user", import.meta.url), folder, { recursive: true });
  const tarballs = Object.fromEntries(packages.map(({ name, tarball }) => [name, `file:${tarball}`]));
  const overrides = Object.fromEntries(packages.map(({ name }) => [name, `$${name}`]));
  const dependencies = { ...tarballs, "@types/node": "^20", ...more };
  const manifest = { name: "user", private: true, type: "module", dependencies, overrides };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  await npm(["install", "--no-audit", "--no-fund", "--prefer-offline"], folder);
  return folder;
}

async function findNode(major: number): Promise<{ major: number; path: string }> {
  if (process.versions.node.startsWith(`${major}.`)) return { major, path: process.execPath };
  const command = ["exec", "--yes", "--prefer-offline", `--package=node@${major}`, "--"];
  return { major, path: (await npm([...command, "node", "-p", "process.execPath"], tmpdir())).trim() };
}

async function npm(args: string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await execute("npm", args, { cwd });
  if (code !== 0) throw new Error(`npm ${args.join(" ")} failed in ${cwd}:\n${stdout}${stderr}`);
  return stdout;
}
