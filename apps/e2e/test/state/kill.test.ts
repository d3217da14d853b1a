import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { changes, countedIn, countingWorld, stateOf } from "./counting.js";
import { killPrograms, type Program, startProgram } from "./program.js";
import { watchWrites } from "./writes.js";

/** When the mocks are killed is drawn by the same seed on every run, unless FUZZ_SEED asks for another. */
const seed = Number(process.env.FUZZ_SEED ?? 1);
console.info(`FUZZ_SEED=${seed}`);

const kills = 20;
/** In memory where there is such a place: what a kill leaves is the same, but a disk may be busy with others' files. */
const quick = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const ballast = 1_200_000;
/** Several mocks at the same time, each with a state file of its own. */
const mocks = 4;

/**
 * How old a state file may be, in milliseconds: half a second and the time of a write, or six times that of a write. Not
 * all of a write is seen from outside, and a busy machine takes its time for everything else, too.
 */
const oldest = (seen: number) => Math.max(500 + 2 * seen, 6 * 2 * seen) + 500;

afterEach(killPrograms);

describe("a mock that is killed", () => {
  it(`finds its state file whole, and no older than documented: ${kills} times`, async () => {
    const folder = await mkdtemp(join(quick, "auto-extend-kill-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, "world.json"), JSON.stringify(countingWorld(ballast)));
    const drawn = fc.sample(moment, { seed, numRuns: kills });
    // All of them to the end, so that one that fails leaves none behind.
    const deaths = await Promise.allSettled(
      Array.from({ length: mocks }, (_, mock) =>
        live(
          folder,
          drawn.filter((_, index) => index % mocks === mock),
        ),
      ),
    );
    const all = deaths.flatMap((each) => {
      if (each.status === "rejected") throw each.reason;
      return each.value;
    });
    const amid = all.filter(({ amidWrite }) => amidWrite).length;
    const age = Math.max(...all.map(({ age }) => age));
    console.info(
      `${all.length} kills, ${amid} of them amid a write; the oldest file was ${Math.round(age)} ms behind`,
    );
    expect(all).toHaveLength(kills);
    expect(amid).toBeGreaterThanOrEqual(6);
    for (const { age, write } of all) expect(age).toBeLessThan(oldest(write));
  }, 300_000);
});

/**
 * When a mock is killed: some time after its start, within which a first write falls due, and half of them then wait for
 * the next write, and for some more time.
 */
const moment = fc.record({
  after: fc.integer({ min: 0, max: 700 }),
  intoWrite: fc.option(fc.integer({ min: 0, max: 25 })),
});
type Moment = typeof moment extends fc.Arbitrary<infer Value> ? Value : never;

interface Death {
  readonly amidWrite: boolean;
  /** How old the first change was that is not in the file, in milliseconds; 0 where all are. */
  readonly age: number;
  /** How long a write took at most. */
  readonly write: number;
}

/** Starts a mock again and again on the same state file, and changes its state until it is killed. */
async function live(folder: string, moments: readonly Moment[]): Promise<Death[]> {
  const own = await mkdtemp(join(folder, "mock-"));
  const file = join(own, "state.json");
  const start = () => startProgram(["--state", file]);
  const deaths: Death[] = [];
  let mock = await startProgram(["--state", file, "--world", join(folder, "world.json")]);
  let counted = 0;
  for (const { after, intoWrite } of moments) {
    const writes = watchWrites(own, "state.json");
    const changing = changes(mock.url, counted);
    await sleep(after);
    if (intoWrite !== null) {
      await writes.next();
      await sleep(intoWrite);
    }
    const killedAt = performance.now();
    await mock.kill();
    const write = writes.longest();
    writes.close();
    const answered = await changing;

    const amidWrite = (await readdir(own)).some((name) => name.endsWith(".unfinished"));
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ version: 2 });
    mock = await start();
    expect(await readdir(own)).toEqual(["state.json"]);
    // The last change may have been made, and its answer lost.
    const found = countedIn(await stateOf(mock.url), counted + answered.length + 1);
    expect(found, "changes that are there, in order").not.toBeNull();
    expect(found).toBeGreaterThanOrEqual(counted);
    const lost = answered[(found ?? 0) - counted];
    deaths.push({ amidWrite, write, age: lost === undefined ? 0 : killedAt - lost });
    counted = found ?? 0;
  }
  await stopAmidChanges(mock, counted, start);
  return deaths;
}

/** Stops a mock while its state changes: not one answered change is lost. */
async function stopAmidChanges(mock: Program, counted: number, start: () => Promise<Program>): Promise<void> {
  let changing: Promise<number[]> = Promise.resolve([]);
  await new Promise<void>((resolve) => {
    changing = changes(mock.url, counted, resolve);
  });
  await sleep(50);
  expect(await mock.stop()).toBe(0);
  const answered = await changing;
  expect(answered.length).toBeGreaterThan(0);
  const next = await start();
  expect(countedIn(await stateOf(next.url), counted + answered.length + 1)).toBeGreaterThanOrEqual(
    counted + answered.length,
  );
  await next.stop();
}
