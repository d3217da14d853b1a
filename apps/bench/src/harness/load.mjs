import { Connection } from "./connection.mjs";
import { usageOf } from "./measures.mjs";

/** @typedef {{ requestsPerSecond: number, cpuMicros: number, coreShare: number, latenciesMs: number[] }} Load */

/**
 * Repeats a request on each of several connections, and measures the server's own processor time meanwhile.
 *
 * @param {{ port: number, pid: number }} server
 * @param {{ request: string, expect: string, connections: number, seconds?: number, requests?: number }} options
 * `expect`: part of each answer; it ends after so many seconds or requests
 * @returns {Promise<Load>} `cpuMicros` is the processor time per request; `coreShare` near 1 is a busy server
 */
export async function load(
  server,
  { request, expect, connections, seconds = 600, requests = Number.POSITIVE_INFINITY },
) {
  const bytes = Buffer.from(request);
  /** @type {number[]} */
  const latenciesMs = [];
  let isRunning = true;

  async function repeat() {
    const connection = new Connection(server.port);
    while (isRunning && latenciesMs.length < requests) {
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
  const spin = () => isRunning && setImmediate(spin);
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
    coreShare: cpuMs / elapsedMs,
    latenciesMs,
  };
}
