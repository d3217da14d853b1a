import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { createProgress, type ProgressOptions } from "../../src/app/progress.js";
import { runCli } from "../support/cli.js";
import { fileWith } from "../support/folder.js";
import { deadUrl } from "../support/server.js";
import { ids, provider } from "./provider.js";
import { offIPv4 } from "./runs.js";

/** A progress of 1,000 orders on a terminal, with a clock that is set by hand. */
function bar({
  columns = 80,
  before = 0,
  total = 1000,
}: {
  columns?: number;
  before?: number;
  total?: number;
}) {
  const written: string[] = [];
  const clock = { now: 0 };
  const options: ProgressOptions = {
    sink: { write: (text) => written.push(text), isTTY: true, columns },
    talk: (line) => written.push(line),
    ...{ bar: true, label: "Switching" as const, total, before, now: () => clock.now },
  };
  return { progress: createProgress(options), written, clock };
}

describe("the progress of a run", () => {
  it("on a terminal is one line with bar, share, rate, time left and failures", () => {
    const { progress, written, clock } = bar({});
    clock.now = 2000;
    progress.show({ done: 250, failed: 3 });
    expect(written).toEqual([
      `\rSwitching [${"#".repeat(6)}${"-".repeat(19)}] 250/1,000  25 %  125/s  6s left, 3 failed\u001b[K`,
    ]);
    progress.clear();
    expect(written.at(-1)).toBe("\r\u001b[K");
  });

  it("counts the rate without what was done before", () => {
    const { progress, written, clock } = bar({ before: 500, total: 100_500 });
    clock.now = 10_000;
    progress.show({ done: 600, failed: 0 });
    expect(written[0]).toContain("600/100,500  0 %  10/s  2h 46m left");
    clock.now = 100_000;
    progress.show({ done: 100_000, failed: 0 });
    expect(written[1]).toContain("995/s  1s left");
    clock.now = 200_000;
    progress.show({ done: 60_000, failed: 0 });
    expect(written[2]).toContain("2m 17s left");
  });

  it("is not drawn again before a tenth of a second is over", () => {
    const { progress, written, clock } = bar({});
    for (const now of [0, 50, 99, 100, 150, 201]) {
      clock.now = now;
      progress.show({ done: 10, failed: 0 });
    }
    expect(written).toHaveLength(3);
  });

  it("names no time left while nothing is done", () => {
    const { progress, written } = bar({ before: 10 });
    progress.show({ done: 10, failed: 0 });
    expect(written[0]).not.toContain("left");
  });

  it.each([60, 40, 20])("never fills a terminal of %i columns", (columns) => {
    const { progress, written, clock } = bar({ columns });
    clock.now = 1000;
    progress.show({ done: 999, failed: 123 });
    const visible = (written[0] ?? "").replace("\r", "").replace("\u001b[K", "");
    expect(visible.length).toBeLessThan(columns);
    // What does not fit is left out rather than cut.
    if (columns >= 40) expect(visible).toMatch(/123 failed$/);
  });

  it("is about ten lines without a terminal, however many chunks there are", () => {
    const lines: string[] = [];
    const talk = (line: string) => lines.push(line);
    const [sink, now] = [{ write: () => {} }, () => 0];
    const progress = createProgress({
      ...{ sink, talk, now, bar: false, label: "Switching", total: 3000, before: 0 },
    });
    for (let done = 40; done <= 3000; done += 40) progress.show({ done, failed: 0 });
    expect(lines.length).toBeLessThanOrEqual(10);
    expect(lines.at(-1)).toBe("Switching: 3,000 of 3,000 orders");
  });

  it("elsewhere is a line a minute, if that is sooner", () => {
    const lines: string[] = [];
    const clock = { now: 0 };
    const options = {
      sink: { write: () => true },
      talk: (line: string) => lines.push(line),
      now: () => clock.now,
    };
    const progress = createProgress({ ...options, bar: false, label: "Switching", total: 3000, before: 0 });
    for (clock.now = 0; clock.now <= 120_000; clock.now += 20_000) {
      progress.show({ done: 1 + clock.now / 20_000, failed: 0 });
    }
    expect(lines).toEqual(["Switching: 4 of 3,000 orders", "Switching: 7 of 3,000 orders"]);
  });

  it("removes nothing if nothing was drawn", () => {
    const { progress, written } = bar({});
    progress.clear();
    expect(written).toEqual([]);
  });

  it("on a terminal is gone before the report, and is not in --json", async () => {
    const server = await provider();
    const argv = [...offIPv4, "--file", await fileWith(`${ids(300).join("\n")}\n`), "--base-url", server.url];
    const { stderr } = await runCli(argv, { terminal: true });
    expect(stderr).toContain("\rSwitching [");
    expect(stderr).toContain("\r\u001b[KAuto-extend is off for 300 orders");
    expect(stderr).not.toContain("300 of 300");
    const { stdout } = await runCli([...argv, "--json"], { terminal: true });
    expect(JSON.parse(stdout)).toMatchObject({ ok: true });
  });

  it.each<[string, string[], Record<string, string>]>([
    ["a dumb terminal", [], { TERM: "dumb" }],
    ["a terminal with --verbose", ["--verbose"], {}],
  ])("on %s is lines", async (_, options, env) => {
    const server = await provider();
    const argv = [...offIPv4, "1", "2", "--chunk-size", "1", "--base-url", server.url, ...options];
    const { stderr } = await runCli(argv, { terminal: true, env });
    expect(stderr).toMatch(/\nSwitching: 1 of 2 orders\n(.*\n)*Switching: 2 of 2 orders\n/);
    expect(stderr).not.toContain("\r");
  });

  it("is shown of prices too, on a terminal alone", async () => {
    const body = { success: true, price: 1, balance: 5, currency: "USD", warnings: null, error: null };
    const surroundings = {
      fetch: async () =>
        new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } }),
    };
    const argv = [
      "price",
      ...ids(300, 1000),
      "--type",
      "IPv4",
      "--days",
      "30",
      "--base-url",
      await deadUrl(),
    ];
    const { stdout, stderr } = await runCli(argv, { ...surroundings, terminal: true });
    expect(stderr).toMatch(/\rPricing \[#+-+\] \d+\/300 /);
    expect(stderr.endsWith("\r\u001b[K")).toBe(true);
    expect(await runCli(argv, surroundings)).toMatchObject({
      stdout,
      stderr: expect.not.stringContaining("300"),
    });
  });

  // A run whose server went away said that all of its orders were done, with those that were never sent.
  it("does not count what was not tried", async () => {
    const server = await provider();
    const dead = await deadUrl();
    const argv = [...offIPv4, "--file", await fileWith(`${ids(9).join("\n")}\n`), "--base-url", server.url];
    const { fetch } = globalThis;
    let requests = 0;
    const { stderr } = await runCli([...argv, "--chunk-size", "2", "--concurrency", "1"], {
      fetch: (input, init) => fetch(++requests === 1 ? input : dead, init),
    });
    expect(stderr).toContain("9 order IDs: 2 changed, 7 not tried.");
    // That is true of the last request, and not of the run.
    expect(stderr).not.toContain("Nothing was changed");
    expect(stderr.match(/(?<=^Switching: )\d+ of 9 orders.*$/gm)).toEqual(["2 of 9 orders"]);
  });

  it("shows how many failed, whatever stopped the run", async () => {
    const server = await provider({ codeOf: (id) => ({ "2": 29, "5": 2 })[id] });
    const argv = [...offIPv4, "--file", await fileWith(`${ids(9).join("\n")}\n`), "--base-url", server.url];
    const { stderr } = await runCli([...argv, "--chunk-size", "2", "--concurrency", "1"]);
    const lines = stderr.split("\n").filter((line) => / of 9 orders/.test(line));
    expect(lines).toEqual([
      "Switching: 2 of 9 orders, 1 failed",
      "Switching: 4 of 9 orders, 1 failed",
      "Switching: 6 of 9 orders, 3 failed",
    ]);
  });

  it("counts orders whose outcome is unknown apart from those that failed, and not those of the run before", async () => {
    const trouble = { over: false };
    const server = await provider({
      codeOf: (id) => (id === "1" ? 29 : undefined),
      before: ({ orderIds }) => (!trouble.over && !orderIds.includes("1") ? "hang up" : undefined),
    });
    const ledger = join(dirname(await fileWith("")), "run.jsonl");
    const pace = ["--chunk-size", "1", "--concurrency", "1", "--base-url", server.url];
    const linesOf = async (argv: readonly string[]) =>
      (await runCli([...argv, ...pace])).stderr.match(/(?<=^Switching: )\d of 3 orders.*$/gm);
    expect(await linesOf([...offIPv4, ...ids(3), "--ledger", ledger])).toEqual([
      "1 of 3 orders, 1 failed",
      "2 of 3 orders, 1 failed, 1 unknown",
      "3 of 3 orders, 1 failed, 2 unknown",
    ]);
    trouble.over = true;
    expect(await linesOf(["off", "--resume", ledger])).toEqual([
      "2 of 3 orders, 1 failed",
      "3 of 3 orders, 1 failed",
    ]);
  });

  it("covers all groups, and begins with what was finished before", async () => {
    const trouble = { over: false };
    const server = await provider({
      codeOf: (id) => (id === "1" ? 29 : !trouble.over && id === "3" ? 25 : undefined),
    });
    const csv = await fileWith("type,orderId,days\nIPv4,1,30\nISP,2,30\nISP,3,30\n");
    const ledger = `${csv}.ledger`;
    const argv = [
      "off",
      "--no-preview",
      "--no-read-back",
      "--chunk-size",
      "1",
      "--concurrency",
      "1",
      "--base-url",
      server.url,
    ];
    const first = await runCli([...argv, "--file", csv, "--ledger", ledger]);
    expect(first.stderr).toContain(
      "\nSwitching: 1 of 3 orders, 1 failed\nSwitching: 2 of 3 orders, 1 failed\nSwitching: 3 of 3 orders, 2 failed\n",
    );
    trouble.over = true;
    const second = await runCli([...argv, "--resume", ledger]);
    expect(second.stderr).toContain("\nSwitching: 3 of 3 orders, 1 failed\n");
  });
});
