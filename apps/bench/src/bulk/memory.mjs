// The peak memory of the CLI and of the client with many orders, above what each needs with a few.
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { temporaryFolder } from "../harness/programs.mjs";
import { runCli } from "./cli.mjs";

/** As many as a program needs to have loaded all that it uses. */
const few = 10;
const firstId = 10_000_000;

/** Whether the system says what the peak of a process was: only Linux does. */
export const canMeasureMemory = process.platform === "linux";

/**
 * Switches orders on with the CLI and a ledger, resumes that run, and does the same with the client.
 *
 * @param {number} count of orders
 * @param {{ hasChecks?: boolean }} [options] whether the CLI reads the list, prices, and reads back
 * @returns {Promise<{ run: number, resume: number, client: number }>} megabytes above the same with a few orders
 */
export async function measureMemory(count, { hasChecks = false } = {}) {
  const [atRest, many] = [await peaksOf(few, hasChecks), await peaksOf(count, hasChecks)];
  return {
    run: many.run - atRest.run,
    resume: many.resume - atRest.resume,
    client: many.client - atRest.client,
  };
}

/**
 * @param {number} count
 * @param {boolean} hasChecks
 */
async function peaksOf(count, hasChecks) {
  const server = await startWillingServer(count);
  try {
    const { url } = server;
    const folder = temporaryFolder();
    const [file, ledger] = [join(folder, "orders.txt"), join(folder, "run.jsonl")];
    writeFileSync(file, `${Array.from({ length: count }, (_, index) => firstId + index).join("\n")}\n`);
    const checks = hasChecks ? ["--timeout", "60"] : ["--no-preview", "--no-read-back"];
    const common = ["on", "--yes", "--chunk-size", "1000", ...checks];
    const orders = ["--type", "IPv4", "--days", "30", "--file", file];
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
  } finally {
    server.close();
  }
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

/**
 * Starts a server with orders of one IP address each, which does what it is asked for.
 *
 * @param {number} count of orders
 */
async function startWillingServer(count) {
  let isOn = false;
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const begin = { success: true, error: null };
    response.setHeader("content-type", "application/json");
    if (request.url?.includes("/ipAddress")) {
      return void Readable.from(listPieces(count, isOn)).pipe(response);
    }
    if (request.url?.includes("/rentPeriod")) {
      return void response.end(JSON.stringify({ ...begin, rentPeriodDays: [30] }));
    }
    const { proxyType, rentPeriodDays, orderIds } = JSON.parse(body);
    const money = { ...begin, proxyType, balance: 5, currency: "USD" };
    if (request.url?.includes("/calculate/")) {
      const price = orderIds.length;
      return void response.end(
        JSON.stringify({ ...money, price, discount: 0, promoCodeStatus: null, warnings: null }),
      );
    }
    isOn = true;
    const ipAddressIds = orderIds.map((/** @type {string} */ orderId) => `1000${orderId}`);
    response.end(JSON.stringify({ ...money, rentPeriodDays, quantity: orderIds.length, ipAddressIds }));
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

/**
 * The list of IP addresses. A million records are just below the size that the client reads.
 *
 * @param {number} count
 * @param {boolean} isOn
 */
function* listPieces(count, isOn) {
  yield '{"success":true,"error":null,"ipAddresses":[{"proxyType":"IPv4","orders":[';
  const end = `,"ipAddressIp":"192.0.2.1","country":"DEU","proxyType":"IPv4","dateEnd":"2030-01-31T00:00:00.000Z","extendInfo":{"autoExtend":${isOn},"extendDays":30}}]}`;
  for (let index = 0; index < count; index += 1) {
    const id = firstId + index;
    yield `${index === 0 ? "" : ","}{"orderId":"${id}","ipAddresses":[{"ipAddressId":"1000${id}"${end}`;
  }
  yield "]}]}";
}
