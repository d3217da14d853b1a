import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { amountText, moneyText } from "../src/app/format.js";
import { type CommandName, commands } from "../src/program/program.js";
import { serveAccount } from "./support/account.js";
import { runCli } from "./support/cli.js";
import { fileWith } from "./support/folder.js";

// Amounts have thousands separators in every text of every command: tables, questions, notes, errors and pages.

const days = ["--days", "30"];
/** The runs of each command; a word in capitals is a file. */
const runs: Record<CommandName, readonly string[][]> = {
  balance: [["balance"]],
  price: [
    ["price", "111", "222"],
    ["price", "111", ...days],
  ],
  forecast: [
    ["forecast", "--days", "400"],
    ["forecast", "--if-on", "111", "555", "--html", "PAGE"],
  ],
  on: [
    ["on", "111", "222", ...days],
    ["on", "111", "222", ...days, "--yes", "--max-price", "9,876,543,210.50", "--ledger", "LEDGER"],
    ["on", "111", "222", ...days, "--yes", "--max-price", "1234567.80"],
    ["on", "--resume", "LEDGER", "--yes"],
    ["on", "--resume", "LEDGER", "--no-preview"],
  ],
  off: [["off", "111", ...days]],
  undo: [["undo", "LEDGER", "--yes"]],
  orders: [["orders"]],
  periods: [["periods"]],
  doctor: [["doctor"]],
  verify: [["verify", "--only", "get-balance"]],
  errors: [["errors"], ["errors", "16"]],
  openapi: [],
  completion: [],
};

/** An amount of four digits or more before its point or its currency, without a separator. */
const unseparated = /.*(?<![\d.,:-])-?\d{4,}(?:\.\d\d+|(?= (?:KZT|USD|\u20b8))).*/g;

describe("money", () => {
  it.each<[number, string]>([
    [0, "0.00"],
    [999.5, "999.50"],
    [1000, "1,000.00"],
    [-1000, "-1,000.00"],
    [-999, "-999.00"],
    [-1234567.891, "-1,234,567.891"],
    [1234.000001, "1,234.000001"],
    [100, "100.00"],
    [1e21, "1,000,000,000,000,000,000,000.00"],
  ])("%d is %s", (amount, text) => {
    expect(amountText(amount)).toBe(text);
    expect(moneyText(amount, "\u20b8")).toBe(`${text} \u20b8`);
  });

  it.each([
    ["KZT", -1_234_567.89],
    ["\u20b8", -1_234_567.89],
    ["USD", 12_345_678.9],
  ])("has separators in every text, in %s, with a balance of %d", async (currency, balance) => {
    const server = await serveAccount({ currency, balance, prices: { 30: 1_234_567.8, 60: 2_345_678.91 } });
    const folder = dirname(await fileWith(""));
    const texts: string[] = [];
    const confirm = async (question: string) => texts.push(question) === 0;
    const env = { AUTO_EXTEND_BASE_URL: server.url };
    for (const argv of commands.flatMap(({ name }) => runs[name])) {
      const typed = argv.map((word) => (/^[A-Z]+$/.test(word) ? join(folder, word) : word));
      const { stdout, stderr } = await runCli(typed, { env, terminal: true, confirm });
      texts.push(stdout, stderr);
    }
    texts.push((await readFile(join(folder, "PAGE"), "utf8")).replace(/<[^>]*>/g, " "));
    const all = texts.join("\n");
    expect(all.match(unseparated)).toBeNull();
    // The walk has met amounts of every kind.
    const signs = balance < 0 ? ["short of one renewal", "Top up ", "is missing"] : ["after one renewal"];
    const amounts = [balance, 1_234_567.8].map((amount) => moneyText(amount, currency));
    for (const found of ["Switch 2 orders on ", "Within --max-price", ...signs, ...amounts]) {
      expect(all).toContain(found);
    }
  });
});
