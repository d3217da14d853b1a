import type { Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Connections with an answer that a closing server does not wait for: a stream of events, or one that a fault holds up. */
const excluded = new WeakSet<Socket>();
const closing = new WeakSet<Socket>();

/** A server that closes does not wait for this answer: it is late on purpose, or never ends. */
export function excludeFromShutdown(socket: Socket | null, response: ServerResponse): void {
  if (socket === null) return;
  if (closing.has(socket)) {
    socket.destroy();
    return;
  }
  if (excluded.has(socket)) return;
  excluded.add(socket);
  // The next answer on this connection may be one to wait for.
  response.once("close", () => excluded.delete(socket));
}

const idleCheckMs = 10;

/**
 * Tracks the connections of a server. Node's own `closeIdleConnections` overlooks those that never carried a request, such
 * as the spare ones that browsers and `fetch` open.
 *
 * @returns a function to call when the server closes. It ends every idle connection at once, and the others as soon
 * as their request is answered.
 */
export function trackConnections(server: Server): () => void {
  const sockets = new Set<Socket>();
  const unused = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    unused.add(socket);
    socket.once("close", () => {
      sockets.delete(socket);
      unused.delete(socket);
    });
  });
  server.on("request", ({ socket }) => {
    unused.delete(socket);
  });
  return () => {
    for (const socket of sockets) {
      closing.add(socket);
      if (excluded.has(socket) || unused.has(socket)) socket.destroy();
    }
    server.closeIdleConnections();
    const timer = setInterval(() => server.closeIdleConnections(), idleCheckMs);
    server.once("close", () => clearInterval(timer));
  };
}
