import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { TestProject } from "vitest/node";
import { type Packed, packAll } from "../../../../scripts/packing.mjs";
import { execute } from "../execute.ts";

/** One kind of user: a project that has the packed packages installed, and nothing of this workspace. */
export interface UserProject {
  readonly name: "zod-3" | "zod-4" | "no-zod";
  readonly folder: string;
}

/** Shared by all tests of the packed packages, since it takes long to make. */
export interface PackedPackages {
  readonly packages: readonly Packed[];
  readonly projects: readonly UserProject[];
  /** A Node of each line that is served. */
  readonly nodes: readonly { readonly major: number; readonly path: string }[];
}

declare module "vitest" {
  interface ProvidedContext {
    packed: PackedPackages;
  }
}

/**
 * The oldest and the newest of everything that users may have. Types of Node 18 are the oldest that declare `fetch` and
 * that TypeScript 5.0 reads.
 */
const dependencies: Readonly<Record<UserProject["name"], Readonly<Record<string, string>>>> = {
  "zod-3": { zod: "3.25.76", msw: "2.0.0", "@types/node": "^18" },
  "zod-4": { zod: "^4", msw: "^2", "@types/node": "^20" },
  "no-zod": { msw: "^3", "@types/node": "^26" },
};

const checkout = fileURLToPath(new URL("../../../..", import.meta.url));

/** Packs the packages, installs them as users would, and finds the Nodes to run them with. */
export async function setup({ provide }: TestProject): Promise<() => void> {
  const scratch = realpathSync(mkdtempSync(join(parentFolder(), "auto-extend-packed-")));
  const remove = () => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  try {
    provide("packed", await prepare(scratch));
    return remove;
  } catch (error) {
    remove();
    throw error;
  }
}

const memory = "/dev/shm";
const neededBytes = 1_000_000_000;

/** In memory if there is room: npm writes 24,000 files, and on a disk that takes most of its time. */
function parentFolder(): string {
  if (!existsSync(memory)) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize > neededBytes && !noExec.test(mounts()) ? memory : tmpdir();
}

/** Containers often mount it so that npx could not run a program there. */
const noExec = /^\S+ \/dev\/shm \S+ \S*\bnoexec\b/m;

function mounts(): string {
  return existsSync("/proc/mounts") ? readFileSync("/proc/mounts", "utf8") : "";
}

async function prepare(scratch: string): Promise<PackedPackages> {
  const nodes = Promise.all([20, 22, 24, 26].map(findNode));
  const tarballs = join(scratch, "tarballs");
  mkdirSync(tarballs);
  const packages = packAll(checkout, tarballs);
  const user = await buildUser(join(scratch, "user"));
  const names = Object.keys(dependencies) as UserProject["name"][];
  const projects = names.map((name) => installProject({ name, folder: join(scratch, name), packages, user }));
  return { packages, projects: await Promise.all(projects), nodes: await nodes };
}

/** Only the types are taken away: every import is still resolved by the runtime that loads it. */
async function buildUser(folder: string): Promise<string> {
  const source = fileURLToPath(new URL("user", import.meta.url));
  cpSync(source, folder, { recursive: true });
  await build({ entryPoints: [join(folder, "*.ts")], outdir: folder, format: "esm", logLevel: "error" });
  return folder;
}

interface Installation {
  readonly name: UserProject["name"];
  readonly folder: string;
  readonly packages: readonly Packed[];
  readonly user: string;
}

/** The overrides make the packages find one another among the tarballs, and never in the registry. */
async function installProject({ name, folder, packages, user }: Installation): Promise<UserProject> {
  cpSync(user, folder, { recursive: true });
  const tarballs = Object.fromEntries(packages.map((packed) => [packed.name, `file:${packed.tarball}`]));
  const manifest = {
    name,
    private: true,
    type: "module",
    dependencies: { ...tarballs, ...dependencies[name] },
    overrides: Object.fromEntries(packages.map((packed) => [packed.name, `$${packed.name}`])),
  };
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  await npm(["install", "--no-audit", "--no-fund", "--prefer-offline"], folder);
  return { name, folder };
}

/** npm keeps what it has fetched in its own cache, which outlives the scratch folder. */
async function findNode(major: number): Promise<{ major: number; path: string }> {
  if (process.versions.node.startsWith(`${major}.`)) return { major, path: process.execPath };
  const command = ["exec", "--yes", "--prefer-offline", `--package=node@${major}`, "--"];
  return { major, path: (await npm([...command, "node", "-p", "process.execPath"], tmpdir())).trim() };
}

async function npm(args: string[], cwd: string): Promise<string> {
  const { exitCode, stdout, stderr } = await execute("npm", args, { cwd });
  if (exitCode !== 0) throw new Error(`npm ${args.join(" ")} failed in ${cwd}:\n${stdout}${stderr}`);
  return stdout;
}
