import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

// The program as a process: what no test inside of one can show.

const program = new URL("../../../../packages/cli/bin/auto-extend.js", import.meta.url).pathname;
const mute = createTcpServer((socket) => socket.on("error", () => {}));
let asked = 0;
/** Until then, nobody gets an answer. */
let release: () => void;
let released: Promise<void>;
const slow = createServer(async (request, response) => {
  asked += 1;
  const { proxyType, rentPeriodDays, orderIds } = JSON.parse(await text(request));
  const answer = { success: true, proxyType, rentPeriodDays, quantity: orderIds.length, error: null };
  await released;
  response.end(JSON.stringify({ ...answer, ipAddressIds: orderIds }));
});
const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;

beforeAll(async () => {
  await Promise.all(
    [mute, slow].map((server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))),
  );
});
afterAll(() => {
  slow.closeAllConnections();
  slow.close();
  mute.close();
});

function start(
  argv: readonly string[],
  env: Record<string, string>,
  { timeout = 100_000, cwd = "." }: { timeout?: number; cwd?: string } = {},
) {
  return execa(process.execPath, [program, ...argv], {
    env: { AUTO_EXTEND_API_KEY: "any-key-12345", ...env },
    ...{ reject: false, timeout, cwd },
  });
}

/** Runs a command against something mute: it may take a few seconds more than where nothing listens. */
async function startMute(argv: readonly string[], env: Record<string, string>) {
  const { durationMs } = await start(argv, { ...env, AUTO_EXTEND_BASE_URL: "http://127.0.0.1:9" });
  return start(argv, env, { timeout: 5 * durationMs + 3_000 });
}

describe("the process", () => {
  it("says that too many files are open if a part of it cannot be loaded for that reason", async () => {
    // Node itself needs more than the first limits allow.
    for (let limit = 16; ; limit++) {
      const script = `ulimit -n ${limit}; exec "$0" "$1" balance`;
      const { exitCode, stderr } = await execa("sh", ["-c", script, process.execPath, program], {
        env: { AUTO_EXTEND_API_KEY: "any-key-12345", AUTO_EXTEND_BASE_URL: "http://127.0.0.1:9" },
        reject: false,
      });
      if (exitCode !== 71) {
        expect(limit, stderr).toBeLessThan(64);
        continue;
      }
      expect(stderr).toMatch(/^error: A part of auto-extend could not be loaded: EMFILE: .*\n.*ulimit -n/);
      return;
    }
  });

  it("says that nothing is certain if the platform fails, without the API key", async () => {
    const fault = "process.on('SIGUSR2', () => { throw new RangeError('out of memory for any-key-12345'); })";
    const run = start(["off", "1", "--type", "IPv4", "--days", "30"], {
      AUTO_EXTEND_BASE_URL: `https://127.0.0.1:${portOf(mute)}`,
      NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(fault)}"`,
    });
    await once(mute, "connection");
    run.kill("SIGUSR2");
    const { exitCode, stderr } = await run;
    expect({ exitCode, stderr }).toEqual({ exitCode: 71, stderr: expect.stringContaining("is unknown.") });
    expect(stderr).toContain("Node.js failed: RangeError: out of memory for ");
    expect(stderr).not.toContain("any-key-12345");
  });

  it("ends when its output is written, although a server never speaks TLS", async () => {
    const url = `https://127.0.0.1:${portOf(mute)}`;
    const ended = await startMute(["doctor", "--timeout", "0.2"], { AUTO_EXTEND_BASE_URL: url });
    expect(ended).toMatchObject({
      timedOut: false,
      exitCode: 5,
      stdout: expect.stringMatching(/^failed +tls /m),
    });
  });

  it("ends although a proxy never answers", async () => {
    const { exitCode, timedOut } = await startMute(["balance", "--timeout", "0.2"], {
      AUTO_EXTEND_BASE_URL: "https://api.example",
      HTTPS_PROXY: `http://127.0.0.1:${portOf(mute)}`,
    });
    expect({ exitCode, timedOut }).toEqual({ exitCode: 5, timedOut: false });
  });

  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const forms = ["1 2 3 4 --json --failures f", "--file ids --failures f", "--file ids --json", "1 2 3 4"];

  it.each(signals.flatMap((signal) => forms.map((form) => [signal, form] as const)))(
    "reports a run that %s ends, with its failures: off %s",
    async (signal, form) => {
      const cwd = await temporaryFolder();
      await writeFile(join(cwd, "ids"), "1\n2\n3\n4\n");
      asked = 0;
      released = new Promise((resolve) => {
        release = resolve;
      });
      const given = "--type IPv4 --days 30 --no-preview --no-read-back --chunk-size 1 --concurrency 1";
      const url = `http://127.0.0.1:${portOf(slow)}`;
      const run = start(`off ${form} ${given}`.split(" "), { AUTO_EXTEND_BASE_URL: url }, { cwd });
      await once(slow, "request");
      run.kill(signal);
      await says(run, "Interrupted: no more orders are sent");
      // As a terminal closes, both the system and the shell send SIGHUP.
      if (signal === "SIGHUP") run.kill(signal);
      release();
      const { exitCode, stdout, stderr } = await run;
      expect({ exitCode, asked }, stderr).toEqual({ exitCode: 130, asked: 1 });
      expect(stderr).toContain("4 order IDs: 1 changed, 3 not tried.");
      const isNamed = form.includes("--failures");
      if (form.includes("--json")) {
        expect(JSON.parse(stdout)).toMatchObject({
          ...{ command: "off", ok: false, exitCode: 130, error: { name: "Interrupted" } },
          result: { summary: { changed: 1, notTried: 3 }, stopped: "aborted", failureCount: 3 },
        });
      } else expect(linesOf(stdout)).toBe(isNamed ? 0 : 1 + 3);
      if (isNamed) expect(linesOf(await readFile(join(cwd, "f"), "utf8"))).toBe(1 + 3);
    },
  );

  it("says that the current folder does not exist any more", async () => {
    const folder = join(await temporaryFolder(), "gone");
    const script = `mkdir "$2"; cd "$2"; rmdir "$2"; exec "$0" "$1" off --file ids.txt`;
    const { exitCode, stderr } = await execa("sh", ["-c", script, process.execPath, program, folder], {
      env: { AUTO_EXTEND_API_KEY: "any-key-12345", AUTO_EXTEND_BASE_URL: "http://127.0.0.1:9" },
      reject: false,
    });
    expect(exitCode).toBe(71);
    expect(stderr).toMatch(
      /^error: Looking up the current folder failed: there is no such file or folder\./m,
    );
  });

  it("says what to do if there is no folder for temporary files", async () => {
    const folder = await temporaryFolder();
    const file = join(folder, "ids.txt");
    await writeFile(file, Array.from({ length: 100_000 }, (_, index) => `${index}\n`).join(""));
    const { exitCode, stderr } = await start(
      ["off", "--file", file, "--type", "IPv4", "--days", "30", "--dry-run"],
      {
        AUTO_EXTEND_BASE_URL: "http://127.0.0.1:9",
        TMPDIR: join(folder, "none"),
      },
    );
    expect(exitCode).toBe(71);
    expect(stderr).toMatch(/^error: .*none.* failed: there is no such file or folder\.\nCheck .*TMPDIR/m);
  });
});

function linesOf(text: string): number {
  return text === "" ? 0 : text.trimEnd().split("\n").length;
}

/** Waits until a program has written a text to stderr, or has ended. */
async function says(run: ReturnType<typeof start>, text: string): Promise<void> {
  let said = "";
  const isSaid = new Promise<void>((resolve) => {
    run.stderr.on("data", (chunk) => {
      said += chunk;
      if (said.includes(text)) resolve();
    });
  });
  await Promise.race([isSaid, run]);
}

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "auto-extend-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}
