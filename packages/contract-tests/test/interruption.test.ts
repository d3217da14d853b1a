import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runServerCases } from "../src/index.js";
import { type ReferenceServer, startReferenceServer } from "./reference-server.js";
import { apiKey, runAgainst } from "./server-runs.js";

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

  it("stops while the orders are checked, after those of one proxy type", async () => {
    const stop = new AbortController();
    const stopping = await startReferenceServer((listener) => (request, response) => {
      response.once("finish", () => {
        if (stopping.switched.length === 1) stop.abort();
      });
      listener(request, response);
    });
    try {
      const run = runServerCases({ baseUrl: stopping.url, apiKey, signal: stop.signal });
      await expect(run).rejects.toThrow();
      expect(stopping.switched).toEqual(["11111 off", "22222 off"]);
    } finally {
      await stopping.close();
    }
  });

  it("leaves no order on", async () => {
    const stop = new AbortController();
    const stopping = await startReferenceServer((listener) => (request, response) => {
      response.once("finish", () => {
        if (stopping.switched.at(-1) === "11111 on") stop.abort();
      });
      listener(request, response);
    });
    try {
      const run = runServerCases({ baseUrl: stopping.url, apiKey, signal: stop.signal });
      await expect(run).rejects.toThrow();
      expect(stopping.switched.slice(-2)).toEqual(["11111 on", "11111 off"]);
    } finally {
      await stopping.close();
    }
  });
});
