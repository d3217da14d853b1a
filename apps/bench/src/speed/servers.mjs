// What is measured: the requests, and the servers that answer them. One more of either is one more entry.
import { fileURLToPath } from "node:url";
import { fillPath, operations, setAutoExtend, specOf } from "@auto-extend/core";
import { requestText } from "../harness/connection.mjs";
import { startMock, startServer } from "../harness/programs.mjs";

/** @typedef {{ name: string, method: string, path: string, body: string, text: string }} BenchRequest */
/** @typedef {{ name: string, start: () => Promise<import("../harness/programs.mjs").Server> }} BenchServer */

/** The request that is measured unless another is named. */
export const usualRequest = requestOf(setAutoExtend);

export const requests = operations.map(requestOf);

/**
 * The first example request of an operation; the mock's own world answers it with a success.
 *
 * @param {import("@auto-extend/core").Operation} operation
 * @returns {BenchRequest}
 */
function requestOf(operation) {
  const { id, method, path } = operation;
  const [example] = Object.values(specOf(operation).examples.requests);
  const input = /** @type {Record<string, string>} */ (example?.request ?? {});
  const filled = fillPath(path, { apiKey: "bench-key" });
  const query = String(new URLSearchParams(input));
  const isGet = method === "GET";
  const request = {
    name: id,
    method,
    path: isGet && query ? `${filled}?${query}` : filled,
    body: isGet ? "" : JSON.stringify(input),
  };
  return { ...request, text: requestText(request) };
}

/** A text that each answer must contain: a server that refuses must not count as a fast one. */
export const successMark = '"success":true';

/**
 * The servers to compare. The bare one answers with the very headers and bodies of the mock.
 *
 * @returns {Promise<{ bare: BenchServer, mock: BenchServer }>}
 */
export async function prepareServers() {
  const mock = { name: "mock", start: () => startMock() };
  const answers = JSON.stringify(await answersOf(mock));
  const bareProgram = fileURLToPath(new URL("./bare.mjs", import.meta.url));
  return { bare: { name: "bare", start: () => startServer([bareProgram, answers]) }, mock };
}

/** @param {BenchServer} server */
async function answersOf({ start }) {
  const server = await start();
  /** @type {Record<string, { headers: Record<string, string>, body: string }>} */
  const answers = {};
  let keepAliveMs = 0;
  for (const { name, method, path, body } of requests) {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(new URL(path, server.url), { method, headers, ...(body ? { body } : {}) });
    const text = await answer.text();
    if (!text.includes(successMark))
      throw new Error(`The mock did not answer ${name} with a success: ${text}`);
    keepAliveMs = 1_000 * Number(/timeout=(\d+)/.exec(answer.headers.get("keep-alive") ?? "")?.[1]);
    // Node adds these itself, as it does for the mock.
    const own = ["connection", "keep-alive", "date", "content-length"];
    answers[`${method} ${path}`] = {
      headers: Object.fromEntries([...answer.headers].filter(([header]) => !own.includes(header))),
      body: text,
    };
  }
  await server.stop();
  return { keepAliveMs, answers };
}
