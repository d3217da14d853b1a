import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, copyFile, readFile, rm, stat, symlink, truncate, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { sealedLine } from "../../src/bulk/ledger-lines.js";
import { runCli } from "../support/cli.js";
import { fileWith } from "../support/folder.js";
import { ids, provider } from "./provider.js";
import { dryRunMany, offIPv4, refusalOf, runMany } from "./runs.js";

/** A name for a file that is not there yet. */
async function freshFile(name: string): Promise<string> {
  const file = await fileWith("", name);
  await rm(file);
  return file;
}

/** A run of ten ids in chunks of two, one after the other. */
async function tenIds(url: string, more: readonly string[] = []) {
  const file = await fileWith(`${ids(10).join("\n")}\n`);
  const ledger = await freshFile("run.jsonl");
  const argv = [
    ...offIPv4,
    "--file",
    file,
    "--base-url",
    url,
    "--chunk-size",
    "2",
    "--concurrency",
    "1",
    ...more,
  ];
  return { argv, ledger };
}

/** The lines of a ledger. */
async function linesOf(ledger: string) {
  return (await readFile(ledger, "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** What a run leaves behind that is killed as it sends its request of this number: its ledger as it is at that moment. */
async function killedAt(number: number, argv: readonly string[]): Promise<string> {
  const [, file = ""] = argv.slice(argv.findIndex((each) => /^--(ledger|resume)$/.test(each)));
  const left = await freshFile("killed.jsonl");
  const { fetch } = globalThis;
  let requests = 0;
  await runCli(argv, {
    async fetch(input, init) {
      if (++requests === number) await copyFile(file, left);
      return fetch(input, init);
    },
  });
  return left;
}

describe("--ledger", () => {
  it.skipIf(process.platform !== "linux")(
    "takes over the lock of a process that was killed and is not noticed yet",
    async () => {
      // Its parent goes on as a program that asks after no child.
      const parent = spawn("bash", ["-c", "sleep 0.3 & echo $!; exec sleep 30"], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      onTestFinished(() => void parent.kill());
      const [said] = (await once(parent.stdout, "data")) as [Buffer];
      const pid = said.toString().trim();
      await vi.waitFor(async () => expect(await readFile(`/proc/${pid}/stat`, "utf8")).toContain(") Z "), {
        timeout: 10_000,
      });
      const server = await provider();
      const { argv, ledger } = await tenIds(server.url);
      await writeFile(`${ledger}.lock`, `${pid} ${hostname()}\n`);
      expect(await runMany([...argv, "--ledger", ledger])).toMatchObject({ exitCode: 0 });
    },
  );

  it("has a line about the run, and two for each chunk: that it is sent, and what became of its orders", async () => {
    const server = await provider({ codeOf: (id) => (id === "4" ? 29 : undefined) });
    const { argv, ledger } = await tenIds(server.url);
    const { result } = await runMany([...argv, "--ledger", ledger]);
    expect(result.ledger).toBe(ledger);
    const [header, ...lines] = await linesOf(ledger);
    const [beginnings, chunks] = [
      lines.filter(({ begun }) => begun !== undefined),
      lines.filter(({ places }) => places !== undefined),
    ];
    expect(header).toMatchObject({
      ...{ ledger: 1, command: "off", autoExtend: false, host: server.host, given: 10, chunkSize: 2 },
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      groups: [{ proxyType: "IPv4", rentPeriodDays: 30, count: 10 }],
      crc32: expect.stringMatching(/^[0-9a-f]{8}$/),
    });
    expect(beginnings.map(({ group, begun }) => [group, begun])).toEqual(
      [0, 2, 4, 6, 8].map((first) => [0, [[first, first + 1]]]),
    );
    expect(chunks).toHaveLength(5);
    expect(chunks[1]).toMatchObject({
      ...{
        group: 0,
        places: [[2, 3]],
        changed: ["3"],
        quantity: 1,
        unknown: [],
        notTried: [],
        duplicates: [],
      },
      refused: [{ place: 3, orderId: "4", code: 29, message: "error 29" }],
    });
    expect((await stat(ledger)).mode & 0o777).toBe(0o600);
    await expect(stat(`${ledger}.lock`)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("has each chunk before it is sent, and each outcome before the run goes on", async () => {
    const file = await freshFile("run.jsonl");
    const lines: number[] = [];
    const server = await provider();
    const { argv } = await tenIds(server.url);
    const { fetch } = globalThis;
    await runCli([...argv, "--ledger", file], {
      async fetch(input, init) {
        lines.push((await linesOf(file)).length);
        return fetch(input, init);
      },
    });
    expect(lines).toEqual([2, 4, 6, 8, 10]);
  });

  it("may be an empty file, but not one with something in it, nor a folder", async () => {
    const server = await provider();
    const { argv } = await tenIds(server.url);
    expect(await runCli([...argv, "--ledger", await fileWith("")])).toMatchObject({ exitCode: 0 });
    expect(await refusalOf([...argv, "--ledger", await fileWith("x")])).toContain("give --resume instead");
    const folder = (await fileWith("")).replace(/\/[^/]*$/, "");
    expect(await refusalOf([...argv, "--ledger", folder])).toContain("no regular file");
    expect(await refusalOf([...argv, "--ledger", `${folder}/none/run.jsonl`])).toContain("no such file");
    expect(await refusalOf([...argv, "--ledger", "a", "--resume", "b"])).toContain("two ledgers");
    expect(server.seen).toHaveLength(5);
  });

  it("is refused where it can't be begun, with nothing sent", async () => {
    const server = await provider();
    const { argv, ledger } = await tenIds(server.url);
    await symlink("/no/such/folder/run.jsonl", ledger);
    expect(await refusalOf([...argv, "--ledger", ledger])).toContain("can't be used: there is no such file");
    expect(server.seen).toEqual([]);
    await expect(stat(`${ledger}.lock`)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("is not begun where switching on is declined", async () => {
    const server = await provider();
    const { argv, ledger } = await tenIds(server.url);
    const on = ["on", ...argv.slice(1), "--ledger", ledger];
    await runCli(on, { terminal: true, confirm: async () => false });
    await expect(stat(ledger)).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("--resume", () => {
  /** A run that was interrupted after two chunks of five, 1 to 4. */
  async function interruptedRun(url: (host: string) => string = (same) => same) {
    const interruption = new AbortController();
    const server = await provider({
      before(_, number) {
        if (number === 2) interruption.abort();
        return undefined;
      },
    });
    const { argv, ledger } = await tenIds(url(server.url));
    const { exitCode, result } = await runMany([...argv, "--ledger", ledger], {
      signal: interruption.signal,
    });
    expect({ exitCode, why: result.stopped?.why }).toEqual({ exitCode: 130, why: "aborted" });
    expect(result.account).toMatchObject({ given: 10, changed: 4, notTried: 6 });
    return { argv, ledger, server };
  }

  it("goes on where the run was interrupted, asks for nothing twice, and adds up over both", async () => {
    const { argv, ledger, server } = await interruptedRun();
    const { exitCode, result } = await runMany([...argv, "--resume", ledger]);
    expect(exitCode).toBe(0);
    expect(result).toMatchObject({
      account: { given: 10, changed: 10, quantity: 10, calls: 5 },
      settledBefore: 4,
      ledger,
    });
    expect(server.sent).toEqual([ids(2), ids(2, 3), ids(2, 5), ids(2, 7), ids(2, 9)]);
    const again = await runMany([...argv, "--resume", ledger]);
    expect(again).toMatchObject({ exitCode: 0, result: { settledBefore: 10, account: { changed: 10 } } });
    expect(server.seen).toHaveLength(5);
  });

  it("tells what was done now, and what an earlier run had settled by when", async () => {
    const { argv, ledger } = await interruptedRun();
    const before = (await linesOf(ledger)).at(-1)?.at;
    const { stderr } = await runCli([...argv, "--resume", ledger]);
    expect(stderr).toMatch(
      [
        "10 of 10 orders",
        "Auto-extend is off for 6 orders, 6 IP addresses.",
        `4 of 10 order ids were settled by an earlier run, as of ${before}: for those nothing was sent now.`,
        "Over all runs:",
        "10 given: 10 changed, 0 refused, 0 unknown, 0 not tried, 0 duplicates.\n",
      ].join("\n"),
    );
  });

  it("says that nothing was sent where all was settled before", async () => {
    const { argv, ledger, server } = await interruptedRun();
    await runMany([...argv, "--resume", ledger]);
    const before = (await linesOf(ledger)).at(-1)?.at;
    const { exitCode, stderr } = await runCli([...argv, "--resume", ledger]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 0,
      stderr: [
        `Host: ${server.host}`,
        "Nothing was sent.",
        `10 of 10 order ids were settled by an earlier run, as of ${before}: for those nothing was sent now.`,
        "Over all runs:",
        "10 given: 10 changed, 0 refused, 0 unknown, 0 not tried, 0 duplicates.",
        "",
      ].join("\n"),
    });
  });

  it("counts an order that is settled before in the singular, and one that is not changed now as such", async () => {
    const server = await provider({ codeOf: (id) => (id === "2" ? 25 : undefined) });
    const { argv, ledger } = await tenIds(server.url);
    const two = argv.with(argv.indexOf("--file") + 1, await fileWith("1\n2\n"));
    await runMany([...two, "--ledger", ledger]);
    expect((await runCli([...two, "--resume", ledger])).stderr).toMatch(
      /\nAuto-extend was switched off for no order\.\n1 of 2 order ids was settled by .*: for it nothing was sent now\.\n/,
    );
  });

  it("goes on after a crash that cut the last line, and cuts it off", async () => {
    const { argv, ledger, server } = await interruptedRun();
    const { size } = await stat(ledger);
    // The line of the second chunk is half written, so that nothing is known of it.
    await truncate(ledger, size - 30);
    const { result } = await runMany([...argv, "--resume", ledger]);
    expect(result).toMatchObject({ account: { given: 10, changed: 10 }, settledBefore: 2 });
    expect(server.sent.slice(2)).toEqual([ids(2, 3), ids(2, 5), ids(2, 7), ids(2, 9)]);
    expect(await linesOf(ledger)).toHaveLength(1 + 3 + 8);
  });

  it("cuts off a last line of something else too", async () => {
    const { argv, ledger } = await interruptedRun();
    await appendFile(ledger, "\0\0\0\0\n");
    expect((await runMany([...argv, "--resume", ledger])).result.settledBefore).toBe(4);
    expect(await linesOf(ledger)).toHaveLength(1 + 4 + 6);
  });

  it("takes other chunk sizes, and the same input in another form", async () => {
    const { argv, ledger, server } = await interruptedRun();
    const csv = await fileWith(
      `days;orderId;type\n${ids(10)
        .map((id) => `30;${id};ipv4`)
        .join("\n")}\n`,
    );
    const base = ["off", "--file", csv, "--base-url", server.url, "--resume", ledger];
    expect((await dryRunMany(base)).result).toMatchObject({
      settledBefore: 4,
      groups: [{ orders: 6, chunks: 1 }],
      request: { orderIds: ids(6, 5) },
    });
    expect((await runMany(base)).result.account).toMatchObject({ given: 10, changed: 10 });
    expect(server.sent.at(-1)).toEqual(ids(6, 5));
    expect(argv).toContain("off");
  });

  it("asks again for what is unknown, not for an order that is not there", async () => {
    const trouble = { over: false };
    const server = await provider({
      codeOf: (id) => (id === "3" ? 29 : undefined),
      before: ({ orderIds }) => (!trouble.over && orderIds.includes("5") ? "hang up" : undefined),
    });
    const { argv, ledger } = await tenIds(server.url);
    const first = await runMany([...argv, "--ledger", ledger]);
    expect(first).toMatchObject({
      exitCode: 6,
      result: { account: { changed: 7, refused: 1, unknown: 2 } },
    });
    expect((await runCli([...argv, "--resume", ledger])).stderr).toContain(
      `To go on, give the same command with --resume ${ledger}, and no --ledger.`,
    );
    trouble.over = true;
    const before = server.seen.length;
    const { exitCode, result } = await runMany([...argv, "--resume", ledger]);
    expect(exitCode).toBe(6);
    expect(result).toMatchObject({ account: { changed: 9, refused: 1 }, settledBefore: 8 });
    expect(result.failures).toMatchObject([
      { orderId: "3", outcome: "refused", code: 29, message: "error 29" },
    ]);
    expect(server.sent.slice(before)).toEqual([["5", "6"]]);
  });

  it("asks again for what was refused otherwise, for that may pass", async () => {
    const trouble = { over: false };
    const server = await provider({ codeOf: (id) => (!trouble.over && id === "3" ? 25 : undefined) });
    const { argv, ledger } = await tenIds(server.url);
    expect(await runMany([...argv, "--ledger", ledger])).toMatchObject({
      exitCode: 6,
      result: { account: { changed: 9, refused: 1 } },
    });
    trouble.over = true;
    const before = server.seen.length;
    expect(await runMany([...argv, "--resume", ledger])).toMatchObject({
      exitCode: 0,
      result: { account: { changed: 10, refused: 0 }, settledBefore: 9 },
    });
    expect(server.sent.slice(before)).toEqual([["3"]]);
  });

  it("keeps unknown what is refused later, for the earlier call may have been applied", async () => {
    const trouble = { over: false };
    const server = await provider({
      codeOf: (id) => (id === "1" ? 25 : undefined),
      before: ({ orderIds }) => (!trouble.over && orderIds.includes("1") ? "hang up" : undefined),
    });
    const { argv, ledger } = await tenIds(server.url);
    await runMany([...argv, "--ledger", ledger]);
    trouble.over = true;
    const { result } = await runMany([...argv, "--resume", ledger]);
    expect(result.failures).toMatchObject([
      { orderId: "1", outcome: "unknown", code: 25, message: expect.stringContaining("earlier call") },
    ]);
  });

  // What was under way when a run was killed was not in its ledger. Refused by the resume, it was told of as refused, which
  // says that nothing was changed, although the first call had switched it.
  it("asks again for what was under way at a crash, and keeps it unknown where it is refused then", async () => {
    const server = await provider({
      codeOf: (id) => (server.seen.length > 5 && id === "3" ? 25 : undefined),
    });
    const { argv, ledger } = await tenIds(server.url);
    const left = await killedAt(2, [...argv, "--ledger", ledger]);
    expect((await dryRunMany([...argv, "--resume", left])).result.settledBefore).toBe(2);
    const { result } = await runMany([...argv, "--resume", left]);
    expect(server.sent.slice(5, 7)).toEqual([["3", "4"], ["3"]]);
    expect(result).toMatchObject({ account: { changed: 9, unknown: 1 }, settledBefore: 2 });
    expect(result.failures).toMatchObject([
      { orderId: "3", outcome: "unknown", code: 25, message: expect.stringContaining("earlier call") },
    ]);
  });

  it("keeps it unknown also where the resume crashed as well", async () => {
    const refusing = { code: undefined as number | undefined };
    const server = await provider({ codeOf: () => refusing.code });
    const { argv, ledger } = await tenIds(server.url);
    const once = await killedAt(2, [...argv, "--ledger", ledger]);
    const twice = await killedAt(1, [...argv, "--resume", once]);
    refusing.code = 16;
    expect((await runMany([...argv, "--resume", twice])).result.account).toMatchObject({
      ...{ changed: 2, refused: 6, unknown: 2 },
    });
  });

  it("asks before it switches on what is left, and not where nothing is", async () => {
    const server = await provider();
    const { argv, ledger } = await tenIds(server.url);
    const on = ["on", ...argv.slice(1)];
    await runMany([...on, "--ledger", ledger, "--yes"]);
    expect((await runMany([...on, "--resume", ledger])).result.settledBefore).toBe(10);
  });

  it("sends nothing where the ledger went away while it was asked", async () => {
    const { ledger, argv, server } = await interruptedRun();
    const lines = (await linesOf(ledger)).map(({ crc32: _, ...line }) => line);
    await writeFile(ledger, sealedLine({ ...lines[0], command: "on", autoExtend: true }));
    const on = ["on", ...argv.slice(1), "--resume", ledger];
    const confirm = async () => {
      await rm(ledger);
      return true;
    };
    expect(await refusalOf(on, { terminal: true, confirm })).toContain(
      "can't be used: there is no such file",
    );
    expect(server.seen).toHaveLength(2);
  });

  it("refuses a ledger of other input, another command or another host, and says which", async () => {
    const { argv, ledger, server } = await interruptedRun();
    const with9 = await fileWith(`${ids(9).join("\n")}\n`);
    const other = argv.with(argv.indexOf("--file") + 1, with9);
    expect(await refusalOf([...other, "--resume", ledger])).toContain(
      "is the ledger of another run: it had 10 order ids, not 9; it had 10 of IPv4, 30 days, not 9.",
    );
    const days = argv.with(argv.indexOf("--days") + 1, "60");
    expect(await refusalOf([...days, "--resume", ledger])).toContain(
      "another run: it had 10 of IPv4, 30 days, not 0; 0 of IPv4, 60 days, not 10.",
    );
    const others = argv.with(argv.indexOf("--file") + 1, await fileWith(`${ids(10, 2).join("\n")}\n`));
    expect(await refusalOf([...others, "--resume", ledger])).toMatch(
      /but other ones, or in another order \(digest [0-9a-f]{12}, not [0-9a-f]{12}\)\./,
    );
    const rows = ids(10).map((id) => `IPv4,${id},${id}`);
    const many = await fileWith(`type,orderId,days\n${rows.join("\n")}\n`);
    const scattered = argv.with(argv.indexOf("--file") + 1, many);
    expect(await refusalOf([...scattered, "--resume", ledger])).toContain(
      "it had 10 of IPv4, 30 days, not 0; 0 of IPv4, 1 day, not 1; 0 of IPv4, 2 days, not 1; and 8 more types or periods differ.",
    );
    const none = argv.with(argv.indexOf("--file") + 1, await fileWith("orderId\n"));
    expect(await refusalOf([...none, "--resume", ledger])).toContain("it had 10 order ids, not 0");
    const on = ["on", ...argv.slice(1), "--yes", "--resume", ledger];
    expect(await refusalOf(on)).toContain("it switched off, not on");
    const elsewhere = argv.with(argv.indexOf("--base-url") + 1, "http://127.0.0.1:1");
    expect(await refusalOf([...elsewhere, "--resume", ledger])).toContain("not 127.0.0.1:1");
    expect(server.seen).toHaveLength(2);
  });

  it("refuses a ledger that is damaged before its end, or none", async () => {
    const { argv, ledger, server } = await interruptedRun();
    const whole = await readFile(ledger, "utf8");
    const [header = "", beginning = "", first = "", , second = ""] = whole.split("\n");
    const damaged = async (content: string) => refusalOf([...argv, "--resume", await fileWith(content)]);
    expect(await damaged(whole.replace('"changed":["1"', '"changed":["7"'))).toContain("damaged in line 3");
    expect(await damaged(`${header}\n${second.slice(0, 20)}${first}\n${second}\n`)).toContain("line 2");
    expect(await damaged(`${sealedLine({ ledger: 2 })}${first}\n`)).toContain("damaged in line 1");
    const { crc32: _, ...record } = JSON.parse(first);
    const elsewhere = sealedLine({ ...record, places: [[98, 99]] });
    expect(await damaged(`${header}\n${elsewhere}`)).toContain("damaged in line 2");
    expect(await damaged(`${header}\n${sealedLine({ ...record, group: 1 })}`)).toContain("damaged in line 2");
    expect(await damaged(`${header}\n${sealedLine({ any: "thing" })}`)).toContain("damaged in line 2");
    const begun = { at: JSON.parse(beginning).at, group: 0, begun: [[98, 99]] };
    expect(await damaged(`${header}\n${sealedLine(begun)}`)).toContain("damaged in line 2");
    const unheard = { ...begun, group: 1, begun: [[0, 1]] };
    expect(await damaged(`${header}\n${sealedLine(unheard)}`)).toContain("damaged in line 2");
    expect(await damaged("")).toContain("no first line that is whole");
    expect(await damaged(header.slice(0, 50))).toContain("no first line that is whole");
    expect(await damaged("orderId\n1\n2\n")).toContain("damaged in line 1");
    expect(await refusalOf([...argv, "--resume", `${ledger}.none`])).toContain("there is no such file");
    expect(await refusalOf([...argv, "--resume", "/tmp"])).toContain("no regular file");
    expect(server.seen).toHaveLength(2);
  });
});

describe("the lock of a ledger", () => {
  it("keeps a second run away while the first is under way", async () => {
    const refusals: string[] = [];
    const second: { argv?: string[] } = {};
    const server = await provider();
    const { argv, ledger } = await tenIds(server.url);
    second.argv = [...argv, "--resume", ledger];
    const { fetch } = globalThis;
    await runCli([...argv, "--ledger", ledger], {
      async fetch(input, init) {
        if (refusals.length === 0) refusals.push(await refusalOf(second.argv ?? []));
        return fetch(input, init);
      },
    });
    expect(refusals[0]).toContain(
      `Another run is writing to ${ledger}: process ${process.pid} on ${hostname()}`,
    );
    expect(server.seen).toHaveLength(5);
  });

  it("is taken over from a process that is gone, or had this one's id before", async () => {
    const server = await provider();
    for (const pid of [2 ** 30, process.pid]) {
      const { argv, ledger } = await tenIds(server.url);
      await writeFile(`${ledger}.lock`, `${pid} ${hostname()}\n`);
      expect(await runCli([...argv, "--ledger", ledger])).toMatchObject({ exitCode: 0 });
    }
  });

  it("is respected from a process that lives, from another machine, and where it says nothing", async () => {
    const server = await provider();
    const { argv, ledger } = await tenIds(server.url);
    for (const owner of [`${process.ppid} ${hostname()}\n`, "1 another-machine\n", ""]) {
      await writeFile(`${ledger}.lock`, owner);
      expect(await refusalOf([...argv, "--ledger", ledger])).toContain(`remove ${ledger}.lock`);
    }
    expect(server.seen).toEqual([]);
  });
});
