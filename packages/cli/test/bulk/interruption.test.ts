import { PassThrough } from "node:stream";
import { exitCodes, run } from "@auto-extend/cli";
import { createClient } from "@auto-extend/client";
import { describe, expect, it } from "vitest";
import { accountText, exitCodeOf, whyNotTried } from "../../src/bulk/account.js";
import { earlierOf } from "../../src/bulk/earlier.js";
import type { InputGroup } from "../../src/bulk/input.js";
import type { Ledger, LedgerRecord } from "../../src/bulk/ledger.js";
import { runAll } from "../../src/bulk/run.js";
import { createRunState } from "../../src/bulk/state.js";
import { canary, runCli, runJson } from "../support/cli.js";
import { fileWith } from "../support/folder.js";
import { ids, provider } from "./provider.js";
import { offIPv4, runMany } from "./runs.js";

describe("an interruption of a run", () => {
  /** A server that interrupts with its second request. */
  async function interrupting() {
    const interruption = new AbortController();
    const server = await provider({
      before(_, number) {
        if (number === 2) interruption.abort();
        return undefined;
      },
    });
    return { server, signal: interruption.signal };
  }

  it("finishes what is under way, sends no more, and says what was done", async () => {
    const { server, signal } = await interrupting();
    const csv = await fileWith("type,orderId,days\nIPv4,1,30\nIPv4,2,30\nIPv4,3,30\nISP,4,30\n");
    const argv = ["off", "--file", csv, "--base-url", server.url, "--chunk-size", "1", "--concurrency", "1"];
    const { exitCode, error, result } = await runMany(argv, { signal });
    expect({ exitCode, error }).toEqual({ exitCode: 130, error: null });
    expect(result).toMatchObject({
      account: { given: 4, changed: 2, notTried: 2 },
      stopped: { why: "aborted", error: null },
    });
    expect(result.failures).toMatchObject([
      { orderId: "3", outcome: "not-tried", message: "The run was interrupted before." },
      { orderId: "4", outcome: "not-tried", proxyType: "ISP" },
    ]);
    expect(server.sent).toEqual([["1"], ["2"]]);
  });

  it("is told of at once, with what a second one does, and what failed still goes to stdout", async () => {
    const { server, signal } = await interrupting();
    const file = await fileWith(`${ids(5).join("\n")}\n`);
    const argv = [
      ...offIPv4,
      "--file",
      file,
      "--base-url",
      server.url,
      "--chunk-size",
      "1",
      "--concurrency",
      "1",
    ];
    const { stdout, stderr } = await runCli(argv, { signal });
    expect(stderr).toMatch(
      /Interrupted: no more is sent.* Once more ends it at once\.\n.*2 of 5 .*\n(?:.*\n)*5 given: 2 changed, .* 3 not tried/,
    );
    expect(stderr).toContain("\nInterrupted: the requests under way were finished.\n");
    expect(stdout.trimEnd().split("\n")).toHaveLength(4);
  });

  it("before anything was sent says that nothing was changed", async () => {
    const server = await provider();
    const argv = [...offIPv4, "--file", await fileWith("1\n"), "--base-url", server.url];
    expect(await runJson(argv, { signal: AbortSignal.abort() })).toMatchObject({
      exitCode: 130,
      error: { name: "Interrupted", effect: "none" },
    });
    expect(server.seen).toEqual([]);
  });

  it("ends the wait for order ids on stdin", async () => {
    const interruption = new AbortController();
    const stdin = new PassThrough();
    stdin.write("111\n");
    const ended = run([...offIPv4, "--file", "-"], {
      stdin,
      stdout: { write: () => {} },
      stderr: { write: () => {} },
      env: { AUTO_EXTEND_API_KEY: canary },
      confirm: async () => false,
      signal: interruption.signal,
    });
    stdin.once("data", () => interruption.abort());
    expect(await ended).toBe(exitCodes.interrupted);
  });
});

/** A run of ids over a ledger that has its own way with each line. */
async function runOver(
  count: number,
  { append, ...more }: Pick<Ledger, "append"> & { chunkSize?: number; signal?: AbortSignal },
) {
  const { chunkSize = 1, signal } = more;
  const server = await provider();
  const list = ids(count);
  const group: InputGroup = {
    ...{ proxyType: "IPv4", rentPeriodDays: 30, count },
    async *ids() {
      yield list;
    },
  };
  const groups = [group];
  const state = createRunState(groups);
  const earlier = earlierOf(state, { given: count, at: null });
  const end = await runAll({
    client: createClient({ apiKey: canary, baseUrl: server.url }),
    input: { groups, given: count, digest: "", longestId: 4, close: async () => {} },
    state,
    ledger: { append, close: async () => {} },
    options: { autoExtend: false, chunkSize, concurrency: 1 },
    signal,
    redact: (text) => text,
    onChunk: () => {},
  });
  return { server, groups, account: { groups, state, end, autoExtend: false, earlier } };
}

describe("a ledger that can't be written to any more", () => {
  /** A run of ids, one a chunk, whose ledger fails at a line: each chunk has two. */
  async function failingRun(count: number, { at }: { at: number }) {
    let lines = 0;
    const run = await runOver(count, {
      append: () => (++lines < at ? Promise.resolve() : Promise.reject(new Error("the disk is full"))),
    });
    return { ...run, lines };
  }

  it("stops the run, and the account has what was done all the same", async () => {
    const { server, account, lines } = await failingRun(9, { at: 4 });
    expect(account.end).toMatchObject({ stopped: "ledger", error: { message: "the disk is full" } });
    expect(account.state.counts()).toMatchObject({ changed: 2, notTried: 7 });
    expect(server.sent).toEqual([["1"], ["2"]]);
    expect(lines).toBe(4);
    expect(exitCodeOf(account)).toBe(exitCodes.mixed);
    expect(accountText(account)).toContain("Stopped: the ledger could not be written: the disk is full.");
    expect(whyNotTried(account.end)).toBe("The run stopped before: the ledger could not be written.");
  });

  it("keeps a chunk from being sent that it can't tell of before", async () => {
    const { server, account, lines } = await failingRun(9, { at: 3 });
    expect(account.end).toMatchObject({ stopped: "ledger", error: { message: "the disk is full" } });
    expect(account.state.counts()).toMatchObject({ changed: 1, notTried: 8 });
    expect(server.sent).toEqual([["1"]]);
    expect(lines).toBe(3);
  });

  it("is told by the exit code also where everything was done", async () => {
    const { account } = await failingRun(2, { at: 4 });
    expect(account.state.counts()).toMatchObject({ changed: 2 });
    expect(exitCodeOf(account)).toBe(exitCodes.outputLost);
  });
});

describe("a ledger of a run that is interrupted as a chunk is written down", () => {
  it.each([1, 2, 3])("says that its orders were not sent, in chunks of %i", async (chunkSize) => {
    const interruption = new AbortController();
    const lines: LedgerRecord[] = [];
    const { server, groups, account } = await runOver(6, {
      ...{ chunkSize, signal: interruption.signal },
      async append(record) {
        lines.push(record);
        if (lines.filter((line) => "begun" in line).length === 2) interruption.abort();
      },
    });
    expect(server.sent).toEqual([ids(chunkSize)]);
    const read = createRunState(groups);
    expect(lines.map(read.take)).not.toContain(false);
    read.breakOff();
    expect(read.counts()).toEqual(account.state.counts());
    expect(read.counts()).toMatchObject({ changed: chunkSize, notTried: 6 - chunkSize, unknown: 0 });
  });
});
