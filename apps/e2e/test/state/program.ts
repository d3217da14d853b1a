import { once } from "node:events";
import { watch } from "node:fs";
import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { printed, type Running, start } from "../execute.js";

export interface Program {
  readonly url: string;
  readonly process: Running;
  readonly stderr: () => string;
  /** Ends it as a power cut would, and waits until it is gone. */
  kill(): Promise<void>;
  /** Asks it to stop, and waits for its exit code. */
  stop(): Promise<number | null>;
}

const running = new Set<Running>();

/** Ends all that were started here and still run: a test that failed leaves some behind. */
export function killPrograms(): void {
  for (const child of running) child.kill("SIGKILL");
}

const manifest = createRequire(import.meta.url).resolve("@auto-extend/mock-server/package.json");
const mockProgram = join(dirname(manifest), "bin", "auto-extend-mock.js");

interface StartOptions {
  /** The largest size of a file, in KiB: a mock that reaches it finds its disk full. */
  readonly fileLimit?: number;
  /** How many files and connections can be open. */
  readonly descriptorLimit?: number;
}

/** Starts the program of the mock on a free port, and waits until it serves. */
export async function startProgram(
  argv: readonly string[],
  { fileLimit, descriptorLimit }: StartOptions = {},
): Promise<Program> {
  const log = argv.includes("--log") ? [] : ["--log", "silent"];
  const line = [process.execPath, mockProgram, "--port", "0", ...log, ...argv];
  const limits = [
    ...(fileLimit === undefined ? [] : [`ulimit -f ${fileLimit}; `]),
    ...(descriptorLimit === undefined ? [] : [`ulimit -n ${descriptorLimit}; `]),
  ];
  const [command = "", ...rest] =
    limits.length === 0 ? line : ["bash", "-c", `${limits.join("")}exec "$@"`, "bash", ...line];
  const child = start(command, rest, { cwd: process.cwd() });
  running.add(child);
  child.once("exit", () => running.delete(child));
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, "close");
  const [, url = ""] = await printed(child, /(?:ready at |"url":")([^\s"]+)/);
  return {
    url,
    process: child,
    stderr: () => stderr,
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    async stop() {
      child.kill("SIGTERM");
      await ended;
      return child.exitCode;
    },
  };
}

/** Suspends a mock amid a write of its state file, so that the write is still under way when the mock is killed. */
export async function stopAmidWrite({ process: child }: Program, file: string): Promise<void> {
  for (;;) {
    await new Promise<void>((resolve) => {
      const watcher = watch(dirname(file), (_, name) => {
        if (!isUnfinished(name, file)) return;
        child.kill("SIGSTOP");
        watcher.close();
        resolve();
      });
    });
    if ((await unfinished(file)).length > 0) return;
    child.kill("SIGCONT");
  }
}

/** The names of what a mock was writing in place of its state file. */
export async function unfinished(file: string): Promise<string[]> {
  return (await readdir(dirname(file))).filter((name) => isUnfinished(name, file));
}

function isUnfinished(name: string | null, file: string): boolean {
  return (name?.startsWith(`${basename(file)}.`) && name.endsWith(".unfinished")) ?? false;
}
