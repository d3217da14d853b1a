import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { clientOf, errorOf, failure, nowhere, request, success } from "../support/fixtures.js";
import { scriptedServer } from "../support/scripted-server.js";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

class LenientDecoder extends TextDecoder {
  constructor(label?: string, options?: { readonly fatal?: boolean }) {
    if (options?.fatal) throw new TypeError("fatal is not supported");
    super(label);
  }
}

/** Removes a method for one test. */
function without(owner: object, name: string): void {
  const property = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { value: undefined, configurable: true, writable: true });
  restores.push(() => {
    if (property) Object.defineProperty(owner, name, property);
    else Reflect.deleteProperty(owner, name);
  });
}
const restores: (() => void)[] = [];
afterEach(() => {
  for (const restore of restores.splice(0)) restore();
});

const platforms: [string, () => void][] = [
  ["URL.canParse", () => without(URL, "canParse")],
  ["signal.throwIfAborted", () => without(AbortSignal.prototype, "throwIfAborted")],
  ["AbortSignal.any", () => without(AbortSignal, "any")],
  ["AbortSignal.timeout", () => without(AbortSignal, "timeout")],
  ["a global Request", () => vi.stubGlobal("Request", undefined)],
  ["a global Headers", () => vi.stubGlobal("Headers", undefined)],
  ["URLSearchParams", () => vi.stubGlobal("URLSearchParams", undefined)],
  ["performance", () => vi.stubGlobal("performance", undefined)],
  ["a fatal TextDecoder", () => vi.stubGlobal("TextDecoder", LenientDecoder)],
  ["a performance.now()", () => vi.stubGlobal("performance", {})],
  ["structuredClone", () => vi.stubGlobal("structuredClone", undefined)],
  ["DOMException", () => vi.stubGlobal("DOMException", undefined)],
  ["String.prototype.replaceAll", () => without(String.prototype, "replaceAll")],
  ["Promise.withResolvers", () => without(Promise, "withResolvers")],
];

describe.each(platforms)("a platform without %s", (_, remove) => {
  it("carries out a success, a refusal, a retry and an abort", async () => {
    const server = await scriptedServer(
      { body: success },
      { body: failure },
      { status: 503 },
      { body: success },
      { status: 503 },
    );
    remove();
    const options = { userAgent: "tests/1.0", retry: { attempts: 2, delay: 1 } };
    const client = clientOf(server, options);
    await expect(client.setAutoExtend(request)).resolves.toEqual(success);
    await expect(errorOf(client.setAutoExtend(request))).resolves.toMatchObject({ name: "ApiError" });
    await expect(client.setAutoExtend(request)).resolves.toEqual(success);

    const controller = new AbortController();
    const reason = new Error("enough");
    // The pause is drawn at random; a short one would be over before the abort.
    const random = vi.spyOn(Math, "random").mockReturnValue(0.5);
    onTestFinished(() => random.mockRestore());
    const slow = clientOf(server, { retry: { attempts: 2, delay: 60_000 } });
    const call = slow.setAutoExtend(request, { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 50);
    await expect(call).rejects.toBe(reason);
  });

  it("switches many orders", async () => {
    const { ipAddressIds: _, ...rest } = success;
    const server = await scriptedServer({ body: { ...rest, quantity: 9 } });
    remove();
    const options = { proxyType: "IPv4", rentPeriodDays: 30, autoExtend: true } as const;
    const run = clientOf(server).setAutoExtendMany(["1", "2"], { ...options, requestsPerSecond: 100 });
    await expect(run.finish()).resolves.toMatchObject({ changed: 2 });
  });
});

describe("a platform without any TextDecoder", () => {
  it("reads texts", async () => {
    vi.stubGlobal("TextDecoder", undefined);
    const fetch = async () => ({
      ...{ status: 200, headers: new Headers(), body: {} },
      text: async () => JSON.stringify(success),
    });
    const client = clientOf(nowhere, { fetch: fetch as never });
    await expect(client.setAutoExtend(request)).resolves.toEqual(success);
  });
});

describe("a platform without fetch", () => {
  it("needs the fetch option, which the error says", async () => {
    vi.stubGlobal("fetch", undefined);
    const error = await errorOf(clientOf(nowhere, { retry: {} }).setAutoExtend(request));
    expect(error).toMatchObject({ name: "RequestError", effect: "none", issues: [{ path: "fetch" }] });
    expect(error.message).toBe(
      "The call is not valid, and sent nothing. fetch: is required on this platform.",
    );
  });
});

describe("a signal without a reason, as older platforms have it", () => {
  it("ends a call with an AbortError", async () => {
    const controller = new AbortController();
    const { signal } = controller;
    Object.defineProperty(signal, "reason", { value: undefined });
    controller.abort();
    const call = clientOf(nowhere).setAutoExtend(request, { signal });
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
  });
});

describe("warnings of Node", () => {
  it("are not caused by many calls and runs on one signal", async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on("warning", note);
    const controller = new AbortController();
    const { signal } = controller;
    const fetch = () => new Promise<never>(() => {});
    const client = clientOf(nowhere, { fetch });
    const options = { proxyType: "IPv4", rentPeriodDays: 30, autoExtend: true, concurrency: 40 } as const;
    const calls = Array.from({ length: 40 }, () => client.setAutoExtend(request, { signal }));
    const runs = Array.from({ length: 40 }, () =>
      client
        .setAutoExtendMany(["1"], { ...options, signal })
        [Symbol.asyncIterator]()
        .next(),
    );
    const pausing = clientOf(nowhere, {
      fetch: async () => new Response(null, { status: 503 }),
      retry: { delay: 60_000 },
    });
    const pauses = Array.from({ length: 40 }, () => pausing.setAutoExtend(request, { signal }));
    const ended = Promise.allSettled([...calls, ...pauses]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    controller.abort();
    await ended;
    process.off("warning", note);
    expect(warnings).toEqual([]);
    void runs;
  });
});
