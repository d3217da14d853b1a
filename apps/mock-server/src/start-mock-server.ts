import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { isLoopback } from "@auto-extend/core";
import { trackConnections } from "./channels/connections.js";
import { fastServer, refuseTunnel } from "./channels/node.js";
import type { MockControls } from "./controls.js";
import { createListener, type MockOptions } from "./create-app.js";
import { mockError } from "./engine/problem.js";
import { canonicalHost } from "./lib/host.js";
import { checkOptions, type Persistence } from "./mock-engine.js";
import { upstreamOf } from "./proxy/upstream.js";
import { openStateFile, type StateFile, type StateTrouble } from "./store/state-file.js";

/** The options of a mock that listens. */
export interface MockServerOptions extends MockOptions {
  /** The port (default: 0, a free one that the system picks). */
  port?: number;
  /** The host name or address to listen on (default: `127.0.0.1`). If other machines can reach it, a `controlToken` is required. */
  host?: string;
  /**
   * The path of a file that keeps the state across restarts. If it exists, its state is continued, and the world is only
   * for resets; otherwise it is created. It contains no API keys, no request log, no past renewals and no queued faults.
   * A signal that ends the process loses the changes of the last half second, unless the mock is closed before.
   */
  stateFile?: string;
  /**
   * Called when the state can't be written, and with `null` once it can again. The mock keeps serving and retries
   * (default: a process warning).
   */
  onStateTrouble?: StateTrouble;
}

/** A mock that listens. */
export interface MockServer extends MockControls {
  /** Such as `http://127.0.0.1:4010`. */
  readonly url: string;
  readonly port: number;
  /**
   * Stops listening, and waits up to 5 seconds until pending requests are answered. Streams of events and answers that a
   * fault delays end at once. When this resolves, a state file has the last state.
   *
   * @throws StateWriteError if the last state could not be written, and StateTakenOverError if another mock or program has
   * changed the state file.
   */
  close(): Promise<void>;
}

/** Longer than clients keep a connection, so that none is closed just as it is used again. */
const keepAliveMs = 65_000;

const shutdownTimeoutMs = 5_000;

/**
 * Starts a mock.
 *
 * @throws WorldError with all problems of an invalid world.
 * @throws RangeError for an unknown or invalid option, and without a `controlToken` if other machines can reach the mock.
 * @throws StateFileError if the state file can't be used, and StateWriteError if it can't be written. Another mock that
 * uses the file stops writing it, and refuses changes from then on.
 * @throws Error with the code of the system if it can't listen, such as `EADDRINUSE`.
 */
export async function startMockServer(options: MockServerOptions = {}): Promise<MockServer> {
  checkOptions("server", options);
  const { port = 0, host: _, stateFile, onStateTrouble = warn, ...rest } = options;
  const host = canonicalHost(options.host ?? "127.0.0.1");
  if (!isLoopback(host) && !rest.controlToken) {
    throw new RangeError(
      `On ${host} others can reach the control API. Give a controlToken, or listen on 127.0.0.1.`,
    );
  }
  const address = { port, host };
  if (stateFile === undefined) return start(rest, address);
  // Refuses an upstream: a mock that forwards requests has no state to keep.
  upstreamOf(options);
  const state = openStateFile(stateFile, onStateTrouble);
  try {
    return await start(rest, address, state);
  } catch (error) {
    // Another error while closing would hide this one.
    await state.close().catch(() => {});
    throw error;
  }
}

async function start(
  options: MockOptions,
  { port, host }: { port: number; host: string },
  state?: StateFile,
): Promise<MockServer> {
  const { listener, controls, save } = createListener(options, persistenceOf(state));
  const server = createServer({ keepAliveTimeout: keepAliveMs, ...fastServer }, listener);
  server.on("connect", refuseTunnel);
  const endConnections = trackConnections(server);
  let closing: Promise<void> | undefined;
  server.listen(port, host);
  await once(server, "listening").catch((error) => {
    throw listenError(error, { port, host });
  });
  try {
    // Not earlier: a mock that can't listen must not leave a file behind.
    await state?.begin(save);
  } catch (error) {
    await close(server, endConnections);
    throw error;
  }
  const bound = server.address() as AddressInfo;
  return {
    ...controls,
    url: `http://${urlHost(host)}:${bound.port}`,
    port: bound.port,
    close() {
      // In this order, since pending requests may still change the state.
      closing ??= close(server, endConnections).then(() => state?.close());
      return closing;
    },
  };
}

const listenReasons: Readonly<Record<string, string>> = {
  EADDRINUSE:
    "it is in use, perhaps by another mock. Stop that one, or choose another port (0 picks a free one).",
  EACCES: "permission denied. Choose a port from 1024 on, such as 4010.",
  ENOTFOUND: "the host name is unknown. Correct it, or choose an address such as 127.0.0.1.",
  EADDRNOTAVAIL: "this machine has no such address. Choose another one, such as 127.0.0.1.",
};

function listenError(error: NodeJS.ErrnoException, { port, host }: { port: number; host: string }): Error {
  const { code = "" } = error;
  const reason = listenReasons[code] ?? `${error.message}.`;
  return Object.assign(new Error(`Can't listen on ${host} port ${port}: ${reason}`, { cause: error }), {
    code,
  });
}

function persistenceOf(state: StateFile | undefined): Persistence {
  if (!state) return {};
  return {
    saved: state.saved,
    onChange: state.changed,
    refuseChanges: () => (state.isTakenOver ? { error: takenOver } : undefined),
  };
}

const takenOver = mockError(
  "state-taken-over",
  503,
  "Another mock or program has changed the state file of this mock, so changes would be lost. Stop this mock, or restart it to use the file. To keep the state of this mock, move the file away; this mock then writes a new one.",
);

function warn(trouble: Error | null): void {
  if (trouble) process.emitWarning(trouble);
}

async function close(server: Server, endConnections: () => void): Promise<void> {
  const timeout = setTimeout(() => server.closeAllConnections(), shutdownTimeoutMs);
  const closed = once(server, "close");
  server.close();
  endConnections();
  await closed;
  clearTimeout(timeout);
}

/** The host of a URL that reaches a listener: the address that stands for all addresses can't be called. */
function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host.replace(/%.*/, "")}]` : host;
}
