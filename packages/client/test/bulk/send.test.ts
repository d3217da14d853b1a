import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createPace } from "../../src/bulk/send.js";
import { idsUpTo, wanted } from "../support/bulk-runs.js";
import { clientOf, failure, nowhere } from "../support/fixtures.js";
import { answerTo } from "../support/order-server.js";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  vi.spyOn(Math, "random").mockReturnValue(1);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const never = new AbortController().signal;

/** Takes turns, and returns the time at which each came, in milliseconds. */
function takeTurns(pace: ReturnType<typeof createPace>, count: number, signal = never): number[] {
  const times: number[] = [];
  const start = performance.now();
  for (let turn = 0; turn < count; turn++) {
    void pace.turn(signal).then(() => {
      times[turn] = performance.now() - start;
    });
  }
  return times;
}

describe("the pace", () => {
  it("spaces its turns evenly", async () => {
    const times = takeTurns(createPace(10), 4);
    await vi.advanceTimersByTimeAsync(299);
    expect(times).toEqual([0, 100, 200]);
    await vi.advanceTimersByTimeAsync(1);
    expect(times).toEqual([0, 100, 200, 300]);
  });

  it("takes turns at once if there is no rate", async () => {
    const times = takeTurns(createPace(undefined), 3);
    await vi.advanceTimersByTimeAsync(0);
    expect(times).toEqual([0, 0, 0]);
  });

  it("does not save turns up while nobody takes any", async () => {
    const pace = createPace(10);
    takeTurns(pace, 1);
    await vi.advanceTimersByTimeAsync(10_000);
    const times = takeTurns(pace, 3);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(times).toEqual([0, 100, 200]);
  });

  it("counts a request that started without a turn", async () => {
    const pace = createPace(10);
    pace.charge();
    pace.charge();
    const times = takeTurns(pace, 2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(times).toEqual([200, 300]);
  });

  it("delays all turns, those that are waited for as well, and a shorter delay changes nothing", async () => {
    const pace = createPace(10);
    const times = takeTurns(pace, 3);
    await vi.advanceTimersByTimeAsync(50);
    pace.hold(1_000);
    pace.hold(10);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(times).toEqual([0, 1_050, 1_150]);
  });

  it("delays turns for longer than a timer can", async () => {
    const pace = createPace(undefined);
    pace.hold(2 ** 31 + 5_000);
    const times = takeTurns(pace, 1);
    await vi.advanceTimersByTimeAsync(2 ** 31 + 4_999);
    expect(times).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(times).toEqual([2 ** 31 + 5_000]);
  });

  it("ends the wait for a turn at an abort, and gives the turn to the next", async () => {
    const pace = createPace(1);
    takeTurns(pace, 1);
    const controller = new AbortController();
    const aborted = pace.turn(controller.signal);
    const caught = expect(aborted).rejects.toBe("enough");
    const times = takeTurns(pace, 1);
    await vi.advanceTimersByTimeAsync(500);
    controller.abort("enough");
    await caught;
    await vi.advanceTimersByTimeAsync(499);
    expect(times).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(times).toEqual([1_000]);
    await expect(pace.turn(AbortSignal.abort("late"))).rejects.toBe("late");
  });
});

interface Script {
  /** The response to the first request of an order; others succeed. */
  readonly first: Readonly<Record<string, () => Response>>;
  readonly attempts?: number;
  readonly requestsPerSecond?: number;
}

/** Switches orders in chunks of one, two at a time. Returns the requests as `order@time`, the time in milliseconds. */
async function requestsOf(count: number, { first, attempts = 2, requestsPerSecond }: Script) {
  const started: string[] = [];
  const start = performance.now();
  const fetch = async (_: unknown, init?: RequestInit): Promise<Response> => {
    const sent = JSON.parse(String(init?.body));
    const [id] = sent.orderIds;
    const isFirst = !started.some((each) => each.startsWith(`${id}@`));
    started.push(`${id}@${performance.now() - start}`);
    return (isFirst && first[id]?.()) || Response.json(answerTo(sent, undefined));
  };
  const client = clientOf(nowhere, { fetch, retry: { attempts, delay: 400, maxRetryAfter: 5_000 } });
  const options = { ...wanted, chunkSize: 1, concurrency: 2, requestsPerSecond };
  const run = client.setAutoExtendMany(idsUpTo(count), options).finish();
  await vi.advanceTimersByTimeAsync(60_000);
  return { started, summary: await run };
}

const status =
  (code: number, headers: Record<string, string> = {}) =>
  () =>
    new Response(null, { status: code, headers });

describe("the calls of a run", () => {
  it("wait for the pause of a call that is retried after HTTP 429 or 503", async () => {
    for (const code of [429, 503]) {
      const { started, summary } = await requestsOf(4, { first: { 0: status(code) } });
      expect(started).toEqual(["0@0", "1@0", "0@400", "2@400", "3@400"]);
      expect(summary).toMatchObject({ changed: 4, stopped: null });
    }
  });

  it("do not wait for the pause of a call that is retried after another failure", async () => {
    const { started } = await requestsOf(4, { first: { 0: status(500) } });
    expect(started).toEqual(["0@0", "1@0", "2@0", "3@0", "0@400"]);
  });

  it("wait as long as Retry-After says, under any status, even if the call is not retried", async () => {
    const later = { "retry-after": "3" };
    const busy = await requestsOf(3, { first: { 0: status(503, later) } });
    expect(busy.started).toEqual(["0@0", "1@0", "0@3000", "2@3000"]);
    const once = await requestsOf(3, { first: { 0: status(503, later) }, attempts: 1 });
    expect(once.started).toEqual(["0@0", "1@0", "2@3000"]);
    const refused = () =>
      Response.json({ ...failure, error: { code: 35, message: "?" } }, { headers: later });
    const refusal = await requestsOf(3, { first: { 0: refused } });
    expect(refusal.started).toEqual(["0@0", "1@0", "2@3000"]);
  });

  it("count their retries towards the rate", async () => {
    const { started } = await requestsOf(3, { first: { 0: status(500) }, requestsPerSecond: 1 });
    expect(started).toEqual(["0@0", "0@400", "1@2000", "2@3000"]);
  });

  it("start no faster than the rate", async () => {
    const { started } = await requestsOf(4, { first: {}, requestsPerSecond: 2 });
    expect(started).toEqual(["0@0", "1@500", "2@1000", "3@1500"]);
  });
});
