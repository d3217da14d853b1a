import { once } from "node:events";
import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import request from "supertest";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createControl } from "../../src/control-api/control.js";
import {
  createApp,
  type MockServer,
  type MockServerOptions,
  startMockServer,
  type World,
} from "../../src/index.js";
import { testEngine, testNow } from "../support/call.js";
import { firstAccount, send, twoAccounts } from "./mock.js";

afterEach(() => void vi.useRealTimers());

async function startMock(options: MockServerOptions = {}): Promise<MockServer> {
  const mock = await startMockServer({ world: twoAccounts, now: () => testNow, ...options });
  onTestFinished(() => mock.close());
  return mock;
}

/** Opens a stream, and waits until the mock watches. */
async function open(url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  const [response] = await once(get(url, { headers, agent: false }), "response");
  return response.setEncoding("utf8");
}

/** Reads a stream until it has what is looked for. */
async function readUntil(stream: IncomingMessage, wanted: string): Promise<string> {
  const chunks: string[] = [];
  let end = "";
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    chunks.push(chunk);
    // Looking through all of a long text for each chunk would take most of the time.
    end = end.slice(-wanted.length) + chunk;
    if (end.includes(wanted)) return chunks.join("");
  }
  throw new Error(`The stream ended before ${wanted}: ${chunks.join("")}`);
}

/** The first event, which says of which run the stream is. */
function startIn(text: string): { type: string; run: string; isResumed: boolean } {
  const [, data = ""] = /^event: stream\nid: [\w-]+\/\d+\ndata: (.*)\n\n/.exec(text) ?? [];
  return JSON.parse(data);
}

/** The events after the first one. */
function eventsIn(text: string) {
  return text
    .split("\n\n")
    .filter((part) => part.startsWith("event: ") && !part.startsWith("event: stream\n"))
    .map((part) => {
      const [, type, id, data = ""] = /^event: (.*)\nid: [\w-]+\/(.*)\ndata: (.*)$/.exec(part) ?? [];
      return { type, id: Number(id), data: JSON.parse(data) };
    });
}

const idsIn = (text: string) => eventsIn(text).map(({ id }) => id);

describe("the stream of events", () => {
  it("shows at once that it is open", async () => {
    const mock = await startMock();
    const stream = await open(`${mock.url}/__mock/events`);
    expect(stream.headers["content-type"]).toBe("text/event-stream");
    expect(stream.headers["cache-control"]).toBe("no-store");
    expect(stream.headers.date).toBe("Tue, 01 Jan 2030 00:00:00 GMT");
    const { body } = await request(mock.url).get("/__mock/health");
    expect(startIn(await readUntil(stream, "\n\n"))).toEqual({
      type: "stream",
      run: body.run,
      isResumed: false,
    });
  });

  it("begins with a number, so that a reader who comes back at once has missed nothing", async () => {
    const mock = await startMock();
    const url = `${mock.url}/__mock/events`;
    await open(url);
    await send(mock.url);
    const [, id = ""] = /\nid: (.*)\n/.exec(await readUntil(await open(url), "\n\n")) ?? [];
    await send(mock.url);
    const resumed = await open(url, { "last-event-id": id });
    const text = await readUntil(resumed, "event: request");
    expect(startIn(text).isResumed).toBe(true);
    expect(text).toContain("request-2");
    expect(text).not.toContain("request-1");
    expect(text).toContain(`event: stream\nid: ${id}\n`);
  });

  it("reports what happens, in order, with numbers that count up", async () => {
    const mock = await startMock();
    const stream = await open(`${mock.url}/__mock/events`);
    await send(mock.url, { apiKey: "first-key-1", autoExtend: false });
    // It is on already, so nothing changes.
    await send(mock.url, { apiKey: "other-key-1", prefer: "fault=wrong-type" });
    await request(mock.url)
      .post("/__mock/clock")
      .send({ advance: { days: 2 } })
      .expect(200);
    await request(mock.url).post("/__mock/reset").expect(204);
    const events = eventsIn(await readUntil(stream, '"because":"reset"}\n\n'));
    expect(events.map(({ type }) => type)).toEqual([
      "change",
      "request",
      "fault",
      "request",
      "renewal",
      "renewal",
      "clock",
      "log",
      "state",
    ]);
    expect(events[7]?.data).toMatchObject({ account: null, clears: 1 });
    expect(events.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(events.every(({ type, data }) => data.type === type)).toBe(true);
    expect(events[1]?.data.request).toEqual(JSON.parse(JSON.stringify(events[1]?.data.request)));
    expect(events[5]?.data).toMatchObject({
      at: "2030-01-03T00:00:00.000Z",
      account: "other",
      renewal: { type: "renewed", price: 0.8 },
    });
  });

  it("leaves out events of other accounts, by ID and by API key, but not those that concern all", async () => {
    const mock = await startMock();
    const byId = await open(`${mock.url}/__mock/events?account=other`);
    const byKey = await open(`${mock.url}/__mock/events`, { "mock-api-key": "other-key-1" });
    await send(mock.url, { apiKey: "first-key-1", autoExtend: false });
    await send(mock.url, { apiKey: "other-key-1", autoExtend: false });
    mock.clock.freeze();
    for (const stream of [byId, byKey]) {
      const events = eventsIn(await readUntil(stream, '"frozen":true}\n\n'));
      expect(events.map(({ type, data }) => [type, data.account])).toEqual([
        ["change", "other"],
        ["request", "other"],
        ["clock", null],
      ]);
    }
  });

  it("numbers events for as long as the mock runs, and resumes after the last one that a reader has seen", async () => {
    const mock = await startMock();
    const url = `${mock.url}/__mock/events`;
    const first = await open(url);
    mock.clock.freeze();
    const text = await readUntil(first, '"frozen":true}\n\n');
    const { run } = startIn(text);
    const [seen] = idsIn(text);
    first.destroy();
    mock.clock.resume();
    await send(mock.url, { apiKey: "other-key" });
    const again = await open(url, { "last-event-id": `${run}/${seen}` });
    const missed = await readUntil(again, `"type":"request"`);
    expect(idsIn(missed)).toEqual([2, 3]);
    expect(startIn(missed)).toEqual({ type: "stream", run, isResumed: true });
    const late = await open(url);
    mock.clock.freeze();
    expect(idsIn(await readUntil(late, '"frozen":true}\n\n'))).toEqual([4]);
    mock.clock.resume();
    for (const id of ["nonsense", String(seen), `another-run/${seen}`, `${run}/99`]) {
      const strange = await readUntil(await open(url, { "last-event-id": id }), "\n\n");
      expect(startIn(strange)).toEqual({ type: "stream", run, isResumed: false });
      expect(idsIn(strange)).toEqual([]);
    }
  });

  it("says that events are missing once too many have happened since", async () => {
    const mock = await startMock();
    const url = `${mock.url}/__mock/events`;
    const { run } = startIn(await readUntil(await open(url), "\n\n"));
    for (let count = 0; count < 1_001; count += 1) mock.clock.freeze();
    const resumed = await open(url, { "last-event-id": `${run}/1` });
    expect(startIn(await readUntil(resumed, "\n\n")).isResumed).toBe(true);
    const late = await open(url, { "last-event-id": `${run}/0` });
    expect(startIn(await readUntil(late, "\n\n")).isResumed).toBe(false);
  });

  it("has no API key in it", async () => {
    const mock = await startMock();
    const stream = await open(`${mock.url}/__mock/events`);
    mock.putState({ version: 1, accounts: [{ ...firstAccount, apiKey: "canary-key-01" }] });
    await send(mock.url, {
      apiKey: "canary-key-01",
      orderIds: ["canary-key-01"],
      prefer: "fault=canary-key-01",
    });
    await send(mock.url, { apiKey: "canary-key-01", prefer: "fault=slow; ms=1" });
    mock.reset({ account: "first" });
    mock.reset();
    expect(await readUntil(stream, '"account":null,"type":"state","because":"reset"}\n\n')).not.toContain(
      "canary",
    );
  });

  it("shows every 15 seconds that it is alive", async () => {
    const mock = await startMock();
    await (await fetch(`${mock.url}/__mock/health`)).text();
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    const stream = await open(`${mock.url}/__mock/events`);
    vi.advanceTimersByTime(30_000);
    expect(idsIn(await readUntil(stream, ": still here\n\n: still here\n\n"))).toEqual([]);
  });

  it("brings events under fake timers as well, which nobody turns meanwhile", async () => {
    const mock = await startMock();
    const url = `${mock.url}/__mock/events`;
    await (await fetch(`${mock.url}/__mock/health`)).text();
    vi.useFakeTimers({ toFake: ["setTimeout", "setImmediate"] });
    const streams = [await open(url), await open(`${url}?perSecond=10`)];
    mock.clock.freeze();
    for (const stream of streams) expect(await readUntil(stream, '"frozen":true')).toContain("event: clock");
  });

  it("answers HEAD and ends", async () => {
    const mock = await startMock();
    const response = await fetch(`${mock.url}/__mock/events`, { method: "HEAD" });
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    expect(await response.text()).toBe("");
  });

  it("is watched only as long as somebody reads", async () => {
    const engine = testEngine();
    let watchers = 0;
    const { watch } = engine.events;
    engine.events.watch = (...watching) => {
      const unwatch = watch(...watching);
      watchers += 1;
      return () => {
        watchers -= 1;
        unwatch();
      };
    };
    const control = createControl(engine, { origins: new Set(), token: null }, () => {});
    const server = createServer(control).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const stream = await open(`http://127.0.0.1:${(server.address() as AddressInfo).port}/__mock/events`);
    expect(watchers).toBe(1);
    stream.destroy();
    await vi.waitFor(() => expect(watchers).toBe(0), 20_000);
  });

  it("brings all events of a large clock move to a reader who keeps up", async () => {
    const { mock, url, connections } = await startWatched(worldOfManyOrders);
    const stream = await open(url);
    mock.clock.advance({ days: 1 });
    const text = await readUntil(stream, '"frozen":false}\n\n');
    expect(text.match(/^event: (?!stream)/gm)).toHaveLength(5_001);
    // A reader who has caught up has no time limit any more.
    await expect.poll(() => connections[0]?.timeout).toBe(0);
  });

  it("ends for a reader who is too slow, and continues for others", async () => {
    const { mock, url, connections } = await startWatched(worldOfLargeEvents);
    const slow = (await open(url)).pause();
    const quick = await open(url);
    const [ofSlow, ofQuick] = connections;
    let read = 0;
    quick.on("data", (text: string) => {
      read += text.length;
    });
    let written = 0;
    mock.watch((event) => {
      written += JSON.stringify(event).length;
    });
    // The system takes some megabytes before anything waits here.
    while (!ofSlow?.timeout) {
      mock.clock.advance({ days: 1 });
      while (read < written) await new Promise(setImmediate);
    }
    slow.on("error", () => {});
    await once(ofSlow, "close");
    expect(ofQuick?.destroyed).toBe(false);
  }, 90_000);
});

/** A mock, the URL of its stream, and its ends of the connections in their order. */
async function startWatched(world: World) {
  const mock = createApp({ world, now: () => testNow });
  const connections: Socket[] = [];
  const server = createServer(mock).on("connection", (socket) => connections.push(socket));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return { mock, url: `http://127.0.0.1:${port}/__mock/events`, connections };
}

/** Each day, one event that names 20,000 IP addresses. */
const worldOfLargeEvents: World = {
  version: 1,
  accounts: [
    {
      ...firstAccount,
      balance: 100_000,
      prices: { IPv4: { 1: 0.01 } },
      orders: [
        {
          orderId: "11111",
          proxyType: "IPv4",
          endsAt: "+1d",
          ipAddresses: Array.from({ length: 20_000 }, (_, index) => ({
            ipAddressId: String(10_000_000 + index),
            ip: "192.0.2.1",
            country: "DE",
            autoExtend: true,
            rentPeriodDays: 1,
          })),
        },
      ],
    },
  ],
};

/** On the first day, 5,000 orders are renewed at once: that is 1.5 MB of events. */
const worldOfManyOrders: World = {
  version: 1,
  accounts: [
    {
      ...firstAccount,
      balance: 10_000,
      orders: Array.from({ length: 5_000 }, (_, index) => ({
        orderId: String(10_000 + index),
        proxyType: "IPv4" as const,
        endsAt: "+1d",
        ipAddresses: [
          { ipAddressId: String(10_000_000 + index), ip: "192.0.2.1", country: "DE", autoExtend: true },
        ],
      })),
    },
  ],
};

describe("a stream that takes only so many events in a second", () => {
  it("leaves out the others, reports how many, and has all that are not about requests", async () => {
    const mock = await startMock();
    const stream = await open(`${mock.url}/__mock/events?perSecond=2`);
    await readUntil(stream, "event: stream");
    const body = { proxyType: "IPv4", orderIds: ["nowhere"], rentPeriodDays: 30, autoExtend: true };
    const headers = { "content-type": "application/json" };
    const url = `${mock.url}/client/api/v1/first-key/extend/order/auto`;
    const one = () => fetch(url, { method: "POST", headers, body: JSON.stringify(body) });
    await Promise.all(Array.from({ length: 10 }, async () => (await one()).arrayBuffer()));
    mock.clock.freeze();
    const passedIn = (text: string) => text.match(/^event: request$/gm)?.length ?? 0;
    const skippedIn = (text: string) =>
      [...text.matchAll(/"type":"skipped","requests":(\d+)/g)].reduce((sum, [, n]) => sum + Number(n), 0);
    let text = await readUntil(stream, "event: skipped");
    // On a busy machine, the requests take more than a second, and the rest is reported later.
    while (passedIn(text) + skippedIn(text) < 10) text += await readUntil(stream, "\n");
    const passed = passedIn(text);
    const skipped = skippedIn(text);
    expect(passed).toBeGreaterThanOrEqual(2);
    expect(passed + skipped).toBe(10);
    expect(text).toContain("event: clock");
    stream.destroy();
  });

  it("has only events of the types that are named", async () => {
    const mock = await startMock();
    const stream = await open(`${mock.url}/__mock/events?types=clock,queue&perSecond=100`);
    await readUntil(stream, "event: stream");
    await fetch(`${mock.url}/client/api/v1/first-key/extend/order/auto`, { method: "POST", body: "{}" });
    mock.faults.add({ preset: "slow" });
    mock.clock.freeze();
    const text = await readUntil(stream, "event: clock");
    expect([...text.matchAll(/^event: (\w+)$/gm)].map(([, type]) => type)).toEqual(["queue", "clock"]);
    stream.destroy();
    const unknown = await fetch(`${mock.url}/__mock/events?types=clocks`);
    expect(unknown.status).toBe(400);
  });
});
