import { describe, expect, it } from "vitest";
import { allOf, wanted } from "../support/bulk-runs.js";
import { listingServer } from "../support/listing-server.js";

const ids = ["1", "2", "3"];

describe("a success with a quantity below the number of orders", () => {
  it.each([0, 1, 2])("of %d leaves its orders unconfirmed", async (quantity) => {
    const server = listingServer({ answer: { quantity } });
    const { events, summary } = await allOf(server.client.setAutoExtendMany(ids, wanted));
    expect(summary).toMatchObject({ changed: 0, unconfirmed: 3, quantity, stopped: null, calls: 1 });
    expect(events[0]?.unconfirmed).toEqual(
      ids.map((orderId) => ({ orderId, finding: expect.objectContaining({ path: "quantity" }) })),
    );
  });

  it("is not confirmed either if the answer reports failures", async () => {
    const server = listingServer({ answer: { errors: [{ code: 29, message: "Incorrect orderIds" }] } });
    const { events, summary } = await allOf(server.client.setAutoExtendMany(ids, wanted));
    expect(summary).toMatchObject({ changed: 0, unconfirmed: 3 });
    expect(events[0]?.unconfirmed[0]?.finding).toMatchObject({ path: "errors" });
  });

  it.each([202, 207])(
    "is not confirmed either with HTTP %d, which may mean that it is still to be done",
    async (status) => {
      const server = listingServer({ status });
      const { summary } = await allOf(server.client.setAutoExtendMany(ids, wanted));
      expect(summary).toMatchObject({ changed: 0, unconfirmed: 3, quantity: 3 });
    },
  );

  it("is a success as any other with HTTP 201", async () => {
    const { summary } = await allOf(listingServer({ status: 201 }).client.setAutoExtendMany(ids, wanted));
    expect(summary).toMatchObject({ changed: 3, unconfirmed: 0 });
  });

  it("is confirmed by the list, order by order", async () => {
    const server = listingServer({ answer: { quantity: 1 }, switches: (id) => id === "2" });
    const run = server.client.setAutoExtendMany(ids, { ...wanted, readBack: true });
    const summary = await run.finish();
    expect(summary).toMatchObject({ changed: 1, unconfirmed: 0, different: 2 });
    expect(summary.readBack).toEqual({ confirmed: 1, different: ["1", "3"], unclear: [], error: null });
  });
});

describe("a success with another state than the requested one", () => {
  it("leaves its orders unknown", async () => {
    const server = listingServer({ answer: { autoExtend: !wanted.autoExtend } });
    const { summary } = await allOf(server.client.setAutoExtendMany(ids, wanted));
    expect(summary).toMatchObject({ changed: 0, unknown: 3 });
  });
});

describe("a negative or fractional quantity", () => {
  it.each([-1, 1.5])("of %d leaves its orders unknown", async (quantity) => {
    const server = listingServer({ answer: { quantity } });
    const { events, summary } = await allOf(server.client.setAutoExtendMany(ids, wanted));
    expect(summary).toMatchObject({ changed: 0, unknown: 3 });
    expect(events[0]?.unknown[0]?.error).toMatchObject({ name: "ContractError", effect: "reported-applied" });
  });
});

describe("the read-back", () => {
  it("confirms what was switched", async () => {
    const server = listingServer({});
    const run = server.client.setAutoExtendMany(ids, { ...wanted, readBack: true });
    await expect(run.finish()).resolves.toMatchObject({
      changed: 3,
      readBack: { confirmed: 3, different: [], unclear: [], error: null },
    });
    expect(server.lists).toBe(1);
  });

  it("finds orders that were reported as switched and are not", async () => {
    const server = listingServer({ switches: (id) => id !== "2" });
    const run = server.client.setAutoExtendMany(ids, { ...wanted, readBack: true });
    await expect(run.finish()).resolves.toMatchObject({
      changed: 2,
      different: 1,
      readBack: { confirmed: 2, different: ["2"] },
    });
  });

  it("finds orders that have another rental period afterwards, if they are on", async () => {
    const options = { periods: { "1": [60] }, keepsPeriod: true };
    const on = listingServer(options).client.setAutoExtendMany(["1"], { ...wanted, readBack: true });
    await expect(on.finish()).resolves.toMatchObject({ different: 1, readBack: { different: ["1"] } });
    const off = { ...wanted, autoExtend: false, readBack: true };
    const run = listingServer(options).client.setAutoExtendMany(["1"], off);
    await expect(run.finish()).resolves.toMatchObject({ changed: 1, different: 0 });
  });

  it("confirms orders of calls without an answer, and leaves the others unknown", async () => {
    const server = listingServer({ switches: (id) => id === "1", losesAnswers: true });
    const run = server.client.setAutoExtendMany(ids, { ...wanted, readBack: true });
    await expect(run.finish()).resolves.toMatchObject({
      changed: 1,
      unknown: 2,
      different: 0,
      readBack: { confirmed: 1, different: ["2", "3"] },
    });
  });

  it("is unclear about what a list that is not whole shows as switched", async () => {
    const server = listingServer({ paging: { pages: 2 } });
    const run = server.client.setAutoExtendMany(ids, { ...wanted, readBack: true });
    await expect(run.finish()).resolves.toMatchObject({
      changed: 3,
      readBack: { confirmed: 0, different: [], unclear: ids },
    });
  });

  it("is unclear about orders that are not listed, and about all if the list cannot be read", async () => {
    const server = listingServer({ hides: (id) => id === "3" });
    const run = server.client.setAutoExtendMany(ids, { ...wanted, readBack: true });
    await expect(run.finish()).resolves.toMatchObject({ changed: 3, readBack: { unclear: ["3"] } });
    const broken = listingServer({ listStatus: 500 });
    const { readBack } = await broken.client.setAutoExtendMany(ids, { ...wanted, readBack: true }).finish();
    expect(readBack).toMatchObject({ confirmed: 0, unclear: ids, error: { name: "HttpError", status: 500 } });
  });

  it("is skipped after an abort, and if nothing was sent", async () => {
    const server = listingServer({});
    await server.client.setAutoExtendMany([], { ...wanted, readBack: true }).finish();
    const controller = new AbortController();
    const options = { ...wanted, readBack: true, signal: controller.signal, chunkSize: 1, concurrency: 1 };
    const run = server.client.setAutoExtendMany(ids, options);
    for await (const _ of run) controller.abort();
    expect(run.summary()).toMatchObject({ stopped: "aborted", readBack: null });
    expect(server.lists).toBe(0);
  });

  it("throws what nobody foresaw, and the summary keeps what the answers said", async () => {
    const bug = new TypeError("a bug");
    const server = listingServer({ listBreaks: bug });
    const run = server.client.setAutoExtendMany(ids, { ...wanted, readBack: true });
    await expect(run.finish()).rejects.toBe(bug);
    expect(run.summary()).toMatchObject({ changed: 3, readBack: null });
  });

  it("is not made unless it is asked for", async () => {
    const server = listingServer({});
    await expect(server.client.setAutoExtendMany(ids, wanted).finish()).resolves.toMatchObject({
      readBack: null,
    });
    expect(server.lists).toBe(0);
  });
});
