import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type NotRestored, runServerCases } from "../../src/index.js";
import { type ReferenceServer, startReferenceServer } from "../support/reference-server.js";
import { apiKey, runAgainst } from "../support/runs.js";

let server: ReferenceServer;

beforeAll(async () => {
  server = await startReferenceServer();
});

afterAll(() => server.close());

describe("a signal", () => {
  it("stops the run with its own reason", async () => {
    const reason = new Error("enough");
    const stop = new AbortController();
    const run = runServerCases({
      baseUrl: server.url,
      apiKey,
      signal: stop.signal,
      onResult: () => stop.abort(reason),
    });
    await expect(run).rejects.toBe(reason);
  });

  it("stops a request that is under way", async () => {
    const stop = new AbortController();
    const run = runAgainst(() => stop.abort(new Error("enough")), { signal: stop.signal });
    await expect(run).rejects.toThrow("enough");
  });

  it("stops while the orders are priced, before any is switched", async () => {
    const stop = new AbortController();
    const stopping = await startReferenceServer((listener) => (request, response) => {
      if (request.url?.endsWith("/calculate/extend/order")) stop.abort();
      listener(request, response);
    });
    try {
      const run = runServerCases({ baseUrl: stopping.url, apiKey, signal: stop.signal });
      await expect(run).rejects.toThrow();
      expect(stopping.switched).toEqual([]);
    } finally {
      await stopping.close();
    }
  });

  it("leaves no order switched, however far a case has got", async () => {
    for (let count = 1; count <= 4; count++) {
      const stop = new AbortController();
      const stopping = await startReferenceServer((listener) => (request, response) => {
        response.once("finish", () => {
          if (stopping.switched.length === count) stop.abort(new Error("enough"));
        });
        listener(request, response);
      });
      try {
        const notRestored: unknown[] = [];
        const run = runServerCases({
          baseUrl: stopping.url,
          apiKey,
          signal: stop.signal,
          onStopped: (report) => notRestored.push(...report.notRestored),
        });
        await expect(run).rejects.toThrow("enough");
        expect(stopping.switched.length).toBeGreaterThanOrEqual(count);
        expect(Object.values(stopping.addresses).filter(({ autoExtend }) => autoExtend)).toEqual([]);
        expect(notRestored).toEqual([]);
      } finally {
        await stopping.close();
      }
    }
  });

  it("does not cut off a request that switches something", async () => {
    const stop = new AbortController();
    let isCutOff = false;
    const slow = await startReferenceServer((listener) => (request, response) => {
      if (!request.url?.endsWith("/extend/order/auto")) return listener(request, response);
      response.once("close", () => {
        isCutOff ||= !response.writableFinished;
      });
      setTimeout(() => listener(request, response), 50);
      if (slow.seen.filter((line) => line.endsWith("/extend/order/auto")).length === 2) stop.abort();
    });
    try {
      const only = "setAutoExtend/success";
      await expect(
        runServerCases({ baseUrl: slow.url, apiKey, only, signal: stop.signal }),
      ).rejects.toThrow();
      expect(isCutOff).toBe(false);
      expect(slow.switched).toEqual(["11111 on", "11111 off"]);
    } finally {
      await slow.close();
    }
  });

  it("comes after a record of what to restore, in case the run is killed", async () => {
    const seen: unknown[] = [];
    const watched = await startReferenceServer();
    try {
      await runServerCases({
        baseUrl: watched.url,
        apiKey,
        only: "setAutoExtend/several-orders",
        onTouched: (addresses) => seen.push({ switches: watched.switched.length, addresses }),
      });
      const was = { autoExtend: false, rentPeriodDays: 30 };
      expect(seen.slice(0, 2)).toEqual([
        { switches: 0, addresses: [{ orderId: "11111", ipAddressId: "ip-of-11111", was }] },
        {
          switches: 1,
          addresses: ["1st-of-22222", "2nd-of-22222"].map((id) => ({
            orderId: "22222",
            ipAddressId: id,
            was,
          })),
        },
      ]);
    } finally {
      await watched.close();
    }
  });

  it("reports what could not be restored, although the run rejects", async () => {
    const stop = new AbortController();
    const stuck = await startReferenceServer((listener) => (request, response) => {
      if (stop.signal.aborted && request.method === "POST") {
        response.writeHead(500).end();
        return;
      }
      response.once("finish", () => {
        if (stuck.switched.length === 1) stop.abort(new Error("enough"));
      });
      listener(request, response);
    });
    try {
      const notRestored: NotRestored[] = [];
      const run = runServerCases({
        baseUrl: stuck.url,
        apiKey,
        rereadDelayMs: 0,
        signal: stop.signal,
        onStopped: (report) => notRestored.push(...report.notRestored),
      });
      await expect(run).rejects.toThrow("enough");
      expect(notRestored).toEqual([
        {
          orderId: "11111",
          ipAddressId: "ip-of-11111",
          was: { autoExtend: false, rentPeriodDays: 30 },
          now: { autoExtend: true, rentPeriodDays: 30 },
          whatToDo: "Switch it off.",
        },
      ]);
    } finally {
      await stuck.close();
    }
  });
});
