import type { SetAutoExtendRequest } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { runJson, type Surroundings } from "./support/cli.js";
import { fileWith } from "./support/folder.js";

const dryRun = ["off", "--type", "IPv4", "--days", "30", "--dry-run"];

/** The order IDs that a dry run would send, and what it notes; or the message of its refusal. */
async function orderIdsOf(argv: readonly string[], surroundings: Surroundings = {}) {
  const output = await runJson([...dryRun, ...argv], surroundings);
  if (output.error) return { exitCode: output.exitCode, refusal: output.error.message };
  const { result, notes } = output;
  return { orderIds: requestIn(result)?.orderIds, notes };
}

function requestIn(result: object | null) {
  return (result as { request?: SetAutoExtendRequest | null } | null)?.request;
}

const from = async (content: string | Uint8Array) => orderIdsOf(["--file", await fileWith(content)]);

describe("the order IDs", () => {
  it("are trimmed and keep their order, those of a file after the others", async () => {
    const file = await fileWith("333\n 444 \n");
    expect(await orderIdsOf([" 222 ", "111", "--file", file])).toEqual({
      orderIds: ["222", "111", "333", "444"],
      notes: [],
    });
  });

  it("are sent once each, with a note", async () => {
    expect(await orderIdsOf(["111", "222", "111", " 111"])).toEqual({
      orderIds: ["111", "222"],
      notes: ["Dropped 2 duplicate order IDs."],
    });
  });

  it("are refused if they look like an order number, with the reason", async () => {
    expect(await orderIdsOf(["111", "number-112233"])).toEqual({
      exitCode: 2,
      refusal: "number-112233 is an order number, which buying an order returns; an order ID is required.",
    });
  });

  it("are refused if a comma separates them, typed or in a file, with a hint", async () => {
    const refusal = { exitCode: 2, refusal: '"111,222" contains a comma, which order IDs do not.' };
    expect(await orderIdsOf(["111,222"])).toEqual(refusal);
    expect(await from('"111,222"\n')).toEqual({
      exitCode: 2,
      refusal: expect.stringMatching(/^Line 1 of .*: "111,222" contains a comma/),
    });
    expect((await runJson([...dryRun, "111,222"])).error?.whatToDo).toContain("by spaces");
  });

  it.each([
    ["111\u200b", "an invisible character", "111\\u200b"],
    ["111\u0000", "an invisible character", "111\\u0000"],
    ['{"orderId":"111"}', "JSON or HTML", '{"orderId":"111"}'],
    ["<td>111", "JSON or HTML", "<td>111"],
    ["'111", "a sign of a spreadsheet", "'111"],
    ['="111"', "a sign of a spreadsheet", '="111"'],
  ])("are refused if they contain what no order ID does: %j", async (text, what, shown) => {
    const refusal = `"${shown}" contains ${what}, which order IDs do not.`;
    expect(await orderIdsOf([text])).toEqual({ exitCode: 2, refusal });
  });

  it.each<readonly [string, string]>([
    ["111;222", "looks like several order IDs, and not like an order ID."],
    ["111|222", "looks like several order IDs, and not like an order ID."],
    ...["ids.TXT", "lists/ids", "C:\\ids", "~ids", "@ids", "-"].map(
      (name) => [name, "looks like the name of a file, and not like an order ID."] as const,
    ),
  ])("are refused if they are typed and plainly something else: %s", async (typed, looks) => {
    const { exitCode, error } = await runJson([...dryRun, typed]);
    expect({ exitCode, message: error?.message }).toEqual({ exitCode: 2, message: `"${typed}" ${looks}` });
    expect(error?.whatToDo).toContain("with --file FILE");
    expect(await from(`orderId\n"${typed}"\n`)).toMatchObject({ orderIds: [typed] });
  });

  it.each([
    ["30", "a rental period", "--days"],
    ["isp", "a proxy type", "--type"],
  ])("are refused if they are typed and belong behind an option: %s", async (typed, meant, option) => {
    const { exitCode, error } = await runJson(["on", "111", typed, "--base-url", "http://127.0.0.1:9"]);
    expect(exitCode).toBe(2);
    expect(error?.message).toBe(`"${typed}" looks like ${meant}, and not like an order ID.`);
    expect(error?.whatToDo).toBe(`Use ${option} ${typed}.`);
  });

  it.each(["111\t222", "11111  IPv4            1  DE       29d 23h  off            30"])(
    "are refused if a blank separates them, as in quotes or in lines of a table: %j",
    async (text) => {
      const refused = expect.stringContaining(" contains a blank, which order IDs do not.");
      expect(await orderIdsOf([text])).toEqual({ exitCode: 2, refusal: refused });
      expect(await from(`"${text}"\n`)).toEqual({ exitCode: 2, refusal: refused });
    },
  );

  it("are refused if there are none, or one is empty", async () => {
    expect(await orderIdsOf([])).toEqual({ exitCode: 2, refusal: "There is no order ID." });
    expect(await from("# nothing yet\n\n")).toMatchObject({
      exitCode: 2,
      refusal: expect.stringContaining("There is no order ID in"),
    });
    expect(await orderIdsOf([""])).toMatchObject({
      exitCode: 2,
      refusal: "An order ID is empty, as when a shell variable is not set.",
    });
  });

  it("are refused if they continue on another line, typed or in a file", async () => {
    const refusal = { exitCode: 2, refusal: '"111" continues on another line, which order IDs do not.' };
    expect(await orderIdsOf(["111\n222"])).toEqual(refusal);
    expect(await from('"111\n222"\n')).toEqual({
      exitCode: 2,
      refusal: expect.stringMatching(/^Line 2 of .*: "111" continues on another line/),
    });
  });

  it("are sent in chunks if they are many, and refused if a chunk would be larger than 2 MiB", async () => {
    const ids = Array.from({ length: 30_000 }, (_, index) => `${index}-${"0".repeat(250)}`);
    expect((await runJson([...dryRun, ...ids])).result).toMatchObject({ groups: [{ chunks: 300 }] });
    const { error } = await runJson([...dryRun, ...ids, "--chunk-size", "10000"]);
    expect(error?.message).toMatch(/^10,000 order IDs in a chunk can make a request of more than 2 MiB/);
  });
});

describe("a file of order IDs", () => {
  it("has one a line, with comments, blank lines, a byte order mark and CRLF", async () => {
    expect(await from("\ufeff# mine\r\n111\r\n\r\n  # more\r\n222")).toMatchObject({
      orderIds: ["111", "222"],
    });
  });

  it.each(["orderId", "ORDER_ID"])("is CSV with a column named %s", async (name) => {
    const csv = `country,"${name}",note\nDE,111,"one, ""two"""\n"FR","222",\n,,\n`;
    const notes = [expect.stringMatching(/^Columns of .* that are not used: country, note\.$/)];
    expect(await from(csv)).toEqual({ orderIds: ["111", "222"], notes });
  });

  it("may separate its columns with semicolons or tabs", async () => {
    expect(await from("note;orderId\nx;111\n")).toMatchObject({ orderIds: ["111"] });
    expect(await from("note\torderId\nx\t111\n")).toMatchObject({ orderIds: ["111"] });
  });

  it.each([
    ["several columns, none of them headed orderId", "country,Order\nDE,111\n", "Line 1", "country, Order"],
    ["one line of IDs", "111,222", "Line 1", "111, 222"],
    ["a line of several IDs among the others", "111\n222,333\n", "Line 2", "222, 333"],
  ])("is refused with %s, since the ID may be in any", async (_, content, line, columns) => {
    const file = await fileWith(content);
    const { exitCode, error } = await runJson([...dryRun, "--file", file]);
    expect(exitCode).toBe(2);
    expect(error?.message).toBe(
      `${line} of ${file} has 2 columns (${columns}), and no heading says which one has the order IDs.`,
    );
    expect(error?.whatToDo).toBe("Name that column orderId, or list one order ID a line.");
  });

  it("is refused with a row that has more columns than headings, a long one cut short", async () => {
    const { exitCode, refusal } = await from(`orderId\n111,${"2".repeat(200)}\n`);
    expect(exitCode).toBe(2);
    expect(refusal).toMatch(/^Line 2 of .* has 2 columns \(111, 2{92}\.\.\.\), and its headings name 1\.$/);
  });

  it("must have an order ID in every row", async () => {
    expect(await from("country,orderId\nDE,111\nFR,\n")).toMatchObject({
      exitCode: 2,
      refusal: expect.stringMatching(/^Line 3 of .* has no order ID\.$/),
    });
  });

  it("is refused if its quotes are broken, it is not UTF-8, does not exist, or is too large", async () => {
    expect(await from('111\n"222\n333\n444\n')).toMatchObject({
      refusal: expect.stringContaining("has a quote that is never closed, below line 1."),
    });
    expect(await from('{"ledger":3,"at":"2030-01-01"}\n')).toMatchObject({
      refusal: expect.stringContaining("is the ledger of a run."),
    });
    expect(await from(Uint8Array.of(0xff, 0xfe, 0x31, 0))).toMatchObject({
      refusal: expect.stringContaining("it is not UTF-8 text"),
    });
    const utf16 = await fileWith(Uint8Array.of(0xff, 0xfe, 0x31, 0));
    expect((await runJson([...dryRun, "--file", utf16])).error?.whatToDo).toContain("CSV UTF-8");
    expect(await orderIdsOf(["--file", "/no/such/file"])).toEqual({
      exitCode: 2,
      refusal: "/no/such/file cannot be read: there is no such file or folder.",
    });
    expect(await orderIdsOf(["--file", "x".repeat(1000)])).toMatchObject({
      exitCode: 2,
      refusal: expect.stringContaining("cannot be read"),
    });
    expect(await from(new Uint8Array(16 * 1024 * 1024 + 1).fill(0x31))).toMatchObject({
      exitCode: 2,
      refusal: expect.stringMatching(/is too long for a row of order IDs/),
    });
  });

  it("is stdin if it is named -", async () => {
    expect(await orderIdsOf(["000", "--file", "-"], { stdin: "111\n222\n" })).toMatchObject({
      orderIds: ["000", "111", "222"],
    });
  });
});
