/**
 * The one pipeline behind `on`, `off`, `--resume` and `undo`, for typed order IDs and for files:
 * plan -> preview -> confirm -> send -> read back -> report.
 */
import { isApiError, isAutoExtendError } from "@auto-extend/client";
import type { Outcome } from "../app/command.js";
import { checkTerminal } from "../app/confirm.js";
import { connectionOf, type OpenClient, openClient } from "../app/connection.js";
import type { Context } from "../app/context.js";
import { NothingSent, usageError } from "../app/errors.js";
import { isTrouble, timeAfter } from "../app/failure.js";
import { checkSeparateFiles, fileToWrite } from "../app/files.js";
import { amountText, moneyText, numberText, pluralize, shellWord, timestampText } from "../app/format.js";
import { version } from "../app/version.js";
import { checkChunks, type Input, isGiven, readInput } from "../orders/input.js";
import {
  type Group,
  longestPauseMs,
  noSuchOrder,
  notePeriods,
  noteUnsent,
  type OrderList,
  ordersIn,
  Plan,
  pauseAskedFor,
  planOrders,
  readIfPossible,
  readList,
} from "../orders/plan.js";
import { askForMoney, checkListed, noteUnlisted, previewPlan, whyAsked } from "../orders/pricing.js";
import type { Preview } from "../orders/types.js";
import type { FinishedRun } from "./failures.js";
import type { Undo } from "./from-ledger.js";
import type { Ledger } from "./ledger.js";
import type { SwitchOptions } from "./options.js";
import { findAsRequested, interruptedReason, readBack, unread } from "./read-back.js";
import { reportRun } from "./report.js";
import { resumedOptions, type SavedOptions, savedOptions, typedOptions } from "./saved-options.js";
import { type Stop, send } from "./send.js";
import { isDone, isFinished, type Outcome as OrderOutcome, planOfResume, Tally } from "./tally.js";
import type { ReadBack, SwitchResult } from "./types.js";

export interface SwitchRequest {
  readonly command: "on" | "off" | "undo";
  readonly orderIds: readonly string[];
  readonly ledger?: string;
  readonly options: SwitchOptions;
}

export async function switchOrders(context: Context, request: SwitchRequest): Promise<Outcome<SwitchResult>> {
  const failures = await checkFiles(context, request);
  const { command, options } = request;
  const { chunkSize = defaultChunkSize } = options;
  // A wrong server or key is reported before a long file is read.
  const server = options.dryRun ? null : await openClient(context);
  if (server === null) await connectionOf(context);
  const isInput = command !== "undo" && options.resume === undefined;
  const { file, type, days } = options;
  const input = isInput ? await readInput(context, { orderIds: request.orderIds, file, type, days }) : null;
  try {
    if (input) checkChunks(input, chunkSize);
    if (server) return await switchInput(context, request, { server, input, failures });
    const { dryRun } = await import("./dry-run.js");
    return await dryRun(context, { input: input as Input, autoExtend: command === "on", chunkSize });
  } finally {
    await input?.close();
  }
}

/** Everything that a run goes by: the orders, their earlier state, and what an earlier run did. */
interface Planned {
  readonly request: SwitchRequest;
  readonly server: OpenClient;
  readonly input: Input | null;
  readonly plan: Plan;
  readonly tally: Tally;
  readonly list: OrderList | null;
  /** The size of the ledger that is resumed, when it was read; `null` for a new run. */
  readonly readSize: number | null;
  readonly options: SwitchOptions;
  readonly undo?: Pick<Undo, "claim" | "markUndone">;
}

const defaultChunkSize = 100;

async function switchInput(
  context: Context,
  request: SwitchRequest,
  { server, input, failures }: { server: OpenClient; input: Input | null; failures: FinishedRun["failures"] },
): Promise<Outcome<SwitchResult>> {
  const { command } = request;
  const planned = await beforeSending("Looking up the orders", request, () =>
    planRun(context, { request, input, server }),
  );
  const { plan, tally, list, readSize, options } = planned;
  const commands = commandsAfter(context, request);
  let ledger: Ledger | null = null;
  try {
    const preview = await previewRun(context, planned);
    context.io.signal?.throwIfAborted();
    ledger = await openLedger(planned);
    if (list) await findAsRequested(tally, list);
    // If the program itself fails while it sends, nobody knows what was done.
    context.track("unknown");
    const { next } = commands;
    const stop = await send(context, { server, tally, ledger, list, options: paceOf(options), next });
    if (tally.counts().unknown === 0) context.track("none");
    const back = await readBackRun(context, planned, { stop, ledger });
    const periodsKept = (await planned.undo?.markUndone(tally)) ?? 0;
    tally.markUnchanged();
    return await reportRun(context, {
      ...{ command, plan, tally, stop, preview, back, failures, periodsKept },
      isResumed: readSize !== null,
      given: input ? input.given : ordersIn(plan.groups) + plan.unsent.count,
      duplicates: input?.duplicates ?? 0,
      ledger: options.resume ?? (ledger ? (options.ledger ?? null) : null),
      ...commands,
    });
  } finally {
    await Promise.all([ledger?.close(), plan.close()]);
  }
}

function paceOf({ chunkSize = defaultChunkSize, concurrency, rate }: SwitchOptions) {
  return { chunkSize, concurrency, rate };
}

/** Shows what will be sent and what not, with its price, and asks before anything is switched on. */
async function previewRun(context: Context, planned: Planned): Promise<Preview | null> {
  const { request, server, input } = planned;
  const { command } = request;
  const { plan, tally, list, readSize, options } = planned;
  noteUnsent(context, plan, command === "undo" ? "restored" : "sent");
  if (input) checkListed(plan, list);
  const yes = options.yes === true;
  const periodsFrom = input === null ? "ledger" : options.file === undefined ? "options" : "file";
  const checks = { yes, force: options.force === true, maxPrice: options.maxPrice, periodsFrom } as const;
  const open = readSize === null ? plan : await planOfResume(tally, { list, isWanted: isLeft });
  const done = await doneBefore(planned);
  try {
    const { groups } = open;
    const isAsked = !yes && groups.some(({ autoExtend, ids }) => autoExtend && ids.count > 0);
    // Prices may take many requests.
    if (isAsked) checkTerminal(context, whyAsked);
    await noteUnlisted(context, { list, groups });
    const isWanted = options.preview !== false && (command === "on" || list !== null);
    const preview = isWanted
      ? await beforeSending(pricing, request, () =>
          previewPlan(context, server.client, {
            groups,
            options: { ...paceOf(options), ...checks, list, done: done.groups },
          }),
        )
      : null;
    if (input) noteBeforeStart(context, planned);
    if (isAsked) await confirmGroups(context, planned, { groups, preview });
    return preview;
  } finally {
    await Promise.all([done.close(), open !== plan && open.close()]);
  }
}

function noteBeforeStart(context: Context, { plan, options }: Planned): void {
  notePeriods(context, plan);
  if (options.ledger !== undefined || ordersIn(plan.groups) <= maxUnrecorded) return;
  context.talk("Without --ledger, this run can be neither resumed nor undone.");
}

const maxUnrecorded = 10;

const isLeft = (outcome: OrderOutcome) => !isFinished(outcome);

/** A limit is for the whole run: what a resume finds switched costs money as well. */
async function doneBefore({ tally, list, readSize, options }: Planned): Promise<Plan> {
  if (readSize === null || options.maxPrice === undefined) return new Plan();
  return planOfResume(tally, { list, isWanted: ({ name }) => isDone(name) });
}

const pricing = "Pricing the orders";

/** Says of the server's errors in a step before the first request that switches that nothing was sent. */
async function beforeSending<Result>(
  step: string,
  { options: { ledger } }: SwitchRequest,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (!isAutoExtendError(cause)) throw cause;
    const noLedger = ledger === undefined ? "" : ` and ${ledger} was not created`;
    const isRefused = isApiError(cause) && !isTrouble(cause) && cause.description.about !== "key";
    const isWayOut = isRefused && cause.code !== noSuchOrder;
    const hint = step === pricing && isWayOut ? " --force switches them without a price." : "";
    throw new NothingSent(step, { cause, consequence: `Nothing was sent${noLedger}.${hint}` });
  }
}

/** The commands that continue a run and undo it; `null` without a ledger, which cannot be begun twice. */
function commandsAfter(
  context: Context,
  { command, ledger: undone, options }: SwitchRequest,
): Pick<FinishedRun, "next" | "undo"> {
  const { resume, ledger = resume } = options;
  // A ledger of another API key needs it each time.
  const force = options.force && (resume ?? undone) !== undefined ? ["--force"] : [];
  const withLedger = (...words: string[]) =>
    ledger === undefined ? null : commandLine(context, [...words, ledger, ...force]);
  const undo = withLedger("undo");
  if (undone === undefined) return { next: withLedger(command, "--resume"), undo };
  // A ledger keeps the options of its run; an undo starts again.
  const typed = typedOptions(options).flatMap((each) => each.split(" "));
  return { next: commandLine(context, ["undo", undone, ...typed, ...force]), undo };
}

function commandLine({ options: { baseUrl, apiKeyFile } }: Context, words: readonly string[]): string {
  const server = baseUrl === undefined ? [] : ["--base-url", baseUrl];
  const key = apiKeyFile === undefined ? [] : ["--api-key-file", apiKeyFile];
  return ["auto-extend", ...words, ...server, ...key].map(shellWord).join(" ");
}

function checkOptions({ orderIds, options }: SwitchRequest): void {
  const { file, ledger, resume, type, days, maxPrice, preview, dryRun } = options;
  if (resume !== undefined && ledger !== undefined) {
    throw usageError(
      "--ledger and --resume name two ledgers for one run.",
      "Remove --ledger: the run continues in the same file.",
    );
  }
  if (resume !== undefined && (orderIds.length > 0 || file !== undefined || type || days || dryRun)) {
    throw usageError(
      "--resume takes orders, types and periods from the ledger.",
      "Remove order IDs, --file, --type, --days and --dry-run.",
    );
  }
  if (maxPrice !== undefined && preview === false) {
    throw usageError("--max-price needs the prices that --no-preview skips.", "Remove one of them.");
  }
}

/** Checks every file before anything is sent; returns how failures are written, if they are. */
async function checkFiles(context: Context, request: SwitchRequest): Promise<FinishedRun["failures"]> {
  checkOptions(request);
  const { file, ledger, resume, failures } = request.options;
  const ledgers = { "the ledger to undo": request.ledger, "--ledger": ledger, "--resume": resume };
  const written = { ...ledgers, "--failures": failures };
  const read = { "--file": file, "--api-key-file": context.options.apiKeyFile };
  if (Object.values({ ...read, ...written }).every((name) => name === undefined)) return null;
  await checkSeparateFiles(context.io, { read, written });
  if (ledger !== undefined) await (await import("./ledger.js")).checkNewLedger(ledger);
  return fileToWrite(failures, {
    ...{ option: "--failures", noun: "list of failures" },
    beginning: /^(sep=.\r?\n)?"?type"?[,;\t]"?orderId"?[,;\t]"?days"?[,;\t]"?outcome/,
  });
}

type Start = Pick<Planned, "request" | "server" | "input">;

async function planRun(context: Context, start: Start): Promise<Planned> {
  const { request, server, input } = start;
  const { command, ledger, options } = request;
  if (input) {
    const autoExtend = command === "on";
    const preview = options.preview !== false;
    const list = await lookUp(context, start, preview);
    const plan = await planOrders(input, {
      ...{ autoExtend, list },
      purpose: autoExtend && preview ? "price and send" : "send",
    });
    return { ...start, plan, tally: new Tally(plan.groups), list, readSize: null, options };
  }
  if (ledger !== undefined) {
    const { planUndo } = await import("./from-ledger.js");
    const { force = false } = options;
    const { plan, list, ...undo } = await planUndo(context, { file: ledger, server, force });
    return { ...start, plan, tally: new Tally(plan.groups), list, readSize: null, options, undo };
  }
  return resumeRun(context, start);
}

async function resumeRun(context: Context, start: Start): Promise<Planned> {
  const { server } = start;
  const { command, options } = start.request;
  const { resume: file = "", force = false } = options;
  const { listOfOtherKey, readEarlierRun } = await import("./from-ledger.js");
  const { host } = server.connection;
  const run = await readEarlierRun(context, { file, command, host });
  const listed = await listOfOtherKey(context, run, { file, server, force });
  const { plan, tally, undone, notSent, header, size: readSize } = run;
  if (undone.openSince !== null) {
    throw usageError(
      `An undo of ${file} began at ${timestampText(undone.openSince)} and has not ended.`,
      `Let it end. If it broke off, run auto-extend undo ${shellWord(file)} to its end. Then resume the ledger.`,
    );
  }
  const undoneCount = tally.reopen();
  if (undoneCount > 0) {
    const were = pluralize(undoneCount, "order of this run was", "orders of this run were");
    context.note(`${were} undone at ${timestampText(undone.at)}: to be switched ${command} again.`);
  }
  const resumed = resumeWith(context, options, header.options);
  const finished = tally.finished();
  const { unknown } = tally.counts();
  const total = ordersIn(plan.groups);
  context.talk(
    `${numberText(finished)} of ${pluralize(total, "order", "orders")} of the run of ${timestampText(header.at)} ${finished === 1 ? "is" : "are"} finished, ${pluralize(total - finished, "is", "are")} left${unknown > 0 ? `, ${numberText(unknown)} of them with an unknown outcome` : ""}.`,
  );
  if (notSent > 0) {
    context.note(
      `${pluralize(notSent, "order of this run was", "orders of this run were")} not sent, and ${notSent === 1 ? "is" : "are"} not in the ledger.`,
    );
  }
  tally.startRun();
  // The ledger has everything that is sent; the list shows how the orders are now.
  const isListUsed = total > finished && resumed.preview !== false;
  const list = listed ?? (isListUsed ? await readIfPossible(context, server) : null);
  return { ...start, plan, tally, list, readSize, options: resumed };
}

/** Reads the list if it is needed, or wanted for the preview. Switching off must not fail because the list does. */
async function lookUp(
  context: Context,
  { request: { command }, server, input }: Start,
  preview: boolean,
): Promise<OrderList | null> {
  if (input === null || input.given === 0) return null;
  const isNeeded = !isGiven(input) || (command === "on" && preview);
  // Without the list, on would have no prices and no check.
  const hint = command === "off" ? "With --type, --days and --no-read-back, it is not needed." : undefined;
  if (isNeeded) return readList(context, server, { hint });
  return preview ? readIfPossible(context, server) : null;
}

/** Says which options of the run's start a resume keeps. @throws CliError, a usage error, if one given now contradicts them. */
function resumeWith(context: Context, now: SwitchOptions, saved: SavedOptions): SwitchOptions {
  const options = resumedOptions(now, saved);
  if (options.preview === false && options.maxPrice !== undefined) {
    throw usageError(
      `The run began with --max-price ${amountText(options.maxPrice)}, which needs the prices that --no-preview skips.`,
      "Remove --no-preview; another --max-price replaces the first.",
    );
  }
  const given = typedOptions(now);
  const taken = typedOptions(options).filter((each) => !given.includes(each));
  if (taken.length > 0) context.note(`Options kept from the start of the run: ${taken.join(" ")}`);
  return options;
}

async function confirmGroups(
  context: Context,
  { request: { command }, server }: Planned,
  { groups, preview }: { readonly groups: readonly Group[]; readonly preview: Preview | null },
): Promise<void> {
  const orders = ordersIn(groups.filter(({ autoExtend }) => autoExtend));
  const price = preview?.price ?? null;
  const atLeast = preview && preview.priced < orders ? "at least " : "";
  const what = `${command === "undo" ? "Undo: switch" : "Switch"} ${pluralize(orders, "order", "orders")} on`;
  const cost =
    price === null
      ? "? Each renewal costs money."
      : ` for ${atLeast}${moneyText(price, preview?.currency)} a renewal?`;
  const question = `${what} at ${server.connection.host}${cost}`;
  await askForMoney(context, question.length <= 68 ? question : what + cost);
}

async function openLedger(planned: Planned): Promise<Ledger | null> {
  const { request, server, plan, tally, list, readSize, undo, options } = planned;
  const isIdle = tally.isFinished();
  if (!isIdle) await undo?.claim();
  const { ledger, resume } = options;
  if (resume === undefined && (ledger === undefined || isIdle)) return null;
  const { continueLedger, createLedger } = await import("./ledger.js");
  if (resume !== undefined) {
    const opened = continueLedger(resume, readSize);
    // With nothing to send, only what the read-back finds would be missing in it.
    return isIdle ? opened.catch(() => null) : opened;
  }
  const at = new Date().toISOString();
  const { connection, keyMark } = server;
  const start = { at, version, command: request.command, host: connection.host, keyMark: keyMark(at) };
  return createLedger(ledger as string, { ...start, options: savedOptions.parse(options) }, { plan, list });
}

async function readBackRun(
  context: Context,
  { server, tally, list, options }: Planned,
  { stop, ledger }: { readonly stop: Stop | null; readonly ledger: Ledger | null },
): Promise<ReadBack | null> {
  const { changed, doneBefore, unknown } = tally.counts();
  if (options.readBack === false || changed + doneBefore + unknown === 0) return null;
  if (stop?.why === "aborted") return unread(interruptedReason);
  const pauseMs = pauseAskedFor(stop?.error);
  if (pauseMs > longestPauseMs) {
    return unread(`The server asks for no requests before ${timestampText(timeAfter(pauseMs + 999))}.`);
  }
  return readBack(context, { client: server.client, tally, ledger, before: list });
}
