import { formatServerReport, runServerCases, serverCases } from "@auto-extend/contract-tests";
import { createApp, createMockFetch, startMockServer } from "@auto-extend/mock-server";
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
});
