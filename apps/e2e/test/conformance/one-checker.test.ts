// There is one checker of answers. A change to what it accepts must change the verdict of everything that looks at
// answers: whatever had a check of its own would not notice.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { type ExitCode, exitCodes, type JsonOutput, run } from "@auto-extend/cli";
import { createClient, isContractError } from "@auto-extend/client";
import { runServerCases } from "@auto-extend/contract-tests";
import { fillPath, getBalance, specOf } from "@auto-extend/core";
import { createMockFetch, startMockServer } from "@auto-extend/mock-server";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod/v3";

const apiKey = "any-key";
const path = fillPath(getBalance.path, { apiKey });
const { accepts } = getBalance;
const { success } = accepts;
/** No balance that a server returns here is accepted by this. */
const stricter = success.extend({ balance: z.number().max(-1) });

/** A server that always has the same balance, whatever the contract says. The mock answers everything else. */
const mock = createMockFetch();
const server = createServer(async (request, response) => {
  const answer = request.url === path ? balanceAnswer() : await mock(`http://127.0.0.1${request.url}`);
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
});
let baseUrl: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});
afterEach(() => {
  Object.assign(accepts, { success });
});

/** Whether each of them can use the answer with the balance. */
const verdicts: Readonly<Record<string, () => Promise<boolean>>> = {
  async "the client"() {
    try {
      await createClient({ apiKey, baseUrl, retry: false }).getBalance();
      return true;
    } catch (error) {
      if (isContractError(error)) return false;
      throw error;
    }
  },
  async "the contract tests"() {
    const report = await runServerCases({ apiKey, baseUrl, only: "getBalance/success" });
    const levels = report.cases.flatMap(({ problems }) => problems.map(({ level }) => level));
    expect(levels).toEqual(report.failed === 0 ? [] : ["accepts"]);
    return report.failed === 0;
  },
  async verify() {
    const { exitCode } = await cli("verify", "--only", "getBalance/success");
    return exitCode === exitCodes.done;
  },
  async doctor() {
    const { exitCode, output } = await cli("doctor");
    const checks = output.command === "doctor" ? (output.result?.checks ?? []) : [];
    const states = checks.filter(({ id }) => id === "server").map(({ state }) => state);
    expect(states).toEqual([exitCode === exitCodes.done ? "ok" : "failed"]);
    return exitCode === exitCodes.done;
  },
  async "the mock, about its own answers"() {
    const { status } = await mock(`http://127.0.0.1${path}`);
    expect([200, 500]).toContain(status);
    return status === 200;
  },
  async "the validating proxy"() {
    const proxy = await startMockServer({ upstream: baseUrl });
    try {
      await (await fetch(proxy.url + path)).arrayBuffer();
      const drift = proxy.requests().flatMap((entry) => entry.drift ?? []);
      return drift.every(({ level }) => level !== "accepts");
    } finally {
      await proxy.close();
    }
  },
};

describe.each(Object.entries(verdicts))("the verdict of %s", (_, isUsable) => {
  it("changes with `accepts.success` of the operation", async () => {
    expect(await isUsable()).toBe(true);
    Object.assign(accepts, { success: stricter });
    expect(await isUsable()).toBe(false);
    Object.assign(accepts, { success });
    expect(await isUsable()).toBe(true);
  });
});

function balanceAnswer(): Response {
  return Response.json(specOf(getBalance).examples.requests.balance.success);
}

async function cli(...argv: readonly string[]): Promise<{ exitCode: ExitCode; output: JsonOutput }> {
  const written: string[] = [];
  const exitCode = await run([...argv, "--json", "--base-url", baseUrl], {
    stdin: Readable.from([]),
    stdout: { write: (text) => written.push(text) },
    stderr: { write: () => true },
    env: { AUTO_EXTEND_API_KEY: apiKey },
    confirm: () => Promise.reject(new Error("Nobody is there to be asked.")),
  });
  return { exitCode, output: JSON.parse(written.join("")) };
}
