// What the client costs: its processor time per call, compared with `fetch` by hand, and its method for many orders.
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { startMock } from "../harness/programs.mjs";

const program = fileURLToPath(new URL("./caller.mjs", import.meta.url));
const ways = /** @type {const} */ (["fetch", "client", "bulk"]);

/** @typedef {Record<(typeof ways)[number], { cpuMicros: number, micros: number }>} ClientRound */

/** So many orders has the world that is called. */
const orders = 200;

function callersWorld() {
  const order = (/** @type {number} */ index) => ({
    orderId: `${index}`,
    proxyType: "IPv4",
    endsAt: "+20d",
    ipAddresses: [{ ipAddressId: `ip-${index}`, ip: "192.0.2.1", country: "DE", autoExtend: false }],
  });
  const account = {
    id: "bench",
    apiKey: "bench-key",
    balance: 1_000,
    currency: "USD",
    rentPeriods: { IPv4: [30] },
    prices: { IPv4: { 30: 1 } },
    orders: Array.from({ length: orders }, (_, index) => order(index)),
  };
  return { version: 1, accounts: [account] };
}

/**
 * Calls a mock in each way in turn, each time with a fresh process.
 *
 * @param {{ rounds: number, calls: number, inFlight: number }} options
 * @returns {Promise<ClientRound[]>}
 */
export async function compareClient({ rounds, calls, inFlight }) {
  const mock = await startMock({ world: callersWorld() });
  const results = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      /** @type {[string, unknown][]} */
      const entries = [];
      // In alternating order, so that what else the machine does shows as spread rather than as a difference.
      for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
        const args = [program, mock.url.href, way, `${inFlight}`, `${calls}`];
        const { stdout } = await execa(process.execPath, args);
        entries.push([way, JSON.parse(stdout)]);
      }
      results.push(/** @type {ClientRound} */ (Object.fromEntries(entries)));
    }
  } finally {
    await mock.stop();
  }
  return results;
}

/**
 * @param {import("../harness/report.mjs").Report} report
 * @param {number} inFlight
 * @param {readonly ClientRound[]} results
 */
export function reportClient(report, inFlight, results) {
  const name = `${inFlight} in flight`;
  for (const way of ways)
    report.table(results, [
      [`${name}: us of processor time a call, ${way}`, (round) => round[way].cpuMicros],
    ]);
  report.table(results, [
    [
      `${name}: processor time, client/fetch`,
      (round) => round.client.cpuMicros / round.fetch.cpuMicros,
      { digits: 2 },
    ],
    [`${name}: time, bulk/client`, ({ bulk, client }) => bulk.micros / client.micros, { digits: 2 }],
  ]);
}
