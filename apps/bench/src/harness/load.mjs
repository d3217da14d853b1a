import { setTimeout as sleep } from "node:timers/promises";
import { Connection } from "./connection.mjs";
import { usageOf } from "./measures.mjs";

/** @typedef {{ requestsPerSecond: number, cpuMicros: number, latenciesMs: number[] }} Load */

/**
 * Sends requests in turn over several connections, and measures the server's own processor time meanwhile.
 *
 * @param {{ port: number, pid: number }} server
 * @param {{ requests: readonly { bytes: Buffer, expect: string }[], connections: number, seconds?: number, count?: number,
 *   perSecond?: number }} options `expect`: part of the answer; it ends after so many seconds or requests; `perSecond`: how
 * many are sent in a second (default: as many as the server answers)
 * @returns {Promise<Load>} `cpuMicros` is the processor time per request
 */
export async function load(
  server,
  { requests, connections, seconds = 600, count = Number.POSITIVE_INFINITY, perSecond },
) {
  /** @type {number[]} */
  const latenciesMs = [];
  let isRunning = true;
  let next = 0;

  async function repeat() {
    const connection = new Connection(server.port);
    while (isRunning && next < count) {
      const { bytes, expect } = /** @type {{ bytes: Buffer, expect: string }} */ (
        requests[next % requests.length]
      );
      const due = perSecond === undefined ? 0 : start + (next * 1_000) / perSecond;
      next += 1;
      const early = due - performance.now();
      if (early > 0) await sleep(early);
      const sent = performance.now();
      const { end, status, body } = await connection.send(bytes);
      latenciesMs.push(performance.now() - sent);
      if (end !== "complete" || status !== 200 || !body.includes(expect)) {
        throw new Error(`Unexpected answer: ${end}, HTTP ${status}, ${body.toString("utf8", 0, 300)}`);
      }
    }
    connection.close();
  }

  // Never sleep: being woken up costs the server time, and more so the more often the load has to wait for it.
  const spin = () => isRunning && perSecond === undefined && setImmediate(spin);
  spin();
  const before = await usageOf(server.pid);
  const start = performance.now();
  const repeating = Promise.all(Array.from({ length: connections }, repeat));
  const timer = setTimeout(() => {
    isRunning = false;
  }, seconds * 1_000);
  try {
    await repeating;
  } finally {
    isRunning = false;
    clearTimeout(timer);
  }
  const elapsedMs = performance.now() - start;
  const cpuMs = (await usageOf(server.pid)).cpuMs - before.cpuMs;
  return {
    requestsPerSecond: latenciesMs.length / (elapsedMs / 1_000),
    cpuMicros: (cpuMs * 1_000) / latenciesMs.length,
    latenciesMs,
  };
}
