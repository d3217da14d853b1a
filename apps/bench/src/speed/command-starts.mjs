// The time that commands of the CLI take, beside Node processes that import the same packages.
import { dirname } from "node:path";
import { execa } from "execa";
import { cliProgram, startMock } from "../harness/programs.mjs";

/** The packages that each command loads. */
const packages = {
  "--help": ["commander", "fast-string-width", "@auto-extend/core"],
  errors: ["commander", "fast-string-width", "@auto-extend/core", "zod/v3"],
  balance: ["commander", "fast-string-width", "@auto-extend/core", "zod/v3", "@auto-extend/client"],
};

const apiKey = "bench-start-key";

/**
 * Milliseconds of each command, and of a process that imports its packages; for `balance` that process also sends the
 * request and reads its answer.
 *
 * @param {number} rounds
 * @returns {Promise<{ command: string, took: number, imports: number }[]>}
 */
export async function commandStarts(rounds) {
  const mock = await startMock();
  try {
    const found = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const [command, names] of Object.entries(packages)) {
        const send =
          command === "balance"
            ? `await (await fetch("${new URL(`/client/api/v1/${apiKey}/balance`, mock.url)}")).json(); process.exit()`
            : "";
        const script = `${names.map((name) => `import "${name}";`).join(" ")} ${send}`;
        const imports = await timeToRun(["--input-type=module", "--eval", script], mock.url);
        found.push({ command, imports, took: await timeToRun([cliProgram, command], mock.url) });
      }
    }
    return found;
  } finally {
    await mock.stop();
  }
}

/**
 * @param {readonly string[]} args
 * @param {URL} url
 */
async function timeToRun(args, url) {
  const begin = performance.now();
  // The packages are those of the CLI.
  const cwd = dirname(dirname(cliProgram));
  await execa(process.execPath, args, {
    cwd,
    env: { AUTO_EXTEND_API_KEY: apiKey, AUTO_EXTEND_BASE_URL: url.href },
  });
  return performance.now() - begin;
}
