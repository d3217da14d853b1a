import { spawnSync } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { acquireLock } from "../../src/store/lock.js";
import { post, saved, startMock, stateFolder } from "./folder.js";

/** The number of a process that is gone. */
const gone = spawnSync(process.execPath, ["--version"]).pid;

async function withLock(holder: object | string) {
  const place = await stateFolder();
  const text = typeof holder === "string" ? holder : JSON.stringify({ ...somebody, ...holder });
  await writeFile(`${place.file}.lock`, text);
  return { ...place, text };
}

const somebody = { pid: gone, host: hostname(), started: null, id: "1" };

describe("the lock of a state file", () => {
  it("keeps a second mock out, in the same process, too, and is gone with the first", async () => {
    const { file, names } = await stateFolder();
    const first = await startMock({ stateFile: file });
    await expect(startMock({ stateFile: file })).rejects.toMatchObject({
      name: "StateBusyError",
      message: `The state file ${file} is in use by another mock: one in this very process. Stop that one, or choose another state file.`,
    });
    await first.close();
    expect(await names()).toEqual(["state.json"]);
    await startMock({ stateFile: file });
  });

  it("says which process has it", async () => {
    const { file, text } = await withLock({ pid: process.ppid });
    await expect(acquireLock(file)).rejects.toThrow(`in use by another mock: process ${process.ppid}.`);
    expect(await readFile(`${file}.lock`, "utf8")).toBe(text);
  });

  it("of a process that is gone is taken over", async () => {
    const { file, names } = await withLock({});
    const lock = await acquireLock(file);
    lock.hold();
    expect(JSON.parse(await readFile(`${file}.lock`, "utf8"))).toMatchObject({ pid: process.pid });
    lock.release();
    expect(await names()).toEqual([]);
  });

  it.skipIf(process.platform !== "linux")(
    "of an earlier process with the same number is taken over",
    async () => {
      const { file } = await withLock({ pid: process.pid, started: "1" });
      await acquireLock(file);
    },
  );

  it("of another machine, or container, is left alone: nobody can tell whether that one is alive", async () => {
    const { file } = await withLock({ host: "elsewhere", pid: 7 });
    await expect(acquireLock(file)).rejects.toThrow(
      `process 7 on elsewhere, which can't be looked for from ${hostname()}. Stop that one, or choose another state file. If it is gone for sure, delete ${file}.lock.`,
    );
  });

  it("is not taken for one where it is something else", async () => {
    const { file, text } = await withLock("# yarn lockfile v1\n");
    await expect(acquireLock(file)).rejects.toThrow(`${file}.lock should be its lock, and is something else`);
    expect(await readFile(`${file}.lock`, "utf8")).toBe(text);
  });

  it("that is empty is given time, and then taken over: its process was killed while making it", async () => {
    const { file } = await withLock("");
    (await acquireLock(file)).hold();
    const other = await withLock("");
    setTimeout(
      () => void writeFile(`${other.file}.lock`, JSON.stringify({ ...somebody, pid: process.ppid })),
      60,
    );
    await expect(acquireLock(other.file)).rejects.toThrow("in use");
  });

  it("goes to one of many who want it at the same time", async () => {
    for (let round = 0; round < 20; round += 1) {
      const { file, names } = await withLock({});
      const tries = await Promise.allSettled(Array.from({ length: 8 }, () => acquireLock(file)));
      expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      expect(await names()).toEqual(["state.json.lock"]);
    }
  });

  it("is made anew where it has vanished", async () => {
    const { file, names } = await stateFolder();
    const lock = await acquireLock(file);
    await rm(`${file}.lock`);
    lock.hold();
    expect(await names()).toEqual(["state.json.lock"]);
  });

  it("is not let go of by those who lost it", async () => {
    const { file, names } = await stateFolder();
    const lock = await acquireLock(file);
    await rm(`${file}.lock`);
    const next = await acquireLock(file);
    expect(() => lock.hold()).toThrow("another mock has taken it over");
    lock.release();
    next.hold();
    next.release();
    expect(await names()).toEqual([]);
    // What the next one wrote is to stay.
    expect(() => lock.hold()).toThrow("another mock has taken it over");
  });

  it("that somebody deleted does not let two mocks write over each other", async () => {
    const { file } = await stateFolder();
    const troubles: unknown[] = [];
    const first = await startMock({
      stateFile: file,
      onStateTrouble: (trouble) => void troubles.push(trouble),
    });
    await rm(`${file}.lock`);
    const second = await startMock({ stateFile: file });
    await post(second, "second-key");
    await second.close();
    const { keys } = await saved(file);
    await rm(`${file}.lock`, { force: true });
    const third = await startMock({ stateFile: file });
    await post(first, "first-key");
    await sleep(800);
    expect(troubles).toMatchObject([{ message: expect.stringContaining("another mock has taken it over") }]);
    await expect(first.close()).rejects.toThrow("another mock has taken it over");
    await third.close();
    expect((await saved(file)).keys).toEqual(keys);
  });
});
