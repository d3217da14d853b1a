import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import crossFetch from "cross-fetch";
import nodeFetch3 from "node-fetch";
// @ts-expect-error it has no types of its own
import nodeFetch2 from "node-fetch-2";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { breakOurCode } from "../support/clock.js";
import { clientOf, errorOf, failure, nowhere, request, success } from "../support/fixtures.js";
import { rawServer } from "../support/raw-server.js";
import { scriptedServer } from "../support/scripted-server.js";

const libraries = [
  ["node-fetch 2", nodeFetch2],
  ["node-fetch 3", nodeFetch3],
  ["cross-fetch", crossFetch],
  ["the platform's fetch", fetch],
] as unknown as [string, typeof fetch][];

describe.each(libraries)("%s as the fetch option", (_, fetch) => {
  it("carries a success out once", async () => {
    const server = await scriptedServer({ body: success });
    await expect(clientOf(server, { fetch, retry: {} }).setAutoExtend(request)).resolves.toEqual(success);
    expect(server.requests).toHaveLength(1);
  });

  it("gives a refusal and its status", async () => {
    const server = await scriptedServer({ status: 429, headers: { "retry-after": "60" }, body: failure });
    const error = await errorOf(clientOf(server, { fetch, retry: {} }).setAutoExtend(request));
    expect(error).toMatchObject({ name: "ApiError", status: 429, retryAfter: 60_000, attempts: 1 });
  });

  it("reads an answer of several megabytes", async () => {
    const body = { ...success, note: "x".repeat(3 * 1024 * 1024) };
    const server = await scriptedServer({ body });
    await expect(clientOf(server, { fetch }).setAutoExtend(request)).resolves.toEqual(body);
  });

  it("finds an answer that is not UTF-8, and does not repeat it", async () => {
    const server = await scriptedServer({ body: Buffer.from('{"success":"\xff"}', "latin1") });
    const error = await errorOf(clientOf(server, { fetch, retry: {} }).setAutoExtend(request));
    expect(error).toMatchObject({ name: "ContractError", attempts: 1 });
    expect(error.message).toContain("is not UTF-8");
  });

  it("does not follow a redirect", async () => {
    const server = await scriptedServer({ status: 307, headers: { location: "/elsewhere" } });
    const error = await errorOf(clientOf(server, { fetch }).setAutoExtend(request));
    expect(error).toMatchObject({ name: "HttpError", status: 307 });
    expect(server.requests).toHaveLength(1);
  });

  it("is retried if the answer breaks off, which node-fetch 2 does not notice before the time is over", async () => {
    const server = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"success":true');
      setTimeout(() => socket.destroy(), 20);
    });
    const options = { fetch, timeout: 500, retry: { attempts: 2, delay: 1 } };
    const error = await errorOf(clientOf(server, options).setAutoExtend(request));
    expect(error).toMatchObject({ effect: "unknown", attempts: 2 });
    expect(error.name).toMatch(/^(NetworkError|TimeoutError)$/);
  });

  it("ends in time, in the middle of an answer", async () => {
    const { url } = await dripping();
    const error = await errorOf(clientOf({ url }, { fetch, timeout: 100 }).setAutoExtend(request));
    expect(error).toMatchObject({ name: "TimeoutError", effect: "unknown" });
  });

  it("ends with the caller's reason, in the middle of an answer, and lets go of the connection", async () => {
    const { url, asked, closed } = await dripping();
    const reason = new Error("changed my mind");
    const controller = new AbortController();
    const call = clientOf({ url }, { fetch }).setAutoExtend(request, { signal: controller.signal });
    void asked.then(() => controller.abort(reason));
    await expect(call).rejects.toBe(reason);
    await closed;
  });

  it("says when a server is not reached, and that nothing was changed", async () => {
    const error = await errorOf(clientOf(nowhere, { fetch }).setAutoExtend(request));
    expect(error).toMatchObject({ name: "NetworkError", effect: "none" });
  });
});

/** A server whose answer never ends. */
async function dripping() {
  let onClose = () => {};
  const closed = new Promise<void>((resolve) => (onClose = resolve));
  let onAsked = () => {};
  const asked = new Promise<void>((resolve) => (onAsked = resolve));
  const server = createServer(async (_, response) => {
    response.on("close", onClose);
    response.writeHead(200, { "content-type": "application/json" });
    while (!response.destroyed) {
      response.write(" ");
      await sleep(5);
      onAsked();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.closeAllConnections());
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, closed };
}

const text = JSON.stringify(success);
const headers = { get: () => null };

async function* chunks(...parts: unknown[]) {
  yield* parts;
}

function failing(error: Error) {
  return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) };
}

describe("a response that is less than the platform's", () => {
  it.each<[string, object]>([
    ["only text()", { text: async () => text }],
    ["a text() that leaves the byte order mark", { text: async () => `\ufeff${text}` }],
    ["only arrayBuffer()", { arrayBuffer: async () => new TextEncoder().encode(text).buffer }],
    [
      "text(), and an arrayBuffer() that always fails",
      {
        text: async () => text,
        arrayBuffer: () => Promise.reject(new TypeError("not implemented")),
      },
    ],
    ["a body that yields strings", { body: chunks(text.slice(0, 9), text.slice(9)) }],
    ["a body that yields buffers", { body: chunks(Buffer.from(text)) }],
    ["a body that yields other views", { body: chunks(new DataView(new TextEncoder().encode(text).buffer)) }],
    ["a body of null, as for an empty one, and text()", { body: null, text: async () => text }],
  ])("may have %s", async (_, parts) => {
    const fetch = vi.fn(async () => ({ status: 200, headers, ...parts }) as never);
    await expect(clientOf(nowhere, { fetch }).setAutoExtend(request)).resolves.toEqual(success);
  });

  it.each<[string, unknown, string, string]>([
    ["nothing at all", undefined, "NetworkError", "returned no Response. Check the client's options. The"],
    ["an empty object", {}, "NetworkError", "returned no Response"],
    ["a status that is text", { status: "200", headers }, "NetworkError", "returned no Response"],
    ["headers without get()", { status: 200, headers: {} }, "NetworkError", "returned no Response"],
    [
      "no way to read it",
      { status: 200, headers },
      "ContractError",
      "has no stream, text() or arrayBuffer()",
    ],
    [
      "a body that was read",
      { status: 200, headers, bodyUsed: true },
      "ContractError",
      "is or was read by other code",
    ],
    [
      "a body that yields numbers",
      { status: 200, headers, body: chunks(1) },
      "ContractError",
      "does not consist of bytes",
    ],
    ["a locked body", lockedResponse(), "ContractError", "is or was read by other code"],
    [
      "a text that is too large",
      { status: 200, headers, text: async () => " ".repeat(17 * 1024 * 1024) },
      "ContractError",
      "larger than 16 MiB",
    ],
  ])("is not repeated if it is %s", async (_, response, name, message) => {
    const fetch = vi.fn(async () => response as Response);
    const error = await errorOf(clientOf(nowhere, { fetch, retry: {} }).setAutoExtend(request));
    expect(error).toMatchObject({ name, effect: "unknown", attempts: 1 });
    expect(error.message).toContain(message);
    expect(fetch).toHaveBeenCalledTimes(1);
  });

  it.each<[string, object]>([
    ["text()", { text: () => Promise.reject(new Error("socket closed")) }],
    ["arrayBuffer()", { arrayBuffer: () => Promise.reject(new Error("socket closed")) }],
    ["an iterator", { body: failing(new Error("socket closed")) }],
  ])("is retried if %s fails, which is a failure of the network", async (_, parts) => {
    const fetch = vi.fn(async () => ({ status: 200, headers, ...parts }) as never);
    const retry = { attempts: 2, delay: 1 };
    const error = await errorOf(clientOf(nowhere, { fetch, retry }).setAutoExtend(request));
    expect(error).toMatchObject({ name: "NetworkError", effect: "unknown", attempts: 2 });
    expect(error.message).toContain("The answer was cut off");
  });

  it("is let go of if its stream can only be iterated and the time is over", async () => {
    const state = { returned: false };
    const endless = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise<never>(() => {}),
        return: async () => {
          state.returned = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const fetch = async () => ({ status: 200, headers, body: endless }) as never;
    const error = await errorOf(clientOf(nowhere, { fetch, timeout: 20 }).setAutoExtend(request));
    expect(error.name).toBe("TimeoutError");
    expect(state.returned).toBe(true);
  });

  it.each<[string, object]>([
    ["headers.get()", { headers: { get: raising } }],
    ["its status", Object.defineProperty({ headers }, "status", { get: raising })],
    ["its body", Object.defineProperty({ status: 200, headers }, "body", { get: raising })],
    ["getReader()", { status: 200, headers, body: { getReader: raising } }],
  ])("is not repeated if %s throws, and the outcome is unknown", async (_, parts) => {
    const response = "status" in parts ? parts : { status: 200, text: async () => text, ...parts };
    const fetch = vi.fn(async () => response as never);
    const client = clientOf(nowhere, { fetch, retry: {} });
    const error = await errorOf(client.setAutoExtend(request));
    expect(error).toMatchObject({ name: "NetworkError", effect: "unknown", attempts: 1 });
    expect(error.message).toContain("The answer could not be read: it is broken.");
    expect(fetch).toHaveBeenCalledTimes(1);
    const { orderIds, ...options } = request;
    const chunks = [];
    for await (const chunk of client.setAutoExtendMany(orderIds, options)) chunks.push(chunk);
    const unknown = orderIds.map((orderId) => ({
      orderId,
      error: expect.objectContaining({ effect: "unknown" }),
    }));
    expect(chunks).toMatchObject([{ unknown }]);
  });

  it("is not repeated if our own code fails on it", async () => {
    const bug = new TypeError("a bug");
    const fetch = vi.fn(async () => {
      breakOurCode(bug);
      return Response.json(failure);
    });
    await expect(clientOf(nowhere, { fetch, retry: {} }).setAutoExtend(request)).rejects.toBe(bug);
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});

function raising(): never {
  throw new TypeError("it is broken");
}

function lockedResponse() {
  const response = new Response(text);
  response.body?.getReader();
  return response;
}
