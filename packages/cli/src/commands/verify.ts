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
import { exitCodes } from "../exit-codes.js";
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

/** Holds a server to the contract and reports what it found. */
export async function verify(context: Context, options: VerifyOptions): Promise<Outcome> {
  const { io } = context;
  const orders = ordersOf(options.order);
  const grade = options.grade === undefined ? undefined : gradeOf(options.grade);
  const allowChanges = options.allowChanges === true;
  const { host, isLoopback, transport } = await connectionOf(context);
  const apiKey = await readApiKey(context);
  context.reach(host);
  if (allowChanges && !isLoopback && !options.yes) {
    await confirmChanges(context, { host, namesOrders: orders !== undefined });
  }
  if (isLoopback && mayChange(options.only)) {
    context.note(
      `${host} is taken for a test server: cases that change orders run. A tunnel to a live server would be changed too.`,
    );
  }
  // The cases switch orders on and off again; one that is cut short may leave them on.
  context.track("unknown");
  const report = await reportOn({
    ...transport,
    apiKey,
    allowChanges,
    ...(orders && { orders }),
    ...(grade && { grade }),
    ...(options.only !== undefined && { only: options.only }),
    ...(io.signal && { signal: io.signal }),
    ...(context.options.verbose && { onResult: ({ outcome, id }) => context.talk(`${outcome}: ${id}`) }),
  });
  return {
    exitCode: report.failed > 0 ? exitCodes.contractBroken : exitCodes.done,
    result: report,
    text: () => `${formatServerReport(report, { colour: context.coloured, optionNames }).trimEnd()}\n`,
  };
}

/** Whether a case that a server could act on may be among those that are asked for. */
function mayChange(prefix = ""): boolean {
  return serverCases.some(({ id, safety }) => safety !== "harmless" && id.startsWith(prefix));
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
    throw usageError(`--order names ${twice[0]} twice.`, "List the order ids of one type with commas.");
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
      `"${text}" names no orders.`,
      `Give --order as TYPE:ID[,ID...][:DAYS], such as IPv4:11111,22222:30; TYPE is one of ${proxyTypes.join(", ")}.`,
    );
  }
  return [proxyType, { orderIds: ids.split(","), rentPeriodDays }];
}

function gradeOf(text: string): Grade {
  const grade = grades.find((known) => known === text.toLowerCase());
  if (grade) return grade;
  throw usageError(`There is no grade "${text}".`, `Give --grade one of ${grades.join(", ")}.`);
}
