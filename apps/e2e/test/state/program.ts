import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
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
