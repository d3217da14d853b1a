import { waysToFail } from "../harness/faults.mjs";
import { median, usageOf } from "../harness/measures.mjs";
import { startMock } from "../harness/programs.mjs";
import { createRandom } from "../harness/random.mjs";
import { createKeeper } from "./keeper.mjs";
import { drawScene } from "./scenes.mjs";
import { createTally, createWorker } from "./worker.mjs";
import { soakWorld } from "./world.mjs";

/** Few enough that new API keys reach this limit, and do so again after a reset. */
const accountLimit = 1_000;

/** In a short soak there are some resets, too. */
const resetMs = 20_000;
const fewestResets = 3;

/** More answers than this say nothing new, however long the soak was meant to take. */
const mostAnswers = 1_000_000_000;

/** A soak warms up for this part of it and so many answers: until then logs and heap fill, however slow the machine is. */
const warmUp = { share: 0.2, answers: 50_000 };
/** How many seconds after the warm-up are needed to judge memory. */
const fewestSamples = 30;

/** Growth within either of these still counts as flat. */
const flatGrowth = { share: 0.1, megabytes: 16 };

/**
 * Drives the real program at full speed with everything it can be asked, judges every answer, and watches its memory.
 *
 * @param {{ seconds: number, connections: number, seed: number, onMinute?: (line: string) => void }} options
 */
export async function soak({ seconds, connections, seed, onMinute = () => {} }) {
  const tally = createTally();
  const server = await startMock({
    world: soakWorld(connections),
    args: ["--account-limit", String(accountLimit)],
  });
  const begin = performance.now();
  const isMet = (/** @type {string} */ preset) =>
    [...tally.kinds.keys()].some((kind) => kind.startsWith(`fault: ${preset},`));
  const hasEnded = () =>
    performance.now() - begin >= seconds * 1_000 ||
    tally.answers >= mostAnswers ||
    tally.isHopeless ||
    !server.isRunning;
  const workers = Array.from({ length: connections }, (_, number) =>
    createWorker({ port: server.port, number, random: createRandom(seed * 1_000 + number), tally }),
  );
  const keeper = createKeeper({ server, tally, random: createRandom(seed), hasEnded });
  /** @type {{ answers: number, rssMb: number }[]} */
  const samples = [];
  const sampling = setInterval(async () => {
    const usage = await usageOf(server.pid).catch(() => undefined);
    if (!usage) return;
    const { answers: count, unexpected } = tally;
    samples.push({ answers: count, rssMb: usage.rssMb });
    if (samples.length % 60 > 0) return;
    onMinute(`${samples.length} s: ${count} answers, ${unexpected} unexpected, ${usage.rssMb.toFixed(0)} MB`);
  }, 1_000);

  async function drive() {
    while (!hasEnded()) {
      const due = performance.now() + Math.min(resetMs, (seconds * 1_000) / (fewestResets + 1));
      const isDue = () => hasEnded() || performance.now() >= due;
      await Promise.all([
        keeper.moveClockUntil(isDue),
        ...workers.map(async (worker) => {
          while (!isDue()) await drawScene(worker.random)(worker);
        }),
      ]);
      if (hasEnded()) return;
      await keeper.reset();
      for (const worker of workers) worker.forget();
    }
  }

  try {
    await Promise.all([keeper.keep(), drive()]);
  } finally {
    clearInterval(sampling);
    for (const each of [keeper, ...workers]) each.close();
  }
  const took = (performance.now() - begin) / 1_000;
  const exit = server.isRunning ? await server.stop() : "before it was asked to";
  return {
    ...{ seconds: took, tally, exit, unmetFaults: [...waysToFail.keys()].filter((preset) => !isMet(preset)) },
    memory: summarizeMemory(samples),
    slowestHealthMs: keeper.slowestHealthMs(),
  };
}

/**
 * Summarizes samples of one a second, in megabytes: the medians of the first and last fifth after the warm-up, and the most.
 *
 * @param {readonly { answers: number, rssMb: number }[]} samples
 */
export function summarizeMemory(samples) {
  const warm = samples
    .slice(Math.floor(samples.length * warmUp.share))
    .filter(({ answers }) => answers >= warmUp.answers)
    .map(({ rssMb }) => rssMb);
  const fifth = Math.max(1, Math.floor(warm.length / 5));
  const [first, last] = [median(warm.slice(0, fifth)), median(warm.slice(-fifth))];
  const isLongEnough = warm.length >= fewestSamples;
  return {
    ...{ first, last, isLongEnough },
    most: Math.max(...samples.map(({ rssMb }) => rssMb)),
    isFlat: !isLongEnough || last - first <= Math.max(first * flatGrowth.share, flatGrowth.megabytes),
  };
}
