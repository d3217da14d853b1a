// How long programs take to start: the mock beside a bare handler, and commands of the CLI beside what they import.
import { dirname } from "node:path";
import { execa } from "execa";
import { ratios, repeat } from "../harness/measures.mjs";
import { cliProgram, startMock } from "../harness/programs.mjs";
import { measureModules } from "./modules.mjs";
import { firstRequest, prepareServers, usualLoad } from "./servers.mjs";

/**
 * @param {import("../harness/report.mjs").Report} report
 * @param {{ rounds: number }} options
 */
export async function measure(report, { rounds }) {
  const { bare, mock } = await prepareServers(usualLoad);
  // Twice as often as the rest, since it is quick.
  const times = await repeat(2 * rounds, async () => ({
    bare: await timeToReady(bare, firstRequest),
    mock: await timeToReady(mock, firstRequest),
  }));
  const starts = await commandStarts(2 * rounds);
  const row = report.table("start");
  const ofBare = times.map((each) => each.bare);
  const ofMock = times.map((each) => each.mock);
  const readiness = ratios(ofMock, ofBare);
  row("ms to the first answer, bare", ofBare);
  row("ms to the first answer, mock", ofMock);
  row("to the first answer, mock/bare", readiness);
  report.wanted("to the first answer, mock/bare", { atMost: 2 }, readiness);
  for (const command of new Set(starts.map((each) => each.command))) {
    const found = starts.filter((each) => each.command === command);
    const took = found.map((each) => each.took);
    const imports = found.map((each) => each.imports);
    const name = `\`auto-extend ${command}\``;
    row(`ms, ${name}`, took);
    row(`ms, a process that imports the packages of ${name}`, imports);
    row(`${name}, as a multiple of that`, ratios(took, imports));
    report.wanted(`${name}, as a multiple of its imports`, { atMost: 1.6 }, ratios(took, imports));
  }
  await measureModules(report, { rounds });
}

/**
 * The time from the start of a server to its first answer, in milliseconds.
 *
 * @param {import("./servers.mjs").BenchServer} server
 * @param {import("./servers.mjs").BenchRequest} request
 */
export async function timeToReady({ name, start }, { method, path, headers, body, expect }) {
  const begin = performance.now();
  const server = await start();
  const answer = await fetch(new URL(path, server.url), { method, headers, ...(body ? { body } : {}) });
  const isExpected = (await answer.text()).includes(expect);
  const took = performance.now() - begin;
  await server.stop();
  if (!isExpected) throw new Error(`The first answer of ${name} was wrong.`);
  return took;
}

/** The packages that each command loads. Of core, all but `balance` need a few files without schemas. */
const packages = {
  "--help": ["commander", "fast-string-width"],
  errors: ["commander", "fast-string-width"],
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
async function commandStarts(rounds) {
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
