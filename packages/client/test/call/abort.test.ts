import { getEventListeners } from "node:events";
import { type ClientEvent, NetworkError } from "@auto-extend/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { clientOf, failure, nowhere, request, success } from "../support/fixtures.js";
import { rawServer } from "../support/raw-server.js";
import { scriptedServer } from "../support/scripted-server.js";

/** The reason that a call rejects with. */
function rejectionOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => expect.fail("the call succeeded"),
    (reason: unknown) => reason,
  );
}

describe("an abort by the caller", () => {
  it("before the call sends nothing and rejects with the very reason", async () => {
    const server = await scriptedServer({ body: success });
    const reason = { any: "value" };
    const onEvent = vi.fn();
    const call = clientOf(server, { onEvent }).setAutoExtend(request, { signal: AbortSignal.abort(reason) });
    expect(await rejectionOf(call)).toBe(reason);
    expect(server.requests).toEqual([]);
    expect(onEvent).not.toHaveBeenCalled();
  });

  it("while waiting for the answer rejects with the very reason", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const server = await rawServer(() => controller.abort(reason));
    const call = clientOf(server).setAutoExtend(request, { signal: controller.signal });
    expect(await rejectionOf(call)).toBe(reason);
  });

  // The list has options of its own, and the balance has no request before them.
  it.each(["listIpAddresses", "getBalance"] as const)("ends %s as well", async (name) => {
    const reason = new Error("enough");
    const controller = new AbortController();
    const server = await rawServer(() => controller.abort(reason));
    const client = clientOf(server);
    const options = { signal: controller.signal };
    const call = name === "getBalance" ? client.getBalance(options) : client.listIpAddresses({}, options);
    expect(await rejectionOf(call)).toBe(reason);
  });

  it("while reading the answer rejects with the very reason", async () => {
    const controller = new AbortController();
    const reading: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      setImmediate(() => controller.abort());
      return response;
    };
    const server = await rawServer((socket) =>
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"),
    );
    const call = clientOf(server, { fetch: reading }).setAutoExtend(request, { signal: controller.signal });
    const rejection = await rejectionOf(call);
    expect(rejection).toBe(controller.signal.reason);
    expect(rejection).toMatchObject({ name: "AbortError" });
  });

  it("in the pause before a retry rejects at once with the very reason", async () => {
    const server = await scriptedServer({ status: 503, headers: { "retry-after": "20" } });
    const controller = new AbortController();
    const call = clientOf(server, {
      retry: {},
      onEvent: ({ type }) => type === "pause" && setImmediate(() => controller.abort("enough")),
    }).setAutoExtend(request, { signal: controller.signal });
    expect(await rejectionOf(call)).toBe("enough");
    expect(server.requests).toHaveLength(1);
  });

  it.each(["attempt", "failure", "pause"])("by the listener of a %s is heeded", async (type) => {
    const server = await scriptedServer({ status: 503, body: failure });
    const controller = new AbortController();
    const call = clientOf(server, {
      retry: {},
      onEvent: (event) => event.type === type && controller.abort("enough"),
    }).setAutoExtend(request, { signal: controller.signal });
    expect(await rejectionOf(call)).toBe("enough");
    expect(server.requests.length).toBe(type === "attempt" ? 0 : 1);
  });

  it("is not taken for a failure to repeat, whatever its reason", async () => {
    const server = await scriptedServer({ body: success });
    const reason = new NetworkError(
      "ECONNREFUSED",
      { problem: "From another call.", advice: "" },
      {
        effect: "none",
        attempts: 1,
        request: null,
      },
    );
    const call = clientOf(server, { retry: {} }).setAutoExtend(request, {
      signal: AbortSignal.abort(reason),
    });
    expect(await rejectionOf(call)).toBe(reason);
    expect(server.requests).toEqual([]);
  });

  it("stops the request on the wire", async () => {
    let hungUp = false;
    const controller = new AbortController();
    const server = await rawServer((socket) => {
      socket.on("close", () => {
        hungUp = true;
      });
      controller.abort();
    });
    await rejectionOf(clientOf(server).setAutoExtend(request, { signal: controller.signal }));
    await vi.waitFor(() => expect(hungUp).toBe(true), { timeout: 60_000 });
  });
});

describe("a call that is over", () => {
  const answering =
    (body: unknown, status = 200) =>
    async () =>
      new Response(JSON.stringify(body), { status });
  const silent = () => new Promise<never>(() => {});

  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
  afterEach(() => void vi.useRealTimers());

  it.each([
    ["well", { fetch: answering(success) }],
    ["with a refusal", { fetch: answering(failure) }],
    ["after retries", { fetch: answering("", 503), retry: { delay: 1 } }],
    ["by its timeout", { fetch: silent, timeout: 30 }],
  ])("%s leaves no timer and no listener behind", async (_, options) => {
    const { signal } = new AbortController();
    const call = clientOf(nowhere, options).setAutoExtend(request, { signal });
    const over = call.catch(() => {});
    expect([vi.getTimerCount(), getEventListeners(signal, "abort").length]).toEqual([1, 1]);
    await vi.advanceTimersByTimeAsync(100);
    await over;
    expect([vi.getTimerCount(), getEventListeners(signal, "abort").length]).toEqual([0, 0]);
  });

  it.each([
    ["attempt", { fetch: silent }],
    ["pause", { fetch: answering("", 503), retry: { delay: 60_000 } }],
  ])("by an abort in the %s leaves no timer and no listener behind", async (type, options) => {
    const controller = new AbortController();
    const { signal } = controller;
    let begun = false;
    const onEvent = (event: ClientEvent) => {
      begun ||= event.type === type;
    };
    const call = clientOf(nowhere, { ...options, onEvent }).setAutoExtend(request, { signal });
    await vi.waitUntil(() => begun);
    expect([vi.getTimerCount(), getEventListeners(signal, "abort").length]).toEqual([1, 1]);
    controller.abort();
    await rejectionOf(call);
    expect([vi.getTimerCount(), getEventListeners(signal, "abort").length]).toEqual([0, 0]);
  });
});
