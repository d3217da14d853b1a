import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { allOf, expectToAddUp, idsUpTo, wanted } from "../support/bulk-runs.js";
import { expectNoKey, shownBy } from "../support/channels.js";
import { apiKey, clientOf, nowhere } from "../support/fixtures.js";
import { fuzzing } from "../support/fuzz.js";
import { answerTo, type Fate, orderFetch, orderServer } from "../support/order-server.js";

type Ended = Awaited<ReturnType<typeof allOf>>;

/** Each ID of a chunk is in exactly one of its lists, and the summary has the sums. */
function expectConsistent(ids: readonly string[], { events, summary }: Ended, chunkSize: number): void {
  for (const { index, given, changed, refused, unknown, notTried } of events) {
    const listed = [...changed, ...notTried, ...[...refused, ...unknown].map(({ orderId }) => orderId)];
    const chunk = ids.slice(index * chunkSize, index * chunkSize + given);
    expect(listed.sort()).toEqual([...new Set(chunk)].sort());
  }
  const count = (list: "changed" | "refused" | "unknown" | "notTried") =>
    events.reduce((sum, event) => sum + event[list].length, 0);
  expect(summary).toMatchObject({
    chunks: events.length,
    given: events.reduce((sum, event) => sum + event.given, 0),
    duplicates: events.reduce((sum, event) => sum + event.duplicates, 0),
    changed: count("changed"),
    refused: count("refused"),
    unknown: count("unknown"),
    notTried: count("notTried"),
  });
}

/** The provider's own refusal, as it comes with each refused order. */
const refusal = (code: number) => expect.objectContaining({ name: "ApiError", code });

describe("the summary of a run", () => {
  it("counts every ID by its outcome, and the events name them", async () => {
    const server = await orderServer({
      codeOf: (id) => ({ bad: 29, locked: 25 })[id],
      fate: (ids) => (ids.includes("lost") ? "hang up" : null),
    });
    const ids = ["1", "bad", "1", "2", "", "NUMBER-7", "3", "locked", "lost", "4", "5"];
    const { events, summary } = await allOf(
      clientOf(server).setAutoExtendMany(ids, { ...wanted, chunkSize: 8, concurrency: 1 }),
    );
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({ type: "chunk", index: 0, given: 8, duplicates: 1, unknown: [] });
    expect(events[0]?.changed).toEqual(["1", "2", "3"]);
    expect(events[0]?.refused).toEqual([
      { orderId: "", code: null, message: expect.stringContaining("is empty"), error: null },
      {
        orderId: "NUMBER-7",
        code: null,
        message: expect.stringContaining("is an order number"),
        error: null,
      },
      { orderId: "bad", code: 29, message: "error 29", error: refusal(29) },
      { orderId: "locked", code: 25, message: "error 25", error: refusal(25) },
    ]);
    expect(events[1]?.unknown.map(({ orderId }) => orderId)).toEqual(["lost", "4", "5"]);
    expect(events[1]?.unknown[0]?.error).toMatchObject({ name: "NetworkError", effect: "unknown" });
    expect(summary).toEqual({
      given: 11,
      duplicates: 1,
      changed: 3,
      unconfirmed: 0,
      different: 0,
      refused: 4,
      unknown: 3,
      notTried: 0,
      unsent: 0,
      assumedPeriod: 0,
      quantity: 3,
      chunks: 2,
      calls: server.seen.calls.length,
      exhausted: true,
      stopped: null,
      error: null,
      readBack: null,
    });
  });

  it("does not show the API key, even where the provider repeats it", async () => {
    const refusal = answerTo({ ...wanted, orderIds: [] }, 29);
    const error = { code: 29, message: `no order of ${apiKey}` };
    const fetch = async () => Response.json({ ...refusal, error });
    const run = clientOf(nowhere, { fetch }).setAutoExtendMany(["1", "2"], wanted);
    const { events, summary } = await allOf(run);
    expect(events[0]?.refused[0]?.message).toBe("no order of [redacted]");
    expectNoKey(shownBy([run, events, summary]), apiKey);
  });

  it("of no IDs is all zeros, and nothing is sent", async () => {
    const server = await orderServer();
    const { events, summary } = await allOf(clientOf(server).setAutoExtendMany([], wanted));
    expect(events).toEqual([]);
    expect(summary).toMatchObject({ given: 0, chunks: 0, calls: 0, exhausted: true, stopped: null });
    expect(server.seen.calls).toEqual([]);
  });

  it("adds up, whatever the IDs, the sizes and the failures", async () => {
    let fates: readonly Fate[] = [];
    const kinds: Record<string, number> = { x: 29, y: 25, z: 77 };
    const server = orderFetch({
      codeOf: (id) => kinds[id.charAt(0)],
      fate: (_, call) => fates[call] ?? null,
    });
    const orderId = fc.oneof(
      { weight: 6, arbitrary: fc.nat(40).map(String) },
      fc.tuple(fc.constantFrom("x", "y", "z"), fc.nat(5)).map((parts) => parts.join("")),
      fc.constantFrom("", "NUMBER-1", "number-2"),
    );
    const fate = fc.oneof(
      { weight: 12, arbitrary: fc.constant(null) },
      fc.constantFrom<Fate>(
        "hang up",
        { status: 500 },
        { status: 404 },
        { code: 16 },
        { code: 2 },
        { code: 35 },
      ),
    );
    const source = fc.constantFrom(
      (ids: string[]) => ids,
      (ids: string[]) => ids.values(),
      async function* (ids: string[]) {
        yield* ids;
      },
    );
    const stops = new Set<string | null>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(orderId, { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 5 }),
        fc.oneof(fc.constant([]), fc.array(fate, { maxLength: 17 })),
        source,
        async (ids, chunkSize, concurrency, chosen, sourceOf) => {
          fates = chosen;
          server.seen.most = 0;
          server.seen.calls.length = 0;
          server.switched.clear();
          const run = clientOf(server, { fetch: server.fetch }).setAutoExtendMany(sourceOf(ids), {
            ...wanted,
            chunkSize,
            concurrency,
          });
          const { events, summary } = await allOf(run);
          stops.add(summary.stopped);
          expect(server.seen.most).toBeLessThanOrEqual(concurrency);
          expectConsistent(ids, { events, summary }, chunkSize);
          const changed = events.flatMap((event) => event.changed);
          expect(changed.filter((id) => !server.switched.has(id))).toEqual([]);
          if (summary.exhausted) expect(summary.given).toBe(ids.length);
          if (chosen.length > 0) return;
          expect(summary).toMatchObject({ unknown: 0, notTried: 0, stopped: null });
          const refused = events.flatMap((event) => event.refused);
          const expected = refused.map(({ orderId }) => kinds[orderId.charAt(0)] ?? null);
          expect(refused.map(({ code }) => code)).toEqual(expected);
        },
      ),
      { ...fuzzing, numRuns: 200 },
    );
    // What only ever ended in one way would prove little.
    expect(stops).toEqual(new Set([null, "refused", "failed"]));
  });
});

describe("what stops a run", () => {
  it.each([2, 4, 11])("is error %d, which every further call would meet", async (code) => {
    const server = await orderServer({ fate: () => ({ code }) });
    const { events, summary } = await allOf(
      clientOf(server).setAutoExtendMany(idsUpTo(50), { ...wanted, chunkSize: 10, concurrency: 1 }),
    );
    expect(server.seen.calls).toHaveLength(1);
    expect(events[0]?.refused).toHaveLength(10);
    expect(summary).toMatchObject({ given: 50, refused: 10, notTried: 40, stopped: "refused" });
    expect(summary.error).toMatchObject({ name: "ApiError", code });
  });

  it.each([
    ["a server that is not reached", null],
    ["HTTP 404", { status: 404 }],
    ["HTTP 429 after the client's own retries", { status: 429 }],
  ])("is %s", async (_, fate) => {
    const server = await orderServer({ fate: () => fate });
    if (fate === null) await server.close();
    const client = clientOf(server, { retry: { attempts: 2, delay: 1 } });
    const { summary } = await allOf(
      client.setAutoExtendMany(idsUpTo(50), { ...wanted, chunkSize: 10, concurrency: 1 }),
    );
    expect(summary).toMatchObject({ given: 50, notTried: 50, calls: 1, exhausted: true, stopped: "failed" });
    expect(summary.error).toMatchObject({ effect: "none" });
  });

  it("is a Retry-After that is longer than the client waits", async () => {
    const server = await orderServer({ fate: () => ({ status: 503, retryAfter: 60 }) });
    const { summary } = await allOf(
      clientOf(server).setAutoExtendMany(idsUpTo(20), { ...wanted, chunkSize: 10, concurrency: 1 }),
    );
    expect(summary).toMatchObject({ unknown: 10, notTried: 10, stopped: "failed" });
    expect(summary.error).toMatchObject({ retryAfter: 60_000 });
  });

  it.each<[string, Fate]>([
    ["error 16, for another call may cost less", { code: 16 }],
    ["error 35, which names no cause", { code: 35 }],
    ["a refusal under HTTP 503", { code: 29, status: 503 }],
    ["a refusal under HTTP 408", { code: 29, status: 408 }],
    ["HTTP 500", { status: 500 }],
  ])("is not %s, and nothing is halved for it", async (_, fate) => {
    const server = await orderServer({ fate: (_, call) => (call === 0 ? fate : null) });
    const { summary } = await allOf(
      clientOf(server).setAutoExtendMany(idsUpTo(50), { ...wanted, chunkSize: 10, concurrency: 1 }),
    );
    expect(summary).toMatchObject({ changed: 40, notTried: 0, calls: 5, stopped: null, error: null });
    expect(summary.refused + summary.unknown).toBe(10);
  });

  it("is a source that throws: what it gave for an open chunk is not tried, and the iteration throws the same", async () => {
    const server = await orderServer();
    const broken = new Error("the file ended");
    const run = clientOf(server).setAutoExtendMany(
      (function* () {
        yield* idsUpTo(15);
        throw broken;
      })(),
      { ...wanted, chunkSize: 10 },
    );
    await expect(allOf(run)).rejects.toBe(broken);
    expectToAddUp(run.summary());
    expect(run.summary()).toMatchObject({ given: 15, stopped: "thrown" });
    expect(run.summary().notTried).toBeGreaterThanOrEqual(5);
  });

  it("is not a fetch that returns no response: its orders are unknown, and nothing is repeated", async () => {
    const fetch = vi.fn(async () => ({}) as Response);
    const client = clientOf(nowhere, { fetch, retry: {} });
    const summary = await client.setAutoExtendMany(idsUpTo(3), wanted).finish();
    expect(summary).toMatchObject({ given: 3, unknown: 3, calls: 1, stopped: null });
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});
