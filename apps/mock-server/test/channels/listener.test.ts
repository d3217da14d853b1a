import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { runInNewContext } from "node:vm";
import express from "express";
import request from "supertest";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { loadListener } from "../../src/channels/node.js";
import { createApp, defaultWorld, type MockApp, startMockServer } from "../../src/index.js";
import { on } from "../support/call.js";

const path = "/client/api/v1/any-key/extend/order/auto";

async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  onTestFinished(() => void server.close().closeAllConnections());
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

/** A parser that makes its bytes in a context of its own, as test environments do. */
function rawAs(code: string): express.RequestHandler {
  return (incoming, response, next) =>
    express.raw({ type: "*/*" })(incoming, response, () => {
      incoming.body = runInNewContext(code, { bytes: [...incoming.body] });
      next();
    });
}

describe("a mock behind a body parser", () => {
  const behind = (mock: MockApp, parser: express.RequestHandler) => express().use(parser).use(mock);

  it.each([
    ["JSON", express.json()],
    ["text", express.text({ type: "*/*" })],
    ["bytes", express.raw({ type: "*/*" })],
    ["bytes of another realm", rawAs("new Uint8Array(bytes)")],
    ["a buffer of bytes", rawAs("new Uint8Array(bytes).buffer")],
  ])("answers by what was parsed as %s", async (_, parser) => {
    const mock = createApp();
    const { body } = await request(behind(mock, parser)).post(path).send(on).expect(200);
    expect(body).toMatchObject({ success: true, quantity: 1 });
    expect(mock.requests()[0]?.sent).toEqual(on);
  });

  it("answers requests that the parser ignores, and those without a body", async () => {
    const app = behind(createApp(), express.json());
    await request(app).post(path).set("content-type", "text/plain").send("{}").expect(415);
    await request(app).get("/client/api/v1/any-key/balance").expect(200);
    await request(app).get("/__mock/health").expect(200);
  });

  it("accepts a body that a parser has decompressed", async () => {
    const { gzipSync } = await import("node:zlib");
    const sending = request(behind(createApp(), express.json()))
      .post(path)
      .set("content-type", "application/json")
      .set("content-encoding", "gzip");
    const { body } = await sending
      .serialize((value) => value as never)
      .send(gzipSync(JSON.stringify(on)) as never);
    expect(body).toMatchObject({ success: true });
  });

  it.each<[string, express.RequestHandler]>([
    [
      "pauses the request",
      (incoming, _, next) => {
        incoming.pause();
        setTimeout(next, 10);
      },
    ],
    [
      "reads UTF-8 text",
      (incoming, _, next) => {
        incoming.setEncoding("utf8");
        next();
      },
    ],
    [
      "reads Base64 text",
      (incoming, _, next) => {
        incoming.setEncoding("base64");
        next();
      },
    ],
  ])("answers if something before it %s", async (_, before) => {
    const { body } = await request(express().use(before).use(createApp())).post(path).send(on).expect(200);
    expect(body).toMatchObject({ success: true, quantity: 1 });
  });

  it.each(['"abc"', '"11111"', "17", "null"])(
    "takes %s for what it is, also when it was parsed",
    async (sent) => {
      const answers = [createApp(), behind(createApp(), express.json({ strict: false }))].map((app) =>
        request(app).post(path).set("content-type", "application/json").send(sent),
      );
      const [alone, parsed] = await Promise.all(answers);
      expect(parsed?.body).toEqual(alone?.body);
      expect(parsed?.headers["mock-explanation"]).toBe(alone?.headers["mock-explanation"]);
    },
  );

  it.each<[string, () => unknown]>([
    ["a circle", () => Object.assign({}, { self: globalThis })],
    ["a BigInt", () => ({ quantity: 1n })],
    ["a function", () => () => 1],
  ])("says so if a parser has made %s of the body", async (_, value) => {
    const odd: express.RequestHandler = (incoming, _response, next) => {
      incoming.body = value();
      next();
    };
    const { status, body } = await request(express().use(express.json(), odd).use(createApp()))
      .post(path)
      .send(on);
    expect(status).toBe(500);
    expect(body.detail).toContain("mount the mock before it");
  });

  it("says so if the body was read before and is lost", async () => {
    const swallow: RequestListener = (incoming, response) => {
      incoming.resume().once("end", () => createApp()(incoming, response));
    };
    const { status, text } = await request(swallow).post(path).send(on);
    expect(status).toBe(500);
    expect(JSON.parse(text).detail).toContain("mount the mock before it");
  });

  it("still counts the bytes of a parsed body", async () => {
    const app = behind(createApp(), express.json({ limit: "10mb" }));
    await request(app)
      .post(path)
      .send({ ...on, note: "x".repeat(3_000_000) })
      .expect(413);
  });
});

describe("an absolute URL as the target of a request, as for a proxy", () => {
  it.each([
    [`POST http://any.example${path}`, 200, '"success":true'],
    [`POST HTTP://127.0.0.1:80${path}`, 200, '"success":true'],
    ["GET http://any.example/client/api/v1/any-key/balance?x=1", 200, '"balance":5'],
    ["GET http://127.0.0.1/__mock/health", 200, '"status":"ok"'],
    ["GET http://any.example/__mock/health", 403, 'not under \\"any.example\\"'],
    ["GET http://any.example", 200, "<!doctype html>"],
  ])("is read as its path: %s", async (line, status, text) => {
    const mock = createApp();
    const port = await listen(mock);
    const body = line.startsWith("POST") ? JSON.stringify(on) : "";
    const socket = connect(port, "127.0.0.1").setEncoding("utf8");
    socket.end(
      `${line} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    );
    let answer = "";
    for await (const part of socket) answer += part;
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain(text);
    for (const entry of mock.requests()) expect(entry.path).toMatch(/^\/client\/api\/v1\/\[redacted\]\//);
  });
});

it("a client that takes the mock for its proxy gets the reason, and the server still closes at once", async () => {
  const mock = await startMockServer();
  const socket = connect(mock.port, "127.0.0.1").setEncoding("utf8");
  socket.write("CONNECT provider.example:443 HTTP/1.1\r\nhost: provider.example:443\r\n\r\n");
  let answer = "";
  for await (const part of socket) answer += part;
  expect(answer).toMatch(/^HTTP\/1\.1 501 .*\r\nconnection: close\r\n/is);
  expect(answer).toContain("The mock is a server, not a proxy to others.");
  const idle = connect(mock.port, "127.0.0.1");
  idle.on("error", () => {});
  idle.write("CONNECT provider.example:443 HTTP/1.1\r\n\r\n");
  idle.destroy();
  await mock.close();
});

describe("a part of the mock that is loaded with its first request", () => {
  it("is answered with 503 if it cannot be loaded, and tried again with the next request", async () => {
    const failed = Object.assign(new Error("too many open files, open /secret"), { code: "EMFILE" });
    const load = vi
      .fn<() => RequestListener>()
      .mockImplementationOnce(() => {
        throw failed;
      })
      .mockReturnValue((_, response) => response.end("loaded"));
    const port = await listen(loadListener(load));
    const url = `http://127.0.0.1:${port}/`;
    const first = await fetch(url);
    expect([first.status, first.headers.get("content-type")]).toEqual([503, "application/problem+json"]);
    expect(await first.json()).toMatchObject({
      detail: expect.stringMatching(/^[^/]*: error EMFILE\. Send the request again\.$/),
    });
    expect(await (await fetch(url)).text()).toBe("loaded");
    expect(await (await fetch(url)).text()).toBe("loaded");
    expect(load).toHaveBeenCalledTimes(2);
  });
});

it("answers a request without a body that something has read to its end", async () => {
  const drain: express.RequestHandler = (incoming, _, next) => void incoming.resume().on("end", next);
  await request(express().use(drain).use(createApp())).get("/client/api/v1/any-key/balance").expect(200);
});

describe("the mock's clock under fake timers", () => {
  const dates = async (mock: MockApp) => {
    const { headers } = await request(mock).post(path).send(on);
    return [headers.date, mock.clock.state().now.slice(0, 10)];
  };

  it.each(["before", "after"])(
    "goes by the faked date, if it was faked %s the mock was made",
    async (when) => {
      onTestFinished(() => void vi.useRealTimers());
      const fake = () => vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2040, 0, 2) });
      if (when === "before") fake();
      const mock = createApp();
      if (when === "after") fake();
      expect(await dates(mock)).toEqual(["Mon, 02 Jan 2040 00:00:00 GMT", "2040-01-02"]);
    },
  );

  it.each([
    ["made", () => {}],
    ["reset", (mock: MockApp) => mock.reset()],
  ])("goes by a date in the past that was faked after the mock was %s", async (_, prepare) => {
    onTestFinished(() => void vi.useRealTimers());
    const mock = createApp();
    prepare(mock);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2020, 0, 2) });
    expect(await dates(mock)).toEqual(["Thu, 02 Jan 2020 00:00:00 GMT", "2020-01-02"]);
    const [order] = mock.state({ apiKey: "any-key" }).accounts[0]?.orders ?? [];
    expect(order?.ipAddresses[0]?.endsAt).toBe("2020-02-01T00:00:00.000Z");
  });

  it("starts at the date of its world, whatever date is faked before the first request", async () => {
    onTestFinished(() => void vi.useRealTimers());
    const mock = createApp({ world: { ...defaultWorld, startsAt: "2030-01-01T00:00:00Z" } });
    vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2040, 0, 2) });
    expect((await dates(mock))[1]).toBe("2030-01-01");
    vi.setSystemTime(Date.UTC(2040, 0, 3));
    expect((await dates(mock))[1]).toBe("2030-01-02");
  });

  it("goes by the machine's date again once the date is no longer faked", async () => {
    onTestFinished(() => void vi.useRealTimers());
    vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2040, 0, 2) });
    const mock = createApp();
    expect((await dates(mock))[1]).toBe("2040-01-02");
    vi.setSystemTime(Date.UTC(2031, 0, 2));
    expect((await dates(mock))[1]).toBe("2031-01-02");
    vi.useRealTimers();
    expect((await dates(mock))[1]).toBe(new Date().toISOString().slice(0, 10));
  });

  it.each<[string, (mock: MockApp) => void]>([
    ["moved", (mock) => void mock.clock.advance({ days: 1 })],
    ["frozen", (mock) => void mock.clock.freeze()],
  ])("never goes back once the mock's own clock was %s", async (_, change) => {
    onTestFinished(() => void vi.useRealTimers());
    vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2040, 0, 2) });
    const mock = createApp();
    change(mock);
    vi.setSystemTime(Date.UTC(2031, 0, 2));
    expect((await dates(mock))[1]).toMatch(/^2040-/);
  });

  it("runs with the machine's date again after a reset", async () => {
    onTestFinished(() => void vi.useRealTimers());
    vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2040, 0, 2) });
    const mock = createApp();
    vi.useRealTimers();
    mock.reset();
    expect((await dates(mock))[1]).toBe(new Date().toISOString().slice(0, 10));
  });
});
