import type { Signal } from "./time-limit.js";

/** A response. node-fetch, cross-fetch and others lack parts of the platform's, so each part is tested before it is used. */
export interface ResponseLike {
  readonly body?: unknown;
  readonly bodyUsed?: unknown;
  readonly arrayBuffer?: unknown;
  readonly text?: unknown;
}

/** The JSON of an answer, or the problem with it, such as `is not JSON`. */
export type AnswerBody = { readonly json: unknown } | { readonly problem: string };

/** The body of an answer. */
export interface ReadBody {
  /** Only the beginning if the body is too large. */
  readonly text: string;
  readonly body: AnswerBody;
}

/** The answer broke off: its stream threw. */
export interface BrokenOff {
  readonly thrown: unknown;
}

interface Bounds {
  /** In bytes. */
  readonly limit: number;
  readonly signal: Signal;
}

/** The used part of a stream reader or an async iterator. */
interface Chunks {
  next(): PromiseLike<{ readonly done?: boolean | undefined; readonly value?: unknown }>;
  cancel(): void;
}

/** The used part of a `ReadableStreamDefaultReader`. */
interface StreamReader {
  read(): ReturnType<Chunks["next"]>;
  cancel(): Promise<unknown>;
}

/** The used parts of a stream: the platform's has a reader, and one of Node's own is an async iterable. */
interface Stream extends AsyncIterable<unknown> {
  readonly locked: unknown;
  getReader(): StreamReader;
  destroy(): unknown;
}

/** Reads the body within the limit, however it is offered. Only an error of the stream is a {@link BrokenOff}. */
export async function readBody(response: ResponseLike, bounds: Bounds): Promise<ReadBody | BrokenOff> {
  // Read first, since Bun calls a body used as soon as it has a reader.
  const isUsed = response.bodyUsed === true;
  const chunks = typeof TextDecoder === "function" ? chunksOf(response.body) : null;
  if (isUsed || chunks === "locked") return unreadable("is or was read by other code");
  if (chunks !== null) return readChunks(chunks, bounds);
  // Where there are no streams, text() works; some platforms have an arrayBuffer() that only ever fails.
  const { text, arrayBuffer } = response;
  const isText = typeof text === "function";
  const read = isText ? text : typeof TextDecoder === "function" ? arrayBuffer : null;
  if (typeof read !== "function") {
    return unreadable("cannot be read: the response has no stream, text() or arrayBuffer()");
  }
  let whole: unknown;
  try {
    whole = await read.call(response);
  } catch (thrown) {
    return { thrown };
  }
  if (!isText) return decode(new Uint8Array(whole as ArrayBuffer), bounds);
  const body = String(whole);
  return body.length > bounds.limit ? tooLarge(body, bounds) : { text: body, body: parseBody(body) };
}

/** Parses the text of an answer. The platform's own error is not used, since it quotes the body. */
export function parseBody(text: string): AnswerBody {
  if (text.trim() === "") return { problem: "is empty, but JSON was expected" };
  try {
    // Not every platform removes a byte order mark.
    return { json: JSON.parse(text.replace(/^\ufeff/, "")) };
  } catch {
    return { problem: "is not JSON" };
  }
}

function unreadable(problem: string): ReadBody {
  return { text: "", body: { problem } };
}

function tooLarge(text: string, { limit }: Bounds): ReadBody {
  return { text: text.slice(0, limit), body: { problem: `is larger than ${limit / 1024 ** 2} MiB` } };
}

/** The chunks of a stream of the platform, or of one of Node's own, as node-fetch has it. */
function chunksOf(body: unknown): Chunks | "locked" | null {
  const stream: Partial<Stream> = Object(body);
  if (typeof stream.getReader === "function") {
    if (stream.locked === true) return "locked";
    const reader = stream.getReader();
    return { next: () => reader.read(), cancel: quietly(() => reader.cancel()) };
  }
  const iterator = stream[Symbol.asyncIterator]?.();
  if (!iterator) return null;
  const cancel = () => (typeof stream.destroy === "function" ? stream.destroy() : iterator.return?.());
  return { next: () => iterator.next(), cancel: quietly(cancel) };
}

/** Cancels without waiting, and whether or not that works. */
function quietly(cancel: () => unknown): () => void {
  return () => void (async () => cancel())().catch(() => {});
}

async function readChunks(chunks: Chunks, bounds: Bounds): Promise<ReadBody | BrokenOff> {
  const { limit, signal } = bounds;
  if (signal.aborted) chunks.cancel();
  signal.addEventListener("abort", () => chunks.cancel());
  const parts: Uint8Array[] = [];
  let size = 0;
  while (size <= limit) {
    let step: Awaited<ReturnType<Chunks["next"]>>;
    try {
      step = await chunks.next();
    } catch (thrown) {
      return { thrown };
    }
    if (step.done) return decode(joined(parts, size), bounds);
    const part = typeof step.value === "string" ? new TextEncoder().encode(step.value) : step.value;
    if (!ArrayBuffer.isView(part)) {
      chunks.cancel();
      return unreadable("cannot be read: its stream does not consist of bytes");
    }
    parts.push(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    size += part.byteLength;
  }
  chunks.cancel();
  return decode(joined(parts, size), bounds);
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  if (parts.length === 1 && parts[0]) return parts[0];
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}

function decode(bytes: Uint8Array, bounds: Bounds): ReadBody {
  if (bytes.length > bounds.limit) {
    return tooLarge(new TextDecoder().decode(bytes.subarray(0, bounds.limit)), bounds);
  }
  const text = strictText(bytes);
  if (text !== null) return { text, body: parseBody(text) };
  return { text: new TextDecoder().decode(bytes), body: { problem: "is not UTF-8" } };
}

/** `null` if the bytes are not UTF-8. Platforms without a strict decoder cannot find out. */
function strictText(bytes: Uint8Array): string | null {
  let decoder: InstanceType<typeof TextDecoder>;
  try {
    decoder = new TextDecoder("utf-8", { fatal: true });
  } catch {
    return new TextDecoder().decode(bytes);
  }
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}
