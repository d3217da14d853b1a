import { describe, expect, it } from "vitest";
import { allOf, idsUpTo, wanted } from "../support/bulk-runs.js";
import { clientOf, failure, nowhere } from "../support/fixtures.js";
import { listingServer } from "../support/listing-server.js";
import { answerTo } from "../support/order-server.js";

const on = { autoExtend: true };
const two = { "1": [30, 30] };

describe("the IP addresses of the orders, if a run has looked them up", () => {
  it.each([
    ["counts fewer", { quantity: 2 }, "quantity"],
    ["counts more", { quantity: 4 }, "quantity"],
    ["lacks one", { quantity: 2, ipAddressIds: ["1-0", "2-0"] }, "quantity"],
    ["names others", { quantity: 3, ipAddressIds: ["1-0", "2-0", "9-0"] }, "ipAddressIds"],
  ])("are compared with the answer: the orders of one that %s are unconfirmed", async (_, answer, path) => {
    const server = listingServer({ periods: two, answer });
    const { events, summary } = await allOf(server.client.setAutoExtendMany(["1", "2"], on));
    expect(summary).toMatchObject({ changed: 0, unconfirmed: 2, stopped: null });
    expect(events[0]?.unconfirmed[0]?.finding).toMatchObject({ path });
  });

  it("may be as the answer says", async () => {
    const ipAddressIds = ["2-0", "1-1", "1-0"];
    const server = listingServer({ periods: two, answer: { quantity: 3, ipAddressIds } });
    const { summary } = await allOf(server.client.setAutoExtendMany(["1", "2"], on));
    expect(summary).toMatchObject({ changed: 2, unconfirmed: 0 });
  });

  it("can be given instead, and are not compared if those of an order are missing", async () => {
    const { client } = listingServer({ answer: { quantity: 3 } });
    const known: Record<string, string[]> = { "1": ["a", "b"], "2": ["c", "d"] };
    const ipAddressesOf = (orderId: string) => known[orderId];
    const options = { ...wanted, ipAddressesOf };
    await expect(client.setAutoExtendMany(["1", "2"], options).finish()).resolves.toMatchObject({
      unconfirmed: 2,
    });
    await expect(client.setAutoExtendMany(["1", "3"], options).finish()).resolves.toMatchObject({
      changed: 2,
    });
  });
});

describe("a success that says that something was not done", () => {
  it.each<[string, object]>([
    ["skipped", { skipped: ["2"] }],
    ["results[1].success", { results: [{ success: true }, { success: false }] }],
    ["status", { status: "pending" }],
  ])("leaves its orders unconfirmed: %s", async (path, answer) => {
    const { client } = listingServer({ answer });
    const { events, summary } = await allOf(client.setAutoExtendMany(["1", "2"], wanted));
    expect(summary).toMatchObject({ changed: 0, unconfirmed: 2 });
    expect(events[0]?.unconfirmed[0]?.finding).toMatchObject({ path });
  });
});

describe("a pause that a success asks for", () => {
  const sorts = { ...wanted, chunkSize: 1, concurrency: 1 };

  it.each([{ "retry-after": "3600" }, { "retry-after-ms": "3600000" }])(
    "ends the run before its next call if it is long: %j",
    async (headers) => {
      const server = listingServer({ headers });
      const { summary } = await allOf(server.client.setAutoExtendMany(["1", "2", "3"], sorts));
      expect(summary).toMatchObject({ changed: 1, notTried: 2, calls: 1, stopped: "failed" });
      expect(summary.error).toMatchObject({ status: 200, retryAfter: 3_600_000, effect: "none" });
      expect(summary.error?.message).toContain("Wait 3600 s");
    },
  );

  it("does not make a failure of the last call", async () => {
    const server = listingServer({ headers: { "retry-after": "3600" } });
    const { summary } = await allOf(server.client.setAutoExtendMany(["1"], sorts));
    expect(summary).toMatchObject({ changed: 1, stopped: null, error: null });
  });
});

describe("an error that nobody knows", () => {
  const refusing = (code: number) => {
    const fetch = async () => Response.json({ ...failure, error: { code, message: "Brand new" } });
    return clientOf(nowhere, { fetch });
  };
  const sorts = { ...wanted, concurrency: 1 };

  it.each([1, 4, 100])(
    "ends the run once ten orders in a row were refused with it (chunks of %d)",
    async (chunkSize) => {
      const { summary } = await allOf(
        refusing(4711).setAutoExtendMany(idsUpTo(1_000), { ...sorts, chunkSize }),
      );
      expect(summary).toMatchObject({ refused: 10, notTried: 990, stopped: "failed" });
      expect(summary.error?.message).toBe(
        "10 orders in a row got unknown error 4711. Nothing else was sent.",
      );
    },
  );

  it("does not end it if orders are switched in between", async () => {
    let calls = 0;
    const fetch = async (_: unknown, init: { body: string }) => {
      const request = JSON.parse(init.body);
      return Response.json(
        ++calls % 10 === 0
          ? answerTo(request, undefined)
          : { ...failure, error: { code: 4711, message: "No" } },
      );
    };
    const client = clientOf(nowhere, { fetch: fetch as never });
    const { summary } = await allOf(client.setAutoExtendMany(idsUpTo(100), { ...sorts, chunkSize: 1 }));
    expect(summary).toMatchObject({ changed: 10, refused: 90, notTried: 0, stopped: null });
  });

  it("does not end it if the code is about orders, such as those of an old file", async () => {
    const { summary } = await allOf(refusing(29).setAutoExtendMany(idsUpTo(200), sorts));
    expect(summary).toMatchObject({ refused: 200, notTried: 0, stopped: null });
  });
});
