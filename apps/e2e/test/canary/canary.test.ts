import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { inspect } from "node:util";
import { type Io, run } from "@auto-extend/cli";
import { type ClientEvent, createClient } from "@auto-extend/client";
import { formatServerReport, runServerCases } from "@auto-extend/contract-tests";
import { setAutoExtend } from "@auto-extend/core";
import { createApp, startMockServer } from "@auto-extend/mock-server";
import { describe, expect, it } from "vitest";

/** API keys that must turn up nowhere but in the URLs of requests: a plain one, and one that changes when encoded. */
const canaries = ["canary-9f8e7d6c5b4a", "canary/9f8e 7d6c%5b+4a"];

/** Every spelling in which a canary would be one. */
const sightings = canaries.flatMap((key) => [
  key,
  encodeURIComponent(key),
  JSON.stringify(key).slice(1, -1),
  btoa(key),
]);

function expectNoCanary(...texts: string[]): void {
  for (const text of texts) for (const sighting of sightings) expect(text).not.toContain(sighting);
}

const { request, success } = setAutoExtend.examples.byType.IPv4;

/** Servers that fail in every way, most of them quoting the URL that they were asked for. */
const servers: Record<string, RequestListener> = {
  "refuses and quotes": (asked, response) => {
    const error = {
      code: 2,
      message: `no such key: ${asked.url}`,
      [decodeURIComponent(asked.url ?? "")]: asked.url,
    };
    response.end(JSON.stringify({ ...setAutoExtend.examples.failure, error }));
  },
  "breaks the contract and quotes": (asked, response) => {
    response.end(JSON.stringify({ ...success, proxyType: asked.url, [asked.url ?? ""]: asked.url }));
  },
  "answers no JSON": (asked, response) =>
    void response.end(`<a href="${asked.url}">${decodeURIComponent(asked.url ?? "")}</a>`),
  "answers 502": (asked, response) => void response.writeHead(502).end(`no answer from ${asked.url}`),
  "answers 404": (asked, response) => void response.writeHead(404).end(`Cannot POST ${asked.url}`),
  redirects: (asked, response) => {
    response
      .writeHead(302, { location: `https://login.example/?next=${encodeURIComponent(asked.url ?? "")}` })
      .end();
  },
  "cuts the answer": (_, response) => {
    response.writeHead(200, { "content-length": 1_000 }).write("{");
    response.socket?.destroy();
  },
  hangs: () => {},
};

async function serving<Result>(
  listener: RequestListener,
  use: (url: string) => Promise<Result>,
): Promise<Result> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const cases = Object.entries(servers).flatMap(([name, listener]) =>
  canaries.map((apiKey) => ({ name, listener, apiKey })),
);

describe("an API key", () => {
  it.each(cases)(
    "of the client stays out of errors and events where a server $name ($apiKey)",
    async ({ listener, apiKey }) => {
      await serving(listener, async (baseUrl) => {
        const events: ClientEvent[] = [];
        const client = createClient({
          apiKey,
          baseUrl,
          retry: { attempts: 2, delay: 1 },
          timeout: 200,
          onEvent: (e) => events.push(e),
        });
        const error: unknown = await client.setAutoExtend(request).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(Error);
        for (const shown of [error, events, client]) {
          expectNoCanary(
            inspect(shown, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
            JSON.stringify(shown) ?? "",
            String(shown),
          );
        }
        expectNoCanary((error as Error).stack ?? "");
      });
    },
  );

  it.each(canaries)("of the client stays out of errors where nobody listens (%s)", async (apiKey) => {
    const baseUrl = await serving(
      () => {},
      async (url) => url,
    );
    const client = createClient({ apiKey, baseUrl, retry: false });
    const error: unknown = await client.setAutoExtend(request).catch((thrown: unknown) => thrown);
    expectNoCanary(
      inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true }),
      (error as Error).stack ?? "",
    );
  });

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

  it.each(runs)(
    "of the CLI stays out of all it prints where a server $name ($apiKey)",
    async ({ listener, apiKey }) => {
      await serving(listener, async (baseUrl) => {
        for (const command of commands) {
          const printed = await runCli([...command, "--base-url", baseUrl, "--timeout", "0.2"], {
            AUTO_EXTEND_API_KEY: apiKey,
          });
          expect(printed).not.toBe("");
          expectNoCanary(printed);
        }
      });
    },
  );

  it.each(canaries)("of the CLI stays out of a crash (%s)", async (apiKey) => {
    const crash: typeof fetch = () => {
      const error = new TypeError(`bug at ${apiKey}`);
      error.cause = new Error(`caused by ${encodeURIComponent(apiKey)}`);
      throw error;
    };
    for (const extra of [[], ["--json"]]) {
      const argv = [
        "off",
        "--type",
        "IPv4",
        "--days",
        "30",
        "11111",
        "--base-url",
        "http://127.0.0.1:9",
        ...extra,
      ];
      expectNoCanary(await runCli(argv, { AUTO_EXTEND_API_KEY: apiKey }, crash));
    }
  });

  it.each(canaries)("of verify stays out of its report, as text and as JSON (%s)", async (apiKey) => {
    for (const listener of [createApp(), servers["refuses and quotes"] as RequestListener]) {
      await serving(listener, async (baseUrl) => {
        const report = await runServerCases({ baseUrl, apiKey, timeout: 1_000 });
        expectNoCanary(
          JSON.stringify(report),
          formatServerReport(report),
          formatServerReport(report, { colour: true }),
        );
        const env = { AUTO_EXTEND_API_KEY: apiKey };
        expectNoCanary(
          await runCli(["verify", "--base-url", baseUrl], env),
          await runCli(["verify", "--json", "--base-url", baseUrl], env),
        );
      });
    }
  });

  it.each(canaries)(
    "of the mock stays out of its state, its log and its control API (%s)",
    async (apiKey) => {
      const told: unknown[] = [];
      const mock = await startMockServer({ apiKeys: [apiKey], onRequest: (entry) => told.push(entry) });
      try {
        const target = `${mock.url}/client/api/v1/${encodeURIComponent(apiKey)}`;
        const post = (path: string, body: string) =>
          fetch(target + path, { method: "POST", headers: { "content-type": "application/json" }, body });
        const answers = [
          await post("/extend/order/auto", JSON.stringify(request)),
          await post(
            "/extend/order/auto",
            JSON.stringify({ ...request, orderIds: [apiKey], [apiKey]: apiKey }),
          ),
          await post("/extend/order/auto", `{"${apiKey}`),
          await post(`/extend/order/${encodeURIComponent(apiKey)}`, "{}"),
          await fetch(`${mock.url}/__mock/nothing?key=${encodeURIComponent(apiKey)}`),
        ];
        for (const answer of answers)
          expectNoCanary(await answer.text(), JSON.stringify([...answer.headers]));
        for (const path of [
          "/__mock/state",
          "/__mock/requests",
          "/__mock/health",
          "/openapi.json",
          "/docs",
        ]) {
          expectNoCanary(await (await fetch(mock.url + path)).text());
        }
        const own = [mock.state(), mock.requests(), told, mock];
        expectNoCanary(
          ...own.map((value) => inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true })),
        );
        expect(mock.requests()).toHaveLength(4);
      } finally {
        await mock.close();
      }
    },
  );
});

/** Runs the CLI as nobody at a terminal would, and gives back all that it printed. */
async function runCli(argv: string[], env: Record<string, string>, ownFetch?: typeof fetch): Promise<string> {
  let printed = "";
  const sink = {
    write: (text: string) => {
      printed += text;
    },
  };
  const io: Io = {
    stdin: Readable.from([]),
    stdout: sink,
    stderr: sink,
    env,
    confirm: async () => false,
    ...(ownFetch ? { fetch: ownFetch } : {}),
  };
  await run(argv, io);
  return printed;
}
