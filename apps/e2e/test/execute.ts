import { on } from "node:events";
import { fileURLToPath } from "node:url";
import { execa } from "execa";

/** The options with which a Node program reaches no other machine, and starts faster. */
export const nodeOptions = `--require=${fileURLToPath(new URL("guide/preload.cjs", import.meta.url))}`;

interface Surroundings {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly detached?: boolean;
}

/** Runs a program to its end, as from a fresh shell: without the variables that npm, turbo and vitest add. */
export async function execute(command: string, args: readonly string[], surroundings: Surroundings) {
  const { exitCode, stdout, stderr } = await start(command, args, surroundings);
  return { exitCode, stdout, stderr };
}

export function start(
  command: string,
  args: readonly string[],
  { cwd, env, detached = false }: Surroundings,
) {
  return execa(command, args, {
    cwd,
    detached,
    env: { ...freshEnvironment(), ...env },
    extendEnv: false,
    stdin: "ignore",
    all: true,
    reject: false,
    stripFinalNewline: false,
  });
}

export type Running = ReturnType<typeof start>;

/** Waits until a program has printed something on stdout; fails if it ends before. */
export async function printed(
  { stdout, spawnargs }: Pick<Running, "stdout" | "spawnargs">,
  pattern: RegExp,
): Promise<RegExpExecArray> {
  let text = "";
  for await (const [chunk] of on(stdout, "data", { close: ["end"] })) {
    text += chunk;
    const match = pattern.exec(text);
    if (match) return match;
  }
  throw new Error(`${spawnargs.join(" ")} ended before it printed ${pattern}:\n${text}`);
}

function freshEnvironment(): NodeJS.ProcessEnv {
  // npm and pnpm pass lower-case variables to the scripts that they run; people's own settings stay.
  const added =
    /^(npm_(?!config_registry$)|TURBO_|VITEST|NODE_ENV$|NODE_PATH$|AUTO_EXTEND_|FORCE_COLOR$|INIT_CWD$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !added.test(name)));
}
