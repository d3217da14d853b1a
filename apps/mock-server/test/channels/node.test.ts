import { EventEmitter, once } from "node:events";
import { type IncomingMessage, request, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sendInParts } from "../../src/channels/node.js";
import { type MockServer, startMockServer } from "../../src/index.js";
import { on } from "../support/call.js";

let mock: MockServer;
beforeEach(async () => {
  mock = await startMockServer({ port: 0 });
});
afterEach(() => mock.close());

const target = "/client/api/v1/any-key/extend/order/auto";
const post = (body: string) =>
  fetch(mock.url + target, { method: "POST", headers: { "content-type": "application/json" }, body });

describe("a mock on a socket", () => {
  it("reports its URL, and listens there", async () => {
    expect(mock.url).toBe(`http://127.0.0.1:${mock.port}`);
    expect(await (await post(JSON.stringify(on))).json()).toMatchObject({ success: true });
    expect(mock.requests()).toHaveLength(1);
    mock.reset();
    expect(mock.requests()).toEqual([]);
  });

  it("answers GETs by their query, whatever body they have", async () => {
    const api = `${mock.url}/client/api/v1/any-key`;
    expect(await (await fetch(`${api}/balance`)).json()).toMatchObject({ balance: 5, currencyCode: "USD" });
    const periods = await fetch(`${api}/rentPeriod?proxyType=IPv4`);
    expect(await periods.json()).toMatchObject({ rentPeriodDays: [30] });
    const headers = { "content-length": "9", "content-type": "text/html" };
    const outgoing = request(`${api}/ipAddress?proxyType=ISP`, { method: "GET", agent: false, headers });
    outgoing.end("<no JSON>");
    const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
    expect(JSON.parse(await text(answer))).toMatchObject({
      success: true,
      ipAddresses: [{ proxyType: "ISP" }],
    });
  });

  it("answers 405 to any other method, HEAD without a body", async () => {
    for (const method of ["HEAD", "OPTIONS", "POST"]) {
      const response = await fetch(`${mock.url}/client/api/v1/any-key/balance`, { method });
      expect([response.status, response.headers.get("allow")]).toEqual([405, "GET"]);
      expect(await response.text()).toHaveLength(
        method === "HEAD" ? 0 : Number(response.headers.get("content-length")),
      );
    }
  });

  it("answers 413 to a body above 2 MiB, and stays well", async () => {
    const response = await post(`"${"x".repeat(2 * 1024 * 1024)}"`);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({
      status: 413,
      detail: expect.stringContaining("accepts: at most 2 MiB, and this one has 2097154 bytes. Send fewer"),
    });
    expect((await post(JSON.stringify(on))).status).toBe(200);
  });

  it("accepts a body of exactly 2 MiB", async () => {
    const padded = JSON.stringify(on).padEnd(2 * 1024 * 1024, " ");
    expect((await post(padded)).status).toBe(200);
  });

  it("accepts a body that is sent byte by byte", async () => {
    const body = JSON.stringify({ ...on, note: "Ä" });
    const bytes = Buffer.from(body);
    const socket = connect(mock.port, "127.0.0.1").setNoDelay(true);
    socket.write(
      `POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${bytes.length}\r\n\r\n`,
    );
    for (const byte of bytes) socket.write(Buffer.from([byte]));
    const [answer] = await once(socket, "data");
    socket.destroy();
    expect(String(answer)).toContain('"success":true');
  });

  it("forgets a request that breaks off", async () => {
    const socket = connect(mock.port, "127.0.0.1");
    socket.write(
      `POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{`,
    );
    await once(socket, "connect");
    socket.destroy();
    await once(socket, "close");
    expect((await post(JSON.stringify(on))).status).toBe(200);
    expect(mock.requests()).toHaveLength(1);
  });

  it("says why it can't listen, and requires a token if other machines can reach it", async () => {
    await expect(startMockServer({ port: mock.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    await expect(startMockServer({ host: "0.0.0.0" })).rejects.toThrow("controlToken");
    const open = await startMockServer({ host: "0.0.0.0", controlToken: "control-token" });
    expect(open.url).toBe(`http://localhost:${open.port}`);
    expect((await fetch(`http://127.0.0.1:${open.port}/__mock/requests`)).status).toBe(403);
    await open.close();
  });

  it("closes at once, also connections that are kept alive, and only once", async () => {
    await (await post(JSON.stringify(on))).text();
    const start = performance.now();
    await Promise.all([mock.close(), mock.close()]);
    expect(performance.now() - start).toBeLessThan(4_000);
    await expect(post(JSON.stringify(on))).rejects.toThrow();
  });

  it("finishes a request under way before it closes", async () => {
    const body = JSON.stringify(on);
    const socket = connect(mock.port, "127.0.0.1");
    const request = `POST ${target} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    await new Promise<void>((resolve) => socket.write(request + body.slice(0, 10), () => resolve()));
    // The health check's answer shows that the mock has read what was sent before it.
    await (await fetch(`${mock.url}/__mock/health`)).text();
    const closed = mock.close();
    const answer = once(socket, "data");
    socket.write(body.slice(10));
    expect(String((await answer)[0])).toContain('"success":true');
    await closed;
  });

  it("handles two hundred concurrent requests", async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => post(JSON.stringify(on)).then((r) => r.json())),
    );
    expect(answers.every((answer) => (answer as { success: boolean }).success)).toBe(true);
  });
});

it("lets other requests have their turn between two parts of a long answer, even if the socket takes all of them at once", async () => {
  const written: string[] = [];
  // As a socket whose reader is faster than the mock.
  const response = Object.assign(new EventEmitter(), {
    destroyed: false,
    write(part: string) {
      written.push(part);
      process.nextTick(() => response.emit("drain"));
      return false;
    },
    end: (part: string) => void written.push(part),
  });
  sendInParts(response as unknown as ServerResponse, ["a", "b", "c", "d"][Symbol.iterator]());
  await new Promise((resolve) => setImmediate(resolve));
  expect(written.length).toBeLessThan(4);
  while (written.length < 4) await new Promise((resolve) => setImmediate(resolve));
  expect(written).toEqual(["a", "b", "c", "d"]);
});
