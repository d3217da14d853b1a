// What the client costs: its processor time per call, compared with `fetch` by hand, and its method for many orders.
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { ratios } from "../harness/measures.mjs";
import { startMock } from "../harness/programs.mjs";

const program = fileURLToPath(new URL("./caller.mjs", import.meta.url));
const ways = /** @type {const} */ (["fetch", "client", "bulk"]);

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
 * @param {import("../harness/report.mjs").Report} report
 * @param {{ rounds: number, seconds: number }} options
 */
export async function measure(report, { rounds, seconds }) {
  const calls = 4_000 * seconds;
  const row = report.table("client");
  const mock = await startMock({ world: callersWorld() });
  for (const inFlight of [1, 50]) {
    const cpu = { fetch: [0], client: [0], bulk: [0] };
    const time = { fetch: [0], client: [0], bulk: [0] };
    for (let round = 0; round < rounds; round += 1) {
      // In alternating order, so that what else the machine does shows as spread rather than as a difference.
      for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
        const args = [program, mock.url.href, way, `${inFlight}`, `${calls}`];
        const { cpuMicros, micros } = JSON.parse((await execa(process.execPath, args)).stdout);
        cpu[way][round] = cpuMicros;
        time[way][round] = micros;
      }
    }
    const name = `${inFlight} in flight`;
    for (const way of ways) row(`${name}: µs of processor time a call, ${way}`, cpu[way]);
    const costs = ratios(cpu.client, cpu.fetch);
    const slower = ratios(time.bulk, time.fetch);
    row(`${name}: processor time, client/fetch`, costs);
    row(`${name}: time, bulk/fetch`, slower);
    row(`${name}: time, bulk/client`, ratios(time.bulk, time.client));
    report.wanted(`${name}: processor time, client/fetch`, { atMost: 1.12 }, costs);
    report.wanted(`${name}: time, bulk/fetch`, { atMost: 1.1 }, slower);
  }
  await mock.stop();
}
