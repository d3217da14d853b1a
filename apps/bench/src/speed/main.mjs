// Measures the mock and the CLI. Figures of one machine at one moment: the ratios, taken in turn within one run, are what
// can be compared. What has a bound fails the run where its median is beyond it.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { setAutoExtend } from "@auto-extend/core";
import { largeWorld } from "./large-world.mjs";
import { requestsPerSecond } from "./load.mjs";
import { createReport } from "./report.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const mockBin = here("../../../mock-server/bin/auto-extend-mock.js");
const cliBin = here("../../../../packages/cli/bin/auto-extend.js");
const request = {
  path: setAutoExtend.path.replace("{apiKey}", "bench-key"),
  body: JSON.stringify(setAutoExtend.examples.requests.IPv4.request),
};

const { row, missed } = createReport(console.log);

await throughput();
await timeToReady();
startUp();
await oneLargeWorld();
if (missed.length > 0) {
  console.error(`Beyond its bound: ${missed.join("; ")}.`);
  process.exitCode = 1;
}

async function throughput() {
  const bare = await start([here("bare.mjs")]);
  const mock = await start([mockBin, "--port", "0", "--log", "silent"]);
  const load = { ...request, connections: 50, milliseconds: 2_000 };
  const rounds = [];
  for (const server of [bare, mock]) await requestsPerSecond(server.url, load); // Warm-up.
  for (let round = 0; round < 7; round += 1) {
    rounds.push([await requestsPerSecond(bare.url, load), await requestsPerSecond(mock.url, load)]);
  }
  await Promise.all([stop(bare), stop(mock)]);
  row(
    "requests/s, bare node:http",
    rounds.map(([first]) => first),
  );
  row(
    "requests/s, mock",
    rounds.map(([, second]) => second),
  );
  row(
    "mock as a share of bare",
    rounds.map(([first, second]) => second / first),
    { digits: 2 },
  );
}

async function timeToReady() {
  const times = { "ms to ready, bare node:http": [], "ms to ready, mock": [] };
  for (let round = 0; round < 7; round += 1) {
    for (const [name, args] of [
      ["ms to ready, bare node:http", [here("bare.mjs")]],
      ["ms to ready, mock", [mockBin, "--port", "0", "--log", "silent"]],
    ]) {
      const begin = performance.now();
      const server = await start(args);
      const answer = await fetch(server.url + request.path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: request.body,
      });
      if (!(await answer.json()).success) throw new Error(`${name}: the first answer was not a success`);
      times[name].push(performance.now() - begin);
      await stop(server);
    }
  }
  for (const [name, figures] of Object.entries(times)) row(name, figures);
}

function startUp() {
  const pairs = [];
  for (let round = 0; round < 15; round += 1) pairs.push([timed(["-e", "0"]), timed([cliBin, "--help"])]);
  row(
    "ms, node -e 0",
    pairs.map(([first]) => first),
  );
  row(
    "ms, auto-extend --help",
    pairs.map(([, second]) => second),
  );
  row(
    "auto-extend --help as a multiple of node -e 0",
    pairs.map(([first, second]) => second / first),
    { digits: 2 },
  );
}

async function oneLargeWorld() {
  const { loading, year } = await largeWorld({ orders: 20_000, addresses: 100_000, rounds: 5 });
  row("ms to load 100,000 addresses and answer", loading, { bound: 2_000 });
  row("ms for a year over them by the clock", year, { bound: 2_000 });
}

function timed(args) {
  const begin = performance.now();
  const { status } = spawnSync(process.execPath, args);
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}`);
  return performance.now() - begin;
}

async function start(args) {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(createInterface(child.stdout), "line");
  return { child, url: /http:\S+/.exec(line)[0] };
}

async function stop({ child }) {
  child.kill();
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}
