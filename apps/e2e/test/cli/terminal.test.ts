import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { startMockServer } from "@auto-extend/mock-server";
import { execa } from "execa";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import { describeWith } from "../debian-package.js";
import { execute, nodeOptions, printed } from "../execute.js";

// The program on a terminal, which `script` makes: what a person sees, types and interrupts.

const program = fileURLToPath(new URL("../../../../packages/cli/bin/auto-extend.js", import.meta.url));
const apiKey = "any-key-12345";
const prompt = " [y/N] ";
const on = ["on", "11111", "22222", "33333", "--days", "30"];

interface Shown {
  /** Everything on the terminal while the program ran, with the answer as the terminal shows it. */
  readonly text: string;
  readonly exitCode: number;
  /** The requests that switch orders. */
  readonly sent: number;
}

type Act = (terminal: { type(keys: string): void; kill(signal: NodeJS.Signals): void }) => void;

describeWith("bsdutils", "the question on a terminal", () => {
  it.each<[string, Act]>([
    ["Ctrl-C", ({ type }) => type("\x03")],
    ["SIGINT", ({ kill }) => kill("SIGINT")],
    ["SIGTERM", ({ kill }) => kill("SIGTERM")],
    ["SIGHUP", ({ kill }) => kill("SIGHUP")],
    ["the answer n", ({ type }) => type("n\n")],
    ["an empty answer", ({ type }) => type("\n")],
    ["the end of the input", ({ type }) => type("\x04")],
  ])("is cancelled by %s: nothing is sent, and the terminal is as before", async (_, act) => {
    const { text, exitCode, sent } = await runOnTerminal(on, { act });
    expect({ exitCode, sent }).toEqual({ exitCode: 130, sent: 0 });
    expect(text.slice(text.indexOf(prompt))).toMatch(
      / \[y\/N\] (?:\^C|n)?\nCancelled\. Nothing was sent\.\n$/,
    );
  });

  it.each([40, 0])("is cancelled by SIGTERM, %i columns wide", async (columns) => {
    const act: Act = ({ kill }) => kill("SIGTERM");
    const { text, exitCode, sent } = await runOnTerminal(on, { columns, act });
    expect({ exitCode, sent }).toEqual({ exitCode: 130, sent: 0 });
    expect(text.slice(text.indexOf(prompt))).toBe(`${prompt}\nCancelled. Nothing was sent.\n`);
    expect(widest(text)).toBeLessThanOrEqual(columns || 80);
  });

  it.each(["y", "yes"])("takes %s", async (answer) => {
    const act: Act = ({ type }) => type(`${answer}\n`);
    const { text, exitCode, sent } = await runOnTerminal(on, { act });
    // One request for each proxy type.
    expect({ exitCode, sent }).toEqual({ exitCode: 0, sent: 2 });
    expect(text).toContain("Auto-extend is on for 3 orders, 4 IP addresses.\n");
  });
});

describeWith("bsdutils", "on a terminal", () => {
  let off: { readonly url: string; readonly folder: string };
  beforeAll(async () => {
    const { end, ...rest } = await switchedOff();
    off = rest;
    return end;
  });

  // Some terminals report a width of 0; that stands for 80.
  it.each([80, 40, 0])("%i columns wide, table and question fit", async (columns) => {
    const { text } = await runOnTerminal(on, { columns, act: ({ type }) => type("n\n") });
    expect(text).toContain("Each renewal");
    expect(widest(text)).toBeLessThanOrEqual(columns || 80);
    if (columns !== 40)
      expect(questionIn(text)).toMatch(/^Switch 3 orders on at 127\.0\.0\.1:\d+ for 2\.50 USD a renewal\?$/);
  });

  it.each([80, 40, 0])("%i columns wide, the question of undo fits", async (columns) => {
    const argv = ["undo", join(off.folder, "run.jsonl"), "--base-url", off.url];
    const { text, exitCode } = await runOnTerminal(argv, { columns, act: ({ type }) => type("n\n") });
    expect(exitCode).toBe(130);
    expect(widest(text)).toBeLessThanOrEqual(columns || 80);
    if (columns !== 40)
      expect(questionIn(text)).toMatch(/^Undo: switch 2 orders on .*for 2\.40 USD a renewal\?$/);
  });

  it.each([80, 40, 0])("%i columns wide, the list of error codes fits", async (columns) => {
    const { text, exitCode } = await runOnTerminal(["errors"], { columns });
    expect(exitCode).toBe(0);
    expect(text).toContain("Error 29,");
    expect(widest(text)).toBeLessThanOrEqual(columns || 80);
  });
});

/** A mock on which a run with a ledger switched two orders off. */
async function switchedOff() {
  const folder = await mkdtemp(join(tmpdir(), "auto-extend-"));
  const mock = await startMockServer();
  for (const argv of [
    ["on", "--yes"],
    ["off", "--ledger", "run.jsonl"],
  ]) {
    const all = [program, ...argv, "11111", "22222", "--base-url", mock.url];
    const { exitCode, stderr } = await execute(process.execPath, all, {
      cwd: folder,
      env: { AUTO_EXTEND_API_KEY: apiKey, NODE_OPTIONS: nodeOptions },
    });
    expect(exitCode, stderr).toBe(0);
  }
  return {
    url: mock.url,
    folder,
    end: () => Promise.all([mock.close(), rm(folder, { recursive: true })]),
  };
}

/** Runs the program to its end on a terminal of its own; `act` answers its question. */
async function runOnTerminal(
  argv: readonly string[],
  { columns = 80, act }: { columns?: number; act?: Act } = {},
): Promise<Shown> {
  const mock = await startMockServer();
  onTestFinished(() => mock.close());
  const script = `trap : INT
stty cols ${columns}; before=$(stty -g)
sh -c 'echo "started $$"; exec "$0" "$@"' ${[process.execPath, program, ...argv].map((word) => `'${word}'`).join(" ")}
echo "ended $?"
test "$before" = "$(stty -g)" && echo as before`;
  const terminal = execa("script", ["-qec", script, "/dev/null"], {
    env: {
      PATH: process.env.PATH,
      SHELL: "/bin/sh",
      TERM: "xterm",
      AUTO_EXTEND_API_KEY: apiKey,
      AUTO_EXTEND_BASE_URL: mock.url,
      NODE_OPTIONS: nodeOptions,
    },
    extendEnv: false,
    stderr: "ignore",
    reject: false,
    stripFinalNewline: false,
  });
  onTestFinished(() => void terminal.kill());
  if (act) {
    const [, pid] = await printed(terminal, /^started (\d+)\r\n.* \[y\/N\] /s);
    act({
      type: (keys) => void terminal.stdin.write(keys),
      kill: (signal) => void process.kill(Number(pid), signal),
    });
  }
  const { stdout: shown } = await terminal;
  const found = /^started \d+\n(.*)^ended (\d+)\nas before\n$/ms.exec(shown.replaceAll("\r\n", "\n"));
  if (!found) throw new Error(`The terminal did not end as it began: ${JSON.stringify(shown)}`);
  const [, text = "", exitCode] = found;
  // A cursor that was hidden is shown again.
  expect(text.lastIndexOf("\x1b[?25h")).toBeGreaterThanOrEqual(text.lastIndexOf("\x1b[?25l"));
  const sent = mock.requests().filter(({ path }) => path.endsWith("/extend/order/auto")).length;
  return { text, exitCode: Number(exitCode), sent };
}

/** The question, if it stands on one line. */
function questionIn(text: string): string | undefined {
  return text
    .split("\n")
    .find((line) => line.includes(prompt))
    ?.split(prompt)[0];
}

function widest(text: string): number {
  return Math.max(...text.split("\n").map((line) => stripVTControlCharacters(line).length));
}
