// What is measured: the requests, and the servers that answer them.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fillPath, operations, setAutoExtend, specOf, unknownApiKey } from "@auto-extend/core";
import { defaultWorld } from "@auto-extend/mock-server";
import { requestText } from "../harness/connection.mjs";
import { startMock, startServer, temporaryFolder } from "../harness/programs.mjs";
import { createRandom } from "../harness/random.mjs";

/**
 * @typedef {object} BenchRequest
 * @property {string} method
 * @property {string} path
 * @property {string} body
 * @property {Record<string, string>} headers
 * @property {Buffer} bytes the whole request
 * @property {string} expect part of the answer, so that a wrong answer is not taken for a fast one
 */

/** @typedef {{ name: string, requests: readonly BenchRequest[] }} BenchLoad the requests of one operation */

/** @typedef {{ name: string, start: () => Promise<import("../harness/programs.mjs").Server> }} BenchServer */

const loadSize = 600;
const keyCount = 100;
/** One request in so many is refused: an unknown key, order or address, a period that is not sold, a missing field. */
const refusedOneIn = 4;

/**
 * Ways to make the mock refuse a request.
 *
 * @type {readonly { appliesTo: (input: Record<string, unknown>) => boolean,
 *   change: (input: Record<string, unknown>) => { apiKey?: string, input?: Record<string, unknown> } }[]}
 */
const refusals = [
  { appliesTo: () => true, change: () => ({ apiKey: unknownApiKey }) },
  {
    appliesTo: (input) => "orderIds" in input,
    change: (input) => ({ input: { ...input, orderIds: ["98765"] } }),
  },
  {
    appliesTo: (input) => "ipAddressIds" in input,
    change: (input) => ({ input: { ...input, ipAddressIds: ["9876543210987654321"] } }),
  },
  {
    appliesTo: (input) => "rentPeriodDays" in input,
    change: (input) => ({ input: { ...input, rentPeriodDays: 77 } }),
  },
  {
    appliesTo: (input) => "orderIds" in input || "ipAddressIds" in input,
    change: ({ rentPeriodDays: _, ...input }) => ({ input }),
  },
];

/** A load for each operation, and one that mixes them. In each, API key, IDs and switch differ from request to request. */
const varied = [...operations.map((each) => loadOf(each.id, [each])), loadOf("mixed", operations)];

/** The load that is used where one is enough. */
export const usualLoad = /** @type {BenchLoad} */ (varied.find(({ name }) => name === setAutoExtend.id));

/** The requests of the usual load that succeed: the easiest to answer, and all that other servers know. */
export const plainLoad = {
  name: "plain",
  requests: usualLoad.requests.filter(({ expect }) => expect.endsWith("true")),
};

/** All that are measured. */
export const loads = [plainLoad, ...varied];

export const firstRequest = /** @type {BenchRequest} */ (usualLoad.requests[0]);

/**
 * @param {string} name
 * @param {readonly import("@auto-extend/core").Operation[]} operations
 * @returns {BenchLoad}
 */
function loadOf(name, operations) {
  const random = createRandom(1);
  const requests = Array.from({ length: loadSize }, (_, index) => {
    const operation = random.of(operations);
    const input = { ...random.of(inputsOf(operation)) };
    if ("autoExtend" in input) input.autoExtend = index % 2 === 0;
    const apiKey = `bench-key-${random.below(keyCount)}`;
    const isRefused = index % refusedOneIn === refusedOneIn - 1;
    const change = isRefused
      ? random.of(refusals.filter(({ appliesTo }) => appliesTo(input))).change(input)
      : {};
    const request = requestOf(operation, { apiKey, input, number: index, ...change });
    return { ...request, expect: `"success":${!isRefused}` };
  });
  return { name, requests };
}

/**
 * The examples of an operation, and requests for several orders or addresses at once.
 *
 * @param {import("@auto-extend/core").Operation} operation
 * @returns {Record<string, unknown>[]}
 */
function inputsOf(operation) {
  const examples = Object.values(specOf(operation).examples.requests).map(({ request }) => request);
  const inputs = /** @type {Record<string, unknown>[]} */ (examples);
  const orders = defaultWorld.accounts.flatMap((account) => account.orders);
  const several = inputs.flatMap((input) => {
    const ofType = orders.filter(({ proxyType }) => proxyType === input.proxyType);
    const orderIds = ofType.map(({ orderId }) => orderId);
    const ipAddressIds = ofType.flatMap(({ ipAddresses }) => ipAddresses.map((each) => each.ipAddressId));
    const all = { orderIds, ipAddressIds };
    return Object.entries(all).flatMap(([name, ids]) => (name in input ? [{ ...input, [name]: ids }] : []));
  });
  return [...inputs, ...several];
}

/**
 * @param {import("@auto-extend/core").Operation} operation
 * @param {{ apiKey: string, input: Record<string, unknown>, number: number }} options
 * @returns {Omit<BenchRequest, "expect">}
 */
function requestOf({ method, path }, { apiKey, input, number }) {
  const filled = fillPath(path, { apiKey });
  const query = new URLSearchParams(/** @type {Record<string, string>} */ (input)).toString();
  const isGet = method === "GET";
  const request = {
    method,
    path: isGet && query ? `${filled}?${query}` : filled,
    body: isGet ? "" : JSON.stringify(input),
  };
  // The bare handler finds its answer by this number; the mock ignores it.
  const headers = { "content-type": "application/json", "bench-request": `${number}` };
  return { ...request, headers, bytes: Buffer.from(requestText({ ...request, headers })) };
}

/**
 * The servers to compare under a load. The bare one answers each request with the headers and body of the mock.
 *
 * @param {BenchLoad} load
 * @returns {Promise<{ bare: BenchServer, mock: BenchServer, answers: string }>} `answers` is the file with the mock's answers
 */
export async function prepareServers({ name, requests }) {
  const mock = { name: "mock", start: () => startMock() };
  const file = join(temporaryFolder(), `${name}.json`);
  writeFileSync(file, JSON.stringify(await answersOf(mock, requests)));
  const bareProgram = fileURLToPath(new URL("./bare.mjs", import.meta.url));
  return { bare: { name: "bare", start: () => startServer([bareProgram, file]) }, mock, answers: file };
}

/**
 * @param {BenchServer} server
 * @param {readonly BenchRequest[]} requests
 */
async function answersOf({ start }, requests) {
  const server = await start();
  /** @type {Record<string, { headers: Record<string, string>, body: string }>} */
  const answers = {};
  let keepAliveMs = 0;
  for (const { method, path, headers, body, expect } of requests) {
    const answer = await fetch(new URL(path, server.url), { method, headers, ...(body ? { body } : {}) });
    const text = await answer.text();
    if (!text.includes(expect)) throw new Error(`The mock answered ${method} ${path} ${body} with ${text}`);
    keepAliveMs = 1_000 * Number(/timeout=(\d+)/.exec(answer.headers.get("keep-alive") ?? "")?.[1]);
    // Node adds these itself, as it does for the mock.
    const own = ["connection", "keep-alive", "date", "content-length"];
    const forwarded = [...answer.headers].filter(([header]) => !own.includes(header));
    answers[/** @type {string} */ (headers["bench-request"])] = {
      headers: Object.fromEntries(forwarded),
      body: text,
    };
  }
  await server.stop();
  return { keepAliveMs, answers };
}
