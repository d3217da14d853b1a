import { spawn } from "node:child_process";

/** How a program ended, and what it printed. */
export interface Execution {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Options {
  readonly cwd: string;
  /** Set besides what a fresh shell has; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Runs a program to its end, as from a fresh shell: without what npm, turbo and vitest put into the environment. */
export async function execute(
  command: string,
  args: readonly string[],
  options: Options,
): Promise<Execution> {
  const child = start(command, args, options);
  return child.ended;
}

/** A program that runs. */
export interface Running {
  /** What it printed so far, on stdout and stderr. */
  printed(): string;
  /** Settles with the match when stdout has what is looked for; fails where the program ends without it. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<Execution>;
  stop(): Promise<Execution>;
}

/** Starts a program, likewise as from a fresh shell. */
export function start(command: string, args: readonly string[], { cwd, env }: Options): Running {
  // npm is a script on Windows, which only a shell can run.
  const shell = process.platform === "win32" && command === "npm";
  const child = spawn(command, args, { cwd, shell, env: { ...freshEnvironment(), ...env } });
  let stdout = "";
  let stderr = "";
  const watchers = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    for (const watcher of watchers) watcher();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdin.end();
  const ended = new Promise<Execution>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });

  function until(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(stdout);
        if (match) resolve(match);
      };
      watchers.add(look);
      look();
      ended.then(
        () => reject(new Error(`${command} ended before it printed ${pattern}:\n${stdout}${stderr}`)),
        reject,
      );
    });
  }

  return {
    until,
    ended,
    printed: () => stdout + stderr,
    stop: () => {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

function freshEnvironment(): Record<string, string | undefined> {
  // In small letters it is what npm and pnpm tell the scripts that they run; people's own settings are kept.
  const added =
    /^(npm_(?!config_registry$)|TURBO_|VITEST|NODE_ENV$|NODE_PATH$|AUTO_EXTEND_|FORCE_COLOR$|INIT_CWD$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !added.test(name)));
}
