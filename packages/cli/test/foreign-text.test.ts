import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type AccountServer, address, serveAccount } from "./support/account.js";
import { runCli } from "./support/cli.js";
import { fileWith } from "./support/folder.js";
import { answer, failure } from "./support/server.js";

const hidden = "\u001b[8m";
/** Texts that a terminal would obey, or that would forge a line. */
const hostile = `${hidden}DE\u202e\u009b31m\r\nnote: forged`;

/** An account whose orders, countries and messages are hostile. */
async function serveHostile() {
  const server = await serveAccount();
  server.account.orders = {
    "111": { type: "IPv4", addresses: [address("1", { country: hostile })] },
    [`9${hostile}\n777`]: { type: "IPv4", addresses: [address("2", { autoExtend: true })] },
  };
  server.account.instead = (response, { url }) => {
    if (!/calculate|auto$/.test(url)) return false;
    answer(response, failure(25, hostile));
    return true;
  };
  return server;
}

/** The ledger of a run that `undo` undoes, or that `off` resumes: its order was refused with a hostile message. */
async function ledgerFor(command: string, server: AccountServer): Promise<string> {
  const { instead } = server.account;
  const ledger = join(dirname(await fileWith("")), "run.jsonl");
  if (command === "undo") server.account.instead = () => false;
  const run = command === "undo" ? ["on", "--days", "30", "--yes"] : ["off"];
  const argv = [...run, "111", "--ledger", ledger, "--base-url", server.url];
  expect(await runCli(argv)).toMatchObject({ exitCode: command === "undo" ? 0 : 1 });
  if (instead) server.account.instead = instead;
  return ledger;
}

describe("text from a server", () => {
  it.each([["price", "111"], ["orders"], ["off", "111", "--yes"]])(
    "is not printed without a limit, also in a success: %s",
    async (...argv) => {
      const long = "A".repeat(700_000);
      const server = await serveAccount();
      server.account.orders = {
        "111": { type: "IPv4", addresses: [address(long, { country: long, autoExtend: true })] },
      };
      server.account.instead = (response, { url }) => {
        if (!url.includes("/calculate/")) return false;
        const warnings = [{ code: 99, message: long }];
        answer(response, { success: true, proxyType: "IPv4", price: 1, balance: 0, error: null, warnings });
        return true;
      };
      server.account.stubborn.add("111");
      const { stdout, stderr } = await runCli([...argv, "--base-url", server.url]);
      expect(stdout.length + stderr.length).toBeLessThan(20_000);
      expect(stdout + stderr).toMatch(/A{20,}\.\.\./);
    },
  );

  it.each([
    ["orders", []],
    ["balance", []],
    ["periods", []],
    ["price", ["111", "--promo-code", "X"]],
    ["orders", ["--csv"]],
    ["orders", ["--ids"]],
    ["orders", ["--json"]],
    ["orders", ["--country", "XX"]],
    ["price", ["111"]],
    ["on", ["111", "--days", "30", "--yes", "--force"]],
    ["off", ["111"]],
    ["off", ["111", "--json"]],
    ["forecast", []],
    ["forecast", ["--json"]],
    ["doctor", []],
    ["doctor", ["--json"]],
    ["undo", ["LEDGER", "--yes"]],
    ["undo", ["LEDGER", "--yes", "--json"]],
    ["off", ["--resume", "LEDGER"]],
    ["off", ["--resume", "LEDGER", "--json"]],
    ["off", ["111", "--dry-run"]],
    ["verify", ["--only", "setAutoExtend/", "--verbose"]],
    ["verify", ["--only", "setAutoExtend/", "--json"]],
  ])("cannot take over the terminal: %s %j", async (command, options) => {
    const server = await serveHostile();
    const env = { FORCE_COLOR: "1" };
    const ledger = options.includes("LEDGER") ? await ledgerFor(command, server) : "";
    const given = options.map((option) => option.replace("LEDGER", ledger));
    for (const terminal of [false, true]) {
      const argv = [command, ...given, "--base-url", server.url];
      const { stdout, stderr } = await runCli(argv, { env, terminal, stdoutIsTTY: terminal });
      for (const text of [stdout, stderr]) {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours are allowed.
        const own = text.replace(/\u001b\[(0|1|2|22|3[123]|39)m/g, "").replace(/\r?\u001b\[K|\r/g, "");
        expect(own).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
        expect(own).not.toMatch(/^note: forged/m);
      }
    }
  });

  it.each([
    ["price", ["111", "--promo-code", "X"]],
    ["on", ["111", "--yes"]],
    ["off", ["111"]],
    ["off", ["111", "222", "--verbose"]],
    ["forecast", ["--if-on", "111"]],
  ])("forges no line, whatever field of a success it is in: %s %j", async (command, options) => {
    const server = await serveAccount({ prices: { 30: 0.8 } });
    server.account.orders = {
      "111": { type: "IPv4", addresses: [address(`1${hostile}`, { country: hostile })] },
    };
    server.account.stubborn.add("111");
    const { fetch } = globalThis;
    const argv = [command, ...options, "--base-url", server.url];
    const { stdout, stderr } = await runCli(argv, {
      async fetch(input, init) {
        const text = await (await fetch(input, init)).text();
        const body = JSON.stringify(JSON.parse(text), (key, value) => {
          if (/^(currency|currencyCode|promoCodeStatus|ipAddressIp)$/.test(key)) return hostile;
          return key === "warnings" ? [{ code: 16, message: hostile }] : value;
        });
        return new Response(body, { headers: { "content-type": "application/json" } });
      },
    });
    expect(stdout + stderr).not.toMatch(/^note: forged/m);
    expect(stdout + stderr).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u);
  });

  it.each(["\u2800", "\u3164", "\u115f\u1160", "\u00a0", "\u3000 "])(
    "does not look like an empty cell: %j",
    async (country) => {
      const server = await serveAccount();
      server.account.orders = { "111": { type: "IPv4", addresses: [address("1", { country })] } };
      const { stdout } = await runCli(["orders", "--base-url", server.url]);
      expect(stdout).toContain(`\\u${country.charCodeAt(0).toString(16).padStart(4, "0")}`);
    },
  );

  it("may have blanks of any kind between its words", async () => {
    const server = await serveAccount();
    const country = "C\u00f4te\u00a0d'Ivoire";
    server.account.orders = { "111": { type: "IPv4", addresses: [address("1", { country })] } };
    expect((await runCli(["orders", "--base-url", server.url])).stdout).toContain(country);
  });

  it("does not become the IDs of other orders in orders --ids, if an ID has a line end", async () => {
    const server = await serveHostile();
    const { stdout, stderr } = await runCli(["orders", "--ids", "--base-url", server.url]);
    expect(stdout).toBe("111\n");
    expect(stderr).toContain("note: 1 order is left out: its ID has characters that cannot be printed.\n");
    expect(stdout).not.toMatch(/^777$/m);
  });
});
