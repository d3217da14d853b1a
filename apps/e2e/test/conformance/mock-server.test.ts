import { formatServerReport, runServerCases, serverCases } from "@auto-extend/contract-tests";
import { createApp, createMockFetch, startMockServer } from "@auto-extend/mock-server";
import { createMockHandlers } from "@auto-extend/mock-server/msw";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { describe, expect, it } from "vitest";
import { fetchFrom } from "./listener-fetch.js";

const everything = { passed: serverCases.length, failed: 0, skipped: 0, contradicted: [] };

describe("our mock", () => {
  it("keeps every promise, over a socket", async () => {
    const mock = await startMockServer({ port: 0 });
    try {
      const report = await runServerCases({ baseUrl: mock.url, apiKey: "any-key" });
      expect(formatServerReport(report)).toMatch(new RegExp(`\n${serverCases.length} passed\n$`));
      expect(report).toMatchObject(everything);
    } finally {
      await mock.close();
    }
  });

  it("keeps every promise, as a listener under supertest", async () => {
    const report = await runServerCases({
      baseUrl: "http://127.0.0.1",
      apiKey: "any-key",
      fetch: fetchFrom(createApp()),
    });
    expect(formatServerReport(report)).toMatch(new RegExp(`\n${serverCases.length} passed\n$`));
    expect(report).toMatchObject(everything);
  });

  it("keeps every promise, as a fetch", async () => {
    const report = await runServerCases({
      baseUrl: "http://127.0.0.1",
      apiKey: "any-key",
      fetch: createMockFetch(),
    });
    expect(formatServerReport(report)).toMatch(new RegExp(`\n${serverCases.length} passed\n$`));
    expect(report).toMatchObject(everything);
  });

  it("keeps every promise, through the validating proxy", async () => {
    const mock = await startMockServer();
    const proxy = await startMockServer({ upstream: mock.url });
    try {
      const report = await runServerCases({ baseUrl: proxy.url, apiKey: "any-key" });
      expect(formatServerReport(report)).toMatch(new RegExp(`\n${serverCases.length} passed\n$`));
      expect(report).toMatchObject(everything);
      const drift = proxy.requests().flatMap((entry) => entry.drift ?? []);
      expect(drift.filter(({ direction }) => direction === "answer")).toEqual([]);
      // The cases send what breaks the contract, too.
      expect(drift.filter(({ direction }) => direction === "request").length).toBeGreaterThan(0);
    } finally {
      await proxy.close();
      await mock.close();
    }
  });

  it("keeps every promise, behind MSW", async () => {
    // Nothing serves there, so that a request which gets past the handlers fails.
    const baseUrl = "http://127.0.0.1:1";
    // Whether anything answers is asked at the root, where the provider's API is not.
    const root = http.get(`${baseUrl}/`, () => new HttpResponse());
    const server = setupServer(...createMockHandlers({ baseUrl }).handlers, root);
    server.listen({ onUnhandledRequest: "error" });
    try {
      const report = await runServerCases({ baseUrl, apiKey: "any-key" });
      expect(formatServerReport(report)).toMatch(new RegExp(`\n${serverCases.length} passed\n$`));
      expect(report).toMatchObject(everything);
    } finally {
      server.close();
    }
  });
});
