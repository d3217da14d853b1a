import { readdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { exitCodeMeanings, exitCodes } from "@auto-extend/cli";
import { proxyTypes } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { canary, offIPv4, runCli, runJson } from "./support/cli.js";
import { serveSuccess } from "./support/server.js";

/** As the help lists them: by group, and by name within one. */
const commands = [
  ...["off", "on", "orders", "undo"],
  ...["balance", "forecast", "periods", "price"],
  ...["doctor", "verify"],
  ...["completion", "errors", "openapi"],
];

describe("an option that takes no value", () => {
  it.each(["--verbose", "--allow-http"])("says so if it gets one: %s", async (option) => {
    const { exitCode, stderr } = await runCli(["balance", `${option}=1`]);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: `error: ${option} takes no value.\nRun auto-extend balance --help for help.\n`,
    });
  });
});

describe("the help", () => {
  it("shows the commands, the options of all of them, and examples", async () => {
    const { exitCode, stdout, stderr } = await runCli(["--help"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const [, listed = ""] = /\nOrders:\n(.*)\nExamples:\n/s.exec(stdout) ?? [];
    expect(listed.match(/(?<=^ {2})[a-z]+|^\w+:$/gm)).toEqual([
      ...commands.slice(0, 4),
      ...["Costs:", ...commands.slice(4, 8)],
      ...["Servers:", ...commands.slice(8, 10)],
      ...["More:", ...commands.slice(10), "help"],
    ]);
    expect(stdout).toContain("--base-url");
    expect(await runCli(["-h"])).toEqual({ exitCode, stdout, stderr });
    expect(await runCli(["help"])).toEqual({ exitCode, stdout, stderr });
  });

  it("has every command that is defined: a file, and a line in the list of them", async () => {
    const folder = new URL("../src/commands/", import.meta.url);
    const files = (await readdir(folder)).map((name) => (name.endsWith(".ts") ? name : `${name}/index.ts`));
    const modules = await Promise.all(files.map((file) => import(new URL(file, folder).href)));
    const defined = modules.flatMap((module) => Object.values<{ name: string }>(module));
    expect([...new Set(defined.map(({ name }) => name))].sort()).toEqual(commands.toSorted());
  });

  it.each([
    ["nonsense", "--help"],
    ["-h", "nonsense"],
    ["--base-url", "http://on", "nonsense", "--version"],
  ])("is not shown for an unknown command: %s %s", async (...argv) => {
    const { exitCode, stdout, stderr } = await runCli(argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toBe((await runCli(["nonsense"])).stderr);
  });

  it("explains every exit code", async () => {
    const { exitCode, stdout } = await runCli(["help", "exit-codes"]);
    expect(exitCode).toBe(0);
    for (const [name, code] of Object.entries(exitCodes)) {
      const meaning = exitCodeMeanings[name as keyof typeof exitCodes];
      expect(stdout.replace(/\s+/g, " ")).toContain(`${code} ${meaning}`);
    }
  });

  it.each(commands)("of %s shows examples, and where the options of all commands are", async (command) => {
    const { exitCode, stdout } = await runCli([command, "--help"]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(new RegExp(`Examples:\\n(?:.*\\n)*?.*auto-extend ${command}`));
    expect(stdout).not.toContain("--base-url <url>");
    expect(stdout).toContain("Global options: auto-extend --help. Exit codes: auto-extend help exit-codes.");
    expect(await runCli(["help", command])).toMatchObject({ exitCode: 0, stdout });
  });

  it.each([undefined, 0, 80, 40])("fits a terminal of %s columns", async (columns) => {
    for (const argv of [
      ["--help"],
      ["help", "exit-codes"],
      ["errors"],
      ...commands.map((name) => [name, "-h"]),
    ]) {
      const { stdout } = await runCli(argv, { columns });
      const lines = stdout
        .split("\n")
        .filter((line) => !line.startsWith("Usage: ") && line.trim().includes(" "));
      expect(lines.filter((line) => line.length > (columns || 80))).toEqual([]);
    }
  });

  it("keeps examples whole in a narrow terminal, as the shell reads them", async () => {
    const { stdout } = await runCli(["on", "-h"], { columns: 40 });
    expect(stdout).toContain(
      "  auto-extend on --file orders.csv \\\n      --max-price 500 --ledger \\\n      run.jsonl\n",
    );
    expect((await runCli(["doctor", "-h"], { columns: 40 })).stdout).toContain(
      "  # the mock\n  auto-extend doctor --base-url \\\n      http://127.0.0.1:4010\n",
    );
  });

  it("names every proxy type", async () => {
    const { stdout } = await runCli(["on", "--help"]);
    for (const type of proxyTypes) expect(stdout).toContain(type);
  });

  it("of verify says that orders are restored, and shows no empty list as a default", async () => {
    const { stdout } = await runCli(["verify", "--help"]);
    expect(stdout.replace(/\s+/g, " ")).toContain("to switch and restore; without days: 30");
    expect(stdout).toContain("--order");
    expect(stdout).not.toContain("[]");
  });

  it("is pointed out with exit code 2 if no command is given", async () => {
    const { exitCode, stdout, stderr } = await runCli([]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toBe("error: No command was given.\nRun auto-extend --help for help.\n");
    expect(await runJson([])).toMatchObject({
      command: null,
      exitCode: 2,
      error: { name: "UsageError" },
      stderr: "",
    });
  });
});

it.each([["--version"], ["--help"], ["on", "-h"], ["help", "exit-codes"], ["help", "price"]])(
  "prints the text of %s %s as one document with --json",
  async (...argv) => {
    const { stdout: text } = await runCli(argv);
    const { command, ok, result } = await runJson(argv);
    expect({ command, ok, result }).toEqual({ command: null, ok: true, result: { text } });
    expect((await runCli([...argv, "--json"])).stdout).toContain('"exitCode": 0');
  },
);

it("prints its version", async () => {
  const { version } = createRequire(import.meta.url)("../package.json");
  for (const option of ["--version", "-V"]) {
    expect(await runCli([option])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: "" });
  }
});

describe("wrong usage", () => {
  it.each<[string, string[], string | RegExp]>([
    ["an unknown command", ["of"], 'Unknown command "of". Did you mean off or on?'],
    ["an unknown option", ["off", "--tipe", "IPv4"], 'Unknown option "--tipe"'],
    [
      "an option of a command before its name",
      ["--days", "30", "on", "111"],
      "--days is an option of on, and stands before its name.",
    ],
    ["an option of no command", ["--tipe", "IPv4", "on", "111"], 'Unknown option "--tipe".'],
    ["an empty ledger", ["undo", ""], "The ledger is empty, as when a shell variable is not set."],
    [
      "an unknown type",
      ["off", "--no-preview", "--no-read-back", "--type", "IPv5", "--days", "30", "111"],
      'Unknown proxy type "IPv5" (expected IPv4, IPv6, MOBILE or ISP).',
    ],
    [
      "days that are no number",
      ["off", "--no-preview", "--no-read-back", "--type", "IPv4", "--days", "3O", "111"],
      "must be a whole number",
    ],
    [
      "an amount with the thousands of some countries",
      ["on", "1", "--max-price", "40.000"],
      "Its last three digits can be decimals or not: write 40000 or 40.0000.",
    ],
    [
      "an amount with the decimals of some countries",
      ["on", "1", "--max-price", "24,480"],
      "Its last three digits can be decimals or not: write 24480 or 24.4800.",
    ],
    [
      "decimals behind a comma",
      ["on", "1", "--max-price", "0,024"],
      "must be an amount such as 500 or 12.50",
    ],
    ["an amount in words", ["on", "1", "--max-price", "ten"], "must be an amount"],
    ["a time of zero", ["errors", "--timeout", "0"], "must be a number of seconds"],
    ["an option given twice", [...offIPv4, "--type", "IPv6", "111"], "--type was given more than once."],
    [
      "an option of all commands given before and after one",
      ["--base-url", "http://127.0.0.1:9", "errors", "--base-url", "http://127.0.0.1:9"],
      "--base-url was given more than once.",
    ],
    ["help on an unknown command", ["help", "bogus"], 'Unknown help topic "bogus".'],
    [
      "orders for verify with a period that cannot be counted",
      ["verify", "--order", "IPv4:111:99999999999999999999"],
      "--order can't be",
    ],
    ["a file in place of orders for verify", ["verify", "--order", "IPv4:x.csv"], "the name of a file"],
    [
      "an empty order for verify",
      ["verify", "--order", "IPv4:111,,222"],
      "An order ID is empty, as when a shell variable is not set.",
    ],
    ["an option without its value", ["errors", "--timeout"], "--timeout needs a value."],
    ["an argument too many", ["errors", "1", "2"], "Too many arguments"],
    [
      "a base URL that is not a URL",
      [...offIPv4, "111", "--base-url", "youproxy.io"],
      "must begin with https:// (or http:// for this machine), such as http://127.0.0.1:4010.",
    ],
  ])("by %s ends with 2 and says what is wrong, for people and in --json", async (_, argv, message) => {
    const { exitCode, stdout, stderr } = await runCli(argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(/^error: /m);
    expect(stderr).toContain(message);
    expect(await runJson(argv)).toMatchObject({
      exitCode: 2,
      result: null,
      error: { name: "UsageError", message: expect.stringContaining(String(message)), effect: "none" },
    });
  });

  it.each([
    [["balance", "--base-url", "--json"], "balance", "--base-url needs a value, and --json follows it."],
    [["--timeout", "soon", "--json", "off", "1"], "off", "must be a number of seconds"],
    [["--json", "--timeout", "soon", "periods"], "periods", "must be a number of seconds"],
    [["on", "1", "--days", "--json"], "on", "--days needs a value, and --json follows it."],
    [["verify", "--order", "--json"], "verify", "--order needs a value, and --json follows it."],
    [["balance", "--json=true"], "balance", "--json takes no value."],
    [["--json=true", "balance"], "balance", "--json takes no value."],
  ])("by %j prints JSON that names the command", async (argv, command, message) => {
    const { exitCode, stdout } = await runCli(argv);
    const { command: named, error } = JSON.parse(stdout);
    expect({ exitCode, named }).toEqual({ exitCode: 2, named: command });
    expect(error.message).toContain(message);
  });

  // Commander takes a global option out of the arguments, so that the word behind it would become the value.
  it.each(
    Object.entries({
      off: ["--ledger", "--days", "--rate"],
      price: ["--promo-code"],
      orders: ["--sort"],
      forecast: ["--if-on"],
      verify: ["--order"],
    }).flatMap(([command, options]) => options.map((option) => [command, option] as const)),
  )("by a global option behind that of %s, %s, takes no word for its value", async (command, option) => {
    for (const flag of ["--json", "--no-color", "--base-url=http://127.0.0.1:9"]) {
      const { exitCode, stdout, stderr } = await runCli([command, option, flag, "11111", "22222"]);
      const message = `${option} needs a value, and ${flag.split("=")[0]} follows it.`;
      expect({ exitCode, text: stdout + stderr }).toEqual({
        exitCode: 2,
        text: expect.stringContaining(message),
      });
    }
  });

  it("by --file behind --if-on says that the file alone means its orders", async () => {
    const { stderr } = await runCli(["forecast", "--if-on", "--file", "orders.csv"]);
    expect(stderr).toContain("Remove --if-on: --file alone means the orders of the file.");
  });

  it("never repeats what stands behind an option that nobody knows", async () => {
    const { exitCode, stderr } = await runCli(["errors", `--token=${canary}'s`]);
    expect({ exitCode, stderr: stderr.split("\n")[0] }).toEqual({
      exitCode: 2,
      stderr: 'error: Unknown option "--token".',
    });
  });

  it.each([
    [["--api-key", "the-real-one"]],
    [["--api-key=the-real-one"]],
    [["--API_KEY=the-real-one"]],
    [["--apikey", "the-real-one"]],
  ])("by %j is refused with the reason and without the key", async (option) => {
    const argv = [...offIPv4, "111", ...option];
    const { exitCode, stdout, stderr } = await runCli(argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("other users of the machine can read it");
    expect(stderr).not.toContain("the-real-one");
  });
});

it("takes the options of all commands before and after the command", async () => {
  const server = await serveSuccess();
  const options = ["--base-url", server.url, "--timeout", "5"];
  const off = [...offIPv4, "111"];
  expect(await runJson([...options, ...off])).toMatchObject({ ok: true, host: server.host });
  expect(await runJson([...off, ...options])).toMatchObject({ ok: true, host: server.host });
});
