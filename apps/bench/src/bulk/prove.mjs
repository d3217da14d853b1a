import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setAutoExtend } from "@auto-extend/core";
import { waysToFail } from "../harness/faults.mjs";
import { startMock, temporaryFolder } from "../harness/programs.mjs";
import { createRandom } from "../harness/random.mjs";
import { faultSpecs, limits } from "./faults.mjs";
import { createJob } from "./job.mjs";
import { account, bulkWorld, listOrders, ordersAmiss } from "./orders.mjs";

const hardship = { killCount: 3, badOneIn: 100 };
/** With checks, each resume prices what is left, and looks for the bad orders among it by halving. */
const hardshipWithChecks = { killCount: 1, badOneIn: 1_000 };
/** With so many requests there is room for every option of every preset. */
const roomForEveryOption = 5_000;
const mostShown = 2;
/** With fewer orders, too few requests are sent for every fault to strike. */
export const fewestForEveryFault = 3_000;

/**
 * Does with the CLI what people with many orders do while the provider fails: a run with a ledger, then a resume after each
 * kill and each stop, until it is finished. Then it compares the mock's state with what was wanted.
 *
 * @param {{ orders: number, seed: number, chunkSize: number, concurrency: number, hasChecks: boolean }} options
 */
export async function proveBulk({ orders, seed, chunkSize, concurrency, hasChecks }) {
  /** @type {string[]} */
  const problems = [];
  const random = createRandom(seed);
  const world = bulkWorld({ orders, seed });
  const { killCount, badOneIn } = hasChecks ? hardshipWithChecks : hardship;
  const list = listOrders(world, { random, badOneIn });
  const { wanted, bad, mistyped, given } = list;
  const least = list.groups.reduce((sum, size) => sum + Math.ceil(size / chunkSize), 0);
  const expected = least + bad.size * Math.floor(Math.log2(chunkSize));
  const folder = temporaryFolder();
  const mock = await startMock({ world });
  const ask = askControlApi(mock.url);
  const job = createJob({ url: mock.url, folder, list, chunkSize, concurrency, hasChecks, problems });

  try {
    console.log(`${given} order IDs, ${bad.size} of them bad, in at least ${least} calls; seed ${seed}.`);
    const before = await currentOrders();
    const everyOption = expected >= roomForEveryOption;
    const specs = await faultSpecs({ seed, first: expected, everyOption });
    for (const spec of specs) {
      const body = JSON.stringify(hasChecks ? besideChecks(spec) : spec);
      await ask("/faults", { method: "POST", body });
    }
    const file = join(folder, "orders.csv");
    writeFileSync(file, list.csv);
    const kills = Array.from({ length: killCount }, () => ({
      at: Math.ceil(given * (0.05 + 0.85 * (random.below(1_000) / 1_000))),
      afterMs: random.below(20),
    })).sort((a, b) => a.at - b.at);
    const failures = await job.finish(file, kills);

    const amiss = ordersAmiss(before, await currentOrders(), wanted);
    if (amiss.length > 0) {
      problems.push(`${amiss.length} orders are wrong: ${amiss.slice(0, mostShown).join("; ")}.`);
    }
    const refused = failures.map(({ orderId }) => orderId).sort();
    // The lookup finds out that the type is wrong, so they are in no ledger.
    const refusable = [...bad].filter((id) => !hasChecks || !mistyped.has(id)).sort();
    if (String(refused) !== String(refusable)) {
      problems.push(`${refused.length} IDs are refused at the end, not the ${refusable.length} bad ones.`);
    }
    /** @type {{ faults: { preset: string, injected: number }[] }} */
    const { faults } = await ask("/faults");
    // A limit disappears from the list once it has refused as many requests as it should.
    const unmet = faults.filter(({ injected }) => injected === 0).map(({ preset }) => preset);
    if (unmet.length > 0) problems.push(`These faults were never met: ${unmet.join(", ")}.`);
    if (kills.length > 0) problems.push(`${kills.length} kills never happened.`);
    const { requests } = await ask("/requests?limit=1");
    return {
      ...{ problems, given, bad: bad.size, least, ...job.figures },
      most: least + 2 * bad.size * Math.ceil(Math.log2(chunkSize)),
      requests: Number(/\d+$/.exec(requests[0]?.id ?? "0")?.[0]),
      injected: [...faults.map(({ injected }) => injected), ...limits.map(({ times }) => times)].reduce(
        (a, b) => a + b,
      ),
      ways: specs.length,
      presets: waysToFail.size,
    };
  } finally {
    await mock.stop();
  }

  /** @returns {Promise<import("./orders.mjs").Order[]>} */
  async function currentOrders() {
    return (await ask(`/state?account=${account}`)).accounts[0].orders;
  }
}

/**
 * A fault that leaves lookup, prices and read-back alone: a hundred prices in a row would never come without a fault. One that
 * stops the run does so once, since each resume prices what is left.
 *
 * @param {{ preset: string, match?: object }} spec
 */
function besideChecks(spec) {
  const match = { ...spec.match, operation: setAutoExtend.id };
  return { ...spec, match, ...(spec.preset === "wrong-key" ? { times: 1 } : {}) };
}

/** @param {URL} url */
function askControlApi(url) {
  /**
   * @param {string} path
   * @param {RequestInit} [init]
   * @returns {Promise<any>}
   */
  return async (path, init) => {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(new URL(`/__mock${path}`, url), { ...init, headers });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text.slice(0, 500)}`);
    return JSON.parse(text);
  };
}
