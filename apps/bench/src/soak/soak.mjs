import { promisedFaults } from "./faults.mjs";
import { createGate } from "./gate.mjs";
import { createKeeper } from "./keeper.mjs";
import { memoryOf, memoryStory } from "./memory.mjs";
import { startProgram } from "./program.mjs";
import { createRandom } from "./random.mjs";
import { drawScene } from "./scenes.mjs";
import { createTally } from "./tally.mjs";
import { createWorker } from "./worker.mjs";
import { soakWorld } from "./world.mjs";

/** The mock makes so many accounts for new API keys: few enough to come to that limit, and be there again after a reset. */
const accountLimit = 1_000;

/** After so many answers a soak has told what it can tell, however long it was to take. */
const mostAnswers = 1_000_000_000;

/**
 * Drives the real program at full speed with all that it can be asked, judges every answer, and minds its memory.
 *
 * @param {{ seconds: number, connections: number, seed: number, onSecond?: (line: string) => void }} options
 */
export async function soak({ seconds, connections, seed, onSecond = () => {} }) {
  const tally = createTally();
  const program = await startProgram(soakWorld(connections), ["--account-limit", String(accountLimit)]);
  const gate = createGate();
  const begin = performance.now();
  const isOver = () =>
    performance.now() - begin >= seconds * 1_000 ||
    tally.requests >= mostAnswers ||
    tally.isHopeless ||
    !program.runs;
  const workers = Array.from({ length: connections }, (_, number) =>
    createWorker({ port: program.port, number, random: createRandom(seed * 1_000 + number), tally }),
  );
  const onReset = () => {
    for (const worker of workers) worker.forget();
  };
  const keeper = createKeeper({ program, gate, tally, random: createRandom(seed), seconds, isOver, onReset });
  const samples = [];
  const sampling = setInterval(async () => {
    const megabytes = await memoryOf(program.pid).catch(() => undefined);
    if (megabytes === undefined) return;
    samples.push(megabytes);
    onSecond(
      `${samples.length} s: ${tally.requests} answers, ${tally.wrong} unexpected, ${megabytes.toFixed(0)} MB`,
    );
  }, 1_000);

  async function drive(worker) {
    while (!isOver()) await gate.through(() => drawScene(worker.random)(worker));
    worker.close();
  }

  try {
    await Promise.all([keeper.keep(), ...workers.map(drive)]);
  } finally {
    clearInterval(sampling);
    keeper.close();
  }
  const took = (performance.now() - begin) / 1_000;
  const exit = program.runs ? await program.stop() : "before it was told to";
  return {
    seconds: took,
    tally,
    memory: memoryStory(samples),
    slowestHealth: keeper.slowest,
    exit,
    unmetFaults: Object.keys(promisedFaults).filter((preset) => !tally.faults.has(preset)),
  };
}
