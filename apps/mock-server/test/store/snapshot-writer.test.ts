import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import {
  createSnapshotWriter,
  type SnapshotTiming,
  snapshotTiming,
} from "../../src/store/snapshot-writer.js";

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
      await sleep(takes);
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
    await sleep(5);
    expect(writer.isBehind()).toBe(true);
    await closed;
    expect(written).toHaveLength(1);
    expect(writer.isBehind()).toBe(false);
  });

  it("makes one write of a burst of changes, soon after the first of them", async () => {
    const { change, written } = testWriter();
    const began = performance.now();
    for (let number = 0; number < 1_000; number += 1) change();
    await vi.waitFor(() => expect(written).toHaveLength(1));
    expect(written[0]?.value).toBe(1_000);
    expect(written[0]?.began).toBeGreaterThanOrEqual(began + quick.delay - 2);
    await sleep(3 * quick.delay);
    expect(written).toHaveLength(1);
  });

  it("does not wait for the changes to end", async () => {
    const { change, written } = testWriter();
    const end = performance.now() + 6 * quick.delay;
    while (performance.now() < end) {
      change();
      await sleep(2);
    }
    expect(written.length).toBeGreaterThanOrEqual(2);
  });

  it("never writes twice at once, and writes what changed meanwhile right after", async () => {
    const { writer, change, written, mostAtOnce } = testWriter({ takes: 60, timing: { ...quick, rest: 0 } });
    for (let number = 0; number < 100; number += 1) {
      change();
      await sleep(3);
    }
    await writer.close();
    expect(mostAtOnce()).toBe(1);
    expect(written.at(-1)?.value).toBe(100);
  });

  it("rests after a write for four times its duration", async () => {
    const { writer, change, written } = testWriter({ takes: 30 });
    const began = performance.now();
    while (performance.now() < began + 900) {
      change();
      await sleep(1);
    }
    const spent = written.reduce((sum, { began, ended }) => sum + ended - began, 0);
    const [first, last] = [written.at(0), written.at(-1)];
    expect(written.length).toBeGreaterThanOrEqual(4);
    // The last one's rest is still to come.
    const lastTook = (last?.ended ?? 0) - (last?.began ?? 0);
    expect(spent / ((last?.ended ?? 0) + 4 * lastTook - (first?.began ?? 0))).toBeLessThan(0.21);
    await writer.close();
  });

  it("reports a failure once, retries, and reports when it is over", async () => {
    let isFull = true;
    const { change, written, reported } = testWriter({ fails: () => isFull });
    change();
    await vi.waitFor(() => expect(written.length).toBeGreaterThanOrEqual(3));
    expect(reported).toEqual([new Error("the disk is full")]);
    change();
    isFull = false;
    await vi.waitFor(() => expect(reported).toEqual([new Error("the disk is full"), null]));
    expect(written.at(-1)?.value).toBe(2);
    const count = written.length;
    await sleep(4 * quick.delay);
    expect(written).toHaveLength(count);
  });

  it("waits longer and longer before it retries, up to a limit", async () => {
    const { writer, change, written } = testWriter({ fails: () => true });
    change();
    await vi.waitFor(() => expect(written.length).toBe(4));
    const pauses = written.slice(1).map(({ began }, index) => began - (written[index]?.ended ?? 0));
    expect(pauses[0]).toBeGreaterThan(quick.retry[0] - 2);
    for (const pause of pauses.slice(1)) expect(pause).toBeGreaterThan(quick.retry[1] - 2);
    await expect(writer.close()).rejects.toThrow("the disk is full");
  });

  it("continues if the listener throws", async () => {
    let isFull = true;
    let written = 0;
    const writer = createSnapshotWriter({
      timing: quick,
      write: async () => {
        written += 1;
        if (isFull) throw new Error("the disk is full");
      },
      onTrouble: () => {
        throw new Error("nobody listens");
      },
    });
    writer.changed();
    await vi.waitFor(() => expect(written).toBe(2));
    isFull = false;
    await writer.close();
    expect(written).toBe(3);
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
    await sleep(5 * quick.delay);
    expect(written).toBe(1);
  });
});

describe("closing a writer of snapshots", () => {
  it("writes what is not written yet, without waiting", async () => {
    const { writer, change, written } = testWriter({ timing: snapshotTiming });
    change();
    await writer.close();
    expect(written).toMatchObject([{ value: 1 }]);
  });

  it("waits for a write under way, and writes what changed since it began", async () => {
    const { writer, change, written, mostAtOnce } = testWriter({ takes: 50, timing: { ...quick, delay: 0 } });
    change();
    await sleep(20);
    change();
    const closed = writer.close();
    change();
    await closed;
    expect(written.map(({ value }) => value)).toEqual([1, 3]);
    expect(mostAtOnce()).toBe(1);
  });

  it("writes nothing if nothing changed, and once however often it is called", async () => {
    const { writer, change, written } = testWriter();
    await testWriter().writer.close();
    change();
    await Promise.all([writer.close(), writer.close()]);
    change();
    await sleep(3 * quick.delay);
    expect(written).toHaveLength(1);
  });

  it("throws the error of the last write, but not that of an earlier one", async () => {
    let tries = 0;
    const first = testWriter({ fails: () => ++tries === 1, takes: 30, timing: { ...quick, delay: 0 } });
    first.change();
    await sleep(10);
    await first.writer.close();
    expect({ tries, reported: first.reported.length }).toEqual({ tries: 2, reported: 1 });

    const other = testWriter({ fails: () => true });
    other.change();
    await expect(other.writer.close()).rejects.toThrow("the disk is full");
  });
});
