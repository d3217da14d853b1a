// Measures the mock and the CLI. Figures of one machine at one moment: the ratios, taken in turn within one run, are what
// can be compared.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { setAutoExtend } from "@auto-extend/core";
import { requestsPerSecond } from "./load.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const mockBin = here("../../mock-server/bin/auto-extend-mock.js");
const cliBin = here("../../../packages/cli/bin/auto-extend.js");
const request = {
  path: setAutoExtend.path.replace("{apiKey}", "bench-key"),
  body: JSON.stringify(setAutoExtend.examples.byType.IPv4.request),
};

await throughput();
await timeToReady();
startUp();

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
    0,
  );
  row(
    "requests/s, mock",
    rounds.map(([, second]) => second),
    0,
  );
  row(
    "mock as a share of bare",
    rounds.map(([first, second]) => second / first),
    2,
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
  for (const [name, figures] of Object.entries(times)) row(name, figures, 0);
}

function startUp() {
  const pairs = [];
  for (let round = 0; round < 15; round += 1) pairs.push([timed(["-e", "0"]), timed([cliBin, "--help"])]);
  row(
    "ms, node -e 0",
    pairs.map(([first]) => first),
    0,
  );
  row(
    "ms, auto-extend --help",
    pairs.map(([, second]) => second),
    0,
  );
  row(
    "auto-extend --help as a multiple of node -e 0",
    pairs.map(([first, second]) => second / first),
    2,
  );
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

function row(name, figures, digits) {
  const sorted = [...figures].sort((a, b) => a - b);
  const [least, median, most] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  const text = (figure) => figure.toFixed(digits).padStart(8);
  console.log(`${name.padEnd(48)} median ${text(median)}   min ${text(least)}   max ${text(most)}`);
}
