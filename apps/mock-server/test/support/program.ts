import { run } from "../../src/program/run.js";

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface RunOptions {
  readonly env?: Record<string, string>;
  readonly command?: string;
  readonly stop?: AbortSignal;
  /** Called with all that was written to stdout so far. */
  readonly onOutput?: (out: string) => void;
}

/** Runs the program in this process until it ends. */
export async function runProgram(argv: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const {
    env = {},
    command = "auto-extend-mock",
    stop = new AbortController().signal,
    onOutput = () => {},
  } = options;
  let out = "";
  let err = "";
  const code = await run(argv, {
    env,
    command,
    stdout: (text) => {
      out += text;
      onOutput(out);
    },
    stderr: (text) => {
      err += text;
    },
    stop,
  });
  return { code, out, err };
}

/** Runs the program until it is ready, lets a test use it, and stops it. */
export async function serving(
  argv: readonly string[],
  use: (url: string) => Promise<unknown> = async () => {},
  env: Record<string, string> = {},
): Promise<Ended> {
  const stop = new AbortController();
  let ready: (url: string) => void = () => {};
  const url = new Promise<string>((resolve) => (ready = resolve));
  const ended = runProgram(argv, {
    env,
    stop: stop.signal,
    onOutput(out) {
      const [found] = /http:\/\/[\w.[\]:]+:\d+/.exec(out) ?? [];
      if (found) ready(found);
    },
  });
  const first = await Promise.race([url, ended]);
  if (typeof first === "string") await use(first);
  stop.abort();
  return ended;
}
