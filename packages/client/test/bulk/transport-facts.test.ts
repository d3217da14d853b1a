import { describe, expect, it } from "vitest";
import { allOf, idsUpTo, wanted } from "../support/bulk-runs.js";
import { breakOurCode } from "../support/clock.js";
import { clientOf, failure, nowhere } from "../support/fixtures.js";
import { answerTo } from "../support/order-server.js";

const slow = { "retry-after": "3600" };
const quick = { attempts: 2, delay: 1, totalTimeout: 5_000 };

/** A client whose every call meets the same answer, and how often it called. */
function meeting(status: number, body: unknown, headers: Record<string, string> = {}) {
  const state = { calls: 0 };
  const fetch = async () => {
    state.calls += 1;
    return Response.json(body, { status, headers });
  };
  return { client: clientOf(nowhere, { fetch, retry: quick }), state };
}

const bodies: [string, (code: number) => unknown][] = [
  ["a failure envelope", (code) => ({ ...failure, error: { code, message: "No" } })],
  ["no envelope", () => ({ detail: "slow down" })],
];
const sorts = { ...wanted, chunkSize: 10, concurrency: 1 };

describe.each(bodies)("an answer with %s", (_, bodyOf) => {
  it.each([2, 4, 11, 16, 24, 29, 35, 4711])(
    "under HTTP 429 stops the run, and its orders were not tried (error %d)",
    async (code) => {
      const { client, state } = meeting(429, bodyOf(code));
      const summary = await client.setAutoExtendMany(idsUpTo(40), sorts).finish();
      expect(summary).toMatchObject({ notTried: 40, refused: 0, unknown: 0, calls: 1, stopped: "failed" });
      expect(summary.error).toMatchObject({ status: 429 });
      expect(state.calls).toBe(2);
    },
  );

  it.each([408, 500, 503])("under HTTP %d leaves its orders unknown", async (status) => {
    const { client } = meeting(status, bodyOf(29));
    const summary = await client.setAutoExtendMany(idsUpTo(40), sorts).finish();
    expect(summary).toMatchObject({ unknown: 40, refused: 0, notTried: 0, calls: 4, stopped: null });
  });

  it.each([
    [429, { notTried: 40, unknown: 0 }],
    [408, { notTried: 30, unknown: 10 }],
    [503, { notTried: 30, unknown: 10 }],
  ])("under HTTP %d with a long Retry-After stops the run after one request", async (status, counts) => {
    const { client, state } = meeting(status, bodyOf(29), slow);
    const summary = await client.setAutoExtendMany(idsUpTo(40), sorts).finish();
    expect(summary).toMatchObject({ ...counts, refused: 0, stopped: "failed" });
    expect(summary.error).toMatchObject({ status, retryAfter: 3_600_000 });
    expect(summary.error?.message).toContain("Wait 3600 s, as the server asks.");
    expect(state.calls).toBe(1);
  });
});

describe("a rate limit without a Retry-After", () => {
  it.each([
    [429, { notTried: 40, unknown: 0 }],
    [503, { notTried: 30, unknown: 10 }],
  ])(
    "under HTTP %d stops the run if its reset is far off, and says how long to wait",
    async (status, counts) => {
      const reset = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1893459600" };
      const headers = { ...reset, date: "Tue, 01 Jan 2030 00:00:00 GMT" };
      const { client, state } = meeting(status, { detail: "slow down" }, headers);
      const summary = await client.setAutoExtendMany(idsUpTo(40), sorts).finish();
      expect(summary).toMatchObject({ ...counts, refused: 0, stopped: "failed" });
      expect(summary.error).toMatchObject({ status, retryAfter: 3_600_000 });
      expect(summary.error?.message).toContain("Wait 3600 s, as the server asks.");
      expect(state.calls).toBe(1);
    },
  );

  it("of an answer that is not limited stops nothing", async () => {
    const body = { ...failure, error: { code: 29, message: "Incorrect orderIds" } };
    const { client } = meeting(200, body, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "3600" });
    const summary = await client.setAutoExtendMany(idsUpTo(3), sorts).finish();
    expect(summary).toMatchObject({ refused: 3, stopped: null });
  });
});

describe("a server that never reports the outcome of an order", () => {
  it.each([408, 500, 503])("stops the run after 10 calls (HTTP %d)", async (status) => {
    const { client } = meeting(status, { detail: "down" });
    const summary = await client.setAutoExtendMany(idsUpTo(200), sorts).finish();
    expect(summary).toMatchObject({ unknown: 100, notTried: 100, calls: 10, stopped: "failed" });
    expect(summary.error).toMatchObject({ status, effect: "unknown" });
  });

  it.each([
    ["switched", { changed: 10, refused: 0 }],
    ["refused", { changed: 0, refused: 10 }],
  ])("does not stop a run in which orders were %s before", async (outcome, counts) => {
    let calls = 0;
    const first = answerTo({ ...wanted, orderIds: idsUpTo(10) }, outcome === "switched" ? undefined : 35);
    const fetch = async () => {
      calls += 1;
      return calls === 1 ? Response.json(first) : new Response(null, { status: 503 });
    };
    const client = clientOf(nowhere, { fetch, retry: quick });
    const summary = await client.setAutoExtendMany(idsUpTo(200), sorts).finish();
    expect(summary).toMatchObject({ ...counts, unknown: 190, notTried: 0, stopped: null });
  });
});

describe("a page of a gateway under HTTP 200", () => {
  it("with a long Retry-After stops the run after one request, and says for how long", async () => {
    const { client, state } = meeting(200, "Down for maintenance", slow);
    const summary = await client.setAutoExtendMany(idsUpTo(40), sorts).finish();
    expect(summary).toMatchObject({ unknown: 10, notTried: 30, stopped: "failed" });
    expect(summary.error).toMatchObject({ name: "ContractError", status: 200, retryAfter: 3_600_000 });
    expect(summary.error?.message).toContain("Wait 3600 s, as the server asks.");
    expect(state.calls).toBe(1);
  });
});

describe("a refusal under HTTP 200", () => {
  it("with a long Retry-After stops the run as well, and what was refused is refused", async () => {
    const body = { ...failure, error: { code: 16, message: "No funds" } };
    const { client, state } = meeting(200, body, slow);
    const summary = await client.setAutoExtendMany(idsUpTo(40), sorts).finish();
    expect(summary).toMatchObject({ refused: 10, notTried: 30, stopped: "failed" });
    expect(state.calls).toBe(1);
  });

  it("after an attempt without an answer is unknown", async () => {
    let calls = 0;
    const fetch = async () => {
      calls += 1;
      if (calls === 1) throw Object.assign(new Error("reset"), { code: "ECONNRESET" });
      return Response.json({ ...failure, error: { code: 29, message: "No" } });
    };
    const client = clientOf(nowhere, { fetch, retry: quick });
    const summary = await client.setAutoExtendMany(["1", "2"], wanted).finish();
    expect(summary).toMatchObject({ unknown: 2, refused: 0, stopped: null });
  });
});

describe("an error of our own code", () => {
  it("ends the run, is not repeated, and leaves the orders of its call unknown", async () => {
    const bug = new TypeError("a bug");
    let calls = 0;
    const fetch = async () => {
      calls += 1;
      breakOurCode(bug);
      return Response.json(failure);
    };
    const run = clientOf(nowhere, { fetch, retry: quick }).setAutoExtendMany(idsUpTo(20), sorts);
    await expect(run.finish()).rejects.toBe(bug);
    expect(run.summary()).toMatchObject({ unknown: 10, notTried: 10, stopped: "thrown" });
    expect(calls).toBe(1);
  });
});

describe("a message of 700 KB", () => {
  it("is shortened in refusals, and cleaned", async () => {
    const message = `\u001b[31m\u202e${"x".repeat(700_000)}`;
    const { client } = meeting(200, { ...failure, error: { code: 16, message } });
    const { events } = await allOf(client.setAutoExtendMany(["1"], wanted));
    expect(events[0]?.refused[0]?.message).toBe("x".repeat(2_000));
    expect(JSON.stringify(events).length).toBeLessThan(20_000);
  });
});
