import { describe, expect, it } from "vitest";
import { serveAccount } from "./support/account.js";
import { runCli, runJson } from "./support/cli.js";
import { fileWith } from "./support/folder.js";
import { serveSuccess, type TestServer } from "./support/server.js";

const on = [
  "on",
  "--no-preview",
  "--no-read-back",
  "--type",
  "MOBILE",
  "--days",
  "30",
  "111",
  "222",
  "--base-url",
];

describe("switching on", () => {
  it("asks on a terminal, naming host, type, orders, days and that it costs money", async () => {
    const server = await serveSuccess();
    const questions: string[] = [];
    const { exitCode } = await runCli([...on, server.url], {
      terminal: true,
      confirm: async (question) => questions.push(question) > 0,
    });
    expect(questions).toEqual([`Switch 2 orders on at ${server.host}? Each renewal costs money.`]);
    expect({ exitCode, sent: server.seen.length }).toEqual({ exitCode: 0, sent: 1 });
  });

  it("sends nothing and ends with 130 if the answer is no, with --json too", async () => {
    const server = await serveSuccess();
    const { stderr } = await runCli([...on, server.url], { terminal: true, confirm: async () => false });
    expect(stderr).toBe(`Host: ${server.host}\nCancelled. Nothing was sent.\n`);
    const output = await runJson([...on, server.url], { terminal: true, confirm: async () => false });
    expect(output).toMatchObject({ exitCode: 130, error: { name: "Declined", effect: "none" } });
    expect(server.seen).toEqual([]);
  });

  it("says before the question that a long run without a ledger can be neither resumed nor undone", async () => {
    const warning = "Without --ledger, this run can be neither resumed nor undone.\n";
    const many = ["3", "4", "5", "6", "7", "8", "9", "10", "11"];
    const answered = async (...argv: string[]) => {
      const server = await serveSuccess();
      const surroundings = { terminal: true, confirm: async () => false };
      return (await runCli([...on, server.url, ...argv], surroundings)).stderr;
    };
    expect(await answered(...many)).toContain(`${warning}Cancelled. Nothing was sent.\n`);
    expect(await answered(...many.slice(1))).not.toContain(warning);
    const ledger = `${await fileWith("")}.ledger`;
    expect(await answered(...many, "--ledger", ledger)).not.toContain(warning);
  });

  it("names the command with --yes if there is no terminal", async () => {
    const server = await serveSuccess();
    const argv = [
      "on",
      "--no-preview",
      "--no-read-back",
      "--type",
      "IPv4",
      "--days",
      "30",
      "--base-url",
      server.url,
      "--",
      "1'1",
    ];
    const output = await runJson(argv.slice(0, -2).concat("11"));
    expect(output).toMatchObject({ exitCode: 2, error: { name: "UsageError", effect: "none" } });
    const { stderr } = await runCli(argv);
    expect(stderr).toContain(
      `run: auto-extend on --no-preview --no-read-back --type IPv4 --days 30 --base-url ${server.url} --yes -- '1'\\''1'\n`,
    );
    expect(server.seen).toEqual([]);
  });

  it("does not ask on a terminal that the order IDs were read from", async () => {
    const server = await serveSuccess();
    const argv = [...on.slice(0, -3), "--file", "-", "--base-url", server.url];
    expect(await runCli(argv, { terminal: true, stdin: "111\n" })).toMatchObject({ exitCode: 2 });
    expect(await runCli([...argv, "--yes"], { stdin: "111\n" })).toMatchObject({ exitCode: 0 });
    expect(server.seen).toHaveLength(1);
  });

  it("asks only when everything else is in order", async () => {
    const terminal = { terminal: true, env: { AUTO_EXTEND_API_KEY: "" } };
    expect(await runCli([...on, "https://youproxy.io"], terminal)).toMatchObject({ exitCode: 2 });
    expect(await runCli([...on, "ftp://youproxy.io"], { terminal: true })).toMatchObject({ exitCode: 2 });
  });
});

describe("switching off", () => {
  it("never asks", async () => {
    const server = await serveSuccess();
    const argv = ["off", ...on.slice(1).filter((option) => option !== "--no-preview"), server.url];
    expect(await runCli(argv, { terminal: true })).toMatchObject({ exitCode: 0 });
    expect(await runCli(argv, { terminal: false })).toMatchObject({ exitCode: 0 });
  });
});

describe("verify beyond this machine", () => {
  const verify = ["verify", "--only", "setAutoExtend/success", "--base-url", "https://api.example"];
  const order = ["--order", "IPv4:111"];

  /** A way to a server on this machine that seems to be another. */
  function wayTo(server: TestServer): { fetch: typeof fetch } {
    return { fetch: (input, init) => fetch(String(input).replace("https://api.example", server.url), init) };
  }

  /** Which way the order was switched, one after the other. */
  function changesOf(server: TestServer) {
    const switched = server.seen.filter(({ body }) => body?.orderIds?.includes("111"));
    return switched.flatMap(({ body }) => body.autoExtend ?? []);
  }

  it("asks before it switches orders, and names the host, the risk and that they are restored", async () => {
    const server = await serveAccount();
    const questions: string[] = [];
    const { exitCode } = await runCli([...verify, ...order, "--allow-changes"], {
      ...wayTo(server),
      terminal: true,
      confirm: async (question) => questions.push(question) > 0,
    });
    const asked = questions.map((question) => question.replace(/\s+/g, " "));
    expect({ exitCode, questions: asked, changes: changesOf(server).slice(-2) }).toEqual({
      exitCode: 0,
      questions: [
        "Run the cases that can switch orders at api.example? A faulty server could spend money. Auto-extend of your orders is switched on and off several times, for moments, and restored after each case. A renewal that is due while it is on is paid.",
      ],
      changes: [true, false],
    });
  });

  it("sends nothing and ends with 130 if the answer is no", async () => {
    const server = await serveAccount();
    const surroundings = { ...wayTo(server), terminal: true, confirm: async () => false };
    expect(await runJson([...verify, ...order, "--allow-changes"], surroundings)).toMatchObject({
      exitCode: 130,
      error: { name: "Declined", effect: "none" },
    });
    expect(server.seen).toEqual([]);
  });

  it("requires --yes without a terminal", async () => {
    const server = await serveAccount();
    const output = await runJson([...verify, ...order, "--allow-changes"], wayTo(server));
    expect(output).toMatchObject({ exitCode: 2, error: { name: "UsageError", effect: "none" } });
    expect(output.error?.whatToDo).toMatch(/^To go ahead, run: auto-extend .* --allow-changes --yes$/);
    expect(server.seen).toEqual([]);
    expect(await runJson([...verify, ...order, "--allow-changes", "--yes"], wayTo(server))).toMatchObject({
      exitCode: 0,
    });
    expect(changesOf(server).slice(-2)).toEqual([true, false]);
  });

  it("changes nothing without --allow-changes, and so does not ask", async () => {
    const server = await serveAccount();
    expect(await runJson([...verify, ...order], wayTo(server))).toMatchObject({ exitCode: 0 });
    expect(changesOf(server)).toEqual([]);
  });
});

it("verify on this machine does not ask", async () => {
  const server = await serveAccount();
  const order = ["--order", "IPv4:111"];
  const argv = [
    "verify",
    "--only",
    "setAutoExtend/success",
    "--allow-changes",
    "--base-url",
    server.url,
    ...order,
  ];
  expect(await runCli(argv)).toMatchObject({ exitCode: 0 });
});
