import { STATUS_CODES } from "node:http";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { send } from "../src/channels/fetch.js";
import { presetFault } from "../src/engine/faults/fault-spec.js";
import { capabilitiesOf } from "../src/engine/faults/plan.js";
import type { Delivery } from "../src/engine/types.js";
import {
  createApp,
  createMockFetch,
  type MockControls,
  type MockFetch,
  presets,
  startMockServer,
} from "../src/index.js";
import { on, testEngine, testNow } from "./support/call.js";

const target = "/client/api/v1/any-key/extend/order/auto";
const url = `https://youproxy.io${target}`;
const post = (body: string | Uint8Array, headers: Record<string, string> = {}) => ({
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  body,
});
const withFault = (fault: string) => post(JSON.stringify(on), { prefer: `fault=${fault}` });
const isOn = (mock: MockFetch) =>
  mock.state({ apiKey: "any-key" }).accounts[0]?.orders[0]?.ipAddresses[0]?.autoExtend;

/** Has timers counted, and none of them end; everything else continues. */
const countTimers = () => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
const turns = async () => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
};
afterEach(() => void vi.useRealTimers());

/** The error of a call without an answer. */
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable("it was answered"),
    (error: unknown) => error as Error,
  );

describe("a mock fetch", () => {
  it("answers like the server, without a server, and has controls", async () => {
    const mock = createMockFetch({ now: () => testNow });
    const answer = await mock(url, post(JSON.stringify(on)));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.headers.get("date")).toBe("Tue, 01 Jan 2030 00:00:00 GMT");
    expect(await answer.text()).toContain('"ipAddressIds":["1111111111111111111"]');
    expect(mock.requests()).toMatchObject([{ sent: on, decided: { outcome: "done" } }]);
    expect(isOn(mock)).toBe(true);
    mock.reset();
    expect(mock.requests()).toEqual([]);
  });

  it("accepts a Request, a URL or a string, and any host", async () => {
    const mock = createMockFetch();
    const body = JSON.stringify(on);
    const answers = [
      await mock(new Request(url, post(body))),
      await mock(new URL(url), post(body)),
      await mock("http://localhost/client/api/v1/any-key/extend/order/auto?x=1", post(body)),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it.each([
    ["a body above 2 MiB", url, post(new Uint8Array(2 * 1024 * 1024 + 1)), 413],
    ["no JSON", url, post("{"), 400],
    ["another method", url, {}, 405],
    ["another path", "https://youproxy.io/elsewhere", post("{}"), 404],
  ])("answers %s as the server does", async (_, to, init, status) => {
    expect((await createMockFetch()(to, init)).status).toBe(status);
  });

  it("answers a GET by its query", async () => {
    const mock = createMockFetch();
    const api = "https://youproxy.io/client/api/v1/any-key";
    const answer = await mock(`${api}/ipAddress?proxyType=MOBILE`);
    expect(await answer.json()).toMatchObject({ success: true, ipAddresses: [{ proxyType: "MOBILE" }] });
    expect(await (await mock(`${api}/balance`)).json()).toMatchObject({ balance: 5 });
    expect(mock.requests().map(({ operation, sent }) => [operation, sent])).toEqual([
      ["listIpAddresses", { proxyType: "MOBILE" }],
      ["getBalance", {}],
    ]);
    const head = await mock(`${api}/balance`, { method: "HEAD" });
    expect([head.status, head.headers.get("allow"), head.body]).toEqual([405, "GET", null]);
  });

  it("refuses an unknown option", async () => {
    const misspelled = { apiKey: ["my-key"] } as object;
    expect(() => createMockFetch(misspelled)).toThrow('unknown option "apiKey" (did you mean "apiKeys"?)');
    expect(() => createApp(misspelled)).toThrow('unknown option "apiKey"');
    await expect(startMockServer(misspelled)).rejects.toThrow('unknown option "apiKey"');
  });

  it("does nothing for a caller who has given up", async () => {
    const mock = createMockFetch();
    const reason = new Error("gone");
    const signal = AbortSignal.abort(reason);
    await expect(mock(url, { ...post(JSON.stringify(on)), signal })).rejects.toBe(reason);
    expect(mock.requests()).toEqual([]);
  });

  it("notices an abort also while the body of a request is on its way", async () => {
    const mock = createMockFetch();
    const reason = new Error("gone");
    const giveUp = new AbortController();
    const body = new ReadableStream({ pull: () => giveUp.abort(reason) });
    const init = { method: "POST", body, duplex: "half", signal: giveUp.signal } as RequestInit;
    await expect(mock(url, init)).rejects.toBe(reason);
    expect(mock.requests()).toEqual([]);
  });

  it("sends no body to HEAD, nor under a status without a body", async () => {
    const mock = createMockFetch();
    expect((await mock(url, { method: "HEAD" })).body).toBeNull();
    mock.faults.add({ fault: { http: { status: 204 } } });
    const answer = await mock(url, withFault("drip"));
    expect([answer.status, answer.body]).toEqual([204, null]);
  });

  it("returns a redirect, or rejects if the caller allows none", async () => {
    const mock = createMockFetch();
    const answer = await mock(url, withFault("redirect"));
    expect([answer.status, answer.headers.get("location")]).toEqual([307, "https://login.example/"]);
    await expect(mock(url, { ...withFault("redirect"), redirect: "error" })).rejects.toThrow("fetch failed");
  });
});

describe("a mock fetch with a fault", () => {
  it("delays an answer for the time that the fault says", async () => {
    const begin = performance.now();
    const answer = await createMockFetch()(url, withFault("slow; ms=60"));
    expect(performance.now() - begin).toBeGreaterThan(50);
    expect(answer.status).toBe(200);
  });

  it.each(["slow; ms=60000", "hang"])(
    "rejects with the caller's reason, at once, under %s",
    async (fault) => {
      countTimers();
      const mock = createMockFetch();
      const caller = new AbortController();
      const reason = new Error("enough");
      const failure = failureOf(mock(url, { ...withFault(fault), signal: caller.signal }));
      await turns();
      expect(vi.getTimerCount()).toBe(fault === "hang" ? 0 : 1);
      caller.abort(reason);
      expect(await failure).toBe(reason);
      expect(vi.getTimerCount()).toBe(0);
      // It had been carried out by then.
      expect(isOn(mock)).toBe(true);
    },
  );

  it.each<[string, string, (mock: MockFetch, init: RequestInit) => Promise<Response>]>([
    ["no answer", "hang", (mock, init) => mock(url, init)],
    ["no answer to a Request", "hang", (mock, init) => mock(new Request(url, init))],
    ["half an answer to a Request", "hang; at=middle", (mock, init) => mock(new Request(url, init))],
  ])("hears of an abort after %s and a garbage collection", async (_, fault, send) => {
    // A Request hangs by its signal's source weakly: what nobody held was collected, and no abort got to it.
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const caller = new AbortController();
    const onError = vi.fn();
    send(createMockFetch(), { ...withFault(fault), signal: caller.signal })
      .then((answer) => answer.text())
      .catch(onError);
    for (let round = 0; round < 5; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      collect();
    }
    caller.abort();
    await turns();
    expect(onError).toHaveBeenCalledOnce();
  });

  it("sends half of an answer and then hangs, until the caller aborts", async () => {
    const caller = new AbortController();
    const answer = await createMockFetch()(url, {
      ...withFault("hang; at=middle"),
      signal: caller.signal,
    });
    const reader = answer.body?.getReader();
    const half = new TextDecoder().decode((await reader?.read())?.value);
    expect(half).toMatch(/^\{"success":true/);
    expect(half).toHaveLength(Number(answer.headers.get("content-length")) >> 1);
    const more = failureOf(reader?.read() ?? Promise.resolve());
    await turns();
    const reason = new Error("enough");
    caller.abort(reason);
    expect(await more).toBe(reason);
  });

  it.each([
    ["lost-answer", true],
    ["lost-request", false],
    ["closed; at=before", true],
    ["closed; at=before; applied=false", false],
  ])("rejects as fetch does when the connection ends, under %s", async (fault, applied) => {
    const mock = createMockFetch();
    const failure = await failureOf(mock(url, withFault(fault)));
    expect(failure).toBeInstanceOf(TypeError);
    expect(failure.message).toBe("fetch failed");
    expect(failure.cause).toMatchObject({ code: "UND_ERR_SOCKET" });
    expect(isOn(mock)).toBe(applied);
  });

  it("breaks off in the middle of an answer", async () => {
    const answer = await createMockFetch()(url, withFault("closed; at=middle"));
    const reader = answer.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toMatch(/^\{"success":true/);
    const failure = await failureOf(reader?.read() ?? Promise.resolve());
    expect(failure).toBeInstanceOf(TypeError);
    expect(failure.message).toBe("terminated");
    expect(failure.cause).toMatchObject({ code: "UND_ERR_SOCKET" });
  });

  it("lets an answer drip", async () => {
    const answer = await createMockFetch()(url, withFault("drip; bytes=50; ms=5"));
    const drops: string[] = [];
    for await (const drop of answer.body ?? []) drops.push(new TextDecoder().decode(drop));
    expect(drops.length).toBeGreaterThan(2);
    expect(drops.slice(0, -1).every((drop) => drop.length === 50)).toBe(true);
    expect(JSON.parse(drops.join(""))).toMatchObject({ success: true });
  });

  it("waits for the next part only while the caller reads", async () => {
    countTimers();
    const mock = createMockFetch();
    const caller = new AbortController();
    const drip = () => mock(url, { ...withFault("drip; bytes=1; ms=60000"), signal: caller.signal });
    const unread = await drip();
    const [cancelled, aborted] = [(await drip()).body?.getReader(), (await drip()).body?.getReader()];
    await Promise.all([cancelled?.read(), aborted?.read()]);
    expect(vi.getTimerCount()).toBe(0);

    const [rest, more] = [cancelled?.read(), failureOf(aborted?.read() ?? Promise.resolve())];
    await turns();
    expect(vi.getTimerCount()).toBe(2);
    await cancelled?.cancel();
    expect(await rest).toEqual({ done: true, value: undefined });
    expect(vi.getTimerCount()).toBe(1);
    caller.abort();
    expect((await more).name).toBe("AbortError");
    expect(vi.getTimerCount()).toBe(0);
    expect((await failureOf(unread.text())).name).toBe("AbortError");
  });

  it.each([
    ["reset", "reset"],
    ["reset; at=middle", "reset"],
    ["closed; at=after", "close-after"],
    ["gzip", "gzip"],
    ["gzip-broken", "gzip"],
  ])("says that %s needs a socket, and changes nothing", async (fault, lacking) => {
    const mock = createMockFetch();
    const before = mock.state({ account: "default" });
    const answer = await mock(url, withFault(fault));
    expect(answer.status).toBe(501);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await answer.json()).toMatchObject({
      title: "Not Implemented",
      detail: expect.stringMatching(`needs a socket.*: it can't do ${lacking}. Use it with`),
    });
    expect(isOn(mock)).toBe(false);
    expect(mock.state({ account: "default" })).toEqual(before);
  });
});

describe("a request without a socket", () => {
  const read = async (answer: Promise<Response>) => (await answer).text();

  it.each<
    [string, Partial<Delivery>, (send: () => Promise<Response>, giveUp: () => void) => Promise<unknown>]
  >([
    ["delivered", {}, (send) => send()],
    ["delivered late", { delay: 5 }, (send) => send()],
    ["delivered to the end", { ending: { how: "drip", bytes: 50, everyMs: 1 } }, (send) => read(send())],
    ["never delivered", { ending: { how: "close", at: "before" } }, (send) => failureOf(send())],
    ["half delivered", { ending: { how: "close", at: "middle" } }, (send) => failureOf(read(send()))],
    [
      "given up while late",
      { delay: 60_000 },
      async (send, giveUp) => {
        const failure = failureOf(send());
        await turns();
        giveUp();
        await failure;
      },
    ],
    [
      "given up while hanging",
      { ending: { how: "hang", at: "before" } },
      async (send, giveUp) => {
        const failure = failureOf(send());
        await turns();
        giveUp();
        await failure;
      },
    ],
    [
      "given up in its middle",
      { ending: { how: "hang", at: "middle" } },
      async (send, giveUp) => {
        const failure = failureOf(read(send()));
        await turns();
        giveUp();
        await failure;
      },
    ],
    [
      "given up without being read",
      { ending: { how: "hang", at: "middle" } },
      async (send, giveUp) => {
        const answer = await send();
        giveUp();
        await failureOf(answer.text());
      },
    ],
    [
      "cancelled",
      { ending: { how: "drip", bytes: 1, everyMs: 60_000 } },
      async (send) => (await send()).body?.cancel(),
    ],
  ])("is released once when its answer was %s", async (_, manner, proceed) => {
    const release = vi.fn();
    const engine = testEngine();
    const handle: typeof engine.handle = (sent) => ({
      ...engine.handle(sent),
      delivery: { delay: 0, gzip: null, ending: { how: "whole" }, ...manner },
      release,
    });
    const caller = new AbortController();
    const request = new Request(url, { ...post(JSON.stringify(on)), signal: caller.signal });
    await proceed(
      () => send({ ...engine, handle }, { request }),
      () => caller.abort(),
    );
    await turns();
    expect(release).toHaveBeenCalledOnce();
  });

  it("counts among those under way until then", async () => {
    const mock = createMockFetch();
    mock.faults.add({ preset: "limit-concurrent" });
    const caller = new AbortController();
    const hanging = failureOf(mock(url, { ...withFault("hang"), signal: caller.signal }));
    await turns();
    expect((await mock(url, post(JSON.stringify(on)))).status).toBe(429);
    caller.abort();
    await hanging;
    expect((await mock(url, post(JSON.stringify(on)))).status).toBe(200);
  });

  // Each was through before the next one came, so that none ever met a limit.
  it.each([
    [{}, 50, 49],
    [{ concurrent: 20, seconds: 3 }, 50, 30],
    [{ ms: 0 }, 1, 0],
  ])(
    "is under way for as long as a limit of requests at once has it: %j",
    async (options, count, refused) => {
      const mock = createMockFetch();
      mock.faults.add({ preset: "limit-concurrent", options });
      const answers = await Promise.all(
        Array.from({ length: count }, () => mock(url, post(JSON.stringify(on)))),
      );
      expect(answers.filter(({ status }) => status === 429)).toHaveLength(refused);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(count - refused);
    },
  );
});

describe("the same request, over a socket and without one", () => {
  /** Headers that only connections have. */
  const volatile = ["connection", "keep-alive"];
  const chosen = presets.flatMap(({ name, options }) => {
    const { choices = [undefined] } = options.find((option) => option.name === "at") ?? {};
    return choices.map((at) => ({ name, options: at === undefined ? {} : { at } }));
  });
  const faults = chosen
    .filter(({ name, options }) => capabilitiesOf(presetFault(name, options).fault).length === 0)
    .map(({ name, options: { at } }) => (at === undefined ? name : `${name}; at=${at}`))
    .map((fault) => (fault === "slow" ? "slow; ms=5" : fault));

  async function came(
    send: typeof fetch,
    to: string,
    { fault, mock }: { fault: string; mock: MockControls },
  ) {
    const caller = new AbortController();
    const giveUp = () => caller.abort(new Error("enough"));
    if (fault === "hang; at=before") {
      void vi.waitFor(() => expect(mock.requests()).toHaveLength(1), 20_000).then(giveUp);
    }
    try {
      const request = withFault(fault);
      // The platform's fetch adds them otherwise.
      const headers = { ...request.headers, accept: "application/json", "user-agent": "test" };
      const answer = await send(to, { ...request, headers, redirect: "manual", signal: caller.signal });
      const { status } = answer;
      const received = [...answer.headers].filter(([name]) => !volatile.includes(name));
      const body = fault === "hang; at=middle" ? readUntilHalf(answer, giveUp) : answer.text();
      return { status, headers: received, body: await body.catch(endOf) };
    } catch (error) {
      return endOf(error);
    }
  }

  /** Gives up once something has come, and fails for that reason. */
  async function readUntilHalf({ body }: Response, giveUp: () => void): Promise<string> {
    const reader = body?.getReader();
    while (!(await reader?.read())?.done) giveUp();
    return "all of it";
  }

  function endOf(error: unknown) {
    const { name, message, cause } = error as Error;
    return { name, message, code: (cause as { code?: string } | undefined)?.code };
  }

  // They left with the body that they can't have, and with its length.
  it.each([
    [204, null],
    [205, "0"],
    [304, null],
  ])(
    "has neither a body nor, but under 205, a length under a status without one: %s",
    async (status, length) => {
      const mock = createMockFetch({ now: () => testNow });
      const server = await startMockServer({ now: () => testNow });
      try {
        for (const { faults } of [mock, server]) faults.add({ fault: { http: { status } } });
        const init = post(JSON.stringify(on));
        for (const answer of [await mock(url, init), await fetch(server.url + target, init)]) {
          expect([answer.status, await answer.text()]).toEqual([status, ""]);
          expect(answer.headers.get("content-length")).toBe(length);
        }
      } finally {
        await server.close();
      }
    },
  );

  it.each(faults)("has the same answer and the same effect: %s", async (fault) => {
    const mock = createMockFetch({ now: () => testNow });
    const server = await startMockServer({ now: () => testNow });
    try {
      const [answer, overHttp] = await Promise.all([
        came(mock, url, { fault, mock }),
        came(fetch, server.url + target, { fault, mock: server }),
      ]);
      expect(answer).toEqual(overHttp);
      expect(server.state()).toEqual(mock.state());
      // The server learns a moment later that its answer has left.
      await expect.poll(() => server.requests()).toEqual(mock.requests());
    } finally {
      await server.close();
    }
  });
});

describe("its responses", () => {
  it("have the URL and the status text of those of a fetch", async () => {
    const mock = createMockFetch();
    const url = "https://any.example/client/api/v1/any-key/balance?x=1";
    const response = await mock(`${url}#part`);
    const { status, statusText, type } = response;
    expect([response.url, status, statusText, type]).toEqual([url, 200, "OK", "basic"]);
    const copy = response.clone().clone();
    expect([copy.url, await copy.json()]).toEqual([url, await response.json()]);
    for (const [status, statusText] of [
      [404, "Not Found"],
      [502, "Bad Gateway"],
      [503, "Service Unavailable"],
    ] as const) {
      mock.faults.add({ fault: { http: { status } }, times: 1 });
      expect(await mock(url)).toMatchObject({ status, statusText });
    }
  });

  it("have the status texts that Node sends", async () => {
    const mock = createMockFetch();
    for (const [code, statusText] of Object.entries(STATUS_CODES)) {
      const status = Number(code);
      if (status < 200) continue;
      mock.faults.add({ fault: { http: { status } }, times: 1 });
      expect(await mock("https://api.example/client/api/v1/any-key/balance")).toMatchObject({
        status,
        statusText,
      });
    }
  });

  it("have those of the fetch that Node has", async () => {
    const server = await startMockServer();
    const path = "/client/api/v1/any-key/nowhere";
    const [over, without] = [await fetch(server.url + path), await createMockFetch()(server.url + path)];
    await server.close();
    expect([without.url, without.statusText]).toEqual([over.url, over.statusText]);
  });
});

describe("where TextDecoder and TextEncoder are missing, as under jsdom", () => {
  // The globals were back before a request was sent: each with a body got 500.
  it("requests are answered and logged as elsewhere", async () => {
    vi.stubGlobal("TextDecoder", undefined);
    vi.stubGlobal("TextEncoder", undefined);
    vi.resetModules();
    onTestFinished(() => {
      vi.unstubAllGlobals();
      // The modules that were loaded meanwhile decode slowly: the next file of this process must not get them.
      vi.resetModules();
    });
    const { createMockFetch: create } = await import("../src/mock-fetch.js");
    const mock = create();
    const first = await mock(url, post(JSON.stringify({ ...on, note: "\ufeffé日本" })));
    expect(await first.json()).toMatchObject({ success: true, quantity: 1 });
    const bytes = Uint8Array.of(0x7b, 0xff);
    const second = await mock(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: bytes,
    });
    expect(second.status).toBe(400);
    const [logged, garbled] = mock.requests();
    expect(logged?.sent).toMatchObject({ note: "\ufeffé日本" });
    expect(garbled?.sent).toBe("{\ufffd");
    expect((await mock(url, post(`\ufeff${JSON.stringify(on)}`))).status).toBe(200);
  });
});

it("lets the URL of an answer be defined again, as older versions of MSW do", async () => {
  const response = await createMockFetch()(url, post(JSON.stringify(on)));
  Object.defineProperty(response, "url", { value: "https://other.example/", configurable: false });
  expect(response.url).toBe("https://other.example/");
  expect(response.clone().status).toBe(200);
});

it("rejects a URL that is not one of HTTP, as a fetch does", async () => {
  const mock = createMockFetch();
  await expect(mock("ftp://provider.example/client/api/v1/any-key/balance")).rejects.toThrow(TypeError);
  expect(mock.requests()).toEqual([]);
});
