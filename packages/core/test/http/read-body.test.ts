import { fetchAnswer } from "@auto-extend/core";
import { afterEach, describe, expect, it, vi } from "vitest";

afterEach(() => void vi.unstubAllGlobals());

/** Reads a response with these parts; at most 1 MiB of it. */
function read(parts: object, { signal } = new AbortController()) {
  const response = { status: 200, headers: new Headers(), ...parts };
  const request = { url: "http://127.0.0.1:9/", init: {}, limit: 1024 ** 2, signal };
  return fetchAnswer(async () => response, request);
}

const bytes = (text: string) => new TextEncoder().encode(text);
const tooLarge = { body: { problem: "is larger than 1 MiB" }, text: "x".repeat(1024 ** 2) };

/** A stream of Node's own, which counts how often it is destroyed. */
function nodeStream(...chunks: unknown[]) {
  const destroy = vi.fn();
  return {
    destroy,
    body: Object.assign(
      (async function* () {
        yield* chunks;
      })(),
      { destroy },
    ),
  };
}

/** A stream of the platform, which counts how often it is cancelled. */
function webStream(...chunks: unknown[]) {
  const cancel = vi.fn();
  const body = new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
    },
    cancel,
  });
  return { cancel, body };
}

describe("the body of an answer is read", () => {
  it("from the chunks of a stream, bytes or text", async () => {
    const { body, destroy } = nodeStream(bytes('{"a":"ä'), 'ö"', new DataView(bytes("}").buffer));
    await expect(read({ body })).resolves.toMatchObject({ text: '{"a":"äö"}', body: { json: { a: "äö" } } });
    expect(destroy).not.toHaveBeenCalled();
  });

  it("by text() in place of arrayBuffer(), which fails on some platforms", async () => {
    const arrayBuffer = () => Promise.reject(new Error("not implemented"));
    await expect(read({ text: async () => "[1]", arrayBuffer })).resolves.toMatchObject({
      text: "[1]",
      body: { json: [1] },
    });
  });

  it("by arrayBuffer() where there is nothing else", async () => {
    const arrayBuffer = async () => bytes("[1]").buffer;
    await expect(read({ arrayBuffer })).resolves.toMatchObject({ text: "[1]", body: { json: [1] } });
  });

  it.each([
    ["", "is empty, but JSON was expected"],
    [" \n", "is empty, but JSON was expected"],
    ["{", "is not JSON"],
  ])("with a problem, if it is %j", async (text, problem) => {
    await expect(read({ text: async () => text })).resolves.toMatchObject({ text, body: { problem } });
  });

  it("as far as it is text, if it is not UTF-8", async () => {
    await expect(read(nodeStream(Uint8Array.of(0x5b, 0xff)))).resolves.toMatchObject({
      text: "[\ufffd",
      body: { problem: "is not UTF-8" },
    });
  });

  it("on a platform whose decoder cannot be strict", async () => {
    const Decoder = TextDecoder;
    vi.stubGlobal(
      "TextDecoder",
      class extends Decoder {
        constructor(label?: string, options?: { fatal?: boolean }) {
          if (options?.fatal) throw new TypeError("not implemented");
          super(label);
        }
      },
    );
    await expect(read(nodeStream(bytes("[1]")))).resolves.toMatchObject({ body: { json: [1] } });
  });

  it("by text() alone on a platform without a decoder", async () => {
    vi.stubGlobal("TextDecoder", undefined);
    await expect(read({ ...webStream(), text: async () => "[1]" })).resolves.toMatchObject({ text: "[1]" });
    await expect(read({ arrayBuffer: async () => bytes("[1]").buffer })).resolves.toMatchObject({
      body: { problem: "cannot be read: the response has no stream, text() or arrayBuffer()" },
    });
  });

  it.each<[string, object, string]>([
    ["that was used", { bodyUsed: true, text: async () => "[1]" }, "is or was read by other code"],
    ["that is locked", { body: { locked: true, getReader() {} } }, "is or was read by other code"],
    ["without parts", {}, "cannot be read: the response has no stream, text() or arrayBuffer()"],
  ])("not from a response %s", async (_, parts, problem) => {
    await expect(read(parts)).resolves.toMatchObject({ status: 200, text: "", body: { problem } });
  });

  it("not from a stream of other things than bytes, which is ended", async () => {
    const problem = "cannot be read: its stream does not consist of bytes";
    const web = webStream({ a: 1 });
    await expect(read({ body: web.body })).resolves.toMatchObject({ text: "", body: { problem } });
    expect(web.cancel).toHaveBeenCalledOnce();
  });

  it.each<[string, object]>([
    ["stream", { body: { getReader: () => ({ read: () => Promise.reject(new Error("cut")) }) } }],
    ["arrayBuffer()", { arrayBuffer: () => Promise.reject(new Error("cut")) }],
    ["text()", { text: () => Promise.reject(new Error("cut")) }],
  ])("not if its %s breaks off", async (_, parts) => {
    const thrown = expect.objectContaining({ message: "cut" });
    await expect(read(parts)).resolves.toEqual({ failed: "reading", thrown });
  });
});

describe("the limit of the body", () => {
  const full = `[${" ".repeat(1024 ** 2 - 2)}]`;
  const beyond = "x".repeat(1024 ** 2 + 1);

  it("is the last size that is read whole", async () => {
    const { body } = nodeStream(bytes(full.slice(0, -1)), bytes("]"));
    for (const parts of [
      { body },
      { text: async () => full },
      { arrayBuffer: async () => bytes(full).buffer },
    ]) {
      await expect(read(parts)).resolves.toMatchObject({ text: full, body: { json: [] } });
    }
  });

  it("ends a stream, also one that does not end well", async () => {
    const web = webStream(bytes(beyond), bytes("more"));
    await expect(read({ body: web.body })).resolves.toMatchObject(tooLarge);
    expect(web.cancel).toHaveBeenCalledOnce();
    const node = nodeStream(bytes(beyond), bytes("more"));
    node.destroy.mockImplementation(() => {
      throw new Error("broken");
    });
    await expect(read({ body: node.body })).resolves.toMatchObject(tooLarge);
    expect(node.destroy).toHaveBeenCalledOnce();
    const end = vi.fn();
    const next = async () => ({ value: bytes(beyond) });
    const body = { [Symbol.asyncIterator]: () => ({ next, return: end }) };
    await expect(read({ body })).resolves.toMatchObject(tooLarge);
    expect(end).toHaveBeenCalledOnce();
  });

  it("cuts what comes whole", async () => {
    await expect(read({ text: async () => beyond })).resolves.toMatchObject(tooLarge);
    const arrayBuffer = async () => bytes(beyond).buffer;
    await expect(read({ arrayBuffer })).resolves.toMatchObject(tooLarge);
  });
});

it("an aborted signal ends the stream of the body", async () => {
  const controller = new AbortController();
  const running = webStream();
  const reading = read({ body: running.body }, controller);
  await vi.waitFor(() => expect(running.body.locked).toBe(true));
  controller.abort();
  await expect(reading).resolves.toMatchObject({ body: { problem: "is empty, but JSON was expected" } });
  expect(running.cancel).toHaveBeenCalledOnce();
  const late = webStream();
  await read({ body: late.body }, controller);
  expect(late.cancel).toHaveBeenCalledOnce();
});
