import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterEach, expect, it, onTestFinished } from "vitest";
import { seed } from "../model/fuzz.js";
import { changes, countedIn, countingWorld, stateOf } from "./counting.js";
import { killPrograms, type Program, startProgram, stopAmidWrite, unfinished } from "./program.js";

/** In memory where there is such a place: what a kill leaves is the same, but a disk may be busy with others' files. */
const quick = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const ballast = 1_200_000;
/** Several mocks at the same time, each with a state file of its own. */
const mocks = 2;
const after = fc.integer({ min: 0, max: 700 });
/** When each is killed, five times: after so many milliseconds, or amid a write. */
const stops = fc
  .sample(fc.tuple(after, after), { seed, numRuns: mocks })
  .map(([first, second]) => [first, "amid a write", "amid a write", second, "amid a write"] as const);

afterEach(killPrograms);

// How old the file may be, the tests of the mock prove with a clock of their own.
it.skipIf(process.platform === "win32")(
  "a mock that is killed finds its state file whole, each change up to the last one in it",
  async () => {
    const folder = await mkdtemp(join(quick, "auto-extend-kill-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, "world.json"), JSON.stringify(countingWorld(ballast)));
    // All of them to the end, so that one that fails leaves none behind.
    const lives = await Promise.allSettled(stops.map((each) => live(folder, each)));
    for (const each of lives) if (each.status === "rejected") throw each.reason;
  },
);

/** Starts a mock again and again on the same state file, and changes its state until it is killed. */
async function live(folder: string, stops: readonly (number | "amid a write")[]): Promise<void> {
  const own = await mkdtemp(join(folder, "mock-"));
  const file = join(own, "state.json");
  const start = () => startProgram(["--state", file]);
  let mock = await startProgram(["--state", file, "--world", join(folder, "world.json")]);
  let changesBefore = 0;
  for (const stopAt of stops) {
    const changing = changes(mock.url, changesBefore);
    if (stopAt === "amid a write") await stopAmidWrite(mock, file);
    else await sleep(stopAt);
    await mock.kill();
    const answered = await changing;

    if (stopAt === "amid a write") expect(await unfinished(file)).toHaveLength(1);
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ version: 2 });
    mock = await start();
    expect(await readdir(own)).toEqual(["state.json"]);
    // The last change may have been made, and its answer lost.
    const found = countedIn(await stateOf(mock.url), changesBefore + answered + 1);
    expect(found, "changes that are there, in order").not.toBeNull();
    expect(found).toBeGreaterThanOrEqual(changesBefore);
    changesBefore = found ?? 0;
  }
  await stopAmidChanges(mock, changesBefore, start);
}

/** Stops a mock while its state changes: not one answered change is lost. */
async function stopAmidChanges(
  mock: Program,
  changesBefore: number,
  start: () => Promise<Program>,
): Promise<void> {
  let changing: Promise<number> = Promise.resolve(0);
  await new Promise<void>((resolve) => {
    changing = changes(mock.url, changesBefore, resolve);
  });
  await sleep(50);
  expect(await mock.stop()).toBe(0);
  const answered = await changing;
  expect(answered).toBeGreaterThan(0);
  const next = await start();
  expect(countedIn(await stateOf(next.url), changesBefore + answered + 1)).toBeGreaterThanOrEqual(
    changesBefore + answered,
  );
  await next.stop();
}
