import https from "node:https";
import { readIpAddressList } from "@auto-extend/core";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createMockHandlers } from "../src/msw.js";
import { on, testNow } from "./support/call.js";

const mock = createMockHandlers({ now: () => testNow });
const server = setupServer(...mock.handlers);
// Nothing of these tests is to get past the mock.
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
beforeEach(() => mock.reset());
afterEach(() => void vi.restoreAllMocks());
afterAll(() => server.close());

const url = "https://youproxy.io/client/api/v1/any-key/extend/order/auto";
const post = (sent: object, headers: Record<string, string> = {}) => ({
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify(sent),
});
const ask = (sent: object) => fetch(url, post(sent));
const askWith = (fault: string, init: RequestInit = {}) =>
  fetch(url, { ...post(on, { prefer: `fault=${fault}` }), ...init });
const account = () => mock.state({ apiKey: "any-key" }).accounts[0];
const isOn = () => account()?.orders[0]?.ipAddresses[0]?.autoExtend;
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => expect.unreachable("it was answered"),
    (error: unknown) => error as Error,
  );

describe("a mock behind MSW", () => {
  it("answers a request to the provider's own address, and has controls", async () => {
    const answer = await ask(on);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("date")).toBe("Tue, 01 Jan 2030 00:00:00 GMT");
    expect(await answer.json()).toMatchObject({ success: true, ipAddressIds: ["1111111111111111111"] });
    expect(isOn()).toBe(true);
    expect(mock.verify({ orderIds: ["11111"], autoExtend: true, times: 1 }).found).toBe(1);
    expect(mock.explain("request-1")).toMatchObject({ id: "request-1" });
  });

  it("answers the other requests of the API, too", async () => {
    const api = "https://youproxy.io/client/api/v1/any-key";
    await ask(on);
    const answer = await fetch(`${api}/ipAddress?proxyType=IPv4`);
    const { orders } = readIpAddressList(await answer.json());
    expect(orders[0]?.ipAddresses[0]).toMatchObject({ autoExtend: true, rentPeriodDays: 30 });
    expect(await (await fetch(`${api}/balance`)).json()).toMatchObject({
      success: true,
      currencyCode: "USD",
    });
    const { autoExtend: _, ...priced } = on;
    const price = await fetch(`${api}/calculate/extend/order`, post(priced));
    expect(await price.json()).toMatchObject({ price: 0.8, warnings: null });
  });

  it("refuses as the provider does", async () => {
    const answer = await ask({ ...on, orderIds: ["99999"] });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ success: false, error: { code: 29 } });
    expect(isOn()).toBe(false);
  });

  it.each([
    ["another method", url, { method: "GET" }, 405],
    ["another path", "https://youproxy.io/client/api/v2/elsewhere", post({}), 404],
    ["a path that can't be decoded", "https://youproxy.io/client/api/v1/%E0%A4%A/extend", post({}), 404],
    ["no JSON", url, { ...post({}), body: "{" }, 400],
  ])("answers %s with a problem, and not the network", async (_, to, init, status) => {
    const answer = await fetch(to, init);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await answer.json()).toMatchObject({ status });
    expect(answer.status).toBe(status);
  });

  it("answers Node's own client as well", async () => {
    const { body, ...options } = post(on);
    const status = await new Promise((resolve, reject) => {
      https
        .request(url, options, (answer) => resolve(answer.resume().statusCode))
        .on("error", reject)
        .end(body);
    });
    expect(status).toBe(200);
    expect(mock.requests()).toMatchObject([{ sent: on }]);
  });

  it("goes back to the starting world", async () => {
    await ask(on);
    mock.reset();
    expect(mock.requests()).toEqual([]);
    await ask({ ...on, proxyType: "none" });
    expect(isOn()).toBe(false);
  });
});

describe("faults behind MSW", () => {
  it("come from a header, an order ID, and the controls", async () => {
    expect((await askWith("gateway-502")).status).toBe(502);
    expect((await ask({ ...on, orderIds: ["fault-unavailable-503"] })).status).toBe(503);
    mock.faults.add({ preset: "rate-limited", times: 1 });
    const limited = await ask(on);
    expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "1"]);
    expect((await ask(on)).status).toBe(200);
  });

  it("loses the answer or the request, without a difference for the caller", async () => {
    const lostAnswer = await failureOf(askWith("lost-answer"));
    expect(isOn()).toBe(true);
    mock.reset();
    const lostRequest = await failureOf(askWith("lost-request"));
    expect(isOn()).toBe(false);
    expect(lostAnswer).toBeInstanceOf(TypeError);
    expect(String(lostRequest)).toBe(String(lostAnswer));
  });

  it.each(["hang", "slow; ms=60000"])("lets go of a caller who gives up, under %s", async (fault) => {
    const complaint = vi.spyOn(console, "error");
    mock.faults.add({ preset: "limit-concurrent" });
    const caller = new AbortController();
    const reason = new Error("enough");
    const failure = failureOf(askWith(fault, { signal: caller.signal }));
    await vi.waitFor(() => expect(mock.requests()).toHaveLength(1), 20_000);
    expect((await ask(on)).status).toBe(429);
    caller.abort(reason);
    expect(await failure).toBe(reason);
    await new Promise(setImmediate);
    expect((await ask(on)).status).toBe(200);
    expect(complaint).not.toHaveBeenCalled();
  });

  it("stops in the middle of an answer, until the caller gives up", async () => {
    const caller = new AbortController();
    const answer = await askWith("hang; at=middle", { signal: caller.signal });
    const reader = answer.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toMatch(/^\{"success":true/);
    const more = failureOf(reader?.read() ?? Promise.resolve());
    const reason = new Error("enough");
    caller.abort(reason);
    expect(await more).toBe(reason);
  });

  it("breaks off in the middle of an answer", async () => {
    const answer = await askWith("closed; at=middle");
    expect(answer.status).toBe(200);
    expect(await failureOf(answer.text())).toMatchObject({ name: "TypeError", message: "terminated" });
  });

  it("lets an answer drip", async () => {
    const answer = await askWith("drip; bytes=50; ms=2");
    let drops = 0;
    for await (const drop of answer.clone().body ?? []) drops += Number(drop.length > 0);
    expect(drops).toBeGreaterThan(2);
    expect(await answer.json()).toMatchObject({ success: true });
  });

  it("gives half of an answer as if it were the whole", async () => {
    const text = await (await askWith("truncated")).text();
    expect(text).toMatch(/^\{"success":true/);
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  it.each(["reset", "closed; at=after", "gzip"])(
    "says that %s needs a socket, and changes nothing",
    async (fault) => {
      const answer = await askWith(fault);
      expect(answer.status).toBe(501);
      expect(await answer.json()).toMatchObject({ detail: expect.stringContaining("needs a socket") });
      expect(isOn()).toBe(false);
    },
  );
});

describe("the URLs that handlers answer", () => {
  const answers = (settings: Parameters<typeof createMockHandlers>[0], to: string) =>
    Promise.all(
      createMockHandlers(settings).handlers.map((handler) => handler.test({ request: new Request(to) })),
    ).then((tests) => tests.includes(true));

  it.each([
    ["https://youproxy.io/client/api/v1/k/extend/order/auto", true],
    ["http://localhost:4010/client/", true],
    ["https://youproxy.io/", false],
    ["https://youproxy.io/assets/client/app.js", false],
    ["https://youproxy.io/?next=/client/api/v1", false],
  ])("are those below /client/ of any host: %s %s", async (to, expected) => {
    expect(await answers({}, to)).toBe(expected);
  });

  it.each([
    ["http://127.0.0.1:1", "http://127.0.0.1:1/client/x", true],
    ["http://127.0.0.1:1/", "http://127.0.0.1:1/client/x", true],
    ["http://127.0.0.1:1", "http://127.0.0.1:10/client/x", false],
    ["http://a.example", "http://a-example/client/x", false],
    ["HTTPS://A.example:443", "https://a.example/client/x", true],
    ["https://a.example/proxy", "https://a.example/proxy/client/x", true],
    ["https://a.example/proxy", "https://a.example/client/x", false],
  ])("are only those at a base URL, if one is given: %s, %s %s", async (baseUrl, to, expected) => {
    expect(await answers({ baseUrl }, to)).toBe(expected);
    expect(await answers({ baseUrl: ["https://b.example", baseUrl] }, to)).toBe(expected);
  });

  it("may have a path before the API's", async () => {
    const behind = createMockHandlers({ baseUrl: "https://a.example/proxy" });
    server.use(...behind.handlers);
    const answer = await fetch(url.replace("https://youproxy.io", "https://a.example/proxy"), post(on));
    server.resetHandlers();
    expect(answer.status).toBe(200);
    expect([behind.requests().length, mock.requests().length]).toEqual([1, 0]);
  });

  it("must be base URLs", () => {
    expect(() => createMockHandlers({ baseUrl: "/client/api" })).toThrow(
      new RangeError(
        "The base URL is invalid: baseUrl: must be a valid http(s) URL, such as https://youproxy.io.",
      ),
    );
  });

  it("cannot be set by an unknown option", () => {
    expect(() => createMockHandlers({ baseURL: "http://127.0.0.1:1" } as object)).toThrow(
      'unknown option "baseURL" (did you mean "baseUrl"?)',
    );
  });
});
