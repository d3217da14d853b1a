import { Readable } from "node:stream";
import { type ExitCode, type Io, type JsonOutput, jsonOutput, run } from "@auto-extend/cli";

/** A key that no output may show. */
export const canary = "canary-0123456789abcdef";

export interface Surroundings {
  env?: Record<string, string>;
  /** The input (default: none). */
  stdin?: string | Buffer;
  /** Whether stdin and stderr are a terminal. */
  terminal?: boolean;
  /** Whether stdout is a terminal. */
  stdoutIsTTY?: boolean;
  /** The width of both outputs. */
  columns?: number | undefined;
  confirm?: Io["confirm"];
  signal?: AbortSignal;
  fetch?: typeof fetch;
}

export interface Ended {
  exitCode: ExitCode;
  stdout: string;
  stderr: string;
}

/** A run that sends its request and nothing else. */
export const offIPv4 = ["off", "--type", "IPv4", "--days", "30", "--no-preview", "--no-read-back"];

/** Runs the program in this process, with the canary for an API key. */
export async function runCli(argv: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  const { terminal = false, stdin = "", signal, fetch, columns } = surroundings;
  const stdout: string[] = [];
  const stderr: string[] = [];
  const exitCode = await run(argv, {
    stdin: Object.assign(Readable.from([stdin]), { isTTY: terminal }),
    stdout: { write: (text) => stdout.push(text), isTTY: surroundings.stdoutIsTTY ?? false, columns },
    stderr: { write: (text) => stderr.push(text), isTTY: terminal, columns },
    env: { AUTO_EXTEND_API_KEY: canary, ...surroundings.env },
    confirm: surroundings.confirm ?? (() => Promise.reject(new Error("nobody was to be asked"))),
    ...(signal && { signal }),
    ...(fetch && { fetch }),
  });
  return { exitCode, stdout: stdout.join(""), stderr: stderr.join("") };
}

/** Runs the program with `--json`, and holds what it prints to the documented shape. */
export async function runJson(
  argv: readonly string[],
  surroundings: Surroundings = {},
): Promise<JsonOutput & { stderr: string }> {
  const { exitCode, stdout, stderr } = await runCli(["--json", ...argv], surroundings);
  const output = jsonOutput.parse(JSON.parse(stdout));
  if (output.exitCode !== exitCode || output.ok !== (exitCode === 0)) {
    throw new Error(`Exit code ${exitCode}, but the document says: ${stdout}`);
  }
  return { ...output, stderr };
}
