import { createOrderLookup, type ListedOrder } from "@auto-extend/client";
import { describe, expect, it, vi } from "vitest";
import { allOf } from "../support/bulk-runs.js";
import { listingServer } from "../support/listing-server.js";

const on = { autoExtend: true };
const off = { autoExtend: false };

function order(
  orderId: string,
  days: readonly (number | null)[],
  proxyType: ListedOrder["proxyType"] = "IPv4",
) {
  const ipAddresses = days.map((rentPeriodDays, index) => ({
    ...{ ipAddressId: `${orderId}-${index}`, ip: null, country: null, startsAt: null, endsAt: null },
    ...{ autoExtend: false, rentPeriodDays },
  }));
  return { orderId, proxyType, ipAddresses };
}

const list = {
  isComplete: true,
  orders: [
    order("same", [30, 30]),
    order("mixed", [30, 60, 60]),
    order("tied", [60, 30]),
    order("manifold", [90, 30, 60]),
    order(
      "endless",
      Array.from({ length: 900 }, (_, index) => index + 1),
    ),
    order("half-read", [30, null]),
    order("unread", [null]),
    order("untyped", [30], null),
    order("six", [90], "IPv6"),
  ],
};

describe("the lookup of an order", () => {
  it("finds its type and period", () => {
    expect(createOrderLookup(list, on)("same")).toMatchObject({ proxyType: "IPv4", rentPeriodDays: 30 });
    expect(createOrderLookup(list, off)("six")).toMatchObject({ proxyType: "IPv6", rentPeriodDays: 90 });
  });

  it.each([
    ["mixed", on, "mixed-periods", "rental periods, such as 30, 60 days"],
    ["manifold", on, "mixed-periods", "rental periods, such as 30, 60, 90 days"],
    ["endless", on, "mixed-periods", "rental periods, such as 1, 2, 3, 4, 5 days"],
    ["half-read", on, "period-unknown", "lacks some of its rental periods"],
    ["unread", on, "period-unknown", "lacks some of its rental periods"],
    ["unread", off, "period-unknown", "lacks some of its rental periods"],
    ["untyped", on, "type-unknown", "The list lacks its proxy type"],
    ["six", { ...on, proxyType: "IPv4" }, "other-type", "listed as IPv6, not as IPv4"],
    ["six", { ...on, proxyType: "IPv4", rentPeriodDays: 30 }, "other-type", "listed as IPv6, not as IPv4"],
    ["absent", on, "not-listed", "not in the list"],
    ["absent", { ...on, proxyType: "IPv4" }, "not-listed", "not in the list"],
    ["absent", { ...off, rentPeriodDays: 30 }, "not-listed", "not in the list"],
  ] as const)("says why %s cannot be sent with %j: %s", (orderId, options, reason, message) => {
    expect(createOrderLookup(list, options)(orderId)).toEqual({
      ...{ orderId, reason },
      message: expect.stringContaining(message),
    });
  });

  it("calls an order unknown that is missing from a list that is not whole", () => {
    const lookup = createOrderLookup({ ...list, isComplete: false }, on);
    expect(lookup("absent")).toMatchObject({ reason: "list-incomplete" });
    expect(lookup("same")).toMatchObject({ rentPeriodDays: 30 });
  });

  it.each([
    ["mixed", 60],
    ["tied", 30],
    ["half-read", 30],
  ])("takes the period of most IP addresses of %s to switch it off", (orderId, rentPeriodDays) => {
    expect(createOrderLookup(list, off)(orderId)).toMatchObject({ rentPeriodDays });
  });

  it("takes a given period for whatever is listed, and sends the unlisted if both are given", () => {
    const lookup = createOrderLookup(list, { ...on, proxyType: "IPv4", rentPeriodDays: 180 });
    expect(lookup("mixed")).toMatchObject({ rentPeriodDays: 180 });
    expect(lookup("untyped")).toMatchObject({ proxyType: "IPv4", rentPeriodDays: 180 });
    expect(lookup("absent")).toMatchObject({ proxyType: "IPv4", rentPeriodDays: 180, ipAddresses: null });
  });
});

const account = {
  periods: { "1": [30], "2": [60], "3": [30, 60, 60], "4": [90], "5": [30], "6": [null] },
  types: { "4": "IPv6" },
  hides: (id: string) => id === "9",
};

describe("a run without type and period", () => {
  it("looks them up once, and sends each group on its own", async () => {
    const server = listingServer(account);
    const ids = ["1", "2", "4", "5", "1"];
    const { events, summary } = await allOf(server.client.setAutoExtendMany(ids, on));
    expect(server.lists).toBe(1);
    expect(
      server.sent.map(({ proxyType, rentPeriodDays, orderIds }) => [proxyType, rentPeriodDays, orderIds]),
    ).toEqual([
      ["IPv4", 30, ["1", "5"]],
      ["IPv4", 60, ["2"]],
      ["IPv6", 90, ["4"]],
    ]);
    expect(summary).toMatchObject({ given: 5, changed: 4, duplicates: 1, unsent: 0, stopped: null });
    expect(events.map(({ proxyType, rentPeriodDays }) => [proxyType, rentPeriodDays])).toContainEqual([
      "IPv6",
      90,
    ]);
  });

  it("does not send what it cannot look up, and says why", async () => {
    const server = listingServer(account);
    const { events, summary } = await allOf(
      server.client.setAutoExtendMany(["3", "6", "9", "1", "NUMBER-1"], on),
    );
    expect(summary).toMatchObject({ changed: 1, unsent: 3, refused: 1, stopped: null });
    const unsent = events.flatMap((event) => event.unsent.map(({ orderId, reason }) => [orderId, reason]));
    expect(unsent).toEqual([
      ["3", "mixed-periods"],
      ["6", "period-unknown"],
      ["9", "not-listed"],
    ]);
    expect(server.sent.flatMap(({ orderIds }) => orderIds)).toEqual(["1"]);
  });

  it("switches mixed periods off with that of most IP addresses, and says so", async () => {
    const server = listingServer(account);
    const { events, summary } = await allOf(server.client.setAutoExtendMany(["3", "2"], off));
    expect(server.sent).toMatchObject([{ rentPeriodDays: 60, orderIds: ["3", "2"] }]);
    expect(events[0]?.assumedPeriod).toEqual(["3"]);
    expect(summary).toMatchObject({ changed: 2, assumedPeriod: 1 });
  });

  it("sends mixed periods with a given one", async () => {
    const server = listingServer(account);
    const { summary } = await allOf(
      server.client.setAutoExtendMany(["3", "4"], { ...on, rentPeriodDays: 60 }),
    );
    expect(server.sent.map(({ proxyType, orderIds }) => [proxyType, orderIds])).toEqual([
      ["IPv4", ["3"]],
      ["IPv6", ["4"]],
    ]);
    expect(summary).toMatchObject({ changed: 2, assumedPeriod: 0 });
  });

  it("treats what is missing from a list that is not whole as unknown", async () => {
    const server = listingServer({ ...account, paging: { total: 50 } });
    const { events, summary } = await allOf(server.client.setAutoExtendMany(["9", "1"], on));
    expect(summary).toMatchObject({ changed: 1, unsent: 1 });
    expect(events.flatMap(({ unsent }) => unsent)).toMatchObject([
      { orderId: "9", reason: "list-incomplete" },
    ]);
  });

  it("sends nothing if the list cannot be read", async () => {
    const server = listingServer({ listStatus: 500 });
    const { summary } = await allOf(server.client.setAutoExtendMany(["1", "2"], on));
    expect(summary).toMatchObject({ given: 2, notTried: 2, calls: 0, stopped: "failed", exhausted: true });
    expect(summary.error).toMatchObject({ name: "HttpError", status: 500 });
    expect(server.sent).toEqual([]);
  });

  it("sends nothing and throws the same if the lookup meets what nobody foresaw", async () => {
    const bug = new TypeError("a bug");
    const server = listingServer({ listBreaks: bug });
    const run = server.client.setAutoExtendMany(["1"], on);
    await expect(run.finish()).rejects.toBe(bug);
    expect(run.summary()).toMatchObject({ notTried: 1, stopped: "thrown" });
    expect(server.sent).toEqual([]);
  });

  it("sends nothing if it is aborted during the lookup", async () => {
    const server = listingServer({});
    const controller = new AbortController();
    const run = server.client.setAutoExtendMany(["1"], { ...on, signal: controller.signal });
    const finished = run.finish();
    controller.abort();
    await expect(finished).resolves.toMatchObject({ notTried: 1, stopped: "aborted", error: null });
    expect(server.sent).toEqual([]);
  });

  it("continues with other groups if the provider refuses the period of one", async () => {
    const server = listingServer({
      ...account,
      codeOf: ({ rentPeriodDays }) => (rentPeriodDays === 30 ? 11 : null),
    });
    const options = { ...on, chunkSize: 1, concurrency: 1 };
    const { summary } = await allOf(server.client.setAutoExtendMany(["1", "2", "5", "4"], options));
    expect(server.sent.flatMap(({ orderIds }) => orderIds)).toEqual(["1", "2", "4"]);
    expect(summary).toMatchObject({ changed: 2, refused: 1, notTried: 1, stopped: "refused" });
    expect(summary.error).toMatchObject({ code: 11 });
  });

  it("stops for all groups if the provider refuses the API key", async () => {
    const server = listingServer({ ...account, codeOf: () => 2 });
    const options = { ...on, chunkSize: 1, concurrency: 1 };
    const { summary } = await allOf(server.client.setAutoExtendMany(["1", "2", "4"], options));
    expect(server.sent).toHaveLength(1);
    expect(summary).toMatchObject({ refused: 1, notTried: 2, stopped: "refused" });
  });

  it("reads no list if type and period are given", async () => {
    const server = listingServer(account);
    await server.client.setAutoExtendMany(["1"], { ...on, proxyType: "IPv4", rentPeriodDays: 30 }).finish();
    expect(server.lists).toBe(0);
  });
});

describe("the hook before each chunk", () => {
  const fixed = { ...on, proxyType: "IPv4", rentPeriodDays: 30, chunkSize: 2, concurrency: 1 } as const;

  it("gets the IDs that will be sent, and is awaited", async () => {
    const server = listingServer({});
    const seen: unknown[] = [];
    const beforeChunk = async (...call: unknown[]) => {
      const sentBefore = server.sent.length;
      await new Promise((resolve) => setTimeout(resolve, 5));
      seen.push([...call, sentBefore, server.sent.length]);
    };
    const ids = ["1", "NUMBER-1", "2", "2", "3"];
    await server.client.setAutoExtendMany(ids, { ...fixed, beforeChunk }).finish();
    const group = { proxyType: "IPv4", rentPeriodDays: 30 };
    expect(seen).toEqual([
      [["1"], { index: 0, ...group }, 0, 0],
      [["2"], { index: 1, ...group }, 1, 1],
      [["3"], { index: 2, ...group }, 2, 2],
    ]);
  });

  it("stops the run if it fails: its orders were not tried, and the run throws the same", async () => {
    const server = listingServer({});
    const full = new Error("the disk is full");
    const beforeChunk = vi.fn(async (orderIds: readonly string[]) => {
      if (orderIds.includes("3")) throw full;
    });
    const run = server.client.setAutoExtendMany(["1", "2", "3", "4", "5", "6"], { ...fixed, beforeChunk });
    await expect(run.finish()).rejects.toBe(full);
    expect(run.summary()).toMatchObject({ changed: 2, notTried: 4, unknown: 0, stopped: "thrown" });
    expect(server.sent).toHaveLength(1);
    expect(beforeChunk).toHaveBeenCalledTimes(2);
  });

  it("is not called for orders that are not sent", async () => {
    const server = listingServer({ hides: () => true });
    const beforeChunk = vi.fn();
    await server.client.setAutoExtendMany(["1", "NUMBER-1"], { ...on, beforeChunk }).finish();
    expect(beforeChunk).not.toHaveBeenCalled();
  });

  it("can stop the run by its signal, and then nothing is sent", async () => {
    const server = listingServer({});
    const controller = new AbortController();
    const options = { ...fixed, signal: controller.signal, beforeChunk: () => controller.abort() };
    const summary = await server.client.setAutoExtendMany(["1", "2", "3"], options).finish();
    expect(summary).toMatchObject({ notTried: 3, stopped: "aborted" });
    expect(server.sent).toEqual([]);
  });
});

describe("run.finish()", () => {
  const fixed = { ...on, proxyType: "IPv4", rentPeriodDays: 30 } as const;

  it("runs to the end and returns the summary", async () => {
    const run = listingServer({}).client.setAutoExtendMany(["1", "2"], fixed);
    const summary = await run.finish();
    expect(summary).toMatchObject({ given: 2, changed: 2, exhausted: true });
    expect(run.summary()).toEqual(summary);
  });

  it("starts a run once, and so does its iteration", async () => {
    const run = listingServer({}).client.setAutoExtendMany(["1"], fixed);
    await run.finish();
    await expect(run.finish()).rejects.toMatchObject({ name: "RequestError" });
    expect(() => run[Symbol.asyncIterator]()).toThrow("The run was started before: create a new one");
  });

  it("is the only way but iteration: an async function that returns a run does not start it", async () => {
    const server = listingServer({});
    const run = await (async () => server.client.setAutoExtendMany(["1"], fixed))();
    expect("then" in run).toBe(false);
    expect(server.sent).toEqual([]);
    await expect(run.finish()).resolves.toMatchObject({ changed: 1 });
  });
});
