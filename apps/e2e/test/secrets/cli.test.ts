import { Readable } from "node:stream";
import { exitCodes, type Io, run } from "@auto-extend/cli";
import { createApp, createMockFetch } from "@auto-extend/mock-server";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { canaries, cases, expectNoCanary, servers, serving } from "./secrets.js";

// The pauses before retries are drawn at random, and here they are nothing.
beforeEach(() => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  return () => vi.restoreAllMocks();
});

describe("an API key of the CLI", () => {
  const commands = [
    ["off", "--type", "IPv4", "--days", "30", "11111"],
    ["on", "--type", "IPv4", "--days", "30", "11111", "--yes", "--verbose"],
    ["off", "--type", "IPv4", "--days", "30", "11111", "--json", "--verbose"],
    ["off", "--type", "IPv4", "--days", "30", "11111", "--dry-run"],
    ["on", "--type", "IPv4", "--days", "30", "NUMBER-1", "--json"],
  ];
  const runs = [
    ...cases,
    ...canaries.map((apiKey) => ({ name: "answers well", listener: createApp(), apiKey })),
  ];

  it.each(runs)("stays out of all it prints where a server $name ($apiKey)", async ({ listener, apiKey }) => {
    await serving(listener, async (baseUrl) => {
      // Side by side, since some servers let each of them wait for its time-out.
      const runs = commands.map((command) =>
        runCli([...command, "--base-url", baseUrl, "--timeout", "0.2"], apiKey),
      );
      for (const { printed } of await Promise.all(runs)) {
        expect(printed).not.toBe("");
        expectNoCanary(printed);
      }
    });
  });

  it.each(canaries)("stays out of the report of a fetch that throws (%s)", async (apiKey) => {
    for (const style of [[], ["--json"]]) {
      const argv = ["off", "--type", "IPv4", "--days", "30", "11111", ...style];
      const { exitCode, printed } = await runCli(argv, apiKey, { fetch: () => fall(apiKey) });
      expect(exitCode).toBe(exitCodes.stateUnknown);
      expectNoCanary(printed);
    }
  });

  /** Ways to a crash: what the program is given throws where nothing is expected to. */
  const crashes: Record<string, { argv: string[]; own: (apiKey: string) => Partial<Io> }> = {
    "the question": {
      argv: ["on", "--no-preview", "--type", "IPv4", "--days", "30", "11111"],
      own: (apiKey) => ({ confirm: async () => fall(apiKey) }),
    },
    stdin: {
      argv: ["off", "--type", "IPv4", "--days", "30", "--file", "-"],
      own: (apiKey) => ({
        stdin: new Readable({
          read() {
            fall(apiKey);
          },
        }),
      }),
    },
  };
  const crashing = Object.entries(crashes).flatMap(([what, crash]) =>
    canaries.flatMap((apiKey) => [[], ["--json"]].map((style) => ({ what, ...crash, apiKey, style }))),
  );

  it.each(crashing)(
    "stays out of a crash over $what ($apiKey, $style)",
    async ({ argv, own, apiKey, style }) => {
      const { exitCode, printed } = await runCli([...argv, ...style], apiKey, own(apiKey));
      expect(exitCode).toBe(exitCodes.bug);
      expect(printed).toMatch(/TypeError: it fell over \[redacted\].*at .*\[redacted\]\/extend/s);
      expectNoCanary(printed);
    },
  );

  it.each(canaries)("stays out of the report of verify, as text and as JSON (%s)", async (apiKey) => {
    async function checkReport(style: string[], baseUrl: string, own: { fetch?: typeof fetch } = {}) {
      const { printed } = await runCli(["verify", "--base-url", baseUrl, ...style], apiKey, own);
      expect(printed).toContain("setAutoExtend");
      expectNoCanary(printed);
    }
    await checkReport([], "http://127.0.0.1", { fetch: createMockFetch() });
    await serving(servers["refuses and quotes"], async (baseUrl) => {
      for (const style of [[], ["--json"]]) await checkReport(style, baseUrl);
    });
  });
});

/** Throws an error that has the API key wherever an error can have it. */
function fall(apiKey: string): never {
  const encoded = encodeURIComponent(apiKey);
  const error = new TypeError(`it fell over ${apiKey}`, { cause: new Error(`because of ${encoded}`) });
  error.stack += `\n    at https://youproxy.io/client/api/v1/${encoded}/extend/order/auto`;
  throw error;
}

/** Runs the CLI as at a terminal where nobody says yes, and gives back all that it printed. */
async function runCli(argv: readonly string[], apiKey: string, own: Partial<Io> = {}) {
  let printed = "";
  const sink = {
    isTTY: true,
    write(text: string) {
      printed += text;
    },
  };
  const exitCode = await run(argv, {
    stdin: Object.assign(Readable.from([]), { isTTY: true }),
    stdout: sink,
    stderr: sink,
    env: { AUTO_EXTEND_API_KEY: apiKey },
    confirm: async () => false,
    ...own,
  });
  return { exitCode, printed };
}
