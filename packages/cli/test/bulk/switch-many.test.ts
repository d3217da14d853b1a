import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { serveAccount } from "../support/account.js";
import { canary, runCli, runJson } from "../support/cli.js";
import { fileWith } from "../support/folder.js";
import { answer, deadUrl, failure, serve } from "../support/server.js";
import { ids, provider } from "./provider.js";
import { dryRunMany, offIPv4, refusalOf, runMany } from "./runs.js";

const listed = (list: readonly string[]) => fileWith(`${list.join("\n")}\n`);

describe("on and off with --file", () => {
  it("send the orders in chunks, those that were typed first, and account for each", async () => {
    const server = await provider();
    const file = await listed(ids(250));
    const argv = [...offIPv4, "900", "--file", file, "--base-url", server.url, "--concurrency", "1"];
    const { exitCode, ok, host, notes, result } = await runMany(argv);
    expect({ exitCode, ok, host, notes }).toEqual({ exitCode: 0, ok: true, host: server.host, notes: [] });
    expect(result).toMatchObject({
      dryRun: false,
      summary: { given: 251, changed: 251, quantity: 251, calls: 3 },
      groups: [{ proxyType: "IPv4", rentPeriodDays: 30, autoExtend: false, orders: 251 }],
      stopped: null,
      failures: [],
      failureCount: 0,
    });
    expect(server.sent.map(({ length }) => length)).toEqual([100, 100, 51]);
    expect(server.sent.flat()).toEqual(["900", ...ids(250)]);
    expect(server.seen[0]).toMatchObject({
      url: `/client/api/v1/${canary}/extend/order/auto`,
      userAgent: expect.stringMatching(/^auto-extend-cli\/\d/),
      body: { proxyType: "IPv4", rentPeriodDays: 30, autoExtend: false },
    });
  });

  it("take chunk size, concurrency and rate", async () => {
    const times: number[] = [];
    const server = await provider({
      before() {
        times.push(performance.now());
        return undefined;
      },
    });
    const argv = [...offIPv4, "--file", await listed(ids(6)), "--base-url", server.url, "--chunk-size", "2"];
    // From before the run: the first request may take long to arrive, and the others follow it sooner then.
    const begin = performance.now();
    await runMany([...argv, "--rate", "5"]);
    expect(server.sent).toEqual([ids(2), ids(2, 3), ids(2, 5)]);
    expect((times[2] ?? 0) - begin).toBeGreaterThan(395);
  });

  it("stop if the outcomes of the first 10 requests are unknown, and say why beside the verdict", async () => {
    const server = await serve((response) => answer(response.setHeader("retry-after", "0"), {}, 503));
    const argv = [...offIPv4, "--file", await listed(ids(40)), "--base-url", server.url];
    const pace = ["--chunk-size", "1", "--concurrency", "1"];
    const { exitCode, stderr } = await runCli([...argv, ...pace, "--no-preview", "--no-read-back"]);
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(
      /\nNo order is known to be changed\.\nerror: The run stopped\. HTTP 503: .*\n.*\n40 order IDs: /,
    );
    expect(stderr).toContain("\n40 order IDs: 10 unknown, 30 not tried.\n");
  });

  it("say early that all orders are refused, as of a wrong file, and continue", async () => {
    const server = await provider({ codeOf: () => 29 });
    const file = await listed(ids(301));
    const argv = ["off", "--file", file, "--no-preview", "--no-read-back", "--concurrency", "1"];
    const base = ["--type", "IPv4", "--days", "30", "--base-url", server.url];
    const { notes, result } = await runMany([...argv, ...base]);
    expect(notes).toEqual([
      "All of the first 200 orders of IPv4, 30 days were refused, and 101 are left. If it is the wrong file or account, interrupt the run.",
    ]);
    expect(result.summary).toMatchObject({ refused: 301, notTried: 0 });
    const mixed = await provider({ codeOf: (id) => (id === "1" ? undefined : 29) });
    expect((await runMany([...argv, ...base.with(-1, mixed.url)])).notes).toEqual([]);
  });

  it("keep the rate from one group of orders to the next", async () => {
    const times: number[] = [];
    const server = await serveAccount({
      instead(_, { url }) {
        if (url.endsWith("/auto")) times.push(performance.now());
        return false;
      },
    });
    const begin = performance.now();
    await runMany(["off", "111", "555", "666", "--rate", "5", "--no-preview", "--base-url", server.url]);
    expect(times).toHaveLength(3);
    expect((times[2] ?? 0) - begin).toBeGreaterThan(395);
  });

  it("report to people on stderr, after lines about the progress, and leave stdout to the failures", async () => {
    const server = await provider();
    const argv = [
      ...offIPv4,
      "--file",
      await listed(ids(150)),
      "--base-url",
      server.url,
      "--concurrency",
      "1",
    ];
    expect(await runCli(argv)).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: [
        `Host: ${server.host}`,
        "Without --ledger, this run can be neither resumed nor undone.",
        "Switching: 100 of 150 orders",
        "Switching: 150 of 150 orders",
        "Auto-extend is off for 150 orders, 150 IP addresses.",
        "150 order IDs: 150 changed.",
        "",
      ].join("\n"),
    });
  });

  it("list the groups in which orders failed, and no others", async () => {
    const server = await provider({ codeOf: (id) => (id === "3" ? 29 : undefined) });
    const file = await fileWith("orderId,type,days\n1,IPv4,30\n2,ISP,30\n3,ISP,30\n");
    const { stderr } = await runCli([...offIPv4, "--file", file, "--base-url", server.url]);
    expect(stderr).toContain("\n  ISP, 30 days: 1 changed, 1 refused.\n3 order IDs: 2 changed, 1 refused.\n");
    expect(stderr).not.toContain("  IPv4, 30 days");
  });

  it("count what is listed twice in a chunk, and send it once", async () => {
    const server = await provider();
    const { result } = await runMany([
      ...[...offIPv4, "--file", await listed(["1", "2", "1"]), "--base-url", server.url],
    ]);
    expect(result.summary).toMatchObject({ given: 3, changed: 2, duplicates: 1 });
    expect(server.sent).toEqual([["1", "2"]]);
  });

  it("read stdin once and keep it", async () => {
    const server = await provider();
    const argv = [...offIPv4, "--file", "-", "--base-url", server.url];
    const { result } = await runMany(argv, { stdin: `${ids(120).join("\n")}\n` });
    expect(result.summary).toMatchObject({ given: 120, changed: 120 });
  });

  it("send nothing if any line is wrong, even the last", async () => {
    const server = await provider();
    const file = await listed([...ids(30_000), "NUMBER-1"]);
    const refusal = await refusalOf([...offIPv4, "--file", file, "--base-url", server.url]);
    expect(refusal).toMatch(/^Line 30001 of .*: NUMBER-1 is an order number/);
    expect(server.seen).toEqual([]);
  });

  it("refuse chunks that can make a request of more than 2 MiB, and name a size that can't", async () => {
    const server = await provider();
    const long = ids(40).map((id) => `${id}-${"0".repeat(60_000)}`);
    const argv = [...offIPv4, "--file", await listed(long), "--base-url", server.url];
    const refusal = await refusalOf(argv);
    expect(refusal).toMatch(/^40 order IDs in a chunk can make a request of more than 2 MiB/);
    const [, most = ""] = /--chunk-size (\d+)/.exec(refusal) ?? [];
    expect((await runMany([...argv, "--chunk-size", most])).result.summary).toMatchObject({ changed: 40 });
  });

  it("ask before switching on, once for all groups", async () => {
    const server = await provider();
    const csv = await fileWith("type,orderId,days\nIPv4,1,30\nISP,2,90\nIPv4,3,30\n");
    const argv = ["on", "--no-preview", "--no-read-back", "--file", csv, "--base-url", server.url];
    const questions: string[] = [];
    const yes = { terminal: true, confirm: async (question: string) => questions.push(question) > 0 };
    expect(await runCli(argv, { terminal: true, confirm: async () => false })).toMatchObject({
      exitCode: 130,
    });
    expect(server.seen).toEqual([]);
    expect(await runCli(argv)).toMatchObject({ exitCode: 2 });
    expect(await runCli(argv, yes)).toMatchObject({ exitCode: 0 });
    expect(questions).toEqual([`Switch 3 orders on at ${server.host}? Each renewal costs money.`]);
    expect(server.seen.map(({ body }) => body.autoExtend)).toEqual([true, true]);
    expect(await runCli([...argv, "--yes"])).toMatchObject({ exitCode: 0 });
  });
});

describe("options for many orders", () => {
  it.each([
    [["--chunk-size", "0"], "whole number from 1 to"],
    [["--chunk-size", "10001"], "from 1 to 10000"],
    [["--concurrency", "1.5"], "whole number, 1 or more"],
    [["--rate", "0"], "0.001 or more"],
    [["--rate", "fast"], "0.001 or more"],
  ])("are refused where they make no sense: %j", async (option, message) => {
    expect(await refusalOf([...offIPv4, "--file", "x", ...option])).toMatch(message);
  });

  it("refuse stdin for two things, and the failures in the ledger", async () => {
    expect(await refusalOf([...offIPv4, "--file", "-", "--api-key-file", "-"])).toContain("both read stdin");
    const both = ["--ledger", "one.jsonl", "--failures", "./one.jsonl"];
    expect(await refusalOf([...offIPv4, "--file", "-", ...both])).toContain(
      "--failures and --ledger name the same file",
    );
  });

  it.each(["--failures", "--ledger"])("refuse - for %s", async (option) => {
    const refusal = await refusalOf([...offIPv4, "--file", await fileWith("1\n"), option, "-"]);
    expect(refusal).toContain(`${option} needs a file path; - is not supported.`);
  });
});

describe("the exit code of a run", () => {
  const run = async (list: readonly string[], url: string) =>
    runMany([...offIPv4, "--file", await listed(list), "--base-url", url, "--chunk-size", "2"]);

  it("is 6 if some orders were changed and others were not", async () => {
    const server = await provider({ codeOf: (id) => (id === "3" ? 29 : undefined) });
    const { exitCode, ok, result } = await run(ids(4), server.url);
    expect({ exitCode, ok }).toEqual({ exitCode: 6, ok: false });
    expect(result).toMatchObject({ summary: { changed: 3, refused: 1 }, stopped: null, failureCount: 1 });
    expect(result.failures).toEqual([
      {
        ...{ proxyType: "IPv4", rentPeriodDays: 30, orderId: "3" },
        ...{ outcome: "refused", code: 29, message: "error 29" },
      },
    ]);
  });

  it("is 1 if all were refused", async () => {
    const server = await provider({ codeOf: () => 29 });
    expect(await run(ids(3), server.url)).toMatchObject({ exitCode: 1, result: { summary: { refused: 3 } } });
  });

  it("is 1 if the API key is refused, and no further group is tried", async () => {
    const server = await serve((response) => answer(response, failure(2, "Error api key")));
    const csv = await fileWith("type,orderId,days\nIPv4,1,30\nISP,2,30\n");
    const { exitCode, result } = await runMany([
      "off",
      "--no-preview",
      "--no-read-back",
      "--file",
      csv,
      "--base-url",
      server.url,
    ]);
    expect(exitCode).toBe(1);
    expect(result).toMatchObject({
      summary: { refused: 1, notTried: 1 },
      stopped: "refused",
    });
    expect(server.seen).toHaveLength(1);
  });

  it("is 6 if a period is refused for one group, and the others go through", async () => {
    const server = await provider({ codeOf: (id) => (id === "1" ? 11 : undefined) });
    const csv = await fileWith("type,orderId,days\nIPv4,1,31\nISP,2,30\n");
    const { exitCode, result } = await runMany([
      "off",
      "--no-preview",
      "--no-read-back",
      "--file",
      csv,
      "--base-url",
      server.url,
    ]);
    expect(exitCode).toBe(6);
    expect(result).toMatchObject({ summary: { changed: 1, refused: 1 }, stopped: null });
    const { stderr } = await runCli([
      "off",
      "--no-preview",
      "--no-read-back",
      "--file",
      csv,
      "--base-url",
      server.url,
    ]);
    expect(stderr).toContain("\n  IPv4, 31 days: 1 refused.");
    expect(stderr).toContain("\nerror: The provider refused: error 11");
  });

  it("is 5 if the server cannot be reached, and 4 if it is not the API", async () => {
    const { exitCode, result } = await run(ids(3), await deadUrl());
    expect(exitCode).toBe(5);
    expect(result).toMatchObject({ summary: { notTried: 3 }, stopped: "failed" });
    expect(result.failures[0]?.message).toMatch(/^The run stopped before this order: /);
    const page = await serve((response) => response.writeHead(404).end());
    expect(await run(ids(3), page.url)).toMatchObject({ exitCode: 4 });
  });
});

describe("a dry run of many orders", () => {
  it("sends nothing, needs no key, and shows groups and chunks", async () => {
    const server = await provider();
    const rows = ids(150).map((id) => `IPv4,${id}`);
    const csv = await fileWith(`type,orderId\n${rows.join("\n")}\nISP,999\n`);
    const argv = ["on", "--days", "30", "--file", csv, "--base-url", server.url];
    const { exitCode, result } = await dryRunMany(argv, { env: { AUTO_EXTEND_API_KEY: "" } });
    expect(exitCode).toBe(0);
    expect(result).toEqual({
      ...{ dryRun: true, notSent: 0, chunkSize: 100, request: null, curl: null },
      groups: [
        { proxyType: "IPv4", rentPeriodDays: 30, autoExtend: true, orders: 150, chunks: 2 },
        { proxyType: "ISP", rentPeriodDays: 30, autoExtend: true, orders: 1, chunks: 1 },
      ],
    });
    const { stdout, stderr } = await runCli([...argv, "--dry-run"]);
    expect(stderr).toBe(`Host: ${server.host}\nDry run: nothing was changed, and no file was written.\n`);
    expect(stdout).toBe(
      [
        "Auto-extend would be switched on for 151 orders, in 3 requests.",
        "  IPv4, 30 days: 150 orders, 2 requests",
        "  ISP, 30 days: 1 order, 1 request",
        "",
      ].join("\n"),
    );
    expect(server.seen).toEqual([]);
  });

  it("prints the command if it is one request, without duplicates", async () => {
    const argv = [...offIPv4, "--file", await listed(["1", "2", "1"])];
    const { result } = await dryRunMany(argv);
    expect(result.request).toEqual({
      ...{ proxyType: "IPv4", orderIds: ["1", "2"], rentPeriodDays: 30, autoExtend: false },
    });
    expect((await runCli([...argv, "--dry-run"])).stdout).toBe(`${result.curl}\n`);
  });
});

describe("a file of headings alone", () => {
  const headings = "type,orderId,addresses,country,endsAt,autoExtend,days\n";

  it.each(["on", "off"])("is nothing to do for %s, and no error", async (command) => {
    const server = await provider();
    const file = await fileWith(headings);
    const ledger = join(dirname(file), "run.jsonl");
    const failed = await fileWith("type,orderId,days,outcome,code,message\nIPv4,9,30,refused,29,old\n");
    const argv = [
      command,
      "--no-preview",
      "--no-read-back",
      "--file",
      file,
      "--base-url",
      server.url,
      "--ledger",
      ledger,
      "--failures",
      failed,
    ];
    const { exitCode, notes, result } = await runMany(argv);
    expect({ exitCode, notes }).toEqual({
      exitCode: 0,
      notes: [`There is no order ID in ${file}: nothing to do.`],
    });
    expect(result).toMatchObject({
      ...{ summary: { given: 0, changed: 0, quantity: 0, calls: 0 }, groups: [], stopped: null },
      ...{ failures: [], failureCount: 0, failuresFile: failed, ledger: null },
    });
    expect(await readFile(failed, "utf8")).toBe("type,orderId,days,outcome,code,message\n");
    expect(await readdir(dirname(file))).toEqual(["orders.txt"]);
    expect(server.seen).toEqual([]);
    expect(
      (await runCli([command, "--no-preview", "--no-read-back", "--file", failed, "--base-url", server.url]))
        .stderr,
    ).toMatch(/nothing to do\.\nNothing was sent\.\n$/);
  });

  it("would send nothing in a dry run, and can come through a pipe", async () => {
    const { exitCode, notes, result } = await dryRunMany(["on", "--file", "-"], { stdin: headings });
    expect({ exitCode, notes }).toEqual({
      exitCode: 0,
      notes: ["There is no order ID in stdin: nothing to do."],
    });
    expect(result).toMatchObject({ groups: [], request: null });
  });

  it("leaves typed order IDs to be switched", async () => {
    const server = await provider();
    const argv = [...offIPv4, "7", "--file", await fileWith(headings), "--base-url", server.url];
    expect((await runMany(argv)).result.summary).toMatchObject({ given: 1, changed: 1 });
  });

  it.each(["", "\n\n", "# orders\n"])(
    "is not the same as one without a row, which is refused: %j",
    async (stdin) => {
      expect(await refusalOf([...offIPv4, "--file", "-"], { stdin })).toMatch(
        /^There is no order ID in stdin/,
      );
    },
  );
});

describe("the API key", () => {
  it("is in no output of a run, in no ledger and in no file of failures, whatever the server repeats", async () => {
    const server = await serve((response, { body, url }) =>
      answer(response, failure(body.orderIds.includes("1") ? 29 : 16, `${canary} at ${url}`)),
    );
    const failures = await fileWith("", "failed.csv");
    const ledger = join(dirname(failures), "run.jsonl");
    const argv = [...offIPv4, "--file", await listed(ids(3)), "--base-url", server.url, "--verbose"];
    const files = ["--ledger", ledger, "--failures", failures];
    const outputs = [
      JSON.stringify(await runCli([...argv, ...files])),
      JSON.stringify(await runCli(argv)),
      JSON.stringify(await runJson(argv)),
      await readFile(ledger, "utf8"),
      await readFile(failures, "utf8"),
    ];
    for (const output of outputs) {
      expect(output).toContain("[redacted]");
      expect(output).not.toContain(canary);
    }
  });

  it("is refused as an order ID, and not shown", async () => {
    const refusal = await refusalOf([...offIPv4, "--file", await listed(["1", canary])]);
    expect(refusal).toMatch(/^Line 2 of .* contains the API key/);
    expect(refusal).not.toContain(canary);
  });
});
