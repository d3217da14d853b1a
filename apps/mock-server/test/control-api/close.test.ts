import { once } from "node:events";
import { get } from "node:http";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { type MockServer, startMockServer } from "../../src/index.js";
import { on } from "../support/call.js";

const path = "/client/api/v1/any-key/extend/order/auto";
const body = JSON.stringify(on);

/** Sends a request that hangs, and waits until it does. */
async function hanging(mock: MockServer, prefer: string) {
  const socket = connect(mock.port, "127.0.0.1").on("error", () => {});
  const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nPrefer: ${prefer}\r\n`;
  const handled = new Promise<void>((resolve) => mock.watch(({ type }) => type === "request" && resolve()));
  socket.write(`${head}Content-Length: ${body.length}\r\n\r\n${body}`);
  await handled;
  if (/middle|drip/.test(prefer)) await once(socket, "data");
  return socket;
}

/** Connections that were waited for in vain are cut off after five seconds. */
async function timeToClose(mock: MockServer): Promise<number> {
  const start = performance.now();
  await mock.close();
  return performance.now() - start;
}

describe("a mock that is closed", () => {
  it("does not wait for a stream of events", async () => {
    const mock = await startMockServer();
    const [stream] = await once(get(`${mock.url}/__mock/events`, { agent: false }), "response");
    const ended = new Promise((resolve) =>
      stream
        .on("error", () => {})
        .resume()
        .once("close", resolve),
    );
    expect(await timeToClose(mock)).toBeLessThan(4_000);
    await ended;
  });

  it.each(["fault=hang", "fault=hang; at=middle"])(
    "does not wait for an answer that hangs on purpose: %s",
    async (prefer) => {
      const mock = await startMockServer();
      const socket = await hanging(mock, prefer);
      const ended = once(socket, "close");
      expect(await timeToClose(mock)).toBeLessThan(4_000);
      await ended;
    },
  );

  it("does not wait for an answer that begins to hang while it closes", async () => {
    const mock = await startMockServer();
    const socket = connect(mock.port, "127.0.0.1").on("error", () => {});
    const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nPrefer: fault=hang\r\n`;
    await new Promise<void>((resolve) =>
      socket.write(`${head}Content-Length: ${body.length}\r\n\r\n{`, () => resolve()),
    );
    // Its answer shows that the mock has read what was sent before.
    await (await fetch(`${mock.url}/__mock/health`)).text();
    const closed = timeToClose(mock);
    socket.write(body.slice(1));
    expect(await closed).toBeLessThan(4_000);
  });

  it.each(["fault=slow; ms=60000", "fault=drip; bytes=1; ms=1000"])(
    "does not wait for an answer that a fault delays: %s",
    async (prefer) => {
      const mock = await startMockServer();
      const socket = await hanging(mock, prefer);
      const ended = once(socket, "close");
      expect(await timeToClose(mock)).toBeLessThan(4_000);
      await ended;
    },
  );

  it("waits for a request under way on a connection whose last answer was late", async () => {
    const mock = await startMockServer();
    const socket = await hanging(mock, "fault=slow; ms=1");
    await once(socket, "data");
    const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`;
    await new Promise<void>((resolve) =>
      socket.write(`${head}Content-Length: ${body.length}\r\n\r\n{`, () => resolve()),
    );
    // Its answer shows that the mock has read what was sent before.
    await (await fetch(`${mock.url}/__mock/health`)).text();
    const closed = timeToClose(mock);
    const answer = once(socket, "data");
    socket.write(body.slice(1));
    expect(String((await answer)[0])).toContain('"success":true');
    expect(await closed).toBeLessThan(4_000);
  });
});
