import { isNetworkError } from "@auto-extend/client";
import { describe, expect, it, vi } from "vitest";
import { clientOf, errorOf, nowhere, request, success } from "../support/fixtures.js";
import { rawServer } from "../support/raw-server.js";
import { scriptedServer } from "../support/scripted-server.js";

const head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n";

describe("a server that cannot be reached", () => {
  it("is a NetworkError with effect none", async () => {
    const server = await scriptedServer();
    await server.close();
    const error = await errorOf(clientOf(server).setAutoExtend(request));
    expect(error).toMatchObject({ name: "NetworkError", effect: "none", code: "ECONNREFUSED", attempts: 1 });
    expect(error.message).toMatch(/^The server was not reached: connect ECONNREFUSED 127\.0\.0\.1:\d+\. /);
    expect(error.message).toMatch(/Nothing was changed\.$/);
    expect(error.cause).toMatchObject({ message: "fetch failed", cause: { code: "ECONNREFUSED" } });
  });
});

describe("an answer that breaks off", () => {
  it.each([
    ["before it begins", ""],
    ["in its head", head.slice(0, 20)],
    ["in its body", `${head}{"success":true`],
  ])("%s is a NetworkError with effect unknown", async (_, part) => {
    const server = await rawServer((socket) => socket.end(part));
    const error = await errorOf(clientOf(server).setAutoExtend(request));
    expect(error).toMatchObject({ name: "NetworkError", effect: "unknown", attempts: 1 });
    expect(error.message).toContain("may have been made");
  });

  it("by a reset is a NetworkError with effect unknown", async () => {
    const server = await rawServer((socket) => socket.resetAndDestroy());
    const error = await errorOf(clientOf(server).setAutoExtend(request));
    expect(error).toMatchObject({ name: "NetworkError", effect: "unknown", code: "ECONNRESET" });
  });

  it("is uncertain even for a code of connections that are never established", async () => {
    const code = "ECONNREFUSED";
    const fetch = async () => new Response(new ReadableStream({ start: (body) => body.error({ code }) }));
    const error = await errorOf(clientOf(nowhere, { fetch }).setAutoExtend(request));
    expect(error).toMatchObject({ name: "NetworkError", effect: "unknown", code });
  });

  it("in its compression is a NetworkError with effect unknown", async () => {
    const server = await scriptedServer({ headers: { "content-encoding": "gzip" }, body: "no gzip" });
    const error = await errorOf(clientOf(server).setAutoExtend(request));
    expect(error).toMatchObject({ name: "NetworkError", effect: "unknown" });
    expect(error.message).toContain("The answer was cut off");
  });
});

describe("what the platform throws", () => {
  /** The error of a call whose fetch throws, for failures that cannot be caused on loopback. */
  function errorFor(thrown: unknown) {
    const failing = () => Promise.reject(thrown);
    return errorOf(clientOf(nowhere, { fetch: failing }).setAutoExtend(request));
  }

  function failed(cause: unknown) {
    return new TypeError("fetch failed", { cause });
  }

  function coded(code: string, syscall?: string) {
    return Object.assign(new Error(`${syscall ?? "failed"} ${code}`), { code, ...(syscall && { syscall }) });
  }

  it.each([
    ["ENOTFOUND", "getaddrinfo"],
    ["EAI_AGAIN", "getaddrinfo"],
    ["ENETUNREACH", "connect"],
    ["EHOSTUNREACH", "connect"],
    ["ETIMEDOUT", "connect"],
    ["UND_ERR_CONNECT_TIMEOUT", undefined],
    ["CERT_HAS_EXPIRED", undefined],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", undefined],
    ["SELF_SIGNED_CERT_IN_CHAIN", undefined],
    ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", undefined],
    ["ERR_TLS_CERT_ALTNAME_INVALID", undefined],
  ])("is certain that nothing was sent for %s", async (code, syscall) => {
    const error = await errorFor(failed(coded(code, syscall)));
    expect(error).toMatchObject({ name: "NetworkError", effect: "none", code });
  });

  it.each([
    ["ECONNRESET", "read"],
    ["EPIPE", "write"],
    ["ETIMEDOUT", "read"],
    ["EHOSTUNREACH", "read"],
    ["UND_ERR_SOCKET", undefined],
    ["SOMETHING_NEW", undefined],
  ])("is uncertain for %s of %s", async (code, syscall) => {
    const error = await errorFor(failed(coded(code, syscall)));
    expect(error).toMatchObject({ name: "NetworkError", effect: "unknown", code });
  });

  it.each<[string, string, string]>([
    ["a proxy that opens no tunnel", "Proxy response (407) !== 200 when HTTP Tunneling", "none"],
    ["anything else that is broken off", "Request aborted", "unknown"],
  ])("recognizes %s by its words, since they share a code", async (_, words, effect) => {
    const error = await errorFor(failed(Object.assign(new Error(words), { code: "UND_ERR_ABORTED" })));
    expect(error).toMatchObject({ name: "NetworkError", effect, code: "UND_ERR_ABORTED" });
  });

  it("is certain for several addresses only where it is for each", async () => {
    const refused = coded("ECONNREFUSED", "connect");
    await expect(errorFor(failed(new AggregateError([refused, refused])))).resolves.toMatchObject({
      effect: "none",
      code: "ECONNREFUSED",
      message: expect.stringContaining("connect ECONNREFUSED"),
    });
    await expect(
      errorFor(failed(new AggregateError([refused, coded("ECONNRESET", "read")]))),
    ).resolves.toMatchObject({ effect: "unknown" });
  });

  it.each([
    [
      "an error without a code",
      new TypeError("Failed to fetch..\n"),
      "No answer was received: Failed to fetch. The",
    ],
    ["a text", "broken", "No answer was received: broken."],
    ["nothing", undefined, "No answer was received: the platform gives no reason."],
    ["an object", {}, "No answer was received: the platform gives no reason."],
    [
      "several, of which one has words",
      new AggregateError([{}, new Error(""), new Error("broken")]),
      "No answer was received: broken.",
    ],
  ])("is a NetworkError with effect unknown for %s", async (_, thrown, message) => {
    const error = await errorFor(thrown);
    expect(error).toMatchObject({ name: "NetworkError", effect: "unknown", code: null });
    expect(error.message).toContain(message);
  });

  it("is kept as a copy of its causes, the first of several, even where they go round", async () => {
    const inner = Object.assign(new RangeError("inner"), { code: 7 });
    const several = new AggregateError([inner, "a text"], "several");
    const thrown = new TypeError("outer", { cause: several });
    inner.cause = thrown;
    const { cause } = await errorFor(thrown);
    expect(cause).not.toBe(thrown);
    expect(cause).toMatchObject({
      name: "TypeError",
      message: "outer",
      stack: thrown.stack,
      cause: {
        name: "AggregateError",
        message: "several",
        cause: { name: "RangeError", message: "inner", code: 7, cause: { message: "outer" } },
      },
    });
    if (!(cause instanceof Error && cause.cause instanceof Error)) expect.fail("no causes");
    expect(cause.cause).not.toBe(several);
    for (const field of ["name", "cause"]) {
      const asThePlatformHasIt = { configurable: true, writable: true, enumerable: false };
      expect(Object.getOwnPropertyDescriptor(cause, field)).toMatchObject(asThePlatformHasIt);
    }
  });

  it.each([
    [0, "0"],
    [3, "0"],
    [8, "0"],
    [10_000, "9992"],
  ])(
    "with %i causes is kept with 8 at most, and gives the innermost of them as its reason",
    async (causes, innermost) => {
      let thrown = new Error("0");
      for (let depth = 1; depth <= causes; depth++) thrown = new Error(`${depth}`, { cause: thrown });
      const error = await errorFor(thrown);
      expect(error.message).toContain(`: ${innermost}. `);
      let cause: unknown = error.cause;
      let depth = 0;
      for (; cause instanceof Error && cause.cause !== undefined; cause = cause.cause) depth++;
      expect(depth).toBe(Math.min(causes, 8));
      expect(cause).toMatchObject({ message: innermost });
    },
  );

  it("is not thrown by a fetch that fails before it returns a promise either", async () => {
    const broken = () => {
      throw new Error("no network here");
    };
    const error = await errorOf(clientOf(nowhere, { fetch: broken }).setAutoExtend(request));
    expect(isNetworkError(error)).toBe(true);
  });
});

describe("a server that takes too long", () => {
  it.each([
    ["to answer", ""],
    ["in the head of its answer", head.slice(0, 20)],
    ["in the body of its answer", `${head}{"success":true`],
  ])("%s is a TimeoutError with effect unknown", async (_, part) => {
    const server = await rawServer((socket) => socket.write(part || "\r\n"));
    const error = await errorOf(clientOf(server, { timeout: 100 }).setAutoExtend(request));
    expect(error).toMatchObject({ name: "TimeoutError", effect: "unknown", timeout: 100, attempts: 1 });
    expect(error.message).toMatch(/^No complete answer within 100 ms\. The change may have been made/);
  });

  it("is given up even by a fetch that does not heed its signal, and what comes later is let go", async () => {
    let cancelled = false;
    let answer: (response: Response) => void = () => {};
    const deaf: typeof fetch = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const client = clientOf(nowhere, { fetch: deaf, timeout: 20 });
    await expect(errorOf(client.setAutoExtend(request))).resolves.toMatchObject({ name: "TimeoutError" });
    const endless = new ReadableStream({
      cancel() {
        cancelled = true;
      },
    });
    answer(new Response(endless));
    await vi.waitFor(() => expect(cancelled).toBe(true), { timeout: 60_000 });
  });

  it("may take up to its time", async () => {
    const server = await scriptedServer((response) => {
      setTimeout(() => response.end(JSON.stringify(success)), 50);
    });
    await expect(clientOf(server, { timeout: 5_000 }).setAutoExtend(request)).resolves.toEqual(success);
  });
});
