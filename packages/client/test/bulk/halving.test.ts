import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { describe, expect, it } from "vitest";
import { allOf, idsUpTo, wanted } from "../support/bulk-runs.js";
import { clientOf } from "../support/fixtures.js";
import { fuzzing } from "../support/fuzz.js";
import { orderFetch, orderServer } from "../support/order-server.js";

describe("refused orders among others", () => {
  it("cost 2k * ceil(log2 n) calls more at most, and all others go through", async () => {
    const random = xoroshiro128plus(Number(fuzzing.seed));
    let bad = new Set<string>();
    // Thousands of calls: over sockets they would take ten times as long.
    const server = orderFetch({ codeOf: (id) => (bad.has(id) ? 29 : undefined) });
    for (const n of [1, 2, 3, 5, 8, 13, 64, 100]) {
      for (const k of [0, 1, 2, 3, 7, n].filter((count) => count <= n)) {
        for (let trial = 0; trial < trialsOf(k, n); trial++) {
          const ids = idsUpTo(n);
          bad = new Set();
          while (bad.size < k) bad.add(String(uniformInt(random, 0, n - 1)));
          server.switched.clear();
          const run = clientOf(server, { fetch: server.fetch }).setAutoExtendMany(ids, {
            ...wanted,
            chunkSize: n,
          });
          const { events, summary } = await allOf(run);
          expect(summary.calls - 1, `${k} of ${n}`).toBeLessThanOrEqual(2 * k * Math.ceil(Math.log2(n)));
          expect(summary.calls).toBeLessThanOrEqual(Math.max(1, 2 * n - 1));
          expect(server.switched).toEqual(new Set(ids.filter((id) => !bad.has(id))));
          expect(new Set(events[0]?.refused.map(({ orderId }) => orderId))).toEqual(bad);
        }
      }
    }
  }, 60_000);

  it("are sent alone before they are blamed, so that a refusal that passes is nobody's", async () => {
    const server = await orderServer({ codeOf: (id) => (id === "b" ? 25 : undefined) });
    const { events } = await allOf(clientOf(server).setAutoExtendMany(["a", "b"], wanted));
    expect(server.seen.calls).toEqual([["a", "b"], ["a"], ["b"]]);
    expect(events[0]?.refused).toEqual([
      { orderId: "b", code: 25, message: "error 25", error: expect.objectContaining({ name: "ApiError" }) },
    ]);
    let calls = 0;
    const passing = await orderServer({ codeOf: () => (calls++ === 0 ? 25 : undefined) });
    const { summary } = await allOf(clientOf(passing).setAutoExtendMany(["a", "b"], wanted));
    expect(summary).toMatchObject({ changed: 2, refused: 0 });
  });

  it("are not sent whole again, where the first half goes through", async () => {
    const server = await orderServer({ codeOf: (id) => (id === "d" ? 29 : undefined) });
    await allOf(clientOf(server).setAutoExtendMany(["a", "b", "c", "d"], wanted));
    expect(server.seen.calls).toEqual([["a", "b", "c", "d"], ["a", "b"], ["c"], ["d"]]);
  });

  it("have each its own code", async () => {
    const codes: Record<string, number> = { a: 25, d: 29, e: 1234 };
    const server = await orderServer({ codeOf: (id) => codes[id] });
    const { events } = await allOf(clientOf(server).setAutoExtendMany([..."abcdefg"], wanted));
    const found = events[0]?.refused.map(({ orderId, code }) => [orderId, code]);
    expect(Object.fromEntries(found ?? [])).toEqual(codes);
    expect(server.switched).toEqual(new Set("bcfg"));
  });

  it("are not blamed for a half of which it is not known whether it went through", async () => {
    const server = await orderServer({
      codeOf: (id) => (id === "d" ? 29 : undefined),
      fate: (_, call) => (call === 1 ? "hang up" : null),
    });
    const { events } = await allOf(clientOf(server).setAutoExtendMany([..."abcd"], wanted));
    expect(server.seen.calls).toEqual([["a", "b", "c", "d"], ["a", "b"], ["c", "d"], ["c"], ["d"]]);
    expect(events[0]).toMatchObject({ changed: ["c"], refused: [{ orderId: "d" }] });
    expect(events[0]?.unknown.map(({ orderId }) => orderId)).toEqual(["a", "b"]);
  });

  it("leave the rest of their chunk not tried, where the run stops meanwhile", async () => {
    const server = await orderServer({
      codeOf: (id) => (id === "a" ? 29 : undefined),
      fate: (_, call) => (call === 1 ? { code: 2 } : null),
    });
    const { events } = await allOf(clientOf(server).setAutoExtendMany([..."abcd"], wanted));
    expect(events[0]?.refused.map(({ orderId, code }) => [orderId, code])).toEqual([
      ["a", 2],
      ["b", 2],
    ]);
    expect(events[0]?.notTried).toEqual(["c", "d"]);
  });
});

/** Of none and of all there is only one choice. */
function trialsOf(k: number, n: number): number {
  return k === 0 || k === n ? 1 : 3;
}
