import { PassThrough } from "node:stream";
import { exitCodes, run } from "@auto-extend/cli";
import { describe, expect, it } from "vitest";
import { canary, runJson } from "./support/cli.js";
import { serve, serveSuccess } from "./support/server.js";

const off = ["off", "--no-verify", "--type", "IPv4", "--days", "30", "111", "--base-url"];

describe("an interruption", () => {
  it("with a request on its way ends with 130 and says that the state is unknown", async () => {
    const interruption = new AbortController();
    const server = await serve(() => interruption.abort());
    const output = await runJson([...off, server.url], { signal: interruption.signal });
    expect(output).toMatchObject({ exitCode: 130, error: { name: "Interrupted", effect: "unknown" } });
    expect(output.error?.whatToDo).toContain("Run the same command again");
  });

  it("in the pause before the next attempt ends it", async () => {
    const interruption = new AbortController();
    const server = await serve((response) => {
      response.writeHead(503, { "retry-after": "20" }).end();
      response.once("finish", () => setTimeout(() => interruption.abort(), 50));
    });
    const output = await runJson([...off, server.url], { signal: interruption.signal });
    expect(output).toMatchObject({ exitCode: 130, error: { name: "Interrupted", effect: "unknown" } });
    expect(server.seen).toHaveLength(1);
  });

  it("before anything was sent says that nothing was changed", async () => {
    const server = await serveSuccess();
    const output = await runJson([...off, server.url], { signal: AbortSignal.abort() });
    expect(output).toMatchObject({ exitCode: 130, error: { name: "Interrupted", effect: "none" } });
    expect(server.seen).toEqual([]);
  });

  it("ends the wait for order ids on stdin", async () => {
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
    expect(written.join("")).toContain("Interrupted: nothing was changed.");
  });
});
