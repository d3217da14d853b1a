import { afterEach, describe, expect, it, vi } from "vitest";
import { runServerCases, TargetError } from "../../src/index.js";
import { startReferenceServer } from "../support/reference-server.js";
import { apiKey } from "../support/runs.js";

const restores: (() => void)[] = [];

afterEach(() => {
  vi.unstubAllGlobals();
  for (const restore of restores.splice(0)) restore();
});

/** Removes a method for one test. */
function without(owner: object, name: string): void {
  const property = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { value: undefined, configurable: true, writable: true });
  restores.push(() => {
    if (property) Object.defineProperty(owner, name, property);
    else Reflect.deleteProperty(owner, name);
  });
}

const only = "setAutoExtend/success/IPv4";

/** Runs one case against a correct server. */
async function run(target: object = {}) {
  const server = await startReferenceServer();
  try {
    return await runServerCases({ baseUrl: server.url, apiKey, only, ...target });
  } finally {
    await server.close();
  }
}

/** A fetch whose answers have only what is named here. */
function poorFetch(parts: (text: string) => object): typeof fetch {
  return (async (input: string, init: RequestInit) => {
    const response = await fetch(input, init);
    const { status, headers } = response;
    const text = await response.text();
    return { status, headers: { get: (name: string) => headers.get(name) }, ...parts(text) };
  }) as typeof fetch;
}

describe.each<[string, () => void]>([
  ["AbortSignal.any", () => without(AbortSignal, "any")],
  ["AbortSignal.timeout", () => without(AbortSignal, "timeout")],
  ["signal.throwIfAborted", () => without(AbortSignal.prototype, "throwIfAborted")],
  ["a global Request", () => vi.stubGlobal("Request", undefined)],
  ["performance", () => vi.stubGlobal("performance", undefined)],
  ["CompressionStream", () => vi.stubGlobal("CompressionStream", undefined)],
])("a platform without %s", (_, remove) => {
  it("runs the cases, and stops when its signal aborts", async () => {
    remove();
    await expect(run()).resolves.toMatchObject({ passed: 1, failed: 0 });
    await expect(run({ only: "transport/unsupported-media-type" })).resolves.toMatchObject({ failed: 0 });
    const stop = new AbortController();
    const reason = new Error("enough");
    const stopped = run({ signal: stop.signal, onTouched: () => stop.abort(reason) });
    await expect(stopped).rejects.toBe(reason);
  });
});

describe("a fetch whose responses are less than the platform's", () => {
  it.each<[string, (text: string) => object]>([
    ["only text()", (text) => ({ text: async () => text })],
    ["only arrayBuffer()", (text) => ({ arrayBuffer: async () => new TextEncoder().encode(text).buffer })],
    [
      "a stream that can only be iterated",
      (text) => ({
        body: (async function* () {
          yield new TextEncoder().encode(text);
        })(),
      }),
    ],
  ])("with %s is read all the same", async (_, parts) => {
    await expect(run({ fetch: poorFetch(parts) })).resolves.toMatchObject({ passed: 1, failed: 0 });
  });

  it("that ignores its signal does not outlast the timeout", async () => {
    const deaf = (() => new Promise(() => {})) as typeof fetch;
    await expect(run({ fetch: deaf, timeout: 50 })).rejects.toThrow("no complete answer within 50 ms");
  });

  it("is needed if the platform has none, which the error says", async () => {
    vi.stubGlobal("fetch", undefined);
    await expect(run()).rejects.toThrow(TargetError);
    await expect(run()).rejects.toThrow("pass one with the option fetch");
  });
});
