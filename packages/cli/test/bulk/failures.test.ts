import { lstat, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { csvLine, harmlessCell, originalCell } from "../../src/app/format.js";
import { runCli } from "../support/cli.js";
import { fileWith } from "../support/folder.js";
import { deadUrl } from "../support/server.js";
import { ids, provider } from "./provider.js";
import { offIPv4, refusalOf, runMany } from "./runs.js";

/** A provider that refuses the orders whose IDs end in 3. */
const refusing3 = () => provider({ codeOf: (id) => (id.endsWith("3") ? 29 : undefined) });

describe("what failed", () => {
  it("is not offered to be continued if a resume would send none of it", async () => {
    const server = await provider({ codeOf: (id) => (id === "1" ? 29 : undefined) });
    const file = await fileWith("1\n2\n");
    const ledger = `${file}.jsonl`;
    const run = await runCli([...offIPv4, "--file", file, "--ledger", ledger, "--base-url", server.url]);
    expect(run).toMatchObject({ exitCode: 6, stderr: expect.not.stringContaining("To continue") });
  });

  it("comes out on stdout as CSV, in the order of the input, and nothing else does", async () => {
    const server = await refusing3();
    const argv = [...offIPv4, "--file", await fileWith(`${ids(30).join("\n")}\n`), "--base-url", server.url];
    const { exitCode, stdout } = await runCli(argv);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 6,
      stdout: [
        "type,orderId,days,outcome,code,message",
        "IPv4,3,30,refused,29,error 29",
        "IPv4,13,30,refused,29,error 29",
        "IPv4,23,30,refused,29,error 29",
        "",
      ].join("\n"),
    });
  });

  it("can be fed back as it is, without --type and --days", async () => {
    const server = await refusing3();
    const csv = await fileWith("days,type,orderId\n30,ISP,3\n30,ISP,4\n90,IPv4,13\n");
    const failed = await fileWith("", "failed.csv");
    const first = await runMany([
      "off",
      "--no-preview",
      "--no-read-back",
      "--file",
      csv,
      "--base-url",
      server.url,
      "--failures",
      failed,
    ]);
    expect(first.result).toMatchObject({ summary: { changed: 1, refused: 2 }, failuresFile: failed });
    const healed = await provider();
    const { result } = await runMany([
      "off",
      "--no-preview",
      "--no-read-back",
      "--file",
      failed,
      "--base-url",
      healed.url,
    ]);
    expect(result.summary).toMatchObject({ given: 2, changed: 2 });
    expect(healed.seen.map(({ body }) => body)).toMatchObject([
      { proxyType: "ISP", orderIds: ["3"], rentPeriodDays: 30 },
      { proxyType: "IPv4", orderIds: ["13"], rentPeriodDays: 90 },
    ]);
  });

  it("comes back the same, whatever the IDs look like, and is no formula in a spreadsheet", async () => {
    const odd = [
      "=1+1",
      "+1",
      "-1",
      "@a",
      "'=1",
      "''@a",
      "'plain",
      "#1",
      'a"b',
      "a;b",
      "x1",
      "\uff1d1",
      "\uff0b1",
      "\uff20a",
      "na\u00efve\u2602",
    ];
    const failed = await fileWith("", "failed.csv");
    const list = await fileWith(odd.map((id) => csvLine([id])).join(""));
    const dead = ["--base-url", await deadUrl()];
    await runCli([...offIPv4, "--file", list, ...dead, "--failures", failed]);
    const rows = (await readFile(failed, "utf8")).trimEnd().split("\n").slice(1);
    expect(rows).toHaveLength(odd.length);
    for (const row of rows) expect(row).toMatch(/^IPv4,"?(?![=+@-])/);
    const server = await provider();
    await runMany(["off", "--no-preview", "--no-read-back", "--file", failed, "--base-url", server.url]);
    expect(server.sent.flat()).toEqual(odd);
  });

  it.each(["=1", "'=1", "''+", "-", "a", "'", "'a", "", "\t=1", "\r=1", "\uff1d1", "\uff0d"])(
    "has cells that lose nothing: %j",
    (text) => {
      expect(harmlessCell(text)).not.toMatch(/^[=+\-@\t\r\uff1d\uff0d]/);
      expect(originalCell(harmlessCell(text))).toBe(text);
    },
  );

  it("is cut short on a terminal, which a long list would flood", async () => {
    const argv = [...offIPv4, "--base-url", await deadUrl(), "--file"];
    const many = await runCli([...argv, await fileWith(`${ids(21).join("\n")}\n`)], { stdoutIsTTY: true });
    expect(many.stdout.trimEnd().split("\n")).toHaveLength(1 + 10);
    expect(many.stderr).toContain("note: 10 of 21 failures are shown; --failures FILE writes them all");
    const few = await runCli([...argv, await fileWith(`${ids(10).join("\n")}\n`)], { stdoutIsTTY: true });
    expect(few.stdout.trimEnd().split("\n")).toHaveLength(1 + 10);
    expect(few.stderr).not.toContain("are shown");
  });

  it("is shown by --json up to a bound, with how many there are", async () => {
    const file = await fileWith(`${ids(1200).join("\n")}\n`);
    const argv = [...offIPv4, "--file", file, "--base-url", await deadUrl()];
    const { result, notes } = await runMany(argv);
    expect(result.failures.map(({ orderId }) => orderId)).toEqual(ids(1000));
    expect(result.failureCount).toBe(1200);
    expect(notes).toEqual(["1,000 of 1,200 failures are shown; --failures FILE writes them all."]);
    const written = await runMany([...argv, "--failures", await fileWith("")]);
    expect(written.notes).toEqual(["1,000 of 1,200 failures are shown."]);
  });
});

/** Those of an earlier run, as a spreadsheet saves them. */
const oldFailures = "\uFEFFtype;orderId;days;outcome;code;message\r\nIPv4;9;30;refused;29;error 29\r\n";

describe("--failures", () => {
  it("replaces the file as a whole, and leaves nothing else behind", async () => {
    const server = await refusing3();
    const file = await fileWith("type,orderId,days\nISP,3,30\nISP,4,30\n", "orders.csv");
    const failed = join(dirname(file), "failed.csv");
    await writeFile(failed, oldFailures);
    const { stdout, stderr } = await runCli([
      "off",
      "--no-preview",
      "--no-read-back",
      "--file",
      file,
      "--base-url",
      server.url,
      "--failures",
      failed,
    ]);
    expect(stdout).toBe("");
    expect(stderr).toContain(
      `The failures are in ${failed}, in place of what was in it; --file takes it as it is.`,
    );
    expect(await readFile(failed, "utf8")).toBe(
      "type,orderId,days,outcome,code,message\nISP,3,30,refused,29,error 29\n",
    );
    expect((await readdir(dirname(file))).sort()).toEqual(["failed.csv", "orders.csv"]);
  });

  it("has the headings alone if nothing failed, so that nobody takes an old file for this run's", async () => {
    const server = await provider();
    const failed = await fileWith(oldFailures);
    const argv = [
      ...offIPv4,
      "--file",
      await fileWith("1\n"),
      "--base-url",
      server.url,
      "--failures",
      failed,
    ];
    expect((await runMany(argv)).exitCode).toBe(0);
    expect(await readFile(failed, "utf8")).toBe("type,orderId,days,outcome,code,message\n");
  });

  it("keeps a link, and a device what it is", async () => {
    const server = await refusing3();
    const target = await fileWith(oldFailures, "target.csv");
    const link = join(dirname(target), "link.csv");
    await symlink(target, link);
    const argv = [...offIPv4, "--file", await fileWith("3\n"), "--base-url", server.url, "--failures"];
    await runMany([...argv, link]);
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readFile(target, "utf8")).toContain("IPv4,3,30,refused");
    await runMany([...argv, "/dev/null"]);
    expect((await stat("/dev/null")).isCharacterDevice()).toBe(true);
  });

  it("is refused before anything is sent if it cannot be written", async () => {
    const server = await provider();
    const file = await fileWith("1\n");
    const argv = [...offIPv4, "--file", file, "--base-url", server.url, "--failures"];
    expect(await refusalOf([...argv, dirname(file)])).toContain("cannot be written: it is a folder");
    expect(await refusalOf([...argv, join(dirname(file), "none", "failed.csv")])).toContain("no such folder");
    expect(await refusalOf([...argv, join(file, "x")])).toContain("a part of its path is not a folder");
    expect(await refusalOf([...argv, "x".repeat(300)])).toContain("its name is too long");
    expect(server.seen).toEqual([]);
  });

  it.each([
    [undefined, 74],
    [29, 1],
  ])("that fails at the end goes to stdout instead (%s), with exit code %i", async (code, exitCode) => {
    const folder = join(dirname(await fileWith("")), "gone");
    await mkdir(folder);
    const server = await provider({ codeOf: () => code });
    const { fetch } = globalThis;
    const argv = [...offIPv4, "--file", await fileWith("1\n"), "--base-url", server.url];
    const ended = await runCli([...argv, "--failures", join(folder, "failed.csv")], {
      async fetch(input, init) {
        await rm(folder, { recursive: true });
        return fetch(input, init);
      },
    });
    expect(ended.exitCode).toBe(exitCode);
    expect(ended.stderr).toContain("failed.csv could not be written: there is no such file or folder");
    expect(ended.stdout).toBe(
      code ? "type,orderId,days,outcome,code,message\nIPv4,1,30,refused,29,error 29\n" : "",
    );
  });

  it("is not touched if the run is refused", async () => {
    const failed = await fileWith(oldFailures);
    await writeFile(failed, oldFailures);
    await refusalOf([...offIPv4, "--file", await fileWith("NUMBER-1\n"), "--failures", failed]);
    expect(await readFile(failed, "utf8")).toBe(oldFailures);
  });
});
