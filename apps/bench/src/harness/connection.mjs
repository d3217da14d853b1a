// HTTP over a socket, one request at a time. A full HTTP client would be slower than the servers under test, and would
// hide how an answer ended.
import { connect } from "node:net";

/**
 * @typedef {object} Answer
 * @property {"complete" | "closed" | "reset" | "timeout"} end `closed` and `reset` are ends before the last byte
 * @property {number} status 0 if not even the headers came
 * @property {Record<string, string>} headers by lower-case name
 * @property {Buffer} body as much of it as came
 */

/** @typedef {{ firstMs?: number, nextMs?: number }} Timeouts until the first byte, and between pieces */

/** @typedef {NonNullable<ReturnType<typeof parseHead>>} Head */

const usualTimeoutMs = 10_000;
const headEnd = "\r\n\r\n";
const nothing = Buffer.alloc(0);

/**
 * The bytes of a request.
 *
 * @param {{ method?: string, path: string, headers?: Record<string, string>, body?: string }} request
 */
export function requestText({ method = "POST", path, headers = {}, body = "" }) {
  const all = { host: "127.0.0.1", "content-type": "application/json", ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}content-length: ${Buffer.byteLength(body)}${headEnd}${body}`;
}

/** A keep-alive connection to a port of this machine. It connects with the first request, and again after an end. */
export class Connection {
  #port;
  /** @type {import("node:net").Socket | undefined} */
  #socket;
  /** @type {{ resolve: (answer: Answer) => void, bytes: Buffer, head: Head | undefined, nextMs: number } | undefined} */
  #pending;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  #timerMs = 0;

  /** @param {number} port */
  constructor(port) {
    this.#port = port;
  }

  /**
   * Sends a request and reads what comes back.
   *
   * @param {string | Buffer} request
   * @param {Timeouts} [timeouts]
   * @returns {Promise<Answer>}
   */
  send(request, { firstMs = usualTimeoutMs, nextMs = usualTimeoutMs } = {}) {
    const socket = this.#open();
    return new Promise((resolve) => {
      this.#pending = { resolve, bytes: nothing, head: undefined, nextMs };
      this.#startTimer(firstMs);
      socket.write(request);
    });
  }

  /**
   * Waits for the server to end the connection.
   *
   * @returns {Promise<boolean>} whether it did so in time
   */
  ended(timeoutMs = usualTimeoutMs) {
    const socket = this.#socket;
    if (!socket || socket.destroyed) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), timeoutMs);
      socket.once("close", () => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }

  close() {
    clearTimeout(this.#timer);
    this.#socket?.destroy();
  }

  #open() {
    if (this.#socket && !this.#socket.destroyed && this.#socket.writable) return this.#socket;
    const socket = connect(this.#port, "127.0.0.1").setNoDelay(true);
    let hasFailed = false;
    socket.on("data", (bytes) => this.#read(socket, bytes));
    socket.on("error", () => {
      hasFailed = true;
    });
    socket.on("close", () => {
      if (this.#socket === socket) this.#finish(hasFailed ? "reset" : "closed");
    });
    this.#socket = socket;
    return socket;
  }

  /**
   * @param {import("node:net").Socket} socket
   * @param {Buffer} bytes
   */
  #read(socket, bytes) {
    const pending = this.#pending;
    // Bytes that nobody asked for: the next request finds out, since it gets no answer.
    if (!pending || this.#socket !== socket) {
      socket.destroy();
      return;
    }
    pending.bytes = pending.bytes.length === 0 ? bytes : Buffer.concat([pending.bytes, bytes]);
    pending.head ??= parseHead(pending.bytes);
    if (pending.head && pending.bytes.length >= pending.head.size + pending.head.length) {
      this.#finish("complete");
    } else this.#startTimer(pending.nextMs);
  }

  /**
   * Restarts the one timer where that is enough: making a timer for each request would slow the load down.
   *
   * @param {number} ms
   */
  #startTimer(ms) {
    if (this.#timer && this.#timerMs === ms) {
      this.#timer.refresh();
      return;
    }
    clearTimeout(this.#timer);
    this.#timerMs = ms;
    this.#timer = setTimeout(() => {
      const pending = this.#pending;
      const bytes = pending?.bytes;
      // Bytes that came meanwhile may not have been read yet.
      setImmediate(() => {
        if (!pending || this.#pending !== pending || pending.bytes !== bytes) return;
        this.#finish("timeout");
        this.#socket?.destroy();
      });
    }, ms).unref();
  }

  /** @param {Answer["end"]} end */
  #finish(end) {
    const pending = this.#pending;
    if (!pending) return;
    this.#pending = undefined;
    const { head, bytes, resolve } = pending;
    const { status = 0, headers = {}, size = 0 } = head ?? {};
    resolve({ end, status, headers, body: bytes.subarray(size) });
  }
}

/**
 * The head of an answer once all of it has come; `size` is its own, `length` that of the body.
 *
 * @param {Buffer} bytes
 */
function parseHead(bytes) {
  const end = bytes.indexOf(headEnd);
  if (end === -1) return undefined;
  const [first = "", ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  /** @type {Record<string, string>} */
  const headers = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const status = Number(first.split(" ")[1]);
  const length = status === 204 ? 0 : Number(headers["content-length"] ?? Number.POSITIVE_INFINITY);
  return { status, headers, size: end + headEnd.length, length };
}
