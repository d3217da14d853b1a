import type { Client, ClientEvent } from "@auto-extend/client";
import { operations } from "@auto-extend/core";
import { readApiKey } from "../api-key.js";
import { describeEvent } from "../client-events.js";
import { type Connection, connectionOf } from "../connection.js";
import type { Context } from "../context.js";
import { switchClient } from "../switch-client.js";

/** The operations that change something: cut short, they may have done it. */
const changing: ReadonlySet<string> = new Set(
  operations.filter(({ changes }) => changes).map(({ id }) => id),
);

/** A client of the server that the options or the environment name. */
export interface OpenClient {
  readonly client: Client;
  readonly connection: Connection;
  /** The server's time at its last answer, in ISO 8601; `null` where it has told none yet. */
  readonly serverTime: () => string | null;
}

/**
 * Makes a client with the API key and the options of the run, and tells the host.
 *
 * @throws CliError, a usage error, where there is no API key or the base URL is not valid.
 */
export async function openClient(
  context: Context,
  { onEvent }: { readonly onEvent?: (event: ClientEvent) => void } = {},
): Promise<OpenClient> {
  const connection = await connectionOf(context);
  const { transport, host } = connection;
  let date: string | null = null;
  const client = switchClient({
    transport,
    apiKey: await readApiKey(context),
    onEvent(event) {
      if (event.type === "answer") date = event.date ?? date;
      onEvent?.(event);
      if (changing.has(event.operation)) {
        if (event.type === "attempt") context.track("unknown");
        if (event.type === "failure") context.track(event.error.effect);
      }
      if (context.options.verbose) context.talk(describeEvent(event));
    },
  });
  context.reach(host);
  return { client, connection, serverTime: () => date };
}
