import { setAutoExtend } from "@auto-extend/core";
import { createMockFetch, generateWorld } from "@auto-extend/mock-server";

/**
 * How long a mock takes with a large world, in milliseconds: from the text of a world file to its first answer, and for a
 * year by its clock, with money enough for all of it.
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
    if (renewals.length < addresses / 10) throw new Error("A year passed, and hardly anything was renewed.");
    times.loading.push(loaded - begin);
    times.year.push(passed - loaded);
  }
  return times;
}

/** @param {typeof globalThis.fetch} fetch */
async function answered(fetch) {
  const { method, path, examples } = setAutoExtend;
  const answer = await fetch(`http://localhost${path.replace("{apiKey}", "bench-key")}`, {
    method,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(examples.requests.IPv4.request),
  });
  await answer.text();
}
