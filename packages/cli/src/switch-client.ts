import { type Client, type ClientEvent, createClient } from "@auto-extend/client";
import type { Connection } from "./connection.js";
import { version } from "./version.js";

/** Makes the client of the commands that switch. */
export function switchClient({
  transport,
  apiKey,
  onEvent,
}: Pick<Connection, "transport"> & { apiKey: string; onEvent: (event: ClientEvent) => void }): Client {
  const { timeout } = transport;
  return createClient({
    ...transport,
    apiKey,
    // As by default, all attempts together may take three times as long as one.
    ...(timeout !== undefined && { retry: { totalTimeout: 3 * timeout } }),
    userAgent: `auto-extend-cli/${version}`,
    onEvent,
  });
}
