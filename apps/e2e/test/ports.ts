import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";

export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

/**
 * Ports in a row that are free, and that no other test gets while this one runs. They are below the range from which systems take
 * ports for connections, so that none is taken between this look and its use.
 */
export async function freePorts(count: number): Promise<number[]> {
  const first = 10_000 + Math.floor(Math.random() * 20_000);
  const ports = Array.from({ length: count }, (_, index) => first + index);
  const areFree = await Promise.all(ports.map(async (port) => (await reserve(port)) && isFree(port)));
  return areFree.every(Boolean) ? ports : freePorts(count);
}

/** Until this process ends, the UDP port of the same number says to the tests in all processes that a port is taken. */
async function reserve(port: number): Promise<boolean> {
  const socket = createSocket("udp4").unref();
  socket.bind({ port, address: "127.0.0.1", exclusive: true });
  return succeeds(once(socket, "listening"));
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  const isListening = await succeeds(once(server, "listening"));
  server.close();
  return isListening;
}

function succeeds(event: Promise<unknown>): Promise<boolean> {
  return event.then(
    () => true,
    () => false,
  );
}
