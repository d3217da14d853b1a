// @ts-expect-error it has no types of its own
import { JSDOM } from "jsdom";
import * as undici from "undici";
import { afterEach, describe, expect, it, vi } from "vitest";
import { clientOf, errorOf, nowhere, request, success } from "../support/fixtures.js";
import { rawServer } from "../support/raw-server.js";
import { scriptedServer } from "../support/scripted-server.js";

interface Controller {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

const { window } = new JSDOM();
const JsdomController: new () => Controller = window.AbortController;

/** The least that a signal can be. */
class HandMadeController implements Controller {
  readonly #listeners = new Set<() => void>();
  readonly signal = {
    aborted: false,
    reason: undefined as unknown,
    addEventListener: (_: string, listener: () => void) => void this.#listeners.add(listener),
    removeEventListener: (_: string, listener: () => void) => void this.#listeners.delete(listener),
  } as unknown as AbortSignal;

  abort(reason: unknown): void {
    Object.assign(this.signal, { aborted: true, reason });
    for (const listener of this.#listeners) listener();
  }
}

afterEach(() => void vi.unstubAllGlobals());

describe.each<[string, new () => Controller]>([
  ["jsdom", JsdomController],
  ["a hand-made controller", HandMadeController],
])("a signal of %s with the platform's own fetch", (_, OtherController) => {
  it("does not disturb a call", async () => {
    const server = await scriptedServer({ body: success });
    const { signal } = new OtherController();
    await expect(clientOf(server).setAutoExtend(request, { signal })).resolves.toEqual(success);
    expect(server.requests).toHaveLength(1);
  });

  it("ends a call with its reason, and the request on the wire", async () => {
    const controller = new OtherController();
    const reason = new Error("enough");
    let hungUp = false;
    const server = await rawServer((socket) => {
      socket.on("close", () => {
        hungUp = true;
      });
      controller.abort(reason);
    });
    const call = clientOf(server).setAutoExtend(request, { signal: controller.signal });
    await expect(call).rejects.toBe(reason);
    await vi.waitFor(() => expect(hungUp).toBe(true), { timeout: 60_000 });
  });
});

describe("a platform whose AbortController is jsdom's, with the fetch of newer versions of Node", () => {
  it("carries out a call, a timeout and an abort", async () => {
    vi.stubGlobal("fetch", undici.fetch);
    vi.stubGlobal("Request", undici.Request);
    vi.stubGlobal("AbortController", window.AbortController);
    vi.stubGlobal("AbortSignal", window.AbortSignal);
    await expect(fetch("http://127.0.0.1:9", { signal: new AbortController().signal })).rejects.toThrow(
      /AbortSignal/,
    );
    const server = await scriptedServer({ body: success });
    await expect(clientOf(server).setAutoExtend(request)).resolves.toEqual(success);

    const silent = await rawServer(() => {});
    const late = clientOf(silent, { timeout: 50 }).setAutoExtend(request);
    await expect(errorOf(late)).resolves.toMatchObject({ name: "TimeoutError" });
    const controller = new AbortController();
    const call = clientOf(silent).setAutoExtend(request, { signal: controller.signal });
    setTimeout(() => controller.abort("enough"), 20);
    await expect(call).rejects.toBe("enough");
  });
});

describe("a request that the platform's fetch refuses before it sends anything", () => {
  it("is not repeated, and nothing was changed", async () => {
    const attempts = vi.fn();
    class PickyRequest extends Request {
      constructor(input: string, init: RequestInit = {}) {
        if (init.method !== undefined) throw new TypeError("no such method here");
        super(input, init);
      }
    }
    vi.stubGlobal("Request", PickyRequest);
    vi.stubGlobal("fetch", async (input: string, init: RequestInit) => {
      attempts();
      return new Request(input, init);
    });
    const error = await errorOf(clientOf(nowhere, { retry: {} }).setAutoExtend(request));
    expect(error).toMatchObject({ name: "NetworkError", effect: "none", attempts: 1 });
    expect(error.message).toContain(
      "The platform's fetch refused to send the request: no such method here. Check the client's options.",
    );
    expect(attempts).toHaveBeenCalledTimes(1);
  });
});

describe("a signal option that is no signal", () => {
  it.each([new AbortController(), {}, "signal", null])(
    "is refused before anything is sent: %j",
    async (no) => {
      const call = clientOf(nowhere).setAutoExtend(request, { signal: no as never });
      await expect(errorOf(call)).resolves.toMatchObject({
        name: "RequestError",
        issues: [{ path: "signal" }],
      });
    },
  );
});
