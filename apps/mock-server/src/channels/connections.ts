import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Connections with an answer that nobody is to wait for: a stream of events, or one that is held up on purpose. */
const excluded = new WeakSet<Socket>();
/** Connections of servers that close. */
const closing = new WeakSet<Socket>();

/** Tells that the answer on a connection is late on purpose, or never ends: a server that closes does not wait for it. */
export function excludeFromShutdown(socket: Socket | null): void {
  if (socket === null) return;
  if (closing.has(socket)) socket.destroy();
  else excluded.add(socket);
}

/**
 * Follows the connections of a server. Node's own `closeIdleConnections` leaves those alone that never carried a request,
 * such as the spare ones that browsers and `fetch` open, and those that become idle later.
 *
 * @returns what is to be called as the server closes: it ends every connection but those with a request under way, and
 * these as soon as it is answered.
 */
export function followConnections(server: Server): () => void {
  const sockets = new Set<Socket>();
  const busy = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => {
      sockets.delete(socket);
      busy.delete(socket);
    });
  });
  server.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    busy.add(socket);
    response.once("close", () => {
      busy.delete(socket);
      // The next answer on this connection may be one to wait for.
      excluded.delete(socket);
      if (closing.has(socket)) socket.destroySoon();
    });
  });
  return () => {
    for (const socket of sockets) {
      closing.add(socket);
      if (excluded.has(socket) || !busy.has(socket)) socket.destroy();
    }
  };
}
