import { once } from "node:events";
import { createServer } from "node:net";

export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1);
  return port;
}

/**
 * Ports in a row that were free a moment ago. They are below the range from which systems take ports for connections, so that none is
 * taken between this look and its use.
 */
export async function freePorts(count: number): Promise<number[]> {
  const first = 10_000 + Math.floor(Math.random() * 20_000);
  const ports = Array.from({ length: count }, (_, index) => first + index);
  const areFree = await Promise.all(ports.map(isFree));
  return areFree.every(Boolean) ? ports : freePorts(count);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  const isListening = await once(server, "listening").then(
    () => true,
    () => false,
  );
  server.close();
  return isListening;
}
