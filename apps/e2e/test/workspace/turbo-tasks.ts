import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";

export const checkout = fileURLToPath(new URL("../../../../", import.meta.url));

/** A task that a run would have, and what its hash is made of, besides the tasks that it depends on. */
export interface Task {
  readonly taskId: string;
  readonly command: string;
  readonly hash: string;
  readonly directory: string;
  /** By their paths from the directory. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly environmentVariables: { readonly specified: { readonly env: readonly string[] } };
  readonly dependencies: readonly string[];
}

export const testTasks = ["test", "test:packed", "test:site"];

/** Asks turbo about tasks and all that they depend on, without running anything. */
export async function dryRun(
  cwd: string,
  names: string[],
  env: Record<string, string> = {},
): Promise<Task[]> {
  const { CI, FUZZ_SEED, FUZZ_RUNS, CHROMIUM_PATH, DEBIAN_PACKAGES, ...rest } = process.env;
  const bin = join(checkout, "node_modules", ".bin");
  const { stdout } = await execa("turbo", ["run", ...names, "--dry=json"], {
    cwd,
    // Turbo looks for pnpm, too.
    env: { ...rest, PATH: `${bin}${delimiter}${process.env.PATH}`, TURBO_TELEMETRY_DISABLED: "1", ...env },
    extendEnv: false,
  });
  return (JSON.parse(stdout.replaceAll("@auto-extend/", "")) as { tasks: Task[] }).tasks;
}

/** Whether a member has no such script, so that the task only waits for others. */
export function isEmpty({ command }: Task): boolean {
  return command === "<NONEXISTENT>";
}
