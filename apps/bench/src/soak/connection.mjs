// One keep-alive connection with one request under way at a time. It reads bytes itself: a full HTTP client would be the
// slower side, and would hide how an answer ended.
import { connect } from "node:net";

/**
 * @typedef {object} Answer
 * @property {"whole" | "closed" | "reset" | "silent"} end how it ended: with its last byte, before that with the
 * connection, or with nothing more in time
 * @property {number} status 0 where not even the head came
 * @property {Record<string, string>} headers by lower-case name
 * @property {Buffer} body as much of it as came
 */

/**
 * @typedef {object} Patience
 * @property {number} [first] how long to wait for the first byte of an answer, in milliseconds
 * @property {number} [more] how long to wait for more of it
 */

const usualPatience = 10_000;
const headEnd = Buffer.from("\r\n\r\n");
const nothing = Buffer.alloc(0);

export class Connection {
  #port;
  #socket;
  #waiting;

  /** @param {number} port on this machine */
  constructor(port) {
    this.#port = port;
  }

  /**
   * Sends a request and reads what comes back.
   *
   * @param {string | Buffer} request
   * @param {Patience} [patience]
   * @returns {Promise<Answer>}
   */
  send(request, { first = usualPatience, more = usualPatience } = {}) {
    const socket = this.#open();
    return new Promise((resolve) => {
      this.#waiting = { resolve, came: nothing, head: undefined, impatience: undefined, more };
      this.#wait(first);
      socket.write(request);
    });
  }

  /**
   * Waits until the other side ends the connection.
   *
   * @returns {Promise<boolean>} whether it did so in time
   */
  ended(patience = 1_000) {
    const socket = this.#socket;
    if (!socket || socket.destroyed) return Promise.resolve(true);
    return new Promise((resolve) => {
      const impatience = setTimeout(() => resolve(false), patience);
      socket.once("close", () => {
        clearTimeout(impatience);
        resolve(true);
      });
    });
  }

  close() {
    this.#socket?.destroy();
  }

  #open() {
    if (this.#socket && !this.#socket.destroyed && this.#socket.writable) return this.#socket;
    const socket = connect(this.#port, "127.0.0.1").setNoDelay(true);
    let failure;
    socket.on("data", (chunk) => this.#read(socket, chunk));
    socket.on("error", (error) => {
      failure = error;
    });
    socket.on("close", () => {
      if (this.#socket === socket) this.#finish(failure ? "reset" : "closed");
    });
    this.#socket = socket;
    return socket;
  }

  #read(socket, chunk) {
    const waiting = this.#waiting;
    // What nobody asked for: it is found out by the next request, which will not get its answer.
    if (!waiting || this.#socket !== socket) return socket.destroy();
    waiting.came = waiting.came.length === 0 ? chunk : Buffer.concat([waiting.came, chunk]);
    waiting.head ??= headOf(waiting.came);
    const { head, came } = waiting;
    if (head && came.length >= head.size + head.length) this.#finish("whole");
    else this.#wait(waiting.more);
  }

  #wait(patience) {
    const waiting = this.#waiting;
    clearTimeout(waiting.impatience);
    const { came } = waiting;
    waiting.impatience = setTimeout(() => {
      // What came meanwhile may not have been read yet.
      setImmediate(() => {
        if (this.#waiting !== waiting || waiting.came !== came) return;
        this.#finish("silent");
        this.#socket?.destroy();
      });
    }, patience);
  }

  #finish(end) {
    const waiting = this.#waiting;
    if (!waiting) return;
    this.#waiting = undefined;
    clearTimeout(waiting.impatience);
    const { head = { status: 0, headers: {}, size: 0 }, came, resolve } = waiting;
    resolve({ end, status: head.status, headers: head.headers, body: came.subarray(head.size) });
  }
}

/** The head of an answer, where it came whole; `size` is its own, `length` that of the body. */
function headOf(bytes) {
  const end = bytes.indexOf(headEnd);
  if (end === -1) return undefined;
  const [first, ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  const headers = {};
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const status = Number(first.split(" ")[1]);
  const length = status === 204 ? 0 : Number(headers["content-length"] ?? Number.POSITIVE_INFINITY);
  return { status, headers, size: end + headEnd.length, length };
}
