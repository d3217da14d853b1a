import {
  formatServerReport,
  runServerCases,
  type ServerReport,
  type ServerTarget,
  serverCases,
  TargetError,
} from "@auto-extend/contract-tests";
import { pause } from "@auto-extend/core";
import type { Outcome } from "../../app/command.js";
import { confirm } from "../../app/confirm.js";
import { announcePause, type Connection, connectionOf, readApiKey } from "../../app/connection.js";
import type { Context } from "../../app/context.js";
import { CliError, type ExitCode, exitCodes, usageError } from "../../app/errors.js";
import { cliError, plainly } from "../../app/failure.js";
import { checkSeparateFiles, fileToWrite } from "../../app/files.js";
import { pluralize, wrap } from "../../app/format.js";
import { checkTypedId } from "../../orders/input.js";
import { type Junit, junitReport } from "./junit.js";
import type { VerifyOptions } from "./types.js";

const optionNames = { allowChanges: "--allow-changes", orders: "--order" };

export async function verify(context: Context, options: VerifyOptions): Promise<Outcome<ServerReport>> {
  const { junit, order = {} } = options;
  for (const orderId of Object.values(order).flatMap(({ orderIds }) => orderIds))
    checkTypedId(context, orderId);
  await checkSeparateFiles(context.io, {
    read: { "--api-key-file": context.options.apiKeyFile },
    written: { "--junit": junit },
  });
  const file = await fileToWrite(junit, {
    ...{ option: "--junit", noun: "report of verify" },
    beginning: /^<\?xml [^>]*>\s*<testsuite name="auto-extend verify /,
  });
  const connection = await connectionOf(context);
  const cases: ServerReport["cases"][number][] = [];
  const write = async (report: Junit, error?: string) =>
    file === null || (await file.write(context, [context.redact(junitReport(report, error))]));
  try {
    const target = await targetOf(context, options, connection);
    const { report, interruption } = await runCases(context, {
      ...target,
      onResult(result) {
        cases.push(result);
        if (context.options.verbose) context.talk(`${result.outcome}: ${result.id}`);
      },
    });
    const isLost = !(await write(report, interruption?.message));
    if (interruption) context.error(interruption.message, interruption.details.whatToDo);
    const exitCode = interruption?.exitCode ?? exitCodeOf(report);
    return {
      exitCode: isLost && exitCode === exitCodes.done ? exitCodes.outputLost : exitCode,
      result: report,
      error: interruption && cliError(interruption),
      text: () => textOf(context, report),
    };
  } catch (error) {
    // A build server would take the report of an earlier run for this one's.
    await write(
      { cases, target: context.redact(connection.transport.baseUrl) },
      error instanceof Error ? error.message : String(error),
    );
    throw error;
  }
}

interface Target extends ServerTarget {
  readonly mayChange: boolean;
}

/** Asks before cases can switch orders that cost money, and says where they are switched without asking. */
async function targetOf(
  context: Context,
  { order: orders, grade, only, yes, allowChanges }: VerifyOptions,
  { host, isLoopback, transport }: Connection,
): Promise<Target> {
  const apiKey = await readApiKey(context);
  context.reach(host);
  if (allowChanges && !isLoopback && !yes) {
    await confirmChanges(context, { host, namesOrders: orders !== undefined });
  }
  const mayChange =
    (isLoopback || allowChanges === true) &&
    serverCases.some(({ id, safety }) => safety !== "harmless" && id.startsWith(only ?? ""));
  if (isLoopback && mayChange) {
    context.note(
      `${host} is on this machine and taken for a test server: auto-extend of its orders is switched and restored. If this port leads to a live server, as a tunnel does, the orders there are switched.${orders ? "" : defaultOrders}`,
    );
  }
  return {
    ...{ ...transport, apiKey, allowChanges: allowChanges === true, mayChange },
    ...(orders && { orders }),
    ...(grade && { grade }),
    ...(only !== undefined && { only }),
    onTouched: (addresses) => context.talk(touchedText(addresses)),
    sleep: (timeMs, signal) => {
      announcePause(context, timeMs);
      return pause({ timeMs, signal });
    },
  };
}

const defaultOrders = " Without --order, it uses those of the mock's starting world, such as 11111.";

function textOf({ coloured, keepColours, dataWidth }: Context, report: ServerReport): string {
  return keepColours(wrap(formatServerReport(report, { colour: coloured, optionNames }), dataWidth));
}

/** Asks before the contract tests send a server requests that it could act on. */
function confirmChanges(
  context: Context,
  { host, namesOrders }: { host: string; namesOrders: boolean },
): Promise<void> {
  const orders =
    "Auto-extend of your orders is switched on and off several times, for moments, and restored after each case. A renewal that is due while it is on is paid.";
  return confirm(context, {
    why: "Cases that can switch orders can cost money",
    question: [
      `Run the cases that can switch orders at ${host}? A faulty server could spend money.`,
      ...(namesOrders ? [orders] : []),
    ].join(" "),
  });
}

/** Runs the cases. If that is interrupted, it says what happens meanwhile and what is left. */
async function runCases(
  { io: { signal }, talk, note }: Context,
  { mayChange, ...target }: Target,
): Promise<{ readonly report: ServerReport; readonly interruption: CliError | null }> {
  const stopped: ServerReport[] = [];
  const announce = () => talk(restoring);
  if (mayChange) signal?.addEventListener("abort", announce, { once: true });
  try {
    const onStopped = (report: ServerReport) => void stopped.push(report);
    const report = await runServerCases({ ...target, onStopped, ...(signal && { signal }) });
    return { report, interruption: null };
  } catch (error) {
    if (!signal?.aborted) throw error instanceof TargetError ? unusable(error) : error;
    const [report] = stopped;
    const interruption = interruptedRun(report?.notRestored.length ?? 0);
    if (!report) throw interruption;
    for (const each of report.notRestored) note(notRestoredText(each));
    return { report, interruption };
  } finally {
    signal?.removeEventListener("abort", announce);
  }
}

function unusable({ reason, message }: TargetError): CliError {
  if (reason === "invalid") return usageError(message, "");
  // Its message has the advice.
  return new CliError("Unreachable", plainly(message.replace(/: E[A-Z]+: /, ": ")), { whatToDo: "" });
}

type Touched = Parameters<NonNullable<ServerTarget["onTouched"]>>[0];

/** The state of an order before tests switch it: if the run is killed, it restores nothing. */
function touchedText(addresses: Touched): string {
  const byState = new Map<string, string[]>();
  for (const { ipAddressId, was } of addresses) {
    const days = was?.rentPeriodDays ? `, ${pluralize(was.rentPeriodDays, "day", "days")}` : "";
    const state = was === null ? "unknown" : `${was.autoExtend ? "on" : "off"}${days}`;
    byState.set(state, [...(byState.get(state) ?? []), ipAddressId ?? "all"]);
  }
  const states = [...byState].map(([state, ids]) =>
    byState.size === 1 ? state : `${state} for IP address ${ids.join(", ")}`,
  );
  return `Tests switch order ${addresses[0]?.orderId} from now on. Its state before: ${states.join("; ")}.`;
}

function interruptedRun(notRestored: number): CliError {
  return notRestored === 0
    ? new CliError("Interrupted", "Interrupted. Auto-extend is as it was before the run.", {
        whatToDo: "Run the same command again to test the server.",
      })
    : new CliError("Interrupted", "Interrupted, and some orders could not be restored.", {
        effect: "unknown",
        whatToDo: "The notes name them, with the next steps.",
      });
}

const restoring =
  "Stopping: auto-extend is restored first. A second Ctrl-C leaves the orders as they are now.";

function exitCodeOf({ failed, notRestored }: ServerReport): ExitCode {
  // Orders whose earlier state is unknown are those of a test server.
  if (notRestored.some(({ was }) => was !== null)) return exitCodes.stateUnknown;
  return failed > 0 ? exitCodes.contractBroken : exitCodes.done;
}

function notRestoredText({ orderId, ipAddressId, whatToDo }: ServerReport["notRestored"][number]): string {
  const what = ipAddressId === null ? `Order ${orderId}` : `IP address ${ipAddressId} of order ${orderId}`;
  return `${what} could not be restored. ${whatToDo}`;
}
