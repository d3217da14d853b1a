import type { ServerResponse } from "node:http";
import type { ClientEvent, RetryOptions } from "@auto-extend/client";
import { afterEach, describe, expect, it, vi } from "vitest";
import { stopClock } from "../support/clock.js";
import { clientOf, errorOf, failure, nowhere, request, success } from "../support/fixtures.js";
import { type Script, scriptedServer } from "../support/scripted-server.js";

const quick: RetryOptions = { delay: 1 };
const hangUp: Script = (response) => response.destroy();
/** No answer, for so long. */
const hang = (timeMs: number): Script => {
  return () => void vi.advanceTimersByTime(timeMs);
};

afterEach(() => vi.restoreAllMocks());

/** A client whose pauses pass at once, on a clock that is stopped otherwise, and the delays of these pauses. */
async function retrying(scripts: Script[], retry: RetryOptions = quick, timeout = 5_000) {
  stopClock();
  const server = await scriptedServer(...scripts);
  const delays: number[] = [];
  const onEvent = (event: ClientEvent) => {
    if (event.type !== "pause") return;
    delays.push(event.delay);
    setImmediate(() => vi.advanceTimersByTime(event.delay));
  };
  return { client: clientOf(server, { retry, timeout, onEvent }), requests: server.requests, delays };
}

describe("a transient failure is retried", () => {
  it.each<[string, Script]>([
    ["a lost answer", hangUp],
    ["HTTP 429", { status: 429 }],
    ["HTTP 500", { status: 500 }],
    ["HTTP 503", { status: 503 }],
    ["a failure envelope under HTTP 503", { status: 503, body: failure }],
    ["a success under HTTP 500", { status: 500, body: success }],
  ])("after %s", async (_, script) => {
    const { client, requests } = await retrying([script, { body: success }]);
    await expect(client.setAutoExtend(request)).resolves.toEqual(success);
    expect(requests).toHaveLength(2);
    expect(requests[1]?.body).toBe(requests[0]?.body);
  });

  it("after a timeout", async () => {
    const { client, requests } = await retrying([hang(500), { body: success }], quick, 500);
    await expect(client.setAutoExtend(request)).resolves.toEqual(success);
    expect(requests).toHaveLength(2);
  });

  it("after a refused connection", async () => {
    const server = await scriptedServer();
    await server.close();
    const error = await errorOf(clientOf(server, { retry: quick }).setAutoExtend(request));
    expect(error).toMatchObject({ name: "NetworkError", effect: "none", attempts: 3 });
  });

  it("three times in all by default", async () => {
    const { client, requests } = await retrying([{ status: 500 }]);
    await expect(errorOf(client.setAutoExtend(request))).resolves.toMatchObject({ attempts: 3 });
    expect(requests).toHaveLength(3);
  });

  it("as often as the option says", async () => {
    const { client, requests } = await retrying([{ status: 500 }], { ...quick, attempts: 5 });
    await expect(errorOf(client.setAutoExtend(request))).resolves.toMatchObject({ attempts: 5 });
    expect(requests).toHaveLength(5);
  });

  it("and in the end a failure envelope under HTTP 503 is an ApiError with an unknown effect", async () => {
    const { client } = await retrying([{ status: 503, body: failure }]);
    const error = await errorOf(client.setAutoExtend(request));
    expect(error).toMatchObject({ name: "ApiError", effect: "unknown", status: 503, attempts: 3 });
  });
});

describe("a lasting failure is not retried", () => {
  it.each<[string, Script]>([
    ["a refusal", { body: failure }],
    ["a refusal under HTTP 400", { status: 400, body: failure }],
    ["HTTP 404", { status: 404 }],
    ["HTTP 408", { status: 408 }],
    ["a redirect", { status: 307, headers: { location: "/" } }],
    ["an answer that is no envelope", { body: "no" }],
    ["a success that disagrees", { body: { ...success, quantity: 7 } }],
  ])("after %s", async (_, script) => {
    const { client, requests } = await retrying([script, { body: success }]);
    await expect(errorOf(client.setAutoExtend(request))).resolves.toMatchObject({ attempts: 1 });
    expect(requests).toHaveLength(1);
  });

  it.each(["ENOTFOUND", "CERT_HAS_EXPIRED", "DEPTH_ZERO_SELF_SIGNED_CERT"])("after %s", async (code) => {
    const failing = vi.fn(() => Promise.reject(Object.assign(new Error(code), { code })));
    const error = await errorOf(clientOf(nowhere, { retry: quick, fetch: failing }).setAutoExtend(request));
    expect(error).toMatchObject({ name: "NetworkError", code, attempts: 1 });
    expect(failing).toHaveBeenCalledOnce();
  });
});

describe("the pause before a retry", () => {
  it("is drawn from a range that doubles", async () => {
    vi.spyOn(Math, "random").mockReturnValueOnce(0.5).mockReturnValueOnce(0.25).mockReturnValueOnce(1);
    const { client, delays } = await retrying([{ status: 500 }], { attempts: 4, delay: 8 });
    await errorOf(client.setAutoExtend(request));
    expect(delays).toEqual([4, 4, 32]);
  });

  it("is kept", async () => {
    stopClock();
    vi.spyOn(Math, "random").mockReturnValue(1);
    const server = await scriptedServer({ status: 500 });
    const retry = { attempts: 2, delay: 150 };
    let onPause = () => {};
    const paused = new Promise<void>((resolve) => (onPause = resolve));
    const onEvent = ({ type }: ClientEvent) => type === "pause" && setImmediate(onPause);
    const call = errorOf(clientOf(server, { retry, onEvent }).setAutoExtend(request));
    await paused;
    await vi.advanceTimersByTimeAsync(149);
    expect(server.requests).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    await call;
    expect(server.requests).toHaveLength(2);
  });

  it.each([429, 503])("is what Retry-After asks for in seconds, under HTTP %i", async (status) => {
    const { client, delays } = await retrying([
      { status, headers: { "retry-after": "1" }, body: failure },
      { body: success },
    ]);
    await client.setAutoExtend(request);
    expect(delays).toEqual([1_000]);
  });

  it.each([429, 503])("is the time until a rate limit ends, under HTTP %i", async (status) => {
    const { client, delays } = await retrying([
      { status, headers: { ratelimit: '"default";r=0;t=2' }, body: failure },
      { status, headers: { "x-ratelimit-reset": "1" } },
      { body: success },
    ]);
    await client.setAutoExtend(request);
    expect(delays).toEqual([2_000, 1_000]);
  });

  it("is what Retry-After asks for as a date, by the answer's own Date", async () => {
    const { client, delays } = await retrying([
      {
        status: 503,
        headers: { date: "Tue, 01 Jan 2030 00:00:00 GMT", "retry-after": "Tue, 01 Jan 2030 00:00:02 GMT" },
      },
      { body: success },
    ]);
    await client.setAutoExtend(request);
    expect(delays).toEqual([2_000]);
  });

  it.each<[string, (response: ServerResponse) => void]>([
    ["is missing", (response) => (response.sendDate = false)],
    ["can't be read", (response) => response.setHeader("date", "soon")],
  ])("goes by this machine's clock where the answer's Date %s", async (_, undate) => {
    const date = new Date(Date.now() + 2_000).toUTCString();
    const undated: Script = (response) => {
      undate(response);
      response.writeHead(503, { "retry-after": date }).end();
    };
    const { client, delays } = await retrying([undated, { body: success }]);
    await client.setAutoExtend(request);
    expect(delays).toHaveLength(1);
    expect(delays[0]).toBeGreaterThan(500);
    expect(delays[0]).toBeLessThanOrEqual(2_000);
  });

  it("is our own where Retry-After cannot be read", async () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    const { client, delays } = await retrying([
      { status: 503, headers: { "retry-after": "soon" } },
      { body: success },
    ]);
    await client.setAutoExtend(request);
    expect(delays).toEqual([1]);
  });

  it("is not begun where Retry-After asks for more than is waited for", async () => {
    const { client, requests } = await retrying([{ status: 503, headers: { "retry-after": "31" } }]);
    const error = await errorOf(client.setAutoExtend(request));
    expect(error).toMatchObject({ name: "HttpError", attempts: 1, retryAfter: 31_000 });
    expect(requests).toHaveLength(1);
  });

  it("is not begun where it would pass the time of the whole call", async () => {
    const retry = { totalTimeout: 10_000, maxRetryAfter: 60_000 };
    const { client, delays } = await retrying([{ status: 503, headers: { "retry-after": "10" } }], retry);
    await expect(errorOf(client.setAutoExtend(request))).resolves.toMatchObject({
      name: "HttpError",
      attempts: 1,
    });
    expect(delays).toEqual([]);
  });
});

describe("the time of the whole call", () => {
  it("ends an attempt before its own time is over", async () => {
    const { client } = await retrying([hang(100)], { totalTimeout: 100 });
    const error = await errorOf(client.setAutoExtend(request));
    expect(error).toMatchObject({ name: "TimeoutError", effect: "unknown", timeout: 100, attempts: 1 });
    expect(error.message).toContain("within 100 ms in total");
  });

  it("is over for further attempts as well", async () => {
    const { client, requests } = await retrying(
      [hang(120)],
      { ...quick, attempts: 100, totalTimeout: 300 },
      120,
    );
    const error = await errorOf(client.setAutoExtend(request));
    expect(error).toMatchObject({ name: "TimeoutError", effect: "unknown" });
    expect(requests).toHaveLength(3);
  });

  it("sends nothing more where it ran out in a pause", async () => {
    stopClock();
    const server = await scriptedServer({ status: 503 });
    const late = ({ type }: ClientEvent) =>
      type === "pause" && setImmediate(() => vi.advanceTimersByTime(500));
    const retry = { ...quick, totalTimeout: 500 };
    const error = await errorOf(clientOf(server, { retry, onEvent: late }).setAutoExtend(request));
    expect(error).toMatchObject({ name: "HttpError", status: 503, attempts: 1 });
    expect(server.requests).toHaveLength(1);
  });

  it("does not bind a call without retries", async () => {
    const server = await scriptedServer({ body: success });
    await expect(clientOf(server, { timeout: 2 ** 31 - 1 }).setAutoExtend(request)).resolves.toEqual(success);
  });
});

describe("an attempt that ended unknown", () => {
  it.each<[string, Script]>([
    ["a refusal", { body: failure }],
    ["HTTP 404", { status: 404 }],
    ["HTTP 429", { status: 429 }],
  ])("leaves the whole call unknown, though %s ends it", async (_, script) => {
    const { client } = await retrying([hangUp, script]);
    const error = await errorOf(client.setAutoExtend(request));
    expect(error.effect).toBe("unknown");
    expect(error.message).toMatch(/The change may have been made, or may still be made later/);
  });

  it("does not hide that a later one is reported as applied", async () => {
    const { client, requests } = await retrying([hangUp, { body: { ...success, quantity: 7 } }]);
    const error = await errorOf(client.setAutoExtend(request));
    expect(error).toMatchObject({ name: "ContractError", effect: "reported-applied", attempts: 2 });
    expect(requests).toHaveLength(2);
  });

  it("makes the error of the failure event unknown as well", async () => {
    const server = await scriptedServer(hangUp, { body: failure });
    const effects: string[] = [];
    const onEvent = (event: ClientEvent) => event.type === "failure" && effects.push(event.error.effect);
    await errorOf(clientOf(server, { retry: quick, onEvent }).setAutoExtend(request));
    expect(effects).toEqual(["unknown", "unknown"]);
  });

  it("leaves it unknown, though the next ones never go out", async () => {
    const server = await scriptedServer((response) => {
      response.destroy();
      void server.close();
    });
    const error = await errorOf(clientOf(server, { retry: quick }).setAutoExtend(request));
    expect(error).toMatchObject({
      name: "NetworkError",
      code: "ECONNREFUSED",
      effect: "unknown",
      attempts: 3,
    });
  });

  it("is forgotten by the next call", async () => {
    const { client } = await retrying([hangUp, { body: failure }]);
    await expect(errorOf(client.setAutoExtend(request))).resolves.toMatchObject({ effect: "unknown" });
    await expect(errorOf(client.setAutoExtend(request))).resolves.toMatchObject({ effect: "none" });
  });

  it("does not stain those that ended with none", async () => {
    const { client } = await retrying([{ status: 429 }, { body: failure }]);
    await expect(errorOf(client.setAutoExtend(request))).resolves.toMatchObject({
      effect: "none",
      attempts: 2,
    });
  });
});
