import { type Fetch, fetchAnswer } from "@auto-extend/core";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";

afterEach(() => void vi.unstubAllGlobals());

const input = () => ({
  url: "http://127.0.0.1:9/",
  init: { method: "POST", body: "{}" },
  limit: 1_000,
  signal: new AbortController().signal,
});

describe("fetchAnswer", () => {
  it("reads the whole answer, with all of its headers by name in lower case", async () => {
    const headers = { "Content-Type": "application/json", "X-Other": "yes" };
    const answer = await fetchAnswer(async () => new Response('{"a":1}', { status: 201, headers }), input());
    expect(answer).toEqual({
      status: 201,
      headers: { "content-type": "application/json", "x-other": "yes" },
      text: '{"a":1}',
      body: { json: { a: 1 } },
    });
  });

  it("reads the headers that matter of a response that cannot list its own", async () => {
    const headers = { get: (name: string) => (name === "retry-after" ? "7" : null) };
    const answer = await fetchAnswer(async () => ({ status: 429, headers, text: async () => "" }), input());
    expect(answer).toMatchObject({ status: 429, headers: { "retry-after": "7" } });
  });

  it("asks for no cookies, no cache and no referrer where the platform knows these settings", async () => {
    const fetch = vi.fn<Fetch>(async () => new Response());
    await fetchAnswer(fetch, input());
    const privacy = { credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer" };
    expect(fetch.mock.calls[0]?.[1]).toMatchObject({ ...privacy, signal: expect.anything() });
    vi.stubGlobal("Request", undefined);
    await fetchAnswer(fetch, input());
    expect(Object.keys(fetch.mock.calls[1]?.[1] ?? {})).toEqual(["method", "body", "signal"]);
  });

  it("tries the signals of another realm again, whatever it found out about those before", async () => {
    vi.stubGlobal(
      "Request",
      class extends Request {
        constructor(url: string, init: RequestInit = {}) {
          if (init.signal && !(init.signal instanceof AbortSignal)) throw new TypeError("another realm");
          super(url, init);
        }
      },
    );
    const fetch = vi.fn<Fetch>(async () => new Response("{}"));
    await fetchAnswer(fetch, input());
    await fetchAnswer(fetch, {
      ...input(),
      signal: { aborted: false, addEventListener() {}, removeEventListener() {} },
    });
    const settings = fetch.mock.calls.map(([, init]) => Object.keys(init));
    expect(settings.map((names) => names.includes("signal"))).toEqual([true, false]);
  });

  it("leaves out headers that are no text", async () => {
    const headers = { get: () => 7, forEach: (add: (value: unknown, name: string) => void) => add(7, "A") };
    const answer = await fetchAnswer(async () => ({ status: 200, headers, text: async () => "" }), input());
    expect(answer).toMatchObject({ headers: {} });
    expect(answer).not.toMatchObject({ headers: { a: 7 } });
  });

  it("leaves out a setting that the platform has, but does not take", async () => {
    class PickyRequest extends Request {
      constructor(url: string, init: RequestInit = {}) {
        if ("cache" in init || init.signal) throw new TypeError("not implemented");
        super(url, init);
      }
    }
    vi.stubGlobal("Request", PickyRequest);
    const fetch = vi.fn<Fetch>(async () => new Response());
    await fetchAnswer(fetch, input());
    expect(Object.keys(fetch.mock.calls[0]?.[1] ?? {})).toEqual([
      "method",
      "body",
      "credentials",
      "referrerPolicy",
    ]);
  });

  it("passes the signal on where a polyfilled Request shows no fields in its prototype", async () => {
    vi.stubGlobal("Request", class {});
    const fetch = vi.fn<Fetch>(async () => new Response());
    await fetchAnswer(fetch, input());
    expect(Object.keys(fetch.mock.calls[0]?.[1] ?? {})).toEqual(["method", "body", "signal"]);
  });

  it.each<[string, Fetch, object]>([
    ["sending", () => Promise.reject(new TypeError("fetch failed")), { thrown: expect.any(TypeError) }],
    [
      "reading",
      async () => ({ status: 200, headers: new Headers(), text: () => Promise.reject(new Error("cut")) }),
      { thrown: expect.objectContaining({ message: "cut" }) },
    ],
    ...[{ status: "200", headers: new Headers() }, { status: 200 }, { status: 200, headers: {} }, null].map(
      (response): [string, Fetch, object] => [
        "unreadable",
        async () => response,
        { thrown: expect.objectContaining({ message: "the fetch option returned no Response" }) },
      ],
    ),
    ...["status", "headers", "body", "bodyUsed", "text"].map((part): [string, Fetch, object] => [
      "unreadable",
      async () =>
        Object.defineProperty({ status: 200, headers: new Headers() }, part, {
          get: () => {
            throw new TypeError(`no ${part}`);
          },
        }),
      { thrown: expect.objectContaining({ message: `no ${part}` }) },
    ]),
  ])("says that it failed: %s", async (failed, fetch, more) => {
    await expect(fetchAnswer(fetch, input())).resolves.toMatchObject({ failed, ...more });
  });

  it("says that a request was not sent if the platform refuses it", async () => {
    vi.stubGlobal("fetch", async () => {
      throw new TypeError("Invalid method");
    });
    const refused = { ...input(), init: { method: "in valid" } };
    await expect(fetchAnswer(fetch as Fetch, refused)).resolves.toMatchObject({ failed: "unsent" });
    await expect(fetchAnswer(fetch as Fetch, input())).resolves.toMatchObject({ failed: "sending" });
  });

  it("reads no class of the platform's fetch while it is loaded, since Node would load all of it", async () => {
    const { Request } = globalThis;
    const read = vi.fn(() => Request);
    Object.defineProperty(globalThis, "Request", { configurable: true, get: read });
    onTestFinished(() => {
      Object.defineProperty(globalThis, "Request", { configurable: true, writable: true, value: Request });
    });
    vi.resetModules();
    const fresh = await import("../../src/http/fetch-answer.js");
    expect(read).not.toHaveBeenCalled();
    await fresh.fetchAnswer(async () => new Response("{}"), input());
    expect(read).toHaveBeenCalled();
  });
});
