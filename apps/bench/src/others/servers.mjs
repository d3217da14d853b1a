// Other people's servers, to compare with: libraries that a server can be written with, and mocks that need only the OpenAPI
// document or a file. npm installs them into a folder of their own, so that they are in no lock file.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { ratios } from "../harness/measures.mjs";
import { startProgram, startServer, temporaryFolder } from "../harness/programs.mjs";
import { plainLoad, prepareServers } from "../speed/servers.mjs";
import { timeToReady } from "../speed/start-up.mjs";
import { compareUnderLoad } from "../speed/throughput.mjs";

const versions = {
  fastify: "5.12.8",
  hono: "4.13.19",
  "@hono/node-server": "2.1.9",
  express: "5.3.0",
  mockttp: "4.6.5",
  "@stoplight/prism-cli": "5.16.0",
  "@mockoon/cli": "9.9.0",
  wiremock: "3.13.2",
};
const library = fileURLToPath(new URL("./library.mjs", import.meta.url));
const openApiDocument = fileURLToPath(new URL("../../../../docs/openapi.json", import.meta.url));

/** The slowest answer some hundred requests a second. */
const warmUpRequests = 3_000;

/**
 * Compares other people's servers with the mock.
 *
 * @param {import("../harness/report.mjs").Report} report
 * @param {{ rounds: number, seconds: number }} options
 */
export async function measure(report, { rounds, seconds }) {
  const { requests } = plainLoad;
  const { bare, mock, answers } = await prepareServers(plainLoad);
  const servers = [bare, mock, ...(await otherServers(await installOthers(), answers))];
  // Other servers need not know which order it is about.
  const lenient = requests.map((request) => ({ ...request, expect: '"success"' }));
  const options = { rounds, seconds, warmUpRequests };
  const of = await compareUnderLoad({ requests: lenient, servers, ...options });
  const row = report.table("server", [
    "µs of processor time per request",
    "speed by processor time, of bare",
    "requests per second, of bare",
    ...["p50 in ms", "p99 in ms", "MB idle", "MB after the load", "ms to the first answer"],
  ]);
  for (const server of servers) {
    /** @type {number[]} */
    const ready = [];
    for (let round = 0; round < rounds; round += 1)
      ready.push(
        await timeToReady(server, /** @type {import("../speed/servers.mjs").BenchRequest} */ (lenient[0])),
      );
    const own = (/** @type {Parameters<typeof of>[1]} */ key) => of(server.name, key);
    const speed = ratios(of("bare", "cpuMicros"), own("cpuMicros"));
    const rate = ratios(own("requestsPerSecond"), of("bare", "requestsPerSecond"));
    row(
      server.name,
      ...[own("cpuMicros"), speed, rate, own("p50Ms"), own("p99Ms"), own("idleMb"), own("loadedMb"), ready],
    );
  }
}

/** Installs the packages as far as they are not there yet; returns their folder. */
async function installOthers() {
  const folder = join(tmpdir(), "auto-extend-bench-others");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies: versions }));
  // Install scripts are not run: none of these packages needs one to answer.
  const quiet = ["--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--loglevel=error"];
  await execa("npm", ["install", ...quiet], { cwd: folder, stdout: "ignore", stderr: "inherit" });
  return folder;
}

/**
 * The servers that this machine can run.
 *
 * @param {string} folder that the packages are installed in
 * @param {string} answers the file with the answers of the mock
 * @returns {Promise<import("../speed/servers.mjs").BenchServer[]>}
 */
export async function otherServers(folder, answers) {
  const bin = (/** @type {string} */ name) => join(folder, "node_modules", name);
  const node = process.execPath;
  /** @type {Record<string, (port: number) => [command: string, ...args: string[]]>} */
  const programs = {
    Prism: (port) => [
      node,
      bin("@stoplight/prism-cli/dist/index.js"),
      ...["mock", openApiDocument, "--host", "127.0.0.1", "--port", `${port}`, "--verboseLevel", "silent"],
    ],
    Mockoon: (port) => [
      node,
      bin("@mockoon/cli/bin/run.js"),
      ...["start", "--data", openApiDocument, "--hostname", "127.0.0.1", "--port", `${port}`],
      ...["--disable-admin-api", "--disable-log-to-file"],
    ],
  };
  if (await hasJava()) programs.WireMock = (port) => ["java", ...wireMockArguments(folder, answers, port)];
  return [
    ...["fastify", "hono", "mockttp", "express"].map((name) => ({
      name,
      start: () => startServer([library, name, folder, answers]),
    })),
    ...Object.entries(programs).map(([name, commandFor]) => ({
      name,
      start: () => startProgram(commandFor),
    })),
  ];
}

async function hasJava() {
  const { failed } = await execa("java", ["-version"], { reject: false });
  return !failed;
}

/**
 * WireMock with one stub, which gives the first answer to every request, and without its journal of requests.
 *
 * @param {string} folder
 * @param {string} answers
 * @param {number} port
 */
function wireMockArguments(folder, answers, port) {
  const [first] = Object.values(JSON.parse(readFileSync(answers, "utf8")).answers);
  const root = temporaryFolder();
  mkdirSync(join(root, "mappings"));
  const stub = {
    request: { method: "POST", urlPathPattern: "/client/api/v1/[^/]+/extend/order/auto" },
    response: { status: 200, headers: first.headers, body: first.body },
  };
  writeFileSync(join(root, "mappings", "switch.json"), JSON.stringify(stub));
  const jar = join(folder, "node_modules/wiremock/build", `wiremock-standalone-${versions.wiremock}.jar`);
  const settings = [
    "--bind-address",
    "127.0.0.1",
    "--no-request-journal",
    "--disable-banner",
    "--use-chunked-encoding",
    "never",
  ];
  return ["-jar", jar, "--port", `${port}`, "--root-dir", root, ...settings];
}
