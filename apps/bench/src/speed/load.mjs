// Loads a server over keep-alive connections. It writes and counts bytes itself: a full HTTP client would be the slower
// side, and would make every server look alike.
import { connect } from "node:net";

/**
 * Requests a second that a server answers, with one request under way on each connection.
 *
 * @param {string} url
 * @param {{ path: string, body: string, connections: number, milliseconds: number }} options
 */
export async function requestsPerSecond(url, { path, body, connections, milliseconds }) {
  const { port, host } = new URL(url);
  const request = `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  let answered = 0;
  let running = true;
  const sockets = Array.from({ length: connections }, () => {
    const socket = connect(Number(port), "127.0.0.1").setNoDelay(true);
    socket.on("connect", () => socket.write(request));
    socket.on("data", (chunk) => {
      // The answer is short enough to come in one piece, and this is its end.
      if (!chunk.includes('"error":null}')) throw new Error(`An answer was not a success: ${chunk}`);
      answered += 1;
      if (running) socket.write(request);
    });
    return socket;
  });
  // It never sleeps: waking it up would be done in the server's time, and the more often the slower a server is.
  const poll = () => running && setImmediate(poll);
  poll();
  const start = performance.now();
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  const seconds = (performance.now() - start) / 1000;
  running = false;
  for (const socket of sockets) socket.destroy();
  return answered / seconds;
}
