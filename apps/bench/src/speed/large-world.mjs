// A world with very many IP addresses: how long it takes to load and to let a year pass, what a single call costs in it, and
// how long a list of all of them holds up other requests.
import { get } from "node:http";
import { createMockFetch, generateWorld } from "@auto-extend/mock-server";
import { Connection } from "../harness/connection.mjs";
import { ratios, repeat } from "../harness/measures.mjs";
import { startMock } from "../harness/programs.mjs";
import { createMockEngine, engineRequest, timeInTurn } from "./engine.mjs";
import { firstRequest, loads } from "./servers.mjs";

/**
 * @param {import("../harness/report.mjs").Report} report
 * @param {{ rounds: number, orders?: number, addresses?: number }} options
 */
export async function measure(report, { rounds, orders = 20_000, addresses = 100_000 }) {
  const world = generateWorld({ orders, addresses, seed: 7, balance: 999_999_999 });
  const text = JSON.stringify(world);
  const results = await repeat(rounds, async () => ({
    ...(await loadAndPassYear(text, addresses)),
    waitMs: await longestWaitBesideList(world),
  }));
  const row = report.table("large world");
  const size = `${addresses.toLocaleString("en-US")} IP addresses`;
  for (const [name, atMost, figures] of /** @type {[string, number, number[]][]} */ ([
    [`ms to load ${size} and answer`, 2_000, results.map(({ loadingMs }) => loadingMs)],
    [`ms for a year over ${size}`, 2_000, results.map(({ yearMs }) => yearMs)],
    [`a single call in the engine, world of ${size}/small world`, 1, singleCalls(world, rounds)],
    [
      `ms that another request waits at most, while ${size} are listed`,
      100,
      results.map(({ waitMs }) => waitMs),
    ],
  ])) {
    row(name, figures);
    report.wanted(name, { atMost }, figures);
  }
}

/**
 * From the text of a world file to the first answer, and a year by the clock with enough money for all renewals.
 *
 * @param {string} text
 * @param {number} addresses
 */
async function loadAndPassYear(text, addresses) {
  const { method, path, headers, body } = firstRequest;
  const begin = performance.now();
  const fetch = createMockFetch({ world: JSON.parse(text) });
  await (await fetch(`http://localhost${path}`, { method, headers, body })).text();
  const loaded = performance.now();
  const { renewals } = fetch.clock.advance({ days: 365 });
  if (renewals.length < addresses / 10) throw new Error("A year passed, but hardly anything was renewed.");
  return { loadingMs: loaded - begin, yearMs: performance.now() - loaded };
}

/**
 * The cost of a switch of one order in a large world, as a multiple of that in a world with only a few of its orders.
 *
 * @param {ReturnType<typeof generateWorld>} world
 * @param {number} rounds
 */
function singleCalls(world, rounds) {
  const isIpv4 = (/** @type {{ proxyType: string }} */ order) => order.proxyType === "IPv4";
  const accounts = world.accounts.map((each) => ({
    ...each,
    orders: each.orders.filter(isIpv4).slice(0, 10),
  }));
  const orders = accounts.flatMap((each) => each.orders);
  const inputs = [true, false].flatMap((autoExtend) =>
    orders.map(({ orderId, proxyType }) => {
      const input = { proxyType, orderIds: [orderId], rentPeriodDays: 90, autoExtend };
      return engineRequest({ ...firstRequest, body: JSON.stringify(input) });
    }),
  );
  const callIn = (/** @type {object} */ each) => {
    const engine = createMockEngine({ world: each });
    return (/** @type {number} */ index) => engine.handle(inputs[index % inputs.length]).body.length;
  };
  const work = { large: callIn(world), small: callIn({ ...world, accounts }) };
  const { large, small } = timeInTurn({ rounds, count: 10_000, work });
  return ratios(large, small);
}

/**
 * The longest time in milliseconds that another request takes while all addresses are listed.
 *
 * @param {ReturnType<typeof generateWorld>} world
 */
async function longestWaitBesideList(world) {
  const mock = await startMock({ world });
  const other = new Connection(mock.port);
  const [request] = loads.flatMap(({ name, requests }) => (name === "getBalance" ? requests : []));
  let longest = 0;
  let isListed = false;
  get(new URL("/client/api/v1/list-key/ipAddress", mock.url), (answer) => {
    answer.resume().once("end", () => {
      isListed = true;
    });
  });
  while (!isListed) {
    const sent = performance.now();
    await other.send(request?.bytes ?? "");
    longest = Math.max(longest, performance.now() - sent);
  }
  other.close();
  await mock.stop();
  return longest;
}
