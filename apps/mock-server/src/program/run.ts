import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { isAbsolute } from "node:path";
import { isLoopback, parseBaseUrl } from "@auto-extend/core";
import { defaultAccountId } from "../engine/state/accounts.js";
import { type State, type World, WorldError } from "../engine/state/world.js";
import { withLines } from "../engine/state/world-issues.js";
import { canonicalHost } from "../lib/host.js";
import { jsonError } from "../lib/text.js";
import { startMockServer } from "../start-mock-server.js";
import { fileErrorText, StateFileError } from "../store/errors.js";
import type { StateTrouble } from "../store/state-file.js";
import { createAnnouncer, type Readiness } from "./announcer.js";
import { readCommand, type Settings } from "./command.js";
import { ControlApiError } from "./connection.js";
import { exitCodes, type Io, UsageError } from "./usage.js";

/** Runs the program: a command, or a mock that serves until it is stopped. Returns one of {@link exitCodes}. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    const settings = await readCommand(argv, io);
    if (settings) await serve(settings, io);
    return exitCodes.done;
  } catch (error) {
    io.stderr(`${(error as Error).message}\n`);
    if (error instanceof ControlApiError) return error.exitCode;
    const isUsage = [UsageError, StateFileError, RangeError].some((kind) => error instanceof kind);
    return isUsage ? exitCodes.usage : exitCodes.failed;
  }
}

async function serve(settings: Settings, io: Io): Promise<void> {
  const { port, host, world, state, apiKey, cors, log, logLimit, accountLimit, upstream } = settings;
  const announcer = createAnnouncer(log, io);
  const generated = generatedToken(settings);
  const controlToken = settings.controlToken ?? generated;
  const isResumed = state !== undefined && existsSync(state);
  const text = world === undefined ? "" : readWorldFile(world);
  const server = await startMockServer({
    port,
    host,
    ...(world === undefined ? {} : { world: parsedWorld(text, world) }),
    apiKeys: apiKey,
    cors,
    logLimit,
    accountLimit,
    ...(state === undefined ? {} : { stateFile: state }),
    onStateTrouble: (trouble) => io.stderr(`${stateText(trouble)}\n`),
    ...(controlToken === null ? {} : { controlToken }),
    ...(upstream === undefined ? {} : { upstream, upstreamAllowHttp: settings.allowHttp ?? false }),
  }).catch((error) => {
    if (!(error instanceof WorldError)) throw error;
    throw new UsageError(`${world}: ${new WorldError(withLines(error.issues, text)).message}`);
  });
  // Not earlier: the mock may refuse the file.
  if (isResumed)
    io.stderr(`Resumed the state from ${state}. A reset restores ${world ?? "the default world"}.\n`);
  if (log !== "silent") server.watch(announcer.happened);
  announcer.ready({
    url: server.url,
    controlToken: generated,
    upstream: upstream === undefined ? null : parseBaseUrl(upstream).host,
    // A real server is no place to try things.
    ...(upstream === undefined ? exampleFor(server.state(), apiKey) : { anyKey: false, example: null }),
  });
  if (!io.stop.aborted) await once(io.stop, "abort");
  await server.close();
  announcer.stopped();
}

/** From other machines anyone could reach the control API, so there is always a token. */
function generatedToken({ controlToken, host }: Settings): string | null {
  return controlToken === undefined && !isLoopback(canonicalHost(host)) ? randomUUID() : null;
}

function stateText(trouble: Parameters<StateTrouble>[0]): string {
  if (!trouble) return "The state is saved again.";
  return trouble.name === "StateWriteError"
    ? `${trouble.message} The mock keeps serving and retries.`
    : trouble.message;
}

function readWorldFile(path: string): string {
  try {
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const where = isAbsolute(path) ? "" : ` in ${process.cwd()}`;
    const why = code === "ENOENT" ? `there is no such file${where}` : fileErrorText(error);
    throw new UsageError(`The world file ${path} can't be read: ${why}.`);
  }
}

/** The world of a file. It is checked when the mock is made. */
function parsedWorld(text: string, path: string): World {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`The world file ${path} is not valid JSON: ${jsonError(text).message}.`);
  }
}

/** The API key and the order with which the mock can be tried right away. */
function exampleFor({ accounts }: State, apiKeys: readonly string[]): Pick<Readiness, "anyKey" | "example"> {
  const template = accounts.find(({ id }) => id === defaultAccountId);
  const account = template ?? accounts[0];
  const order = account?.orders.find(
    // Its ID is pasted into a shell as it is.
    ({ orderId, proxyType }) => /^[\w.-]+$/.test(orderId) && account.rentPeriods[proxyType]?.length,
  );
  const [rentPeriodDays] = (order && account?.rentPeriods[order.proxyType]) ?? [];
  return {
    anyKey: template !== undefined && apiKeys.length === 0,
    example:
      order && rentPeriodDays
        ? { proxyType: order.proxyType, orderIds: [order.orderId], rentPeriodDays, autoExtend: true }
        : null,
  };
}
