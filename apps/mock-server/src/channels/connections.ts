import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** The connections of a server, and how it ends them when it closes. */

/** Connections with an answer that a closing server does not wait for: a stream of events, or one that a fault holds up. */
const excluded = new WeakSet<Socket>();
/** Connections of servers that are closing. */
const closing = new WeakSet<Socket>();

/** A server that closes does not wait for the answer on this connection: it is late on purpose, or never ends. */
export function excludeFromShutdown(socket: Socket | null): void {
  if (socket === null) return;
  if (closing.has(socket)) socket.destroy();
  else excluded.add(socket);
}

/**
 * Tracks the connections of a server. Node's own `closeIdleConnections` overlooks those that never carried a request, such
 * as the spare ones that browsers and `fetch` open, and those that become idle later.
 *
 * @returns must be called when the server closes. It ends every connection except those with a request under way, and
 * these as soon as it is answered.
 */
export function trackConnections(server: Server): () => void {
  const sockets = new Set<Socket>();
  const busy = new Set<Socket>();

  function closed(this: Socket): void {
    sockets.delete(this);
    busy.delete(this);
  }

  function answered(this: ServerResponse): void {
    // By then the response has let go of its connection.
    const { socket } = this.req;
    busy.delete(socket);
    // The next answer on this connection may be one to wait for.
    excluded.delete(socket);
    if (closing.has(socket)) socket.destroySoon();
  }

  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", closed);
  });
  server.on("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    busy.add(socket);
    response.once("close", answered);
  });
  return () => {
    for (const socket of sockets) {
      closing.add(socket);
      if (excluded.has(socket) || !busy.has(socket)) socket.destroy();
    }
  };
}
