// Processor time per request in nginx and in a mock behind it: what a load balancer costs, and how many mocks one nginx
// can keep busy.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "../harness/load.mjs";
import { ratios, repeat, usageOf } from "../harness/measures.mjs";
import { startMock, startProgram, temporaryFolder } from "../harness/programs.mjs";
import { usualLoad } from "./servers.mjs";

const example = new URL("../../../../examples/several-mocks/nginx.conf", import.meta.url);
const connections = 50;
const warmUpRequests = 5_000;

/**
 * Measures one mock by itself and behind nginx, in turn and each time with fresh processes.
 *
 * @param {import("../harness/report.mjs").Report} report
 * @param {{ rounds: number, seconds: number }} options
 */
export async function measure(report, { rounds, seconds }) {
  const results = await repeat(rounds, async () => ({
    direct: await measureLoad({ seconds, isBehind: false }),
    behind: await measureLoad({ seconds, isBehind: true }),
  }));
  const row = report.table("nginx");
  const title = "µs of processor time a request";
  const mock = results.map(({ behind }) => behind.mockMicros);
  const nginx = results.map(({ behind }) => behind.nginxMicros);
  row(
    `${title}, mock by itself`,
    results.map(({ direct }) => direct.mockMicros),
  );
  row(`${title}, mock behind nginx`, mock);
  row(`${title}, nginx`, nginx);
  row("mocks that one process of nginx keeps busy", ratios(mock, nginx));
}

/** @param {{ seconds: number, isBehind: boolean }} options */
async function measureLoad({ seconds, isBehind }) {
  const mock = await startMock();
  const nginx = isBehind ? await startNginx(mock.port) : undefined;
  const server = { port: nginx?.port ?? mock.port, pid: mock.pid };
  const options = { requests: usualLoad.requests, connections };
  try {
    await load(server, { ...options, count: warmUpRequests });
    const before = nginx ? await usageOf(nginx.pid) : undefined;
    const { cpuMicros, latenciesMs } = await load(server, { ...options, seconds });
    const nginxMs = nginx && before ? (await usageOf(nginx.pid)).cpuMs - before.cpuMs : 0;
    return { mockMicros: cpuMicros, nginxMicros: (nginxMs * 1_000) / latenciesMs.length };
  } finally {
    await nginx?.stop();
    await mock.stop();
  }
}

/**
 * Starts nginx as one process, with the example's configuration and one mock behind it.
 *
 * @param {number} mockPort
 */
function startNginx(mockPort) {
  const folder = temporaryFolder();
  const file = join(folder, "nginx.conf");
  mkdirSync(join(folder, "run"));
  return startProgram((port) => {
    const configuration = readFileSync(example, "utf8")
      .replace(
        / {4}server 127\.0\.0\.1:4011 [^\n]+\n(?: {4}server [^\n]+\n)+/,
        `    server 127.0.0.1:${mockPort} max_fails=0;\n`,
      )
      .replace("listen 127.0.0.1:4010;", `listen 127.0.0.1:${port};`);
    writeFileSync(file, configuration);
    const oneProcess = "daemon off; master_process off;";
    return ["nginx", "-p", join(folder, "run"), "-c", file, "-g", oneProcess];
  });
}
