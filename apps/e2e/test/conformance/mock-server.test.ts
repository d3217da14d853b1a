import { formatServerReport, runServerCases, serverCases } from "@auto-extend/contract-tests";
import { createApp, createMockFetch, startMockServer } from "@auto-extend/mock-server";
import { createMockHandlers } from "@auto-extend/mock-server/msw";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { describe, expect, it } from "vitest";
import { fetchFrom } from "./listener-fetch.js";
import { statesIn, twoPeriods as world } from "./world.js";

const apiKey = "any-key";

/** Runs all cases, which must pass and leave the account as it was. */
async function expectAll(baseUrl: string, fetch?: typeof globalThis.fetch): Promise<void> {
  const report = await runServerCases({ baseUrl, apiKey, ...(fetch && { fetch }) });
  expect(formatServerReport(report)).toMatch(new RegExp(`\n${serverCases.length} passed\n$`));
  expect(report).toMatchObject({ contradicted: [], remarks: [], notRestored: [] });
}

describe("our mock", () => {
  it("keeps every promise, over a socket", async () => {
    const mock = await startMockServer({ world });
    try {
      await expectAll(mock.url);
      expect(new Set(Object.values(statesIn(mock, apiKey)))).toEqual(new Set(["off 30"]));
    } finally {
      await mock.close();
    }
  });

  it("keeps every promise, as a listener under supertest", async () => {
    await expectAll("http://127.0.0.1", fetchFrom(createApp({ world })));
  });

  it("keeps every promise, as a fetch", async () => {
    await expectAll("http://127.0.0.1", createMockFetch({ world }));
  });

  it("keeps every promise of its default world, which sells one rental period", async () => {
    const report = await runServerCases({ baseUrl: "http://127.0.0.1", apiKey, fetch: createMockFetch() });
    expect(report).toMatchObject({ failed: 0, notRestored: [] });
    expect(report.cases.filter(({ skipped }) => skipped !== null)).toMatchObject([
      {
        id: "setAutoExtend/period",
        skipped: {
          reason: "it needs an order of a proxy type for which a second rental period is sold",
          option: null,
        },
      },
    ]);
  });

  it("keeps every promise, through the validating proxy", async () => {
    const mock = await startMockServer({ world });
    const proxy = await startMockServer({ upstream: mock.url });
    try {
      await expectAll(proxy.url);
      const drift = proxy.requests().flatMap((entry) => entry.drift ?? []);
      expect(drift.filter(({ direction }) => direction === "answer")).toEqual([]);
      // Some cases send requests that break the contract.
      expect(drift.filter(({ direction }) => direction === "request").length).toBeGreaterThan(0);
    } finally {
      await proxy.close();
      await mock.close();
    }
  });

  it("keeps every promise, behind MSW", async () => {
    // Nothing listens there, so that a request which the handlers miss fails.
    const baseUrl = "http://127.0.0.1:1";
    // Whether anything answers is tried at the root, which is not a path of the API.
    const root = http.get(`${baseUrl}/`, () => new HttpResponse());
    const server = setupServer(...createMockHandlers({ baseUrl, world }).handlers, root);
    server.listen({ onUnhandledRequest: "error" });
    try {
      await expectAll(baseUrl);
    } finally {
      server.close();
    }
  });
});
