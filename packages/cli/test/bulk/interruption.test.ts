import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { openClient } from "../../src/app/connection.js";
import { createOutput } from "../../src/app/context.js";
import { Plan } from "../../src/orders/plan.js";
import type { Ledger, LedgerLine } from "../../src/switching/ledger.js";
import { send } from "../../src/switching/send.js";
import { Tally } from "../../src/switching/tally.js";
import { canary, runCli } from "../support/cli.js";
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
    const argv = [
      "off",
      "--no-preview",
      "--no-read-back",
      "--file",
      csv,
      "--base-url",
      server.url,
      "--chunk-size",
      "1",
      "--concurrency",
      "1",
    ];
    const { exitCode, error, result } = await runMany(argv, { signal });
    expect({ exitCode, error }).toMatchObject({
      exitCode: 130,
      error: { name: "Interrupted", message: "Interrupted: 2 orders are left." },
    });
    expect(result.left).toBe(2);
    expect(result).toMatchObject({
      summary: { given: 4, changed: 2, notTried: 2 },
      stopped: "aborted",
    });
    expect(result.failures).toMatchObject([
      { orderId: "3", outcome: "not-tried", message: "The run was interrupted before this order." },
      { orderId: "4", outcome: "not-tried", proxyType: "ISP" },
    ]);
    expect(server.sent).toEqual([["1"], ["2"]]);
  });

  it("is reported at once, with the effect of a second one, and the failures still go to stdout", async () => {
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
      /Interrupted: no more orders are sent.* A second interruption ends at once.*\.\n.*2 of 5 .*\n(?:.*\n)*5 order IDs: 2 changed, 3 not tried/,
    );
    expect(stderr).toContain("\nInterrupted: no more orders were sent.\n");
    expect(stdout.trimEnd().split("\n")).toHaveLength(4);
  });
});

/** A run over orders whose ledger has its own way with each line. */
async function runOver(
  count: number,
  { append, ...more }: Pick<Ledger, "append"> & { chunkSize?: number; signal?: AbortSignal },
) {
  const { chunkSize = 1, signal } = more;
  const server = await provider();
  const plan = new Plan();
  for (const id of ids(count)) {
    plan.add({ proxyType: "IPv4", rentPeriodDays: 30, autoExtend: false }, id, null);
  }
  const tally = new Tally(plan.groups);
  const io = {
    stdin: new PassThrough(),
    stdout: { write: () => {} },
    stderr: { write: () => {} },
    env: {},
    confirm: async () => false,
    ...(signal && { signal }),
  };
  const { context } = createOutput([], { io, options: { color: false, baseUrl: server.url } });
  const stop = await send(context, {
    server: await openClient(context, { apiKey: canary }),
    tally,
    ledger: { append, close: async () => {} },
    list: null,
    next: null,
    options: { chunkSize, concurrency: 1, rate: undefined },
  });
  return { server, tally, stop };
}

describe("a ledger that can't be written to any more", () => {
  /** A run of IDs, one a chunk, whose ledger fails at a line: each chunk has two. */
  async function failingRun(count: number, { at }: { at: number }) {
    let lines = 0;
    const run = await runOver(count, {
      append: () => (++lines < at ? Promise.resolve() : Promise.reject(new Error("the disk is full"))),
    });
    return { ...run, lines };
  }

  it("stops the run, and the summary has what was done all the same", async () => {
    const { server, tally, stop, lines } = await failingRun(9, { at: 4 });
    expect(stop).toMatchObject({ why: "ledger", error: { message: "the disk is full" } });
    expect(tally.counts()).toMatchObject({ changed: 2, notTried: 7 });
    expect(server.sent).toEqual([["1"], ["2"]]);
    expect(lines).toBe(4);
  });

  it("keeps a chunk from being sent that it cannot record before", async () => {
    const { server, tally, stop, lines } = await failingRun(9, { at: 3 });
    expect(stop).toMatchObject({ why: "ledger", error: { message: "the disk is full" } });
    expect(tally.counts()).toMatchObject({ changed: 1, notTried: 8, unknown: 0 });
    expect(server.sent).toEqual([["1"]]);
    expect(lines).toBe(3);
  });

  it("stops the run also if everything was done", async () => {
    const { tally, stop } = await failingRun(2, { at: 4 });
    expect(tally.counts()).toMatchObject({ changed: 2 });
    expect(stop).toMatchObject({ why: "ledger" });
  });
});

describe("a ledger of a run that is interrupted as a chunk is written down", () => {
  it.each([1, 2, 3])("says that its orders were not sent, in chunks of %i", async (chunkSize) => {
    const interruption = new AbortController();
    const lines: LedgerLine[] = [];
    const { server, tally } = await runOver(6, {
      ...{ chunkSize, signal: interruption.signal },
      async append(line) {
        lines.push(line);
        if (lines.filter((each) => "begun" in each).length === 2) interruption.abort();
      },
    });
    expect(server.sent).toEqual([ids(chunkSize)]);
    expect(lines.at(-1)).toMatchObject({ notTried: [[chunkSize, 2 * chunkSize - 1]], unknown: [] });
    expect(tally.counts()).toMatchObject({ changed: chunkSize, notTried: 6 - chunkSize, unknown: 0 });
  });
});
