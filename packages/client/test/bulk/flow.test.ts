import { getEventListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { ClientOptions, SetAutoExtendManyOptions } from "@auto-extend/client";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { allOf, expectToAddUp, idsUpTo, wanted } from "../support/bulk-runs.js";
import { onJumpingClock } from "../support/clock.js";
import { clientOf, nowhere } from "../support/fixtures.js";
import { answerTo, orderFetch, orderServer } from "../support/order-server.js";

/** IDs without end, and how many were taken. */
function endless() {
  const source = { taken: 0, closed: false, ids: (function* () {})() as Generator<string> };
  source.ids = (function* () {
    try {
      for (;;) yield String(source.taken++);
    } finally {
      source.closed = true;
    }
  })();
  return source;
}

describe("a run that is not iterated", () => {
  it("takes nothing and sends nothing", async () => {
    const server = await orderServer();
    const source = endless();
    const run = clientOf(server).setAutoExtendMany(source.ids, wanted);
    await sleep(20);
    expect(source.taken).toBe(0);
    expect(server.seen.calls).toEqual([]);
    expect(run.summary()).toMatchObject({ given: 0, stopped: null, exhausted: false });
  });

  it("is not begun twice", async () => {
    const server = await orderServer();
    const run = clientOf(server).setAutoExtendMany(["1"], wanted);
    await allOf(run);
    await expect(allOf(run)).rejects.toMatchObject({ name: "RequestError" });
    expect(server.seen.calls).toHaveLength(1);
  });
});

describe("chunks", () => {
  it("finish in the order of their IDs, one at a time, if one call is under way", async () => {
    const server = await orderServer({ delay: (call) => 10 - call });
    const { events } = await allOf(
      clientOf(server).setAutoExtendMany(idsUpTo(10), { ...wanted, chunkSize: 2, concurrency: 1 }),
    );
    expect(events.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
    expect(server.seen.most).toBe(1);
  });

  it("are reported as they finish if several calls are under way, and the index says which they are", async () => {
    const server = await orderServer({ delay: (call) => (call === 0 ? 300 : 1) });
    const { events } = await allOf(
      clientOf(server).setAutoExtendMany(idsUpTo(10), { ...wanted, chunkSize: 2, concurrency: 3 }),
    );
    // Requests of several connections may arrive in another order than they were sent in.
    expect(events.at(-1)?.changed).toEqual(server.seen.calls[0]);
    expect(events.map(({ index }) => index).sort()).toEqual([0, 1, 2, 3, 4]);
    for (const { index, changed } of events) {
      expect(changed).toEqual([String(2 * index), String(2 * index + 1)]);
    }
    expect(server.seen.most).toBe(3);
  });

  it("are reported while the source keeps the run waiting", async () => {
    const server = await orderServer();
    let reported = 0;
    async function* slow() {
      yield "1";
      yield "2";
      await vi.waitUntil(() => reported === 1);
      yield "3";
    }
    for await (const _ of clientOf(server).setAutoExtendMany(slow(), { ...wanted, chunkSize: 2 })) reported++;
    expect(reported).toBe(2);
  });

  it("wait for a consumer that is slow", async () => {
    const server = await orderServer();
    const source = endless();
    const concurrency = 2;
    let reported = 0;
    for await (const _ of clientOf(server).setAutoExtendMany(source.ids, {
      ...wanted,
      chunkSize: 3,
      concurrency,
    })) {
      reported++;
      await sleep(20);
      expect(server.seen.calls.length).toBeLessThanOrEqual(reported - 1 + concurrency);
      expect(source.taken).toBeLessThanOrEqual(3 * (reported - 1 + concurrency));
      if (reported === 5) break;
    }
  });
});

describe("leaving the iteration", () => {
  it("takes no more IDs, closes the source, and leaves no request under way", async () => {
    const server = await orderServer({ delay: (call) => (call === 0 ? 0 : 50) });
    const source = endless();
    const run = clientOf(server).setAutoExtendMany(source.ids, { ...wanted, chunkSize: 5 });
    for await (const _ of run) break;
    expect(server.seen.underWay).toBe(0);
    expect(source).toMatchObject({ closed: true });
    const summary = run.summary();
    expectToAddUp(summary);
    expect(summary).toMatchObject({ given: source.taken, changed: server.switched.size, stopped: "left" });
    await sleep(20);
    expect(server.seen.calls.length).toBe(summary.calls);
    expect(run.summary()).toEqual(summary);
  });

  it("takes no more of a list either", async () => {
    const server = await orderServer();
    const run = clientOf(server).setAutoExtendMany(idsUpTo(30), { ...wanted, chunkSize: 10, concurrency: 1 });
    for await (const _ of run) break;
    await sleep(10);
    expect(run.summary()).toMatchObject({ given: 10, changed: 10, exhausted: false, stopped: "left" });
  });

  it("does not wait for a source that is about to give an id: what it gives then is dropped", async () => {
    const server = await orderServer();
    let give = () => {};
    let closed = false;
    async function* slow() {
      try {
        yield "1";
        await new Promise<void>((resolve) => {
          give = resolve;
        });
        yield "2";
      } finally {
        closed = true;
      }
    }
    const run = clientOf(server).setAutoExtendMany(slow(), { ...wanted, chunkSize: 1 });
    for await (const _ of run) break;
    const summary = run.summary();
    expect(summary).toMatchObject({ given: 1, changed: 1, exhausted: false, stopped: "left" });
    give();
    await vi.waitUntil(() => closed);
    expect(run.summary()).toEqual(summary);
    expect(server.seen.calls).toEqual([["1"]]);
  });

  it("fails where the source fails to close, for its owner should know", async () => {
    const server = await orderServer();
    const broken = new Error("the cursor is gone");
    function* failing() {
      try {
        for (;;) yield "1";
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: this is what is tried
        throw broken;
      }
    }
    const run = clientOf(server).setAutoExtendMany(failing(), { ...wanted, chunkSize: 1 });
    const leaving = async () => {
      for await (const _ of run) break;
    };
    await expect(leaving()).rejects.toBe(broken);
    expectToAddUp(run.summary());
  });

  it("leaves no listener on the signal", async () => {
    const server = await orderServer();
    const { signal } = new AbortController();
    for await (const _ of clientOf(server).setAutoExtendMany(endless().ids, { ...wanted, signal })) break;
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

describe("an abort", () => {
  it("starts no request any more, finishes those under way, and counts the rest", async () => {
    const controller = new AbortController();
    const server = await orderServer({
      delay: () => 20,
      fate: (_, call) => {
        if (call === 3) controller.abort();
        return null;
      },
    });
    const run = clientOf(server).setAutoExtendMany(idsUpTo(100), {
      ...wanted,
      chunkSize: 5,
      concurrency: 2,
      signal: controller.signal,
    });
    const { summary } = await allOf(run);
    expect(summary).toMatchObject({
      given: 100,
      exhausted: true,
      stopped: "aborted",
      unknown: 0,
      error: null,
    });
    expect(summary.changed).toBe(server.switched.size);
    expect(summary.changed).toBe(5 * server.seen.calls.length);
    expect(server.seen.calls.length).toBeLessThanOrEqual(5);
    expect(summary.notTried).toBe(100 - summary.changed);
  });

  it("before the run sends nothing", async () => {
    const server = await orderServer();
    const signal = AbortSignal.abort();
    const { summary } = await allOf(
      clientOf(server).setAutoExtendMany(new Set(["1"]), { ...wanted, signal }),
    );
    expect(summary).toMatchObject({ given: 1, notTried: 1, stopped: "aborted" });
    expect(server.seen.calls).toEqual([]);
  });

  it("ends a run whose source never gives another ID; what it gave is not tried", async () => {
    const server = await orderServer();
    const controller = new AbortController();
    async function* stuck() {
      yield "1";
      setTimeout(() => controller.abort(), 10);
      await new Promise(() => {});
    }
    const { events, summary } = await allOf(
      clientOf(server).setAutoExtendMany(stuck(), { ...wanted, signal: controller.signal }),
    );
    expect(events[0]?.notTried).toEqual(["1"]);
    expect(summary).toMatchObject({ given: 1, notTried: 1, exhausted: false, stopped: "aborted" });
  });

  it("takes no more IDs while the last requests are finished", async () => {
    const server = await orderServer({ delay: () => 200 });
    const controller = new AbortController();
    let taken = 0;
    let takenAtAbort = 0;
    async function* trickle() {
      for (;;) {
        if (taken === 13) {
          takenAtAbort = taken;
          controller.abort();
        }
        await sleep(1);
        yield String(taken++);
      }
    }
    const { summary } = await allOf(
      clientOf(server).setAutoExtendMany(trickle(), { ...wanted, chunkSize: 10, signal: controller.signal }),
    );
    expect(summary).toMatchObject({
      given: 13,
      changed: 10,
      notTried: 3,
      exhausted: false,
      stopped: "aborted",
    });
    expect(taken).toBeLessThanOrEqual(takenAtAbort + 1);
  });

  it("ends a run over IDs without end", async () => {
    const server = await orderServer();
    const controller = new AbortController();
    const run = clientOf(server).setAutoExtendMany(endless().ids, { ...wanted, signal: controller.signal });
    for await (const { index } of run) if (index === 3) controller.abort();
    expectToAddUp(run.summary());
    expect(run.summary()).toMatchObject({ exhausted: false, stopped: "aborted" });
  });

  it("does not wait for the retry of a call: it ends as its last attempt did", async () => {
    const server = await orderServer({ fate: () => ({ status: 503 }) });
    const controller = new AbortController();
    const client = clientOf(server, {
      retry: { delay: 60_000 },
      onEvent: ({ type }) => type === "pause" && setImmediate(() => controller.abort()),
    });
    const { events } = await allOf(client.setAutoExtendMany(["1"], { ...wanted, signal: controller.signal }));
    expect(server.seen.calls).toHaveLength(1);
    expect(events[0]?.unknown).toEqual([
      { orderId: "1", error: expect.objectContaining({ name: "HttpError", status: 503 }) },
    ]);
  });

  it("after the last chunk stops nothing", async () => {
    const server = await orderServer();
    const controller = new AbortController();
    const run = clientOf(server).setAutoExtendMany(["1"], { ...wanted, signal: controller.signal });
    for await (const _ of run) await sleep(10).then(() => controller.abort());
    expect(run.summary()).toMatchObject({ changed: 1, exhausted: true, stopped: null });
  });
});

describe("the pace", () => {
  /** Runs on a clock that jumps, and returns the times of the requests after the first, in milliseconds from it. */
  async function timesOf(
    behaviour: Parameters<typeof orderFetch>[0],
    retry: ClientOptions["retry"],
    ids: number,
    options: Partial<SetAutoExtendManyOptions>,
  ): Promise<number[]> {
    const { fetch, seen, url } = orderFetch(behaviour);
    const client = clientOf({ url }, { fetch, ...(retry !== undefined && { retry }) });
    const many = { ...wanted, chunkSize: 1, ...options };
    await onJumpingClock(() => allOf(client.setAutoExtendMany(idsUpTo(ids), many)));
    const [first = 0, ...later] = seen.times;
    return later.map((time) => Math.round(time - first));
  }

  it("is what was asked for", async () => {
    const times = await timesOf({}, undefined, 11, { requestsPerSecond: 50 });
    expect(times).toEqual([20, 40, 60, 80, 100, 120, 140, 160, 180, 200]);
  });

  it("counts retries as well", async () => {
    const fate = (_: readonly string[], call: number) => (call < 2 ? { status: 500 } : null);
    const options = { concurrency: 1, requestsPerSecond: 10 };
    expect(await timesOf({ fate }, { delay: 0 }, 2, options)).toEqual([0, 0, 300]);
  });

  it.each([
    ["HTTP 503", { status: 503, retryAfter: 1 }, false as const],
    ["HTTP 429 that is repeated", { status: 429, retryAfter: 1 }, { attempts: 2 }],
  ])("rests for all calls when Retry-After asks for it with %s", async (_, fate, retry) => {
    const behaviour = {
      fate: (_: readonly string[], call: number) => (call === 0 ? fate : null),
      delay: (call: number) => (call === 1 ? 100 : 0),
    };
    // Two were under way; all others came after the pause.
    const [, ...later] = await timesOf(behaviour, retry, 6, { concurrency: 2 });
    expect(later.length).toBeGreaterThanOrEqual(4);
    for (const time of later) expect(time).toBeGreaterThanOrEqual(1_000);
  });

  it("rests for all calls when a refusal under HTTP 503 is repeated", async () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    onTestFinished(() => void vi.restoreAllMocks());
    const behaviour = {
      fate: (_: readonly string[], call: number) => (call === 0 ? { code: 35, status: 503 } : null),
      delay: (call: number) => (call === 1 ? 50 : 0),
    };
    const [, ...later] = await timesOf(behaviour, { delay: 400 }, 4, { concurrency: 2 });
    expect(later.length).toBeGreaterThanOrEqual(3);
    for (const time of later) expect(time).toBeGreaterThanOrEqual(400);
  });
});

describe("memory", () => {
  it("does not grow with the number of IDs", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage: () => void = runInNewContext("gc");
    const fetch: typeof globalThis.fetch = async (_, init) =>
      Response.json(answerTo(JSON.parse(String(init?.body)), undefined));
    function* many() {
      for (let id = 0; id < 100_000; id++) yield `${"an-order-id-of-some-length-".repeat(4)}${id}`;
    }
    const run = clientOf(nowhere, { fetch }).setAutoExtendMany(many(), { ...wanted, chunkSize: 100 });
    const used: number[] = [];
    for await (const _ of run) {
      if (run.summary().chunks % 200 !== 0) continue;
      collectGarbage();
      used.push(process.memoryUsage().heapUsed / 1024 ** 2);
    }
    expect(run.summary()).toMatchObject({
      given: 100_000,
      changed: 100_000,
      quantity: 100_000,
      chunks: 1_000,
    });
    // The IDs alone would be more than 10 MiB.
    expect(used.length).toBeGreaterThan(2);
    expect(Math.max(...used) - (used[0] ?? 0)).toBeLessThan(5);
  }, 60_000);
});
