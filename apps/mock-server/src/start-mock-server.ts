import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { isLoopback } from "@auto-extend/core";
import { trackConnections } from "./channels/connections.js";
import type { MockControls } from "./controls.js";
import { createListener, type MockOptions } from "./create-app.js";
import type { EngineProblem } from "./engine/types.js";
import { checkOptions, type Persistence } from "./mock-engine.js";
import { openStateFile, type StateFile, type StateTrouble } from "./store/state-file.js";

/** The settings of a mock that listens by itself. */
export interface MockServerOptions extends MockOptions {
  /** The port; 0, a free one that the system picks, where left out. */
  port?: number;
  /** The host name or address to listen on; `127.0.0.1` where left out. Any other than this machine's own wants a `controlToken`. */
  host?: string;
  /**
   * The path of a file that keeps the state across restarts. Where there is one, its state goes on, and the world is for
   * resets alone; otherwise it is made. It keeps neither API keys, nor the request log, nor faults that wait.
   */
  stateFile?: string;
  /**
   * Told when the state can't be written, and with `null` once it can again: the mock goes on serving, and tries again. A
   * warning of the process where left out.
   */
  onStateTrouble?: StateTrouble;
}

/** A mock that listens. */
export interface MockServer extends MockControls {
  /** Where it is, such as `http://127.0.0.1:4010`. */
  readonly url: string;
  readonly port: number;
  /**
   * Stops listening, and waits until requests under way are answered, 5 seconds at most. Streams of events, and answers
   * that a fault holds up (late, drop by drop, or for ever), end at once. A state file has the last state once this
   * resolves; it rejects with a `StateWriteError` where that could not be written.
   */
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
 * @throws StateFileError where the state file can't be used, and StateWriteError where it can't be
 * written. Another mock that uses it stops writing it, and refuses changes from then on.
 * @throws the system's error where it can't listen, such as one with the code `EADDRINUSE`.
 */
export async function startMockServer(options: MockServerOptions = {}): Promise<MockServer> {
  checkOptions("server", options);
  const { port = 0, host: _, stateFile, onStateTrouble = warn, ...rest } = options;
  const host = canonicalHost(options.host ?? "127.0.0.1");
  if (!isLoopback(host) && !rest.controlToken) {
    throw new RangeError(`Listening on ${host}, others can reach the control API: give a controlToken.`);
  }
  const place = { port, host };
  if (stateFile === undefined) return start(rest, place);
  if (rest.upstream !== undefined) {
    throw new RangeError(
      "A mock that forwards requests has no state to keep: leave out the state file, or the upstream.",
    );
  }
  const state = openStateFile(stateFile, onStateTrouble);
  try {
    return await start(rest, place, state);
  } catch (error) {
    // The error is the news; what keeps the file from being closed as well is not.
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
  const server = createServer({ keepAliveTimeout: keepAlive }, listener);
  const endConnections = trackConnections(server);
  let closing: Promise<void> | undefined;
  await listen(server, port, host);
  try {
    // Not earlier: a mock that can't listen is to leave no file behind.
    await state?.begin(save);
  } catch (error) {
    await close(server, endConnections);
    throw error;
  }
  const address = server.address() as AddressInfo;
  return {
    ...controls,
    url: `http://${urlHost(host)}:${address.port}`,
    port: address.port,
    close() {
      // In this order: requests under way may still change the state.
      closing ??= close(server, endConnections).then(() => state?.close());
      return closing;
    },
  };
}

function persistenceOf(state: StateFile | undefined): Persistence {
  if (!state) return {};
  return {
    saved: state.saved,
    onChange: state.changed,
    refuseChanges: () => (state.isTakenOver ? takenOver : undefined),
  };
}

const takenOver: EngineProblem = {
  error: {
    id: "mock/state-taken-over",
    status: 503,
    title: "Service Unavailable",
    detail:
      "Another mock has taken over the state file of this one, so that changes would be lost. Send the request to that one, or start this one again with another state file.",
  },
};

function warn(trouble: Error | null): void {
  if (trouble) process.emitWarning(trouble);
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

function close(server: Server, endConnections: () => void): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) return resolve();
    const impatience = setTimeout(() => server.closeAllConnections(), longestGoodbye);
    server.close(() => {
      clearTimeout(impatience);
      resolve();
    });
    endConnections();
  });
}

/** The one spelling of a host: `[::1]`, `0` and `127.1` are addresses, too. */
export function canonicalHost(host: string): string {
  const url = `http://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}/`;
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[(.*)\]$/, "$1") : host;
}

/** The name under which a listener is reached: an address that stands for all of them is not one to call. */
function urlHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}
