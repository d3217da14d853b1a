import { PassThrough } from "node:stream";
import { exitCodes, run } from "@auto-extend/cli";
import { describe, expect, it } from "vitest";
import { serveAccount } from "./support/account.js";
import { canary, offIPv4, runJson } from "./support/cli.js";
import { answer, serve, serveSuccess, successFor } from "./support/server.js";

const off = [...offIPv4, "111", "--base-url"];

describe("an interruption", () => {
  it("finishes the request under way, and reports it", async () => {
    const interruption = new AbortController();
    const server = await serve((response, { body }) => {
      interruption.abort();
      setTimeout(() => answer(response, successFor(body)), 50);
    });
    const { signal } = interruption;
    const output = await runJson([...off, server.url], { signal });
    expect(output).toMatchObject({ exitCode: 130, result: { stopped: "aborted", summary: { changed: 1 } } });
    expect(server.seen).toHaveLength(1);
    const chunks = [...off, server.url, "222", "--chunk-size", "1", "--concurrency", "1"];
    expect(await runJson(chunks, { signal: AbortSignal.timeout(0) })).toMatchObject({ exitCode: 130 });
  });

  it("ends the pause before the next attempt, and says that the state is unknown", async () => {
    const interruption = new AbortController();
    const server = await serve((response) => {
      response.writeHead(503, { "retry-after": "20" }).end();
      response.once("finish", () => setTimeout(() => interruption.abort(), 50));
    });
    const output = await runJson([...off, server.url], { signal: interruption.signal });
    expect(output).toMatchObject({ exitCode: 130, result: { stopped: "aborted", summary: { unknown: 1 } } });
    expect(output.error).toMatchObject({ name: "HttpError", effect: "unknown" });
    expect(server.seen).toHaveLength(1);
  });

  it("ends the read-back, and the run like one that was interrupted before", async () => {
    const interruption = new AbortController();
    const server = await serveAccount({
      instead(_, { url }) {
        if (url.endsWith("ipAddress?proxyType=IPv4")) interruption.abort();
        return false;
      },
    });
    const argv = ["off", "333", "--base-url", server.url];
    expect(await runJson(argv, { signal: interruption.signal })).toMatchObject({
      exitCode: 130,
      result: { stopped: "aborted", left: 0, summary: { changed: 1 }, readBack: { state: "unread" } },
      error: { name: "Interrupted", message: "Interrupted before the state was read back.", effect: "none" },
    });
  });

  it("before anything was sent says that nothing was changed", async () => {
    const server = await serveSuccess();
    const output = await runJson([...off, server.url], { signal: AbortSignal.abort() });
    expect(output).toMatchObject({ exitCode: 130, error: { name: "Interrupted", effect: "none" } });
    expect(server.seen).toEqual([]);
  });

  it("ends the wait for order IDs on stdin", async () => {
    const interruption = new AbortController();
    const stdin = new PassThrough();
    stdin.write("111\n");
    const written: string[] = [];
    const ended = run(["off", "--type", "IPv4", "--days", "30", "--file", "-"], {
      stdin,
      stdout: { write: (text) => written.push(text) },
      stderr: { write: (text) => written.push(text) },
      env: { AUTO_EXTEND_API_KEY: canary },
      confirm: async () => false,
      signal: interruption.signal,
    });
    stdin.once("data", () => interruption.abort());
    expect(await ended).toBe(exitCodes.interrupted);
    expect(written.join("")).toContain("Interrupted. Nothing was changed.");
  });
});
