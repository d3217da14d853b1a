import { describe, expect, it } from "vitest";
import { runServerCases, TargetError } from "../../src/index.js";
import { startReferenceServer } from "../support/reference-server.js";
import { apiKey, runAgainst } from "../support/runs.js";

describe("a server in trouble", () => {
  it("ends the run at once if nothing answers", async () => {
    const { url, close } = await startReferenceServer();
    await close();
    const run = runServerCases({ baseUrl: url, apiKey });
    await expect(run).rejects.toThrow(TargetError);
    await expect(run).rejects.toThrow(new RegExp(`No server answers at ${url}: ECONNREFUSED`));
    await expect(run).rejects.toMatchObject({ reason: "unreachable" });
  });

  it("fails the case whose answer is lost, which contradicts nothing", async () => {
    const report = await runAgainst((_, response) => response.socket?.destroy());
    expect(report.cases[0]?.problems).toMatchObject([
      { at: "answer", message: expect.stringMatching(/^is missing \(/) },
    ]);
    expect(report).toMatchObject({ failed: 1, contradicted: [] });
  });

  it("fails the case that is not answered in time", async () => {
    const report = await runAgainst(() => {}, { timeout: 500 });
    expect(report.cases[0]?.problems[0]?.message).toMatch(
      /^is missing \(no complete answer within 500 ms\); expected /,
    );
  });

  it("fails the case whose answer does not end", async () => {
    const report = await runAgainst((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      for (let mebibytes = 0; mebibytes <= 16; mebibytes++) response.write(" ".repeat(1024 * 1024));
    });
    expect(report.cases[0]?.problems).toMatchObject([
      { at: "body", message: "The body is larger than 16 MiB" },
    ]);
  });

  it("is not followed to another address", async () => {
    const followed: (string | undefined)[] = [];
    const report = await runAgainst(({ url }, response) => {
      followed.push(url);
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    expect(report.cases[0]?.problems).toContainEqual(
      expect.objectContaining({ at: "status", message: "must be 200; it is 307" }),
    );
    expect(followed).not.toContain("/elsewhere");
  });
});
