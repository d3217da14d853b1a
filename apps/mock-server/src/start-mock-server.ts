import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { isLoopback } from "@auto-extend/core";
import type { MockControls } from "./controls.js";
import { createListener, type MockOptions } from "./create-app.js";
import { optionNames, refuseUnknownOptions } from "./option-names.js";

/** The settings of a mock that listens by itself. */
export interface MockServerOptions extends MockOptions {
  /** The port; 0, a free one that the system picks, where left out. */
  port?: number;
  /** The host name or address to listen on; `127.0.0.1` where left out. Any other than this machine's own wants a `controlToken`. */
  host?: string;
}

/** A mock that listens. */
export interface MockServer extends MockControls {
  /** Where it is, such as `http://127.0.0.1:4010`. */
  readonly url: string;
  readonly port: number;
  /** Stops listening, and waits until requests under way are answered, 5 seconds at most. */
  close(): Promise<void>;
}

/** A keep-alive connection stays longer than clients keep theirs, so that none is closed just as it is used again. */
const keepAlive = 65_000;

/** How long requests under way may take at the end, in milliseconds. */
const longestGoodbye = 5_000;

/**
 * Starts a mock.
 *
 * @throws WorldError with all problems of a world that can't be used.
 * @throws RangeError where it is to listen beyond this machine without a `controlToken`, and for an option that there is
 * not.
 * @throws the system's error where it can't listen, such as one with the code `EADDRINUSE`.
 */
export async function startMockServer(options: MockServerOptions = {}): Promise<MockServer> {
  refuseUnknownOptions(options, optionNames.server);
  const { port = 0, host = "127.0.0.1", ...rest } = options;
  if (!isLoopback(host) && !rest.controlToken) {
    throw new RangeError(`Listening on ${host}, others can reach the control API: give a controlToken.`);
  }
  const { listener, controls } = createListener(rest);
  const server = createServer({ keepAliveTimeout: keepAlive }, listener);
  await listen(server, port, host);
  const address = server.address() as AddressInfo;
  return {
    ...controls,
    url: `http://${urlHost(host)}:${address.port}`,
    port: address.port,
    close: () => close(server),
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) return resolve();
    // A connection whose last answer has left is to end at once, not after its keep-alive time.
    server.keepAliveTimeout = 1;
    const impatience = setTimeout(() => server.closeAllConnections(), longestGoodbye);
    server.close(() => {
      clearTimeout(impatience);
      resolve();
    });
    server.closeIdleConnections();
  });
}

/** The name under which a listener is reached: an address that stands for all of them is not one to call. */
function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
