// Calls a server again and again, and prints the processor time and the time per call in microseconds:
// node caller.mjs URL HOW IN-FLIGHT CALLS
// HOW is `client`, `bulk` for its method for many orders, or `fetch` for the least that anybody does by hand.
import { createClient } from "@auto-extend/client";

const [url = "", how = "", inFlight = "1", calls = "1"] = process.argv.slice(2);
const apiKey = "bench-key";
const input = { proxyType: /** @type {const} */ ("IPv4"), rentPeriodDays: 30, autoExtend: true };
const client = createClient({ apiKey, baseUrl: url });
const path = `${url.replace(/\/$/, "")}/client/api/v1/${apiKey}/extend/order/auto`;
/** The world has so many orders. A call names two of them. */
const orders = 200;
const perCall = 2;

/** @param {number} index */
const idsOf = (index) => [`${(perCall * index) % orders}`, `${(perCall * index + 1) % orders}`];

/** @type {Record<string, (index: number) => Promise<unknown>>} */
const ways = {
  async fetch(index) {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...input, orderIds: idsOf(index) }),
      signal: AbortSignal.timeout(30_000),
    });
    const body = JSON.parse(await answer.text());
    if (!body.success) throw new Error(`Unexpected answer: ${JSON.stringify(body)}`);
  },
  client: (index) => client.setAutoExtend({ ...input, orderIds: idsOf(index) }),
};

/** @param {number} count */
async function repeat(count) {
  if (how === "bulk") {
    // Each ID is sent once in a run, so a run is over all orders of the world.
    const perRun = orders / perCall;
    for (let run = 0; run < count / perRun; run += 1) {
      const ids = Array.from({ length: orders }, (_, index) => `${index}`);
      const options = { ...input, chunkSize: perCall, concurrency: Number(inFlight) };
      const { changed } = await client.setAutoExtendMany(ids, options).finish();
      if (changed !== orders) throw new Error(`${changed} of ${orders} orders were switched.`);
    }
    return;
  }
  let next = 0;
  const callInTurn = async () => {
    while (next < count) await ways[how]?.(next++);
  };
  await Promise.all(Array.from({ length: Number(inFlight) }, callInTurn));
}

await repeat(Math.min(1_000, Number(calls)));
const start = performance.now();
const before = process.cpuUsage();
await repeat(Number(calls));
const { user, system } = process.cpuUsage(before);
const elapsedMs = performance.now() - start;
const perOne = (/** @type {number} */ micros) => micros / Number(calls);
console.log(JSON.stringify({ cpuMicros: perOne(user + system), micros: perOne(1_000 * elapsedMs) }));
