import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  createSnapshotWriter,
  type SnapshotTiming,
  snapshotTiming,
} from "../../src/store/snapshot-writer.js";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => void vi.useRealTimers());

/** Lets a time pass, in milliseconds. */
const pass = (time: number) => vi.advanceTimersByTimeAsync(time);

/** The result of what needs time. */
async function settled<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {});
  await pass(500);
  return promise;
}

const quick: SnapshotTiming = { delay: 40, rest: 4, retry: [40, 80] };

/** A writer that records what it writes, when, and what it reports. */
function testWriter({ takes = 0, timing = quick, fails = () => false }: Partial<Settings> = {}) {
  const value = { now: 0 };
  const written: { value: number; began: number; ended: number }[] = [];
  const reported: unknown[] = [];
  let under = 0;
  let most = 0;
  const writer = createSnapshotWriter({
    timing,
    onTrouble: (error) => void reported.push(error),
    async write() {
      const [snapshot, began] = [value.now, performance.now()];
      most = Math.max(most, ++under);
      await new Promise((resolve) => setTimeout(resolve, takes));
      under -= 1;
      written.push({ value: snapshot, began, ended: performance.now() });
      if (fails()) throw new Error("the disk is full");
    },
  });
  const change = () => {
    value.now += 1;
    writer.changed();
  };
  return { writer, change, written, reported, mostAtOnce: () => most };
}

interface Settings {
  takes: number;
  timing: SnapshotTiming;
  fails: () => boolean;
}

describe("a writer of snapshots", () => {
  it("is behind until the last write is done, in case the process ends before", async () => {
    const { writer, change, written } = testWriter({ takes: 20 });
    change();
    const closed = writer.close();
    expect(writer.isBehind()).toBe(true);
    await pass(5);
    expect(writer.isBehind()).toBe(true);
    await settled(closed);
    expect(written).toHaveLength(1);
    expect(writer.isBehind()).toBe(false);
  });

  it("makes one write of a burst of changes, soon after the first of them", async () => {
    const { change, written } = testWriter();
    const began = performance.now();
    for (let number = 0; number < 1_000; number += 1) change();
    await pass(5 * quick.delay);
    expect(written).toMatchObject([{ value: 1_000, began: began + quick.delay }]);
  });

  it("does not wait for the changes to end", async () => {
    const { change, written } = testWriter();
    for (let count = 0; count < 12; count += 1) {
      change();
      await pass(quick.delay / 2);
    }
    expect(written.length).toBeGreaterThanOrEqual(4);
  });

  it("never writes twice at once, and writes what changed meanwhile right after", async () => {
    const { writer, change, written, mostAtOnce } = testWriter({ takes: 60, timing: { ...quick, rest: 0 } });
    for (let number = 0; number < 100; number += 1) {
      change();
      await pass(3);
    }
    await settled(writer.close());
    expect(mostAtOnce()).toBe(1);
    expect(written.at(-1)?.value).toBe(100);
  });

  it("rests after a write for four times its duration", async () => {
    const { writer, change, written } = testWriter({ takes: 30 });
    for (let count = 0; count < 900; count += 1) {
      change();
      await pass(1);
    }
    const pauses = written.slice(1).map(({ began }, index) => began - (written[index]?.ended ?? 0));
    expect(pauses).toEqual(Array(5).fill(4 * 30));
    await settled(writer.close());
  });

  it("reports a failure once, retries, and reports when it is over", async () => {
    let isFull = true;
    const { change, written, reported } = testWriter({ fails: () => isFull });
    change();
    await pass(500);
    expect(written.length).toBeGreaterThanOrEqual(3);
    expect(reported).toEqual([new Error("the disk is full")]);
    change();
    isFull = false;
    await pass(quick.retry[1]);
    expect(reported).toEqual([new Error("the disk is full"), null]);
    expect(written.at(-1)?.value).toBe(2);
    const count = written.length;
    await pass(4 * quick.delay);
    expect(written).toHaveLength(count);
  });

  it("waits longer and longer before it retries, up to a limit", async () => {
    const { writer, change, written } = testWriter({ fails: () => true });
    change();
    await pass(quick.delay + 40 + 80 + 80 + 10);
    const pauses = written.slice(1).map(({ began }, index) => began - (written[index]?.ended ?? 0));
    expect(pauses).toEqual([40, 80, 80]);
    await expect(settled(writer.close())).rejects.toThrow("the disk is full");
  });

  it("does not write again for a change that the write itself causes", async () => {
    let written = 0;
    const writer = createSnapshotWriter({
      timing: quick,
      onTrouble: () => {},
      async write() {
        written += 1;
        writer.changed();
      },
    });
    writer.changed();
    await pass(5 * quick.delay);
    expect(written).toBe(1);
  });
});

describe("closing a writer of snapshots", () => {
  it("writes what is not written yet, without waiting", async () => {
    const { writer, change, written } = testWriter({ timing: snapshotTiming });
    const began = performance.now();
    change();
    await settled(writer.close());
    expect(written).toMatchObject([{ value: 1, began: expect.closeTo(began, 5) }]);
  });

  it("waits for a write under way, and writes what changed since it began", async () => {
    const { writer, change, written, mostAtOnce } = testWriter({ takes: 50, timing: { ...quick, delay: 0 } });
    change();
    await pass(20);
    change();
    const closed = writer.close();
    change();
    await settled(closed);
    expect(written.map(({ value }) => value)).toEqual([1, 3]);
    expect(mostAtOnce()).toBe(1);
  });

  it("writes nothing if nothing changed, and once however often it is called", async () => {
    const { writer, change, written } = testWriter();
    await settled(testWriter().writer.close());
    change();
    await settled(Promise.all([writer.close(), writer.close()]));
    change();
    await pass(3 * quick.delay);
    expect(written).toHaveLength(1);
  });

  it("throws the error of the last write, but not that of an earlier one", async () => {
    let tries = 0;
    const first = testWriter({ fails: () => ++tries === 1, takes: 30, timing: { ...quick, delay: 0 } });
    first.change();
    await pass(10);
    await settled(first.writer.close());
    expect({ tries, reported: first.reported.length }).toEqual({ tries: 2, reported: 1 });

    const other = testWriter({ fails: () => true });
    other.change();
    await expect(settled(other.writer.close())).rejects.toThrow("the disk is full");
  });
});
