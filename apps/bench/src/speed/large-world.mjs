import { createMockFetch, generateWorld } from "@auto-extend/mock-server";
import { firstRequest } from "./servers.mjs";

/**
 * Times a mock with a large world, in milliseconds: from the text of a world file to the first answer, and for a year by
 * its clock, with enough money for all renewals.
 *
 * @param {{ orders: number, addresses: number, rounds: number }} size
 */
export async function largeWorld({ orders, addresses, rounds }) {
  const text = JSON.stringify(generateWorld({ orders, addresses, seed: 7, balance: 999_999_999 }));
  /** @type {{ loading: number[], year: number[] }} */
  const times = { loading: [], year: [] };
  for (let round = 0; round < rounds; round += 1) {
    const begin = performance.now();
    const fetch = createMockFetch({ world: JSON.parse(text) });
    await answered(fetch);
    const loaded = performance.now();
    const { renewals } = fetch.clock.advance({ days: 365 });
    const passed = performance.now();
    if (renewals.length < addresses / 10) throw new Error("A year passed, but hardly anything was renewed.");
    times.loading.push(loaded - begin);
    times.year.push(passed - loaded);
  }
  return times;
}

/** @param {typeof globalThis.fetch} fetch */
async function answered(fetch) {
  const { method, path, headers, body } = firstRequest;
  await (await fetch(`http://localhost${path}`, { method, headers, body })).text();
}
