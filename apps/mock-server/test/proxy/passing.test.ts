import { createServer, request } from "node:http";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { parseBaseUrl } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { createApp, startMockServer } from "../../src/index.js";
import { createForward } from "../../src/proxy/forward.js";
import {
  answering,
  asked,
  listening,
  path,
  send,
  startBehind,
  startBytes,
  startProxy,
  success,
} from "./behind.js";

describe("a mock with a server behind it", () => {
  it("passes a request on as it came: method, path, query and bytes", async () => {
    const behind = await startBehind(answering(success));
    const { url } = await startProxy(behind.url);
    const odd = "/client/api/v1/k%2Fe%79'(1)/extend/../extend//x?a=%41&&b=+'~";
    const body = Buffer.from([0x7b, 0xff, 0x00, 0x7d]);
    await send(url, { method: "PUT", path: odd, body });
    expect(behind.got[0]).toMatchObject({ method: "PUT", url: odd, body });
  });

  it("puts the path of the base URL before that of the request", async () => {
    const behind = await startBehind(answering(success));
    const { url } = await startProxy(`${behind.url}/gateway/`);
    await send(url);
    expect(behind.got[0]?.url).toBe(`/gateway${path}`);
  });

  it("forwards the end-to-end headers of a request, and adds its own name to Via", async () => {
    const behind = await startBehind(answering(success));
    const { url } = await startProxy(behind.url);
    await send(url, {
      headers: {
        "Content-Type": "application/json",
        "X-Trace": "1",
        "Accept-Encoding": "br, gzip",
        Connection: "keep-alive, X-Hop",
        "X-Hop": "1",
        "Keep-Alive": "timeout=5",
        TE: "trailers",
        Prefer: 'respond-async, fault=slow; ms=1, wait="1,2"',
        "Mock-Api-Key": "any-key",
      },
    });
    expect(behind.got[0]?.headers).toEqual({
      host: new URL(behind.url).host,
      "Content-Type": "application/json",
      "X-Trace": "1",
      Prefer: 'respond-async, wait="1,2"',
      via: expect.stringMatching(/^1\.1 auto-extend-mock-[0-9a-f]{16}$/),
      "x-forwarded-by": expect.stringMatching(/^auto-extend-mock-[0-9a-f]{16}$/),
      "accept-encoding": "identity",
      "content-length": String(JSON.stringify(asked).length),
      Connection: "close",
    });
  });

  it.each([
    ["", {}],
    [", also beside headers of its own", { cors: ["http://localhost:5173"] }],
  ])("passes an answer back as it came: status, headers and bytes%s", async (_, options) => {
    const body = Buffer.from(' {"success" : true}\r\n');
    const behind = await startBehind((_, response) =>
      response
        .writeHead(418, [
          ["Content-Type", "application/json;charset=UTF-8"],
          ["Set-Cookie", "a=1"],
          ["Set-Cookie", "b=2"],
          ["Date", "Tue, 01 Jan 2030 00:00:00 GMT"],
          ["Mock-Request-Id", "request-of-another-mock"],
        ] as never)
        .end(body),
    );
    const { url } = await startProxy(behind.url, options);
    const came = await send(url);
    expect(came).toMatchObject({ status: 418, body });
    expect(came.headers).toMatchObject({
      "content-type": "application/json;charset=UTF-8",
      "set-cookie": ["a=1", "b=2"],
      date: "Tue, 01 Jan 2030 00:00:00 GMT",
      "mock-request-id": "request-1",
    });
    expect(came.rawHeaders.filter((name) => name.toLowerCase() === "date")).toHaveLength(1);
  });

  it("passes a packed answer back packed, and reads it all the same", async () => {
    const packed = gzipSync(JSON.stringify({ ...success, quantity: 2 }));
    const behind = await startBehind((_, response) =>
      response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(packed),
    );
    const mock = await startProxy(behind.url);
    const came = await send(mock.url);
    expect(came.headers["content-encoding"]).toBe("gzip");
    expect(came.body.equals(packed)).toBe(true);
    expect(mock.requests()[0]?.drift).toMatchObject([{ path: "quantity" }]);
  });

  it("does not follow a redirect: its caller gets it", async () => {
    const elsewhere = await startBehind(answering(success));
    const behind = await startBehind((_, response) =>
      response.writeHead(307, { location: `${elsewhere.url}${path}` }).end(),
    );
    const mock = await startProxy(behind.url);
    const came = await send(mock.url);
    expect(came).toMatchObject({ status: 307, headers: { location: `${elsewhere.url}${path}` } });
    expect(elsewhere.got).toEqual([]);
    expect(mock.requests()[0]?.drift).toMatchObject([
      { level: "accepts", part: "body" },
      { level: "accepts", part: "status" },
      { level: "lawful", part: "content-type" },
    ]);
  });

  it("passes on what is no request of the contract, or a wrong one", async () => {
    const behind = await startBehind(answering({ anything: true }, 400));
    const { url } = await startProxy(behind.url);
    const came = [
      await send(url, { method: "GET", path: "/client/api/v1/any-key/ipAddress?proxyType=IPv4" }),
      await send(url, { body: '{"broken":' }),
      await send(url, { headers: { "content-type": "text/plain" } }),
      await send(url, { body: `"${"x".repeat(3 * 1024 * 1024)}"` }),
    ];
    expect(came.map(({ status }) => status)).toEqual([400, 400, 400, 400]);
    expect(behind.got).toHaveLength(4);
  });

  it("opens no account for an API key, and has no state to show", async () => {
    const behind = await startBehind(answering(success));
    const mock = await startProxy(behind.url);
    const came = await send(mock.url);
    expect(came.headers).not.toHaveProperty("mock-account");
    expect(mock.requests()).toMatchObject([{ account: null, decided: { outcome: "forwarded" } }]);
    const stateless = /forwards requests and has no state/;
    expect(() => mock.state()).toThrow(stateless);
    expect(() => mock.putState({ version: 1, accounts: [] })).toThrow(stateless);
    expect(() => mock.clock.advance({ days: 1 })).toThrow(stateless);
    for (const of of [{ apiKey: "any-key" }, { account: "default" }]) {
      expect(() => mock.requests(of)).toThrow(stateless);
      expect(() => mock.faults.add({ preset: "slow" }, of)).toThrow(stateless);
    }
    for (const [path, headers] of [
      ["/__mock/state", {}],
      ["/__mock/requests", { "mock-api-key": "any-key" }],
      ["/__mock/requests?account=default", {}],
    ] as const) {
      const shown = await send(mock.url, { method: "GET", path, headers });
      expect(shown).toMatchObject({ status: 501, text: expect.stringMatching(stateless) });
      expect(shown.text).not.toContain("/__mock/state");
    }
    mock.faults.add({ preset: "slow" });
    const events: string[] = [];
    mock.watch(({ type }) => void events.push(type));
    mock.reset();
    expect(mock.requests()).toEqual([]);
    expect(mock.faults.list()).toEqual([]);
    // Not "state", which would claim that the orders were reset.
    expect(events).toEqual(["queue", "log"]);
  });

  it("completes a request whose caller has disconnected", async () => {
    let answer = () => {};
    const behind = await startBehind((_, response) => {
      answer = () => void response.end(JSON.stringify(success));
    });
    const mock = createApp({ upstream: behind.url });
    let isClosed = false;
    const url = await listening(
      createServer((request, response) =>
        mock(
          request,
          response.once("close", () => (isClosed = true)),
        ),
      ),
    );
    const gone = new AbortController();
    const call = send(url, { signal: gone.signal });
    await expect.poll(() => behind.got.length).toBe(1);
    gone.abort();
    await expect(call).rejects.toThrow("abort");
    await expect.poll(() => isClosed).toBe(true);
    answer();
    await expect
      .poll(() => mock.requests())
      .toMatchObject([
        { decided: { why: expect.stringMatching(/a success; the caller had disconnected$/) } },
      ]);
  });

  it("serves many at once, each with its own answer", async () => {
    const behind = await startBehind((request, response) => {
      setTimeout(() => response.end(JSON.stringify({ path: request.url })), Math.random() * 20);
    });
    const { url } = await startProxy(behind.url);
    const paths = Array.from({ length: 50 }, (_, index) => `/client/api/v1/key-${index}/extend/order/auto`);
    const came = await Promise.all(paths.map((each) => send(url, { path: each })));
    expect(came.map(({ json }) => json.path)).toEqual(paths);
  });
});

describe("a mock without an answer from the server behind it", () => {
  it("answers 502, and says that nothing was carried out, if no server listens there", async () => {
    const behind = await startBytes(() => {});
    const mock = await startProxy(behind.replace(/\d+$/, "1"));
    const came = await send(mock.url);
    expect(came.status).toBe(502);
    expect(came.json.detail).toMatch(/nothing was carried out.*ECONNREFUSED/);
    expect(mock.requests()).toMatchObject([
      { decided: { outcome: "problem", statement: "mock/upstream-unreachable" } },
    ]);
  });

  it.each<[string, string, (socket: Socket) => void]>([
    ["resets", "ECONNRESET", (socket) => socket.resetAndDestroy()],
    ["ends the connection", "ECONNRESET", (socket) => socket.end()],
    ["speaks no HTTP", "is not HTTP \\(HPE_", (socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n")],
    [
      "breaks its answer off",
      "ECONNRESET",
      (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{"success":tr'),
    ],
    [
      "switches protocols",
      "it switched protocols",
      (socket) => socket.write("HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"),
    ],
    [
      "answers with a status that there is not",
      "its status is 99",
      (socket) => socket.end("HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n"),
    ],
  ])(
    "answers 502, and says that the request may have been carried out, if the server %s",
    async (_, reason, reply) => {
      const upstream = await startBytes((socket) => socket.once("data", () => reply(socket)));
      const mock = await startProxy(upstream);
      const came = await send(mock.url);
      expect(came.status).toBe(502);
      expect(came.json.detail).toMatch(new RegExp(`${reason}.*request may have been carried out`));
      expect(mock.requests()).toMatchObject([{ decided: { statement: "mock/upstream-broken-off" } }]);
    },
  );

  it.each([
    ["does not answer", ""],
    ["answers without end", 'HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n{"succ'],
  ])("answers 504 after a while if the server %s", async (_, beginning) => {
    const upstream = await startBytes((socket) => {
      socket.once("data", () => socket.write(beginning));
    });
    const forward = createForward({ ...parseBaseUrl(upstream), proxy: "" }, { timeoutMs: 50, via: "test" });
    const outgoing = { method: "POST", target: path, rawHeaders: [], body: new Uint8Array() };
    expect(await forward(outgoing)).toMatchObject({
      error: { status: 504 },
      remark: "no complete answer within 0.05 s",
    });
  });

  it("says that nothing was carried out if no connection was made in time", async () => {
    const mute = await startBytes(() => {});
    const upstream = { ...parseBaseUrl(mute), href: mute.replace("http:", "https:"), proxy: "" };
    const forward = createForward(upstream, { timeoutMs: 50, via: "test" });
    const outgoing = { method: "POST", target: path, rawHeaders: [], body: new Uint8Array() };
    expect(await forward(outgoing)).toMatchObject({
      error: { status: 502, detail: expect.stringContaining("nothing was carried out") },
      remark: "no connection within 0.05 s",
    });
  });

  it("answers 400 to a path that Node can't send, and says that it must be encoded", async () => {
    const forward = createForward(
      { ...parseBaseUrl("http://127.0.0.1:1"), proxy: "" },
      { timeoutMs: 50, via: "test" },
    );
    const outgoing = { method: "POST", target: "/a b", rawHeaders: [], body: new Uint8Array() };
    expect(await forward(outgoing)).toMatchObject({
      error: { status: 400, detail: expect.stringContaining("Percent-encode them.") },
    });
  });

  it("answers 502 if the answer is larger than 16 MiB, and forwards one of exactly 16 MiB", async () => {
    const sizes = [16 * 1024 * 1024, 16 * 1024 * 1024 + 1];
    const behind = await startBehind((_, response) => response.end(Buffer.alloc(sizes.shift() ?? 0, " ")));
    const { url } = await startProxy(behind.url);
    expect((await send(url)).body).toHaveLength(16 * 1024 * 1024);
    expect(await send(url)).toMatchObject({
      status: 502,
      text: expect.stringContaining("more than 16 MiB"),
    });
  });

  it("answers 413 itself if a request is too large to be forwarded", async () => {
    const behind = await startBehind(answering(success));
    const { url } = await startProxy(behind.url);
    expect((await send(url, { body: "x".repeat(16 * 1024 * 1024 + 1) })).status).toBe(413);
    expect(behind.got).toEqual([]);
  });
});

describe("a mock whose upstream leads to itself", () => {
  /** Starts something on a port that is known before, and was free a moment ago; on another one if it was taken since. */
  async function startOnKnownPort<T>(startOn: (port: number) => Promise<T>): Promise<T> {
    const probe = await startMockServer();
    await probe.close();
    return startOn(probe.port).catch((error) => {
      if (error.code === "EADDRINUSE") return startOnKnownPort(startOn);
      throw error;
    });
  }

  it.each(["127.0.0.1", "localhost", "[::1]", "127.1", "2130706433", "0.0.0.0", "[::ffff:127.0.0.1]"])(
    "notices that under every name of its own: %s",
    async (name) => {
      const host = name === "[::1]" ? "::1" : "127.0.0.1";
      const mock = await startOnKnownPort((port) =>
        startProxy(`http://${name}:${port}`, { port, host, upstreamAllowHttp: true }),
      );
      expect(await send(mock.url)).toMatchObject({
        status: 508,
        text: expect.stringContaining("the upstream is this mock, or forwards to it"),
      });
      // The request came in, went out, and came in once more.
      expect(mock.requests()).toHaveLength(2);
    },
  );

  it("notices that over another mock", async () => {
    const [first, second] = await startOnKnownPort(async (port) => {
      const second = await startProxy(`http://127.0.0.1:${port}`);
      return [await startProxy(second.url, { port }), second] as const;
    });
    expect((await send(first.url)).status).toBe(508);
    expect([first.requests().length, second.requests().length]).toEqual([2, 1]);
  });

  it.each([
    [
      "writes Via in capitals",
      (name: string, value: string) => (name === "via" ? value.toUpperCase() : value),
    ],
    ["removes Via", (name: string, value: string) => (name === "via" ? undefined : value)],
  ])("notices that behind a gateway that %s", async (_, change) => {
    let port = 0;
    const gateway = createServer((incoming, outgoing) => {
      const { method, url: path, headers: came } = incoming;
      const headers = Object.fromEntries(
        Object.entries(came).flatMap(([name, value]) => {
          const changed = change(name, String(value));
          return changed === undefined ? [] : [[name, changed]];
        }),
      );
      const again = request({ host: "127.0.0.1", port, method, path, headers, agent: false }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(outgoing);
      });
      incoming.pipe(again);
    });
    const mock = await startProxy(await listening(gateway));
    port = mock.port;
    expect((await send(mock.url)).status).toBe(508);
    expect(mock.requests()).toHaveLength(2);
  });

  it("forwards what other mocks and proxies have forwarded", async () => {
    const behind = await startBehind(answering(success));
    const second = await startProxy(behind.url);
    const first = await startProxy(second.url);
    const headers = { "content-type": "application/json", via: "1.0 fred, 1.1 p.example.net (Apache/1.1)" };
    expect((await send(first.url, { headers })).status).toBe(200);
    expect(behind.got).toHaveLength(1);
  });
});
