import {
  appendFile,
  copyFile,
  mkdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Client } from "@auto-extend/client";
import { describe, expect, it } from "vitest";
import type { Context } from "../../src/app/context.js";
import { Spool } from "../../src/orders/input.js";
import { Plan } from "../../src/orders/plan.js";
import { createLedger, sealed } from "../../src/switching/ledger.js";
import { readBack } from "../../src/switching/read-back.js";
import { Tally } from "../../src/switching/tally.js";
import { serveAccount } from "../support/account.js";
import { canary, runCli, runJson } from "../support/cli.js";
import { fileWith } from "../support/folder.js";
import { answer, failure } from "../support/server.js";
import { ids, provider } from "./provider.js";
import { offIPv4, refusalOf, runMany } from "./runs.js";

/** A run of ten IDs in chunks of two, one after the other; its ledger, and how to resume it. */
async function tenIds(url: string) {
  const file = await fileWith(`${ids(10).join("\n")}\n`);
  const ledger = join(dirname(file), "run.jsonl");
  const common = ["--base-url", url, "--chunk-size", "2", "--concurrency", "1"];
  const resume = ["off", "--no-preview", "--no-read-back", ...common, "--resume"];
  return { argv: [...offIPv4, "--file", file, ...common], common, ledger, resume };
}

/** The lines of a ledger. */
async function linesOf(ledger: string) {
  return (await readFile(ledger, "utf8"))
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** The ledger of a run that is killed as it sends its request of this number. */
async function killedAt(number: number, argv: readonly string[]): Promise<string> {
  const [, file = ""] = argv.slice(argv.findIndex((each) => /^--(ledger|resume)$/.test(each)));
  const left = join(dirname(await fileWith("")), "killed.jsonl");
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
  it("has the whole plan, and two lines for each chunk: that it is sent, and the outcome of its orders", async () => {
    const server = await provider({ codeOf: (id) => (id === "4" ? 29 : undefined) });
    const { argv, ledger } = await tenIds(server.url);
    const { result } = await runMany([...argv, "--ledger", ledger]);
    expect(result.ledger).toBe(ledger);
    const [header, plan, planned, ...lines] = await linesOf(ledger);
    expect(header).toMatchObject({
      ...{ ledger: 3, command: "off", host: server.host },
      crc32: expect.stringMatching(/^[0-9a-f]{8}$/),
    });
    expect(plan).toMatchObject({
      ...{ group: 0, proxyType: "IPv4", rentPeriodDays: 30, autoExtend: false },
      orders: ids(10).map((id) => ({ id })),
    });
    expect(planned).toMatchObject({ planned: 10 });
    const begun = lines.filter((line) => "begun" in line);
    expect(begun.map((line) => line.begun)).toEqual([0, 2, 4, 6, 8].map((first) => [[first, first + 1]]));
    const outcomes = lines.filter((line) => "changed" in line);
    expect(outcomes).toHaveLength(5);
    expect(outcomes[1]).toMatchObject({
      ...{ group: 0, changed: [[2, 2]], quantity: 1, unknown: [], notTried: [] },
      refused: [{ code: 29, message: "error 29", places: [[3, 3]] }],
    });
    expect((await stat(ledger)).mode & 0o777).toBe(0o600);
  });

  it("has each chunk before it is sent, and each outcome before the run continues", async () => {
    const lines: number[] = [];
    const server = await provider();
    const { argv, ledger } = await tenIds(server.url);
    const { fetch } = globalThis;
    await runCli([...argv, "--ledger", ledger], {
      async fetch(input, init) {
        lines.push((await linesOf(ledger)).length);
        return fetch(input, init);
      },
    });
    expect(lines).toEqual([4, 6, 8, 10, 12]);
  });

  it("must be a new file in a folder that can be written", async () => {
    const server = await provider();
    const { argv, ledger } = await tenIds(server.url);
    const refused = (file: string) => refusalOf([...argv, "--ledger", file]);
    const other = await refused(await fileWith('{"ledger":3,'));
    expect(other).toMatch(/exists already\. .*use --resume/);
    expect(await refused(await fileWith("111\n"))).toMatch(
      /exists already\. Name a new file with --ledger\.$/,
    );
    for (const other of [dirname(ledger), "/dev/null"]) {
      expect(await refused(other)).toContain(`${other} exists already. Name a new file with --ledger.`);
    }
    expect(await refused(join(dirname(ledger), "none", "run.jsonl"))).toContain("there is no such folder");
    await symlink("/no/such/folder/run.jsonl", ledger);
    expect(await refused(ledger)).toMatch(/exists already|no such file or folder/);
    expect(await refusalOf([...argv, "--ledger", "a", "--resume", "b"])).toContain("two ledgers");
    expect(server.seen).toEqual([]);
  });

  it("is not created if switching on is declined", async () => {
    const server = await provider();
    const { argv, ledger } = await tenIds(server.url);
    const on = ["on", ...argv.slice(1), "--ledger", ledger];
    await runCli(on, { terminal: true, confirm: async () => false });
    await expect(stat(ledger)).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("can be resumed whatever the provider's messages are", async () => {
    const message = `${'\u0000"\\'.repeat(200_000)} long`;
    const server = await provider({ codeOf: () => 25 });
    const { argv, ledger, resume } = await tenIds(server.url);
    await runCli(
      [...argv, "--chunk-size", "10", "--ledger", ledger].toSpliced(argv.indexOf("--chunk-size"), 2),
      {
        async fetch() {
          const body = { success: false, error: { code: 25, message } };
          return new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } });
        },
      },
    );
    expect((await runMany([...resume, ledger])).result.summary).toMatchObject({ given: 10, refused: 10 });
  });

  it("is resumed with the orders last that were refused before, so that as many in a row do not end that run too", async () => {
    const given = ids(30);
    const server = await provider({ codeOf: (orderId) => (Number(orderId) > 10 ? undefined : 4711) });
    const ledger = join(dirname(await fileWith("")), "run.jsonl");
    const argv = [...offIPv4, "--file", await fileWith(`order_id\n${given.join("\n")}\n`), "--no-preview"];
    const pace = ["--no-read-back", "--chunk-size", "5", "--concurrency", "1", "--base-url", server.url];
    const first = await runMany([...argv, ...pace, "--ledger", ledger]);
    expect(first.result.summary).toMatchObject({ refused: 10, notTried: 20, changed: 0 });
    expect(first.error).toMatchObject({
      message: expect.stringContaining("10 orders in a row got unknown error 4711."),
      whatToDo: expect.stringContaining("Ask the provider's support what the error means"),
    });
    const before = server.sent.length;
    const next = await runMany(["off", "--resume", ledger, "--no-read-back", "--base-url", server.url]);
    expect(next.result.summary).toMatchObject({ refused: 10, notTried: 0, changed: 20 });
    expect(server.sent.slice(before, before + 4).flat()).toEqual(ids(20, 11));
  });
});

describe("a ledger that the disk has no room for", () => {
  it("is removed, so that the same command can be run again, and is no wrong usage", async () => {
    const ledger = join(dirname(await fileWith("")), "run.jsonl");
    const full = Object.assign(new Error("full"), { code: "ENOSPC" });
    const plan = new Plan();
    plan.addUnlisted({ proxyType: "IPv4", rentPeriodDays: 30, autoExtend: false }, new Spool());
    const [group] = plan.groups;
    if (!group) throw new Error("no group");
    const ids = {
      count: 1,
      async *read() {
        yield await Promise.reject(full);
      },
    };
    const start = { at: "", version: "0", command: "off", host: "x", keyMark: "", options: {} } as const;
    await expect(
      createLedger(ledger, start, {
        plan: Object.create(plan, { groups: { value: [{ ...group, ids }] }, unsent: { value: plan.unsent } }),
        list: null,
      }),
    ).rejects.toMatchObject({
      name: "EnvironmentError",
      exitCode: 71,
      message: expect.stringContaining("the disk is full. Nothing was sent."),
    });
    await expect(stat(ledger)).rejects.toThrow("ENOENT");
  });
});

describe("the read-back", () => {
  it("says if the ledger cannot take its result", async () => {
    const plan = new Plan();
    plan.add({ proxyType: "IPv4", rentPeriodDays: 30, autoExtend: false }, "1", null);
    const tally = new Tally(plan.groups);
    tally.groups[0]?.set([[0, 0]], { name: "changed", code: null, message: "" });
    tally.calls = 1;
    const listed = { ipAddressId: "11", ip: null, autoExtend: false, rentPeriodDays: 30 };
    const orders = [{ orderId: "1", ipAddresses: [listed] }];
    const listIpAddresses = async () => ({ orders, isComplete: true, announced: [] });
    const notes: string[] = [];
    const context = { io: {}, note: (text: string) => notes.push(text) } as unknown as Context;
    const full = Object.assign(new Error(), { code: "ENOSPC" });
    const ledger = { append: () => Promise.reject(full), close: async () => {} };
    const { state } = await readBack(context, {
      client: { listIpAddresses } as unknown as Client,
      ...{ tally, ledger, before: null },
    });
    expect({ state, notes }).toEqual({
      state: "verified",
      notes: [expect.stringMatching(/^The ledger does not have the result of the read-back: .*full/)],
    });
  });
});

describe("--resume", () => {
  it("sends what has no price any more only with --force, like the run itself", async () => {
    const server = await serveAccount();
    const ledger = join(dirname(await fileWith("")), "run.jsonl");
    const common = ["--yes", "--base-url", server.url];
    server.account.instead = (response, { url }) =>
      url.endsWith("/extend/order/auto") && response.destroy() !== undefined;
    const lost = await runMany(["on", "111", "--days", "30", "--ledger", ledger, ...common]);
    expect(lost).toMatchObject({ exitCode: 3, result: { summary: { unknown: 1 } } });
    delete server.account.instead;
    delete server.account.orders["111"];
    const resume = ["on", "--resume", ledger, ...common];
    expect(await runJson(resume)).toMatchObject({
      exitCode: 1,
      error: { message: expect.stringMatching(/^Pricing the orders failed: .* error 29/), effect: "none" },
    });
    const { exitCode, notes, result } = await runMany([...resume, "--force"]);
    expect(notes).toContainEqual(expect.stringContaining(" has no price: error 29"));
    expect({ exitCode, result }).toMatchObject({ exitCode: 1, result: { summary: { refused: 1 } } });
  });

  it("sends what the list shows in another state, also if the resume before had nothing to send", async () => {
    const server = await serveAccount();
    const ledger = join(dirname(await fileWith("")), "run.jsonl");
    const base = ["--yes", "--base-url", server.url];
    await runMany(["on", "111", "222", "--days", "30", "--ledger", ledger, ...base]);
    await runMany(["off", "222", "--base-url", server.url]);
    const resume = ["on", "--resume", ledger, ...base];
    const found = await runMany(resume);
    expect(found).toMatchObject({
      exitCode: 4,
      error: {
        name: "ContractError",
        message: "1 order is not as requested, although the provider reported success.",
        whatToDo: expect.stringContaining(`since, run auto-extend on --resume ${ledger} `),
      },
      result: { left: 1, summary: { changed: 0, doneBefore: 1, differs: 1, quantity: 0, calls: 0 } },
    });
    const { stderr } = await runCli(resume);
    expect(stderr).toMatch(/^1 of 2 orders of the run of \S+ \S+ UTC is finished, 1 is left\.$/m);
    expect(stderr).toMatch(/\nIPv4 +30 +1 +2 +0 +1\.60 USD\n/);
    expect(stderr).toContain("\nAuto-extend is on for 1 order, 2 IP addresses.\n");
    expect(server.account.orders["222"]?.addresses).toMatchObject([
      { autoExtend: true },
      { autoExtend: true },
    ]);
  });

  it("counts what it changed itself, even if an order of the run before is not as requested any more", async () => {
    const server = await serveAccount({ balance: 100 });
    const ledger = join(dirname(await fileWith("")), "run.jsonl");
    const base = ["--yes", "--base-url", server.url];
    server.account.instead = (response, { url, body }) =>
      url.endsWith("/order/auto") && body.proxyType === "ISP" && response.destroy() !== undefined;
    await runMany(["on", "222", "555", "--days", "30", "--ledger", ledger, ...base]);
    delete server.account.instead;
    await runMany(["off", "222", "--base-url", server.url]);
    const { stderr } = await runCli(["on", "--resume", ledger, ...base]);
    expect(stderr).toContain("\nAuto-extend is on for 1 order, 1 IP address.\n");
    expect(stderr).toContain("2 order IDs: 1 changed, 1 not as requested.");
  });

  it("counts orders that were as requested before they were sent, but not those that the run before may have changed", async () => {
    const server = await serveAccount({ balance: 100 });
    const ledger = join(dirname(await fileWith("")), "run.jsonl");
    const base = ["--yes", "--base-url", server.url];
    const left = await killedAt(6, ["on", "111", "333", "--ledger", ledger, ...base]);
    const { result } = await runMany(["on", "--resume", left, ...base]);
    expect(result.summary).toMatchObject({ given: 2, changed: 1, unchanged: 1 });
  });

  it("does not offer to continue if all that failed is refused for good, and says why in --json", async () => {
    const server = await provider({ codeOf: (id) => (id === "3" ? 29 : undefined) });
    const { argv, ledger, resume } = await tenIds(server.url);
    await runMany([...argv, "--ledger", ledger]);
    expect(await runMany([...resume, ledger])).toMatchObject({
      exitCode: 6,
      error: { name: "ApiError", code: 29, message: expect.stringContaining('error 29, "error 29"') },
      result: { left: 0, summary: { changed: 0, doneBefore: 9, refused: 1 } },
    });
    expect((await runCli([...resume, ledger])).stderr).not.toContain("To continue");
  });

  it("stops if a period is not sold any more, unless --force is given, whatever the run began with", async () => {
    const server = await serveAccount({ prices: { 30: 0.8, 45: 1 } });
    const ledger = join(dirname(await fileWith("")), "run.jsonl");
    const common = ["--yes", "--base-url", server.url];
    server.account.instead = (response, { url }) =>
      url.endsWith("/extend/order/auto") && response.destroy() !== undefined;
    await runMany(["on", "111", "--days", "45", "--force", "--ledger", ledger, ...common]);
    delete server.account.instead;
    delete server.account.prices[45];
    const sent = server.seen.length;
    const sends = () => server.paths().slice(sent).includes("extend/order/auto");
    const resume = ["on", "--resume", ledger, ...common];
    const refusal = await refusalOf(resume);
    expect(refusal).toContain("does not sell 45 days for IPv4: it sells 30.");
    expect(refusal).toContain("switch these orders in a new run. With --force it is sent anyway.");
    expect(refusal).not.toContain("--days");
    expect(sends()).toBe(false);
    await runMany([...resume, "--force"]);
    expect(sends()).toBe(true);
  });

  it("stops with another API key, and continues with --force if the list has orders of the run", async () => {
    const account = await serveAccount();
    const ledger = join(dirname(await fileWith("")), "run.jsonl");
    const lose: typeof account.account.instead = (response, { url }) =>
      url.endsWith("/extend/order/auto") && response.destroy() !== undefined;
    account.account.instead = lose;
    await runMany(["off", "111", "--no-read-back", "--ledger", ledger, "--base-url", account.url]);
    delete account.account.instead;
    expect(await readFile(ledger, "utf8")).not.toContain(canary);
    const resume = ["off", "--no-preview", "--resume", ledger, "--base-url", account.url];
    const other = { env: { AUTO_EXTEND_API_KEY: "another-key-of-somebody" } };
    const { orders } = account.account;
    const sent = account.seen.length;
    // The account of that key has orders of the same IDs, and they are off: sending would claim them, or blame the provider.
    const stopped = await runJson(resume, other);
    expect({ ...stopped.error, sent: account.seen.length - sent }).toMatchObject({
      message: `The run of ${ledger} began with another API key, which may be that of another account.`,
      whatToDo: "Use the API key of that run. If both keys are of the same account, add --force.",
      sent: 0,
    });
    account.account.orders = {};
    resume.push("--force");
    const { exitCode, error } = await runJson(resume, other);
    expect({ exitCode, message: error?.message }).toEqual({
      exitCode: 2,
      message: `The run of ${ledger} began with another API key, and no order of it is in the list of this one.`,
    });
    expect(account.paths().slice(sent)).toEqual(["ipAddress"]);
    account.account.orders = orders;
    account.account.instead = lose;
    const lost = await runJson(resume, other);
    expect(lost.error?.whatToDo).toContain(`auto-extend off --resume ${ledger} --force --base-url`);
    delete account.account.instead;
    const note = `The run of ${ledger} began with another API key.`;
    expect(await runMany(resume, other)).toMatchObject({
      exitCode: 0,
      result: { summary: { changed: 1 } },
      notes: expect.arrayContaining([note]),
    });
    // Nothing is left, and the orders of another account are not what the ledger is about.
    account.account.orders["111"]?.addresses.forEach((each) => {
      each.autoExtend = true;
    });
    const readBack = resume.filter((word) => word !== "--no-preview");
    const finished = await runMany(readBack, other);
    expect(finished.notes).toContain(note);
    expect((await runJson(readBack.slice(0, -1), other)).exitCode).toBe(2);
    account.account.orders = {};
    expect((await runJson(readBack, other)).exitCode).toBe(2);
  });

  /** A run that was interrupted after two chunks of five, 1 to 4. */
  async function interruptedRun() {
    const interruption = new AbortController();
    const server = await provider({
      before(_, number) {
        if (number === 2) interruption.abort();
        return undefined;
      },
    });
    const run = await tenIds(server.url);
    const { exitCode, result } = await runMany([...run.argv, "--ledger", run.ledger], {
      signal: interruption.signal,
    });
    expect({ exitCode, stopped: result.stopped }).toEqual({ exitCode: 130, stopped: "aborted" });
    expect(result.summary).toMatchObject({ given: 10, changed: 4, notTried: 6 });
    return { ...run, server };
  }

  it("continues where the run was interrupted, sends nothing twice, and adds up over both", async () => {
    const { ledger, resume, server } = await interruptedRun();
    const { exitCode, result } = await runMany([...resume, ledger]);
    expect(exitCode).toBe(0);
    expect(result).toMatchObject({
      summary: { given: 10, changed: 6, doneBefore: 4, quantity: 6, calls: 3 },
      ledger,
    });
    expect(server.sent).toEqual([ids(2), ids(2, 3), ids(2, 5), ids(2, 7), ids(2, 9)]);
    const again = await runMany([...resume, ledger]);
    expect(again).toMatchObject({
      exitCode: 0,
      result: { summary: { changed: 0, doneBefore: 10, calls: 0 } },
    });
    expect(server.seen).toHaveLength(5);
  });

  it("reports what was done now, and what an earlier run had finished", async () => {
    const { ledger, resume, server } = await interruptedRun();
    const [{ at }] = await linesOf(ledger);
    const start = at.replace("T", " ").replace(/\.\d+Z$/, " UTC");
    const { stderr } = await runCli([...resume, ledger]);
    expect(stderr).toContain(`\n4 of 10 orders of the run of ${start} are finished, 6 are left.\n`);
    expect(stderr).toContain(
      [
        "Switching: 10 of 10 orders",
        "Auto-extend is off for 6 orders, 6 IP addresses.",
        "10 order IDs: 6 changed, 4 done earlier.\n",
      ].join("\n"),
    );
    expect(await runCli([...resume, ledger])).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: [
        `Host: ${server.host}`,
        `10 of 10 orders of the run of ${start} are finished, 0 are left.`,
        "Nothing was sent.",
        "10 order IDs: 10 done earlier.",
        "",
      ].join("\n"),
    });
  });

  it("continues after a crash that cut the last line, and appends behind it", async () => {
    const { ledger, resume, server } = await interruptedRun();
    const { size } = await stat(ledger);
    // The line of the second chunk is half written, so that its outcome is unknown.
    await truncate(ledger, size - 30);
    const torn = await readFile(ledger, "utf8");
    const { result } = await runMany([...resume, ledger]);
    expect(result).toMatchObject({ summary: { given: 10, changed: 8, doneBefore: 2 } });
    expect(server.sent.slice(2)).toEqual([ids(2, 3), ids(2, 5), ids(2, 7), ids(2, 9)]);
    expect((await readFile(ledger, "utf8")).startsWith(`${torn}\n`)).toBe(true);
    expect((await runMany([...resume, ledger])).result.summary).toMatchObject({ doneBefore: 10 });
  });

  it("takes the outcome of orders as unknown if their line is damaged, and sends them again", async () => {
    const { ledger, resume, server } = await interruptedRun();
    const whole = await readFile(ledger, "utf8");
    await writeFile(ledger, whole.replace('"changed":[[0,1]]', '"changed":[[8,9]]'));
    const { result, notes, stderr } = await runMany([...resume, ledger]);
    expect(notes).toEqual([expect.stringContaining("the outcome of the orders in it is unknown")]);
    expect(stderr).toContain("are finished, 8 are left, 8 of them with an unknown outcome.\n");
    expect(result).toMatchObject({ summary: { changed: 8, doneBefore: 2 } });
    expect(server.sent.slice(2).flat()).toEqual([...ids(2), ...ids(6, 5)]);
  });

  it("takes orders as unknown if the damaged line may say that they were sent", async () => {
    const refusing = { code: undefined as number | undefined };
    const server = await provider({ codeOf: () => refusing.code });
    const { argv, ledger, resume } = await tenIds(server.url);
    const left = await killedAt(2, [...argv, "--ledger", ledger]);
    await writeFile(left, (await readFile(left, "utf8")).replace('"begun":[[2,3]]', '"begun":[[8,9]]'));
    refusing.code = 16;
    const { exitCode, result } = await runMany([...resume, left]);
    expect({ exitCode, ...result.summary }).toMatchObject({ exitCode: 3, unknown: 8, refused: 0 });
  });

  it("sends unknown orders again, but not one that does not exist", async () => {
    const trouble = { over: false };
    const server = await provider({
      codeOf: (id) => (id === "3" ? 29 : undefined),
      before: ({ orderIds }) => (!trouble.over && orderIds.includes("5") ? "hang up" : undefined),
    });
    const { argv, ledger, resume } = await tenIds(server.url);
    const first = await runMany([...argv, "--ledger", ledger]);
    expect(first).toMatchObject({ exitCode: 3, result: { summary: { changed: 7, refused: 1, unknown: 2 } } });
    // The same command would begin the ledger again.
    const next = `auto-extend off --resume ${ledger} --base-url ${server.url}`;
    expect(first.error?.whatToDo).toContain(`Run ${next}: repeating it should do no harm`);
    const { stderr } = await runCli([...resume, ledger]);
    expect(stderr.split(next)).toHaveLength(2);
    expect(stderr).not.toContain("same command");
    trouble.over = true;
    const before = server.seen.length;
    const { exitCode, result } = await runMany([...resume, ledger]);
    expect(exitCode).toBe(6);
    expect(result).toMatchObject({ summary: { changed: 2, doneBefore: 7, refused: 1 } });
    expect(result.failures).toMatchObject([
      { orderId: "3", outcome: "refused", code: 29, message: "error 29" },
    ]);
    expect(server.sent.slice(before)).toEqual([["5", "6"]]);
  });

  it("says why orders of the run before are unknown if it has to wait itself, and gives one advice", async () => {
    const server = await provider({ before: () => "hang up" });
    const { argv, ledger, resume } = await tenIds(server.url);
    await runMany([...argv, "--ledger", ledger]);
    const { stderr } = await runCli([...resume, ledger], {
      fetch: async () => new Response(null, { status: 429, headers: { "retry-after": "3600" } }),
    });
    expect(stderr).toMatch(/error: HTTP 429: .*\nThe server asks to wait 1 hour\. /);
    expect(stderr).toMatch(
      /\nerror: The outcome for 10 orders is unknown: No answer was received: .*\n10 order IDs: /,
    );
  });

  it("sends again what was refused for a reason that may pass", async () => {
    const trouble = { over: false };
    const server = await provider({ codeOf: (id) => (!trouble.over && id === "3" ? 25 : undefined) });
    const { argv, ledger, resume } = await tenIds(server.url);
    expect(await runMany([...argv, "--ledger", ledger])).toMatchObject({ exitCode: 6 });
    trouble.over = true;
    const before = server.seen.length;
    expect(await runMany([...resume, ledger])).toMatchObject({
      exitCode: 0,
      result: { summary: { changed: 1, doneBefore: 9, refused: 0 } },
    });
    expect(server.sent.slice(before)).toEqual([["3"]]);
  });

  // An order under way when a run was killed, and refused by the resume, must not be reported as refused, which says that
  // nothing was changed, although the first call may have switched it.
  it("keeps an order unknown that was under way at a crash, if it is refused then", async () => {
    const server = await provider({
      codeOf: (id) => (server.seen.length > 5 && id === "3" ? 25 : undefined),
    });
    const { argv, ledger, resume } = await tenIds(server.url);
    const left = await killedAt(2, [...argv, "--ledger", ledger]);
    const { exitCode, result } = await runMany([...resume, left]);
    expect(exitCode).toBe(3);
    expect(server.sent.slice(5, 7)).toEqual([["3", "4"], ["3"]]);
    expect(result).toMatchObject({ summary: { changed: 7, doneBefore: 2, unknown: 1 } });
    expect(result.failures).toMatchObject([
      { orderId: "3", outcome: "unknown", code: 25, message: expect.stringContaining("earlier call") },
    ]);
  });

  it("keeps it unknown also if the resume crashed as well", async () => {
    const refusing = { code: undefined as number | undefined };
    const server = await provider({ codeOf: () => refusing.code });
    const { argv, ledger, resume } = await tenIds(server.url);
    const once = await killedAt(2, [...argv, "--ledger", ledger]);
    const twice = await killedAt(1, [...resume, once]);
    refusing.code = 16;
    expect((await runMany([...resume, twice])).result.summary).toMatchObject({
      ...{ doneBefore: 2, refused: 6, unknown: 2 },
    });
  });

  it("asks before it switches on what is left, and not if nothing is", async () => {
    const server = await provider();
    const { argv, common, ledger } = await tenIds(server.url);
    await runMany(["on", ...argv.slice(1), "--ledger", ledger, "--yes"]);
    const resume = ["on", "--no-preview", "--no-read-back", ...common, "--resume", ledger];
    expect((await runMany(resume)).result.summary.doneBefore).toBe(10);
  });

  it("asks about what is left, and with a limit prices the whole run", async () => {
    const server = await provider();
    const { argv, common, ledger } = await tenIds(server.url);
    const left = await killedAt(2, ["on", ...argv.slice(1), "--ledger", ledger, "--yes"]);
    const questions: string[] = [];
    const terminal = { terminal: true, confirm: async (question: string) => questions.push(question) === 0 };
    const resume = ["on", "--no-read-back", ...common, "--resume", left];
    await runCli([...resume, "--no-preview"], terminal);
    expect(questions).toEqual([`Switch 8 orders on at ${server.host}? Each renewal costs money.`]);
    const priced: string[] = [];
    // The run began without a preview; a limit needs one.
    await runCli([...resume, "--force", "--max-price", "100"], {
      ...terminal,
      async fetch(input, init) {
        if (String(input).includes("/calculate/")) priced.push(...JSON.parse(String(init?.body)).orderIds);
        const body = { success: true, price: 1, balance: 5, currency: "USD", warnings: null, error: null };
        return new Response(JSON.stringify(body), { headers: { "content-type": "application/json" } });
      },
    });
    expect(priced.sort()).toEqual(ids(10).sort());
    expect(questions.at(-1)).toBe(`Switch 8 orders on at ${server.host} for 4.00 USD a renewal?`);
  });

  it("uses the limit and the pace of the start, says so, and lets an option given now win", async () => {
    const server = await serveAccount({ balance: 500 });
    const ledger = join(dirname(await fileWith("")), "run.jsonl");
    const base = ["--base-url", server.url];
    const start = [
      "--max-price",
      "5",
      "--rate",
      "50",
      "--no-read-back",
      "--chunk-size",
      "1",
      "--concurrency",
      "1",
    ];
    const left = await killedAt(6, ["on", "111", "222", "--yes", ...start, "--ledger", ledger, ...base]);
    const resume = ["on", "--yes", "--resume", left, ...base];
    const note =
      "Options kept from the start of the run: --max-price 5.00 --no-read-back --chunk-size 1 --concurrency 1 --rate 50";
    // What is left costs 4 now, and the whole run 6.
    server.account.prices = { 30: 2 };
    expect(await runJson(resume)).toMatchObject({
      exitCode: 8,
      error: { message: expect.stringContaining("costs 6.00 USD, more than --max-price 5.00 USD") },
      notes: [note],
    });
    expect(await refusalOf([...resume, "--no-preview"])).toContain("The run began with --max-price 5");
    const { exitCode, notes, result, stderr } = await runJson([...resume, "--max-price", "6"]);
    expect(notes).toEqual([note.replace("--max-price 5.00 ", "")]);
    expect(stderr).toContain(" after one renewal of this order.\n");
    expect(stderr).toContain("\nWith the finished orders: 6.00 USD, within --max-price 6.00 USD.\n");
    expect({ exitCode, result }).toMatchObject({
      exitCode: 0,
      result: { summary: { changed: 1, doneBefore: 1 }, readBack: null },
    });
  });

  it("has no way past a limit for orders without a price, except those that do not exist any more", async () => {
    const server = await serveAccount();
    const ledger = join(dirname(await fileWith("")), "run.jsonl");
    const base = ["--yes", "--chunk-size", "1", "--concurrency", "1", "--base-url", server.url];
    const left = await killedAt(6, ["on", "111", "222", "--max-price", "5", "--ledger", ledger, ...base]);
    const resume = ["on", "--resume", left, ...base];
    server.account.instead = (response, { url }) => {
      if (!url.includes("/calculate/")) return false;
      answer(response, failure(35, "Unknown"));
      return true;
    };
    const { error } = await runJson([...resume, "--force"]);
    expect(error?.whatToDo).toBe("A resume keeps --max-price: switch what is left in a new run.");
    delete server.account.instead;
    delete server.account.orders["222"];
    expect(await runJson([...resume, "--force"])).toMatchObject({
      exitCode: 6,
      result: { left: 0, summary: { doneBefore: 1, refused: 1 } },
    });
  });

  it("takes no orders beside the ledger", async () => {
    const { ledger, resume } = await interruptedRun();
    for (const more of [["11"], ["--file", "x"], ["--type", "ISP"], ["--days", "30"]]) {
      expect(await refusalOf([...resume, ledger, ...more])).toContain("takes orders, types and periods from");
    }
  });

  it("refuses a ledger of another command or another host, and says which", async () => {
    const { ledger, resume, server } = await interruptedRun();
    expect(await refusalOf(["on", "--yes", "--base-url", server.url, "--resume", ledger])).toContain(
      `records a run of auto-extend off. Resume it with auto-extend off --resume ${ledger}.`,
    );
    const elsewhere = resume.with(resume.indexOf("--base-url") + 1, "http://127.0.0.1:1");
    expect(await refusalOf([...elsewhere, ledger])).toContain("not at 127.0.0.1:1");
    expect(server.seen).toHaveLength(2);
  });

  it("refuses a ledger whose plan is damaged, and other files", async () => {
    const { ledger, resume, server } = await interruptedRun();
    const whole = await readFile(ledger, "utf8");
    const [header = "", plan = "", planned = ""] = whole.split("\n");
    const refused = async (content: string) => refusalOf([...resume, await fileWith(content)]);
    expect(await refused(whole.replace('"id":"1"', '"id":"7"'))).toContain("damaged in line 2");
    expect(await refused(`${header}\n${planned}\n`)).toContain("damaged in line 2");
    expect(await refused(`${header}\n${plan}\n`)).toContain("damaged at its end");
    expect(await refused(`${header}\n${plan.slice(0, 50)}`)).toContain("damaged at its end");
    expect(await refused(sealed({ ledger: 3 }))).toContain(
      "not a ledger of this version of auto-extend, or its first line is damaged",
    );
    expect(await refused(`${whole}${sealed({ at: "", group: 0, begun: [[98, 99]] })}`)).toContain(
      "damaged in line",
    );
    expect(await refused("")).toContain("not a ledger");
    expect(await refused("orderId\n1\n2\n")).toContain("not a ledger of this version");
    expect(await refusalOf([...resume, `${ledger}.none`])).toContain("there is no such file");
    expect(await refusalOf([...resume, "-"])).toContain("A ledger needs a file path; - is not supported.");
    const folder = join(dirname(ledger), "folder");
    await mkdir(folder);
    expect(await refusalOf([...resume, folder])).toContain("not a regular file");
    expect(server.seen).toHaveLength(2);
  });

  it("sends nothing if the ledger went away while it was asked", async () => {
    const server = await provider();
    const { argv, ledger } = await tenIds(server.url);
    const started = ["on", ...argv.slice(1), "--ledger", ledger, "--yes"];
    const left = await killedAt(2, started);
    const before = server.seen.length;
    const resume = ["on", "--no-preview", "--base-url", server.url, "--resume", left];
    const confirm = async () => {
      await rm(left);
      return true;
    };
    expect(await refusalOf(resume, { terminal: true, confirm })).toContain("there is no such file");
    expect(server.seen).toHaveLength(before);
  });

  it("can run twice at once without harm", async () => {
    const { ledger, resume } = await interruptedRun();
    const both = await Promise.all([runJson([...resume, ledger]), runJson([...resume, ledger])]);
    for (const { exitCode, error } of both) {
      if (exitCode !== 0) expect(error?.message).toContain("another run or an undo has written to it");
    }
    const { exitCode, result } = await runMany([...resume, ledger]);
    expect({ exitCode, done: result.summary.changed + result.summary.doneBefore }).toEqual({
      ...{ exitCode: 0, done: 10 },
    });
  });

  it("sends nothing that another resume has sent since the ledger was read", async () => {
    const server = await provider();
    const { argv, ledger } = await tenIds(server.url);
    const left = await killedAt(2, ["on", ...argv.slice(1), "--ledger", ledger, "--yes"]);
    const resume = ["on", "--no-preview", "--base-url", server.url, "--resume", left];
    let sent = 0;
    const confirm = async () => {
      await runMany([...resume, "--yes"]);
      sent = server.seen.length;
      return true;
    };
    expect(await refusalOf(resume, { terminal: true, confirm })).toContain(
      "another run or an undo has written to it. Nothing was sent. Let that one end",
    );
    expect(server.seen).toHaveLength(sent);
  });

  it("stops before the next chunk if another resume continues the ledger meanwhile", async () => {
    const { ledger, resume, server } = await interruptedRun();
    const { fetch } = globalThis;
    const before = server.seen.length;
    const { error, result, exitCode } = await runMany([...resume, ledger], {
      async fetch(input, init) {
        if (server.seen.length === before) await appendFile(ledger, "\n");
        return fetch(input, init);
      },
    });
    expect(server.seen).toHaveLength(before + 1);
    expect(exitCode).toBe(6);
    expect(result).toMatchObject({ stopped: "ledger" });
    expect(error?.message).toMatch(
      /^The run stopped\. .* has changed since this run read it: another run or an undo has written to it\.$/,
    );
  });
});
