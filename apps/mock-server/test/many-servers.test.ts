import { once } from "node:events";
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { type MockServer, startMockServer } from "../src/index.js";
import { on } from "./support/call.js";

const path = "/client/api/v1/any-key/extend/order/auto";
const sent = {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(on),
};

describe("many mocks in one process, one after another", () => {
  it("leave no handle behind", async () => {
    await overFetch();
    const before = await resources();
    for (let count = 0; count < 10; count += 1) await overFetch();
    expect(await added(before)).toEqual([]);

    // What this test would see of a mock that stays open.
    const open = await startMockServer();
    expect(await added(before)).toEqual(["TCPServerWrap"]);
    await open.close();
    expect(await added(before)).toEqual([]);
  });

  it("leave no memory behind", async () => {
    expect(await growth(overHttp)).toBeLessThan(5);
  });

  it("would be noticed if they did: the same, with the mocks retained", async () => {
    const retained: MockServer[] = [];
    const retain = async () => void retained.push(await overHttp());
    expect(await growth(retain, { warmUp: 0, uses: 15 })).toBeGreaterThan(20);
  });
});

describe("a mock that is closed while clients keep their connections", () => {
  it("ends those that are idle at once", async () => {
    const mock = await startMockServer();
    const idle = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const socket = connect(mock.port, "127.0.0.1");
        socket.write(keepAliveHead + sent.body);
        expect(await answerOn(socket)).toContain("Connection: keep-alive");
        return socket;
      }),
    );
    await promptly([mock.close(), ...idle.map((socket) => once(socket, "close"))]);
  });

  it("ends that of a request under way once it is answered", async () => {
    const mock = await startMockServer();
    const socket = connect(mock.port, "127.0.0.1");
    await new Promise<void>((resolve) => socket.write(keepAliveHead, () => resolve()));
    // Its answer shows that the mock has read what was sent before it.
    await (await fetch(`${mock.url}/__mock/health`)).text();
    const ended = [mock.close(), once(socket, "close")];
    socket.write(sent.body);
    expect(await answerOn(socket)).toContain('"success":true');
    await promptly(ended);
  });
});

const keepAliveHead = [
  `POST ${path} HTTP/1.1`,
  "Host: x",
  "Connection: keep-alive",
  "Content-Type: application/json",
  `Content-Length: ${sent.body.length}`,
  "\r\n",
].join("\r\n");

async function answerOn(socket: Socket): Promise<string> {
  const [answer] = await once(socket, "data");
  return String(answer);
}

/** Well before connections are cut off, which is after 5 seconds. Node itself may add one to a keep-alive time. */
async function promptly(endings: readonly Promise<unknown>[]): Promise<void> {
  const start = performance.now();
  await Promise.all(endings);
  expect(performance.now() - start).toBeLessThan(4_000);
}

async function overFetch(): Promise<void> {
  const mock = await startMockServer();
  expect(await (await fetch(mock.url + path, sent)).json()).toMatchObject({ success: true });
  expect(await (await fetch(`${mock.url}/__mock/state`)).json()).toMatchObject({ version: 1 });
  await mock.close();
}

/** Without `fetch`, which in Node 20 and 22 itself keeps some 25 KiB for each origin that it ever called. */
async function overHttp(): Promise<MockServer> {
  const mock = await startMockServer();
  for (const [url, { body, ...options }] of [
    [mock.url + path, sent],
    [`${mock.url}/__mock/state`, { body: "" }],
  ] as const) {
    const [response] = await once(request(url, { ...options, agent: false }).end(body), "response");
    expect(response.statusCode).toBe(200);
    await once(response.resume(), "end");
  }
  await mock.close();
  return mock;
}

/** The number of handles that keep the process alive, by kind. */
async function resources(): Promise<Map<string, number>> {
  await pause(100);
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** The kinds of which there are more than before, once what is about to end has ended. */
async function added(before: ReadonlyMap<string, number>): Promise<string[]> {
  let more: string[] = [];
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const now = await resources();
    more = [...now.keys()].filter((kind) => (now.get(kind) ?? 0) > (before.get(kind) ?? 0));
    if (more.length === 0) break;
  }
  return more;
}

/** How much memory each use leaves behind, in KiB, after some that warm up. */
async function growth(use: () => Promise<unknown>, { warmUp = 20, uses = 100 } = {}): Promise<number> {
  for (let count = 0; count < warmUp; count += 1) await use();
  const before = await memory();
  for (let count = 0; count < uses; count += 1) await use();
  return ((await memory()) - before) / uses;
}

/** The memory in use, in KiB. */
async function memory(): Promise<number> {
  // What became free in one round may hold what becomes free in the next.
  for (let round = 0; round < 3; round += 1) {
    await pause(50);
    collectGarbage();
  }
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024;
}

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
}
