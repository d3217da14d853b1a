import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "../soak/random.mjs";
import { createJob } from "./job.mjs";
import { listOf } from "./list.mjs";
import { startMock } from "./mock.mjs";
import { ordersAmiss } from "./truth.mjs";
import { faultOrders, limits, presetNames } from "./ways.mjs";
import { bulkWorld } from "./world.mjs";

const kills = 3;
/** From so many requests on, there is room for every option of every preset. */
const roomForAll = 5_000;
const mostTold = 2;

/**
 * Does with the CLI what people do who have many orders to switch on while the provider fails: a run with a ledger, a resume
 * after each kill and each stop, until nothing is open. Then the mock's state is held to what was wanted.
 *
 * @param {{ orders: number, seed: number, chunkSize: number, concurrency: number, tell: (line: string) => void }} options
 */
export async function provesBulk({ orders, seed, chunkSize, concurrency, tell }) {
  /** @type {string[]} */
  const problems = [];
  const random = createRandom(seed);
  const world = bulkWorld({ orders, seed });
  const list = listOf(world, random);
  const { wanted, bad, given } = list;
  const depth = Math.ceil(Math.log2(chunkSize));
  const least = list.groups.reduce((sum, size) => sum + Math.ceil(size / chunkSize), 0);
  const expected = least + bad.size * Math.floor(Math.log2(chunkSize));
  const folder = mkdtempSync(join(tmpdir(), "auto-extend-bulk-"));
  const mock = await startMock(world);
  const job = createJob({ mock, folder, list, chunkSize, concurrency, problems, tell });

  try {
    tell(`${given} order ids, ${bad.size} of them bad, in at least ${least} calls; seed ${seed}.`);
    const known = await mock.presetNames();
    if (String(known) !== String(presetNames)) problems.push(`The mock's presets are now ${known}.`);
    const before = await mock.orders();
    const ordered = await faultOrders({ seed, first: expected, every: expected >= roomForAll });
    for (const order of ordered) await mock.order(order);
    const file = join(folder, "orders.csv");
    writeFileSync(file, list.csv);
    const marks = Array.from({ length: kills }, () => ({
      at: Math.ceil(given * (0.05 + 0.85 * (random.below(1_000) / 1_000))),
      after: random.below(20),
    })).sort((a, b) => a.at - b.at);
    const failures = await job.settle(file, { marks });
    // The provider still fails, and yet: exactly what was wanted is switched, and exactly what is bad was refused.
    const amiss = ordersAmiss(before, await mock.orders(), (orderId) => wanted.get(orderId));
    if (amiss.length > 0) {
      problems.push(`${amiss.length} orders are not as was meant: ${amiss.slice(0, mostTold).join("; ")}.`);
    }
    const refused = failures.map(({ orderId }) => orderId);
    if (!isSameList(refused, [...bad])) {
      problems.push(`At the end ${refused.length} ids are refused, not the ${bad.size} bad ones.`);
    }
    const [faults, requests] = [await mock.faults(), await mock.requests()];
    // Those that are for so many requests wait no more once they have had them.
    const unmet = faults.filter(({ struck, left }) => struck === 0 || left > 0).map(({ preset }) => preset);
    if (unmet.length > 0) problems.push(`These faults did not strike: ${unmet.join(", ")}.`);

    if (marks.length > 0) problems.push(`${marks.length} kills never came.`);

    return {
      ...{ problems, seed, given, bad: bad.size, chunkSize, concurrency, least, ...job.figures },
      most: least + 2 * bad.size * depth,
      requests,
      struck: [...faults, ...limits].reduce((sum, { struck, times }) => sum + (struck ?? times), 0),
      ways: ordered.length,
      presets: presetNames.length,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await mock.stop();
  }
}

function isSameList(some, others) {
  return String([...some].sort()) === String([...others].sort());
}
