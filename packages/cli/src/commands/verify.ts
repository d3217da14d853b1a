import {
  formatServerReport,
  runServerCases,
  type ServerReport,
  type ServerTarget,
  serverCases,
  TargetError,
} from "@auto-extend/contract-tests";
import {
  findProxyType,
  type Grade,
  grades,
  type ProxyType,
  proxyTypes,
  setAutoExtend,
  specOf,
} from "@auto-extend/core";
import { readApiKey } from "../api-key.js";
import { CliError, usageError } from "../cli-error.js";
import { connectionOf } from "../connection.js";
import { confirmChanges } from "../consent.js";
import type { Context } from "../context.js";
import { daysOf } from "../days.js";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import type { Outcome } from "../invocation.js";

/** The options of `verify`. */
export interface VerifyOptions {
  readonly allowChanges?: true;
  readonly order?: readonly string[];
  readonly grade?: string;
  readonly only?: string;
  readonly yes?: true;
}

const optionNames = { allowChanges: "--allow-changes", orders: "--order" };

/** Checks a server against the contract and reports the result. */
export async function verify(context: Context, options: VerifyOptions): Promise<Outcome> {
  const orders = ordersOf(options.order);
  const grade = options.grade === undefined ? undefined : gradeOf(options.grade);
  const allowChanges = options.allowChanges === true;
  const { host, isLoopback, transport } = await connectionOf(context);
  const apiKey = await readApiKey(context);
  context.reach(host);
  if (allowChanges && !isLoopback && !options.yes) {
    await confirmChanges(context, { host, namesOrders: orders !== undefined });
  }
  const mayChange = (isLoopback || allowChanges) && hasChanges(options.only);
  if (isLoopback && mayChange) {
    context.note(
      `${host} is on this machine and taken for a test server: auto-extend of its orders is switched and restored. A tunnel to a live server would be changed too.`,
    );
  }
  const report = await interruptible(context, mayChange, {
    ...transport,
    apiKey,
    allowChanges,
    ...(orders && { orders }),
    ...(grade && { grade }),
    ...(options.only !== undefined && { only: options.only }),
    ...(context.options.verbose && { onResult: ({ outcome, id }) => context.talk(`${outcome}: ${id}`) }),
  });
  return {
    exitCode: exitCodeOf(report),
    result: report,
    text: () => `${formatServerReport(report, { colour: context.coloured, optionNames }).trimEnd()}\n`,
  };
}

/** Runs the cases. If that is interrupted, it says what happens meanwhile and what is left. */
async function interruptible(
  { io, talk, note }: Context,
  mayChange: boolean,
  target: ServerTarget,
): Promise<ServerReport> {
  const { signal } = io;
  if (!signal) return reportOn(target);
  let isRestored = true;
  const onNotRestored = (left: ServerReport["notRestored"]) => {
    isRestored = false;
    // Without an interruption, the report shows it.
    if (signal.aborted) for (const each of left) note(notRestoredText(each));
  };
  const announce = () => talk(restoring);
  if (mayChange) signal.addEventListener("abort", announce, { once: true });
  try {
    return await reportOn({ ...target, signal, onNotRestored });
  } catch (error) {
    throw signal.aborted ? interruptedRun(isRestored) : error;
  } finally {
    signal.removeEventListener("abort", announce);
  }
}

function interruptedRun(isRestored: boolean): CliError {
  const exitCode = exitCodes.interrupted;
  return isRestored
    ? new CliError("Interrupted", "Interrupted. Auto-extend is as it was before the run.", {
        exitCode,
        effect: "none",
        whatToDo: "Run the same command again to test the server.",
      })
    : new CliError("Interrupted", "Interrupted, and some orders could not be restored.", {
        exitCode,
        effect: "unknown",
        whatToDo: "The notes name them, and say what to do.",
      });
}

const restoring =
  "Stopping: auto-extend is switched back to what it was. A second Ctrl-C leaves the orders as they are now.";

/** Whether one of the chosen cases could change something. */
function hasChanges(prefix = ""): boolean {
  return serverCases.some(({ id, safety }) => safety !== "harmless" && id.startsWith(prefix));
}

function exitCodeOf({ failed, notRestored }: ServerReport): ExitCode {
  if (failed > 0) return exitCodes.contractBroken;
  // Orders whose earlier state is unknown are those of a test server.
  return notRestored.some(({ was }) => was !== null) ? exitCodes.stateUnknown : exitCodes.done;
}

function notRestoredText({ orderId, ipAddressId, whatToDo }: ServerReport["notRestored"][number]): string {
  const what = ipAddressId === null ? `Order ${orderId}` : `IP address ${ipAddressId} of order ${orderId}`;
  return `${what} could not be restored. ${whatToDo}`;
}

async function reportOn(target: ServerTarget): Promise<ServerReport> {
  try {
    return await runServerCases(target);
  } catch (error) {
    if (!(error instanceof TargetError)) throw error;
    if (error.reason === "invalid")
      throw usageError(error.message, "Correct the command; --help shows examples.");
    throw new CliError("Unreachable", error.message, {
      exitCode: exitCodes.notDone,
      effect: "none",
      whatToDo: "Nothing was changed: run the command again once the server can be reached.",
    });
  }
}

type Orders = NonNullable<ServerTarget["orders"]>;

function ordersOf(texts: readonly string[] = []): Orders | undefined {
  if (texts.length === 0) return undefined;
  const entries = texts.map(ordersOfType);
  const twice = entries.find(([type], index) => entries.findIndex(([other]) => other === type) < index);
  if (twice)
    throw usageError(
      `--order is given twice for ${twice[0]}.`,
      "Separate the order ids of one type with commas.",
    );
  return Object.fromEntries(entries);
}

/** Reads `TYPE:ID[,ID...][:DAYS]`. */
function ordersOfType(text: string): [ProxyType, NonNullable<Orders[ProxyType]>] {
  const [type, ids, days, ...rest] = text.split(":");
  const proxyType = findProxyType(type ?? "");
  const rentPeriodDays =
    days === undefined ? specOf(setAutoExtend).examples.requests.IPv4.request.rentPeriodDays : daysOf(days);
  if (!proxyType || !ids || rest.length > 0 || rentPeriodDays === undefined) {
    throw usageError(
      `--order does not understand "${text}".`,
      `Write TYPE:ID[,ID...][:DAYS], such as IPv4:11111,22222:30. TYPE is one of ${proxyTypes.join(", ")}.`,
    );
  }
  return [proxyType, { orderIds: ids.split(","), rentPeriodDays }];
}

function gradeOf(text: string): Grade {
  const grade = grades.find((known) => known === text.toLowerCase());
  if (grade) return grade;
  throw usageError(`Unknown grade "${text}".`, `Use one of ${grades.join(", ")}.`);
}
