// The peak memory of the CLI and of the client with many orders, above what each needs with a few.
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { temporaryFolder } from "../harness/programs.mjs";
import { runCli } from "./cli.mjs";

/** As many as a program needs to have loaded all that it uses. */
const few = 10;

/** Whether the system says what the peak of a process was: only Linux does. */
export const canMeasureMemory = process.platform === "linux";

/**
 * Switches orders off with the CLI and a ledger, resumes that run, and does the same with the client.
 *
 * @param {number} count of orders
 * @returns {Promise<{ run: number, resume: number, client: number }>} megabytes above the same with a few orders
 */
export async function measureMemory(count) {
  const server = await startWillingServer();
  try {
    const folder = temporaryFolder();
    const [atRest, many] = [await peaksOf(server.url, folder, few), await peaksOf(server.url, folder, count)];
    return {
      run: many.run - atRest.run,
      resume: many.resume - atRest.resume,
      client: many.client - atRest.client,
    };
  } finally {
    server.close();
  }
}

/**
 * @param {string} url
 * @param {string} folder
 * @param {number} count
 */
async function peaksOf(url, folder, count) {
  const file = join(folder, `${count}.txt`);
  writeFileSync(file, `${Array.from({ length: count }, (_, index) => 10_000_000 + index).join("\n")}\n`);
  const common = ["off", "--no-preview", "--no-read-back", "--chunk-size", "1000"];
  const orders = ["--type", "IPv4", "--days", "30", "--file", file];
  const ledger = join(folder, `${count}.jsonl`);
  const run = await runCli([...common, ...orders, "--ledger", ledger], { url });
  const resume = await runCli([...common, "--resume", ledger], { url });
  for (const { code, document } of [run, resume]) {
    const summary = document.result?.summary;
    const changed = (summary?.changed ?? 0) + (summary?.doneBefore ?? 0);
    if (code !== 0 || changed !== count) {
      throw new Error(`The CLI ended with ${code}, and not with ${count} orders changed.`);
    }
  }
  return { run: run.peak, resume: resume.peak, client: await peakOfClient(url, count) };
}

/**
 * @param {string} url
 * @param {number} count
 */
async function peakOfClient(url, count) {
  const program = fileURLToPath(new URL("./switch-many.mjs", import.meta.url));
  const { stdout } = await execa(process.execPath, [program, url, String(count)]);
  const { reported, summary, megabytes } = JSON.parse(stdout);
  if (reported !== count || summary.given !== count || summary.changed !== count || !summary.exhausted) {
    throw new Error(`The client did not report ${count} orders as changed: ${stdout}`);
  }
  return /** @type {number} */ (megabytes);
}

/** Starts a server that carries out every request, with one IP address per order. */
async function startWillingServer() {
  const server = createServer((request, response) => {
    /** @type {Buffer[]} */
    const pieces = [];
    request.on("data", (piece) => pieces.push(piece));
    request.on("end", () => {
      const { proxyType, rentPeriodDays, orderIds } = JSON.parse(Buffer.concat(pieces).toString());
      const answer = {
        ...{ success: true, proxyType, rentPeriodDays, quantity: orderIds.length },
        ipAddressIds: orderIds.map((/** @type {string} */ orderId) => `1000${orderId}`),
        ...{ balance: 5, currency: "USD", error: null },
      };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
