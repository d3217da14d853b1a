/** Reports a run: the verdict, the counts, what to do next, the exit code and the error that decided it. */
import { isAutoExtendError } from "@auto-extend/client";
import { describeErrorCode } from "@auto-extend/core";
import type { Outcome } from "../app/command.js";
import type { Context } from "../app/context.js";
import {
  CliError,
  continuedBy,
  type ExitCode,
  exitCodes,
  fileReasons,
  howToFindOut,
  interrupted,
  usageError,
} from "../app/errors.js";
import {
  checkBaseUrl,
  cliError,
  clientError,
  exitCodeOf as exitCodeOfError,
  type JsonError,
} from "../app/failure.js";
import { numberText, pluralize, shortList } from "../app/format.js";
import { type Group, groupName } from "../orders/plan.js";
import { unsentError } from "../orders/unsent.js";
import { type FinishedRun, failureLines, firstFailures, printFailures } from "./failures.js";
import { interruptedReason } from "./read-back.js";
import type { Stop } from "./send.js";
import type { Tally } from "./tally.js";
import type { Counts, Failure, ReadBack, SwitchResult } from "./types.js";

const maxInJson = 1_000;

/** Failures go to stdout or their file as CSV, the report for people to stderr. */
export async function reportRun(context: Context, run: FinishedRun): Promise<Outcome<SwitchResult>> {
  const { failures } = run;
  const failureCount = countFailures(run);
  const isWritten = failures !== null && (await failures.write(context, failureLines(run)));
  const { json } = context.options;
  if (!isWritten && !json && failureCount > 0) await printFailures(context, { run, failureCount });
  const errors = errorsOf(run);
  report(context, run, { isWritten, failureCount, errors });
  const shown = json ? await firstFailures(run, maxInJson) : [];
  if (failureCount > shown.length && json) {
    const hint = isWritten ? "" : "; --failures FILE writes them all";
    context.note(`${numberText(shown.length)} of ${numberText(failureCount)} failures are shown${hint}.`);
  }
  const exitCode = exitCodeOf(run);
  const isLost = failures !== null && !isWritten && exitCode === exitCodes.done;
  return {
    exitCode: isLost ? exitCodes.outputLost : exitCode,
    result: resultOf(run, { shown, failureCount, isWritten }),
    error: errorOf(run, errors) ?? (isLost ? cliError(lostFailures) : null),
  };
}

const lostFailures = new CliError("EnvironmentError", "The list of failures could not be written.", {
  whatToDo: "Name another file with --failures.",
});

interface Written {
  readonly isWritten: boolean;
  readonly failureCount: number;
}

function report(
  context: Context,
  run: FinishedRun,
  { isWritten, failureCount, errors }: Written & { readonly errors: readonly JsonError[] },
): void {
  const { tally, failures, next, undo, back } = run;
  context.talk(verdict(run));
  const advice = explain(context, run, errors);
  for (const line of [...(back ? backLines(back, run) : []), ...countLines(run)]) context.talk(line);
  if (isWritten && failures && failureCount > 0) {
    const { name, isFilled } = failures;
    // An undo may restore single IP addresses, and switch some on and others off.
    const use = run.command === "undo" ? "" : "; --file takes it as it is";
    context.talk(`The failures are in ${name}${isFilled ? ", in place of what was in it" : ""}${use}.`);
  }
  if (next !== null && tally.left() > 0 && !advice.includes(next)) context.talk(`To continue: ${next}`);
  if (undo !== null && canBeUndone(run)) context.talk(`To undo: ${undo}`);
}

/** Says why orders failed, each advice once. @returns the advice. */
function explain(context: Context, { stop }: FinishedRun, errors: readonly JsonError[]): string {
  const advice = new Set<string>();
  for (const { message, whatToDo } of errors) {
    context.error(message, advice.has(whatToDo) ? "" : whatToDo);
    advice.add(whatToDo);
  }
  if (stop?.why === "aborted") context.talk("Interrupted: no more orders were sent.");
  return [...advice].join(" ");
}

/** The failures of a run while it sent and read back, each message once. The first error is that of `--json`. */
function errorsOf(run: FinishedRun): JsonError[] {
  const { tally, stop, given } = run;
  const counts = tally.counts();
  const unknownErrors = tally.errorsOf("unknown");
  const errors = [
    ...unknownErrors,
    ...(counts.unknown > 0 && unknownErrors.length === 0 ? [unknownOutcome(run)] : []),
    ...(counts.differs > 0 ? [difference(run)] : []),
    ...tally.errorsOf("refused"),
  ];
  const stopError = stop && isAutoExtendError(stop.error) ? clientError(stop.error) : null;
  const others = errors
    .filter(({ message }) => message !== stopError?.message)
    // Whatever stopped the run comes first, such as a pause that the server asks for.
    .map((error) => (stopError && error.effect === "unknown" ? { ...error, whatToDo: "" } : error));
  const what = counts.notTried > 0 && given > 1 ? "The run stopped. " : "";
  const all = [
    ...(stop?.why === "ledger" ? [ledgerError(stop)] : []),
    ...(stopError ? [{ ...stopError, message: what + stopError.message }] : []),
    ...others,
  ];
  return all.map((error) => ({ ...error, whatToDo: adviceOf(run, error.whatToDo) }));
}

/** Where other orders were switched, it is the API that answers. */
function adviceOf({ tally, next }: FinishedRun, text: string): string {
  const isApi = tally.answers.length > 0 && text.startsWith(checkBaseUrl);
  return continuedBy(isApi ? howToFindOut : text, next);
}

/** Whether this run may have changed something whose earlier state is known. */
function canBeUndone(run: FinishedRun): boolean {
  const { changed, doneBefore, unknown } = run.tally.counts();
  const isKnown = run.plan.groups.some((each) => each.unlisted < each.ids.count);
  return run.tally.calls > 0 && isKnown && changed + doneBefore + unknown > 0;
}

function verdict(run: FinishedRun): string {
  const { command, tally, periodsKept } = run;
  if (tally.calls === 0) return "Nothing was sent.";
  const { changed, unchanged, unknown } = tally.counts();
  const done = changed + unchanged;
  if (done === 0) {
    return unknown > 0 ? "No order is known to be changed." : "No order was changed.";
  }
  const { quantity } = tally;
  const orders = pluralize(done, "order", "orders");
  const what = quantity > 0 ? `${orders}, ${pluralize(quantity, "IP address", "IP addresses")}` : orders;
  if (command === "undo") {
    const addresses = pluralize(periodsKept, "IP address", "IP addresses");
    const except =
      periodsKept > 0 ? `, except for the rental period of ${addresses}: only switching on sets it` : "";
    return `The earlier state is restored for ${what}${except}.`;
  }
  if (unchanged === done) return `Auto-extend was ${command} already for ${what}.`;
  return `Auto-extend is ${command} for ${what}.`;
}

const maxOrdersShown = 10;

function backLines(back: ReadBack, run: FinishedRun): string[] {
  const { count, reason } = back.unusable;
  if (count === 0) return stateLines(back, run);
  const which = `${pluralize(count, "order", "orders")} got no usable answer; the list shows the requested state.`;
  return [...stateLines(back, run), `${which} ${count > 1 ? "The first answer: " : ""}${reason}`];
}

function stateLines(back: ReadBack, { tally }: FinishedRun): string[] {
  if (back.state === "verified") {
    return [`Read back: ${pluralize(back.addresses, "IP address is", "IP addresses are")} as requested.`];
  }
  if (back.state === "unread") {
    const says = tally.counts().unknown === 0 ? " This report goes by the provider's answers alone." : "";
    return [`Not read back. ${back.reason}${says} ${laterAdvice(back)}`];
  }
  const shown = byOrder(back.unchanged).slice(0, maxOrdersShown);
  const rest = back.unchangedCount - shown.reduce((sum, { names }) => sum + names.length, 0);
  const missing = back.missing.slice(0, maxOrdersShown);
  return [
    back.unchangedCount > 0
      ? `Read back: ${numberText(back.unchangedCount)} of ${pluralize(back.addresses, "IP address", "IP addresses")} ${back.unchangedCount === 1 ? "is" : "are"} not as requested:`
      : "Read back: not all orders are in the list:",
    ...shown.map(({ state, names }) => `  ${shortList(names, maxNamed)} of ${state}`),
    ...(rest > 0
      ? [`  and ${pluralize(rest, "IP address", "IP addresses")} of other orders; --json has up to 1,000`]
      : []),
    ...missing.map((orderId) => `  order ${orderId} is not in the list`),
    ...(back.missing.length > missing.length ? ["  and more orders are not in the list"] : []),
  ];
}

const maxNamed = 2;

/** The IP addresses of an order that are in the same state, with a text about order and state. */
function byOrder(unchanged: ReadBack["unchanged"]): { state: string; names: string[] }[] {
  const found = new Map<string, string[]>();
  for (const { orderId, ipAddressId, ip, autoExtend, rentPeriodDays } of unchanged) {
    const is = autoExtend === null ? "the list does not say" : autoExtend ? "on" : "off";
    const days = rentPeriodDays === null ? "" : `, ${pluralize(rentPeriodDays, "day", "days")}`;
    const state = `order ${orderId}: ${is}${days}`;
    const names = found.get(state) ?? [];
    found.set(state, names);
    names.push(ip === null ? ipAddressId : `${ipAddressId} (${ip})`);
  }
  return [...found].map(([state, names]) => ({ state, names }));
}

function countLines(run: FinishedRun): string[] {
  const { tally, given, duplicates, plan, isResumed, command } = run;
  const isUndo = command === "undo";
  if (given === 0) return [];
  if (given === 1 && countFailures(run) === 0 && !isResumed) return [];
  const total = { ...tally.counts(), notSent: plan.unsent.count, duplicates };
  const groups = tally.groups.map((each) => ({ group: each.group, counts: each.counts() }));
  const failing = groups.filter(
    ({ group: { ids }, counts }) =>
      groups.length > 1 && doneIn(counts) < ids.count && counts.notTried < ids.count,
  );
  const nameOf = (group: Group) => groupName(group) + (isUndo ? (group.autoExtend ? ", on" : ", off") : "");
  return [
    ...failing.map(({ group, counts }) => `  ${nameOf(group)}: ${countText(counts, { command })}.`),
    `${pluralize(given, isUndo ? "order" : "order ID", isUndo ? "orders" : "order IDs")}: ${countText(total, { command })}.`,
  ];
}

function countText(
  counts: Counts & { notSent?: number; duplicates?: number },
  { command }: Pick<FinishedRun, "command">,
): string {
  const names = {
    changed: "changed",
    unchanged: command === "undo" ? "unchanged" : `already ${command}`,
    doneBefore: "done earlier",
    ...{ differs: "not as requested", refused: "refused", unknown: "unknown", notTried: "not tried" },
    notSent: command === "undo" ? "not restored" : "not sent",
  };
  const parts = Object.entries(names).flatMap(([name, text]) => {
    const count = counts[name as keyof typeof names] ?? 0;
    return count > 0 ? [`${numberText(count)} ${text}`] : [];
  });
  if (counts.duplicates) parts.push(pluralize(counts.duplicates, "duplicate", "duplicates"));
  return parts.join(", ") || "nothing to do";
}

function resultOf(
  run: FinishedRun,
  { shown, failureCount, isWritten }: Written & { readonly shown: readonly Failure[] },
): SwitchResult {
  const { tally, plan, given, duplicates, stop, preview, back, ledger, failures } = run;
  return {
    dryRun: false,
    preview,
    summary: {
      ...{ given, duplicates, notSent: plan.unsent.count },
      ...tally.counts(),
      periodsKept: run.periodsKept,
      ...{ quantity: tally.quantity, calls: tally.calls },
    },
    groups: tally.groups.map((each) => {
      const { proxyType, rentPeriodDays, autoExtend, ids } = each.group;
      return { proxyType, rentPeriodDays, autoExtend, orders: ids.count, ...each.counts() };
    }),
    answers: tally.answers,
    stopped: isInterrupted(run) ? "aborted" : (stop?.why ?? null),
    left: tally.left(),
    failures: [...shown],
    failureCount,
    failuresFile: isWritten ? (failures?.name ?? null) : null,
    ledger,
    readBack: back,
  };
}

function doneIn({ changed, unchanged, doneBefore }: Counts): number {
  return changed + unchanged + doneBefore;
}

function countFailures({ tally, plan }: FinishedRun): number {
  const { refused, unknown, notTried, differs } = tally.counts();
  return refused + unknown + notTried + differs + plan.unsent.count;
}

/** An unknown outcome outranks all others except an interruption, which the user knows of. */
function exitCodeOf(run: FinishedRun): ExitCode {
  const { tally, stop, back } = run;
  const { unknown, differs } = tally.counts();
  if (isInterrupted(run)) return exitCodes.interrupted;
  if (unknown > 0) return isContractBroken(tally) ? exitCodes.contractBroken : exitCodes.stateUnknown;
  if (differs > 0) return exitCodes.contractBroken;
  if (countFailures(run) > 0) return exitCodeOfFailures(run);
  if (stop?.why === "ledger") return exitCodes.outputLost;
  return back?.state === "unread" ? exitCodes.notVerified : exitCodes.done;
}

function exitCodeOfFailures({ tally, stop }: FinishedRun): ExitCode {
  const { refused, notTried } = tally.counts();
  if (doneIn(tally.counts()) > 0) return exitCodes.mixed;
  if (refused > 0) return exitCodes.refused;
  if (notTried === 0) return exitCodes.usage;
  return isAutoExtendError(stop?.error) ? exitCodeOfError(stop.error) : exitCodes.notDone;
}

/** Whether all unknown outcomes come from answers that say it was done, but not as requested. */
function isContractBroken(tally: Tally): boolean {
  const errors = tally.errorsOf("unknown");
  const isAll = doneIn(tally.counts()) === 0 && errors.length > 0;
  return isAll && errors.every(({ name }) => name === "ContractError");
}

function isInterrupted({ stop, back }: FinishedRun): boolean {
  return stop?.why === "aborted" || back?.reason === interruptedReason;
}

/** The error that stopped the run, or else the one that decided the exit code; `null` with exit code 0. */
function errorOf(run: FinishedRun, [first]: readonly JsonError[]): JsonError | null {
  const { tally, plan, back } = run;
  if (first) return first;
  if (isInterrupted(run)) return interruption(run);
  if (tally.counts().refused > 0) return earlierRefusal(run);
  if (plan.unsent.count > 0)
    return cliError(unsentError(plan.unsent.reasons, run.command === "undo" ? "restored" : "sent"));
  if (back?.state !== "unread") return null;
  const message = `The state was not read back. ${back.reason}`;
  return cliError(new CliError("NotVerified", message, { whatToDo: laterAdvice(back) }));
}

/** A list that came and does not show the state will not show it later either. */
function laterAdvice({ addresses, missing }: ReadBack): string {
  return addresses + missing.length > 0
    ? "Look the orders up in your account."
    : "Later, auto-extend orders shows the state.";
}

function interruption({ tally, next, stop }: FinishedRun): JsonError {
  const counts = tally.counts();
  const { unknown } = counts;
  const error = cliError(interrupted(unknown > 0 ? "unknown" : "none"));
  if (unknown === 0 && stop?.why !== "aborted") {
    const message = "Interrupted before the state was read back.";
    return { ...error, message, whatToDo: "auto-extend orders shows the state." };
  }
  const left = pluralize(tally.left(), "order is", "orders are");
  const message = doneIn(counts) > 0 && unknown === 0 ? `Interrupted: ${left} left.` : error.message;
  return { ...error, message, whatToDo: continuedBy(error.whatToDo, next) };
}

function unknownOutcome({ tally }: FinishedRun): JsonError {
  const { code, message } = tally.firstOf("unknown");
  const orders = pluralize(tally.counts().unknown, "order", "orders");
  const text = `The outcome for ${orders} is unknown: ${message}`;
  const name = code === null ? "Interrupted" : "ApiError";
  return { ...cliError(usageError(text, howToFindOut)), name, code, effect: "unknown" };
}

/** The provider reported success, and the list shows something else. */
function difference({ tally }: FinishedRun): JsonError {
  const orders = pluralize(tally.counts().differs, "order is", "orders are");
  const message = `${orders} not as requested, although the provider reported success.`;
  const whatToDo =
    "If nothing else has switched them since, run the same command again. If that does not help, ask the provider.";
  return { ...cliError(usageError(message, whatToDo)), name: "ContractError", effect: "reported-applied" };
}

/** A refusal that a resume does not send again: its error is not in the ledger as a whole. */
function earlierRefusal({ tally }: FinishedRun): JsonError {
  const { code, message } = tally.firstOf("refused");
  if (code === null)
    return { ...cliError(usageError(message, "Correct the order IDs.")), name: "RequestError" };
  const { meaning, whatToDo } = describeErrorCode(code);
  const text = `The provider refused: error ${code}, "${message}". ${meaning}`;
  return { ...cliError(usageError(text, whatToDo)), name: "ApiError", code };
}

function ledgerError({ error }: Stop): JsonError {
  if (error instanceof CliError) return { ...cliError(error), message: `The run stopped. ${error.message}` };
  const { code = "" } = error as NodeJS.ErrnoException;
  const reason = fileReasons[code] ?? error?.message;
  return cliError(
    new CliError("EnvironmentError", `The run stopped, because the ledger cannot be written: ${reason}.`, {
      whatToDo: "Make sure that it can be written, such as by freeing space, before you continue.",
    }),
  );
}
