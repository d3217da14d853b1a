import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { isLoopback, parseBaseUrl } from "@auto-extend/core";
import { defaultAccountId } from "../engine/state/accounts.js";
import { type State, WorldError } from "../engine/state/world.js";
import { canonicalHost, startMockServer } from "../start-mock-server.js";
import { StateFileError } from "../store/errors.js";
import { createAnnouncer, type Readiness } from "./announcer.js";
import { readCommand, type Settings, UsageError } from "./command.js";
import type { Io } from "./io.js";
import { readWorldFile, WorldFileError } from "./world-file.js";

/**
 * The whole program: serves until it is told to stop.
 *
 * @returns the exit code: 0 done, 1 could not serve, 2 settings that can't be followed.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let settings: Settings | undefined;
  try {
    settings = await readCommand(argv, io);
    if (settings) await serve(settings, io);
    return 0;
  } catch (error) {
    io.stderr(`${explain(error, settings)}\n`);
    return unusable.some((kind) => error instanceof kind) ? 2 : 1;
  }
}

/** Settings that can't be followed. */
const unusable = [UsageError, WorldFileError, WorldError, StateFileError];

async function serve(settings: Settings, io: Io): Promise<void> {
  const { port, host, world, state, apiKey, cors, log, logLimit, accountLimit, upstream } = settings;
  const announcer = createAnnouncer(log, io);
  // Beyond this machine anyone could reach the control API, so there is always a token there.
  const madeUp =
    settings.controlToken === undefined && !isLoopback(canonicalHost(host)) ? randomUUID() : null;
  const controlToken = settings.controlToken ?? madeUp;
  const server = await startMockServer({
    port,
    host,
    ...(world === undefined ? {} : { world: readWorldFile(world) }),
    apiKeys: apiKey,
    cors,
    logLimit,
    accountLimit,
    ...(state === undefined ? {} : { stateFile: state }),
    onStateTrouble: (trouble) =>
      io.stderr(
        trouble
          ? `${trouble.message}${trouble.name === "StateWriteError" ? " The mock keeps serving, and tries again." : ""}\n`
          : "The state is written again.\n",
      ),
    ...(controlToken === null ? {} : { controlToken }),
    ...(upstream === undefined ? {} : { upstream, upstreamAllowHttp: settings.allowHttp ?? false }),
  });
  if (log !== "silent") server.watch(announcer.happened);
  announcer.ready({
    url: server.url,
    controlToken: madeUp,
    upstream: upstream === undefined ? null : parseBaseUrl(upstream).host,
    // What is behind is no place to try things, and there is no state here to try them with.
    ...(upstream === undefined ? usable(server.state(), apiKey) : { anyKey: false, example: null }),
  });
  if (!io.stop.aborted) await once(io.stop, "abort");
  await server.close();
  announcer.stopped();
}

/** How the mock can be tried right away: with which API key, and with which of its orders. */
function usable({ accounts }: State, apiKeys: readonly string[]): Pick<Readiness, "anyKey" | "example"> {
  const pattern = accounts.find(({ id }) => id === defaultAccountId);
  const account = pattern ?? accounts[0];
  const order = account?.orders.find(
    // It goes into lines for a shell as it is.
    ({ orderId, proxyType }) => /^[\w.-]+$/.test(orderId) && account.rentPeriods[proxyType]?.length,
  );
  const [rentPeriodDays] = (order && account?.rentPeriods[order.proxyType]) ?? [];
  return {
    anyKey: pattern !== undefined && apiKeys.length === 0,
    example:
      order && rentPeriodDays
        ? { proxyType: order.proxyType, orderIds: [order.orderId], rentPeriodDays, autoExtend: true }
        : null,
  };
}

/** What went wrong, why, and what to do about it. */
function explain(error: unknown, settings: Settings | undefined): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const where = `${settings?.host} port ${settings?.port}`;
  switch (code) {
    case "EADDRINUSE":
      return `Can't listen on ${where}: it is in use, perhaps by another mock. Stop that one, choose another port (--port ${settings?.port === 4011 ? 4012 : 4011}), or let the system choose (--port 0).`;
    case "EACCES":
      return `Can't listen on ${where}: this user may not. Choose a port from 1024 on, such as --port 4010.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return `Can't listen on ${where}: this machine has no such address. Choose another, such as --host 127.0.0.1.`;
    default:
      return error instanceof WorldError && settings?.world ? `${settings.world}: ${message}` : message;
  }
}
