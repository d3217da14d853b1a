import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export interface Program {
  readonly url: string;
  readonly process: ChildProcess;
  readonly stderr: () => string;
  /** Ends it as a power cut would, and waits until it is gone. */
  kill(): Promise<void>;
  /** Asks it to stop, and waits for its exit code. */
  stop(): Promise<number | null>;
}

const running = new Set<ChildProcess>();

/** Ends all that were started here and still run: a test that failed leaves some behind. */
export function killPrograms(): void {
  for (const child of running) child.kill("SIGKILL");
}

const manifest = createRequire(import.meta.url).resolve("@auto-extend/mock-server/package.json");
const mockProgram = join(dirname(manifest), "bin", "auto-extend-mock.js");

interface StartOptions {
  /** The largest size of a file, in KiB: a mock that reaches it finds its disk full. */
  readonly fileLimit?: number;
  readonly descriptorLimit?: number;
}

/**
 * Starts the program on a free port, and waits until it serves.
 *
 * @throws Error with what it printed where it ends before.
 */
export async function startProgram(
  argv: readonly string[],
  { fileLimit, descriptorLimit }: StartOptions = {},
): Promise<Program> {
  const line = [
    process.execPath,
    mockProgram,
    "--port",
    "0",
    ...(argv.includes("--log") ? [] : ["--log", "silent"]),
    ...argv,
  ];
  const limits = [
    ...(fileLimit === undefined ? [] : [`ulimit -f ${fileLimit}; `]),
    ...(descriptorLimit === undefined ? [] : [`ulimit -n ${descriptorLimit}; `]),
  ];
  const [command = "", ...rest] =
    limits.length === 0 ? line : ["bash", "-c", `${limits.join("")}exec "$@"`, "bash", ...line];
  const child = spawn(command, rest, { env: { PATH: process.env.PATH }, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  child.on("exit", () => running.delete(child));
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = once(child, "close");
  const url = await Promise.race([urlOf(child), ended]);
  if (typeof url !== "string") throw new Error(`The mock ended with ${child.exitCode}: ${stderr}`);
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

function urlOf({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let printed = "";
    stdout?.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      const [, url] = /(?:ready at |"url":")([^\s"]+)/.exec(printed) ?? [];
      if (url) resolve(url);
    });
  });
}
