/** Reports a run: the verdict, the counts, what failed and what to do next. */
import { isAutoExtendError } from "@auto-extend/client";
import type { Outcome } from "../app/command.js";
import type { Context } from "../app/context.js";
import { CliError, continuedBy, exitCodes, howToFindOut } from "../app/errors.js";
import { cliError, clientError, messageOf } from "../app/failure.js";
import { clean, counted, csvLine, harmlessCell, numberText } from "../app/format.js";
import { type Group, groupName } from "../orders/plan.js";
import {
  countFailures,
  difference,
  errorOf,
  exitCodeOf,
  type FinishedRun,
  isInterrupted,
  ledgerError,
  ofRequest,
} from "./run-outcome.js";
import type { Stop } from "./send.js";
import type { GroupTally } from "./tally.js";
import type { Counts, Failure, ReadBack, SwitchResult } from "./types.js";

/** How many failures `--json` has, and a terminal shows. */
const maxInJson = 1_000;
const maxOnTerminal = 20;

/** Failures go to stdout or their file as CSV, the report for people to stderr. */
export async function reportRun(context: Context, run: FinishedRun): Promise<Outcome<SwitchResult>> {
  const { failures } = run;
  const failureCount = countFailures(run);
  const isWritten = failures !== null && (await failures.write(context, failureLines(run)));
  const { json } = context.options;
  if (!isWritten && !json && failureCount > 0) await printFailures(context, { run, failureCount });
  report(context, run, { isWritten, failureCount });
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
    error: errorOf(run) ?? (isLost ? cliError(lostFailures()) : null),
  };
}

function lostFailures(): CliError {
  const whatToDo = "Name another file with --failures.";
  return new CliError("EnvironmentError", "The list of failures could not be written.", { whatToDo });
}

interface Written {
  readonly isWritten: boolean;
  readonly failureCount: number;
}

function report(context: Context, run: FinishedRun, { isWritten, failureCount }: Written): void {
  const { tally, failures, next, undo, back } = run;
  context.talk(verdict(run));
  for (const line of [...(back ? backLines(back, run) : []), ...countLines(run)]) context.talk(line);
  const advice = explainErrors(context, run);
  if (isWritten && failures && failureCount > 0) {
    // An undo may restore single IP addresses, and switch some on and others off.
    const use = run.command === "undo" ? "" : "; --file takes it as it is";
    context.talk(`The failures are in ${failures.name}${use}.`);
  }
  if (next !== null && tally.left() > 0 && !advice.includes(next)) context.talk(`To continue: ${next}`);
  if (undo !== null && canBeUndone(run)) context.talk(`To undo: ${undo}`);
}

/** Says why orders failed, each reason and each advice once. @returns the advice. */
function explainErrors(context: Context, run: FinishedRun): string {
  const { tally, stop, next } = run;
  const stopError = stop && isAutoExtendError(stop.error) ? clientError(stop.error) : null;
  const unknownErrors = tally.errorsOf("unknown");
  const errors = [...unknownErrors, ...tally.errorsOf("refused")];
  const advice = new Set<string>();
  const explain = (message: string, text: string) => {
    const whatToDo = continuedBy(text, next);
    context.error(message, advice.has(whatToDo) ? "" : whatToDo);
    advice.add(whatToDo);
  };
  for (const { message, whatToDo } of errors) if (message !== stopError?.message) explain(message, whatToDo);
  const { unknown, notTried, differs } = tally.counts();
  if (differs > 0) {
    const { message, whatToDo } = difference(run);
    explain(message, whatToDo);
  }
  if (unknown > 0 && unknownErrors.length === 0) {
    const orders = counted(unknown, "order", "orders");
    explain(`The outcome for ${orders} is unknown: ${tally.firstOf("unknown").message}`, howToFindOut);
  }
  if (stop?.why === "aborted") context.talk("Interrupted: the requests under way were finished.");
  if (stop?.why === "ledger") {
    const { message, whatToDo } = ledgerError(stop);
    explain(message, whatToDo);
  }
  if (stopError) {
    const what = notTried > 0 && run.given > 1 ? "Stopped: " : "";
    explain(`${what}${ofRequest(stopError.message)}`, stopError.whatToDo);
  }
  return [...advice].join(" ");
}

/** Whether this run may have changed something whose earlier state is known. */
function canBeUndone(run: FinishedRun): boolean {
  const { changed, unknown } = run.tally.counts();
  return (
    wasSent(run) &&
    changed - run.unchanged + unknown > 0 &&
    run.plan.groups.some((each) => each.unlisted < each.ids.count)
  );
}

function wasSent({ tally, earlier }: FinishedRun): boolean {
  return tally.calls > (earlier?.calls ?? 0);
}

/** The changes of this run. Nobody knows whether the changes of an earlier run still hold. */
function verdict(run: FinishedRun): string {
  const { command, tally, unchanged, periodsKept } = run;
  if (!wasSent(run)) return "Nothing was sent.";
  const changed = tally.newlyChanged();
  if (changed === 0) {
    return tally.counts().unknown > 0 ? "No order is known to be changed." : "No order was changed.";
  }
  const quantity = tally.quantity - tally.quantityBefore;
  const orders = counted(changed, "order", "orders");
  const what = quantity > 0 ? `${orders}, ${counted(quantity, "IP address", "IP addresses")}` : orders;
  if (command === "undo") {
    const kept = counted(periodsKept, "IP address", "IP addresses");
    const except = periodsKept > 0 ? `, except for the rental period of ${kept}` : "";
    return `The earlier state is restored for ${what}${except}.`;
  }
  if (unchanged === changed) return `Auto-extend was ${command} already for ${what}.`;
  return `Auto-extend is ${command} for ${what}.`;
}

const maxAddressesShown = 10;

function backLines(back: ReadBack, run: FinishedRun): string[] {
  const { count, reason } = back.unusable;
  if (count === 0) return stateLines(back, run);
  const which = `${counted(count, "order", "orders")} got no usable answer; the list shows the requested state.`;
  return [...stateLines(back, run), `${which} ${count > 1 ? "The first answer: " : ""}${reason}`];
}

function stateLines(back: ReadBack, { tally }: FinishedRun): string[] {
  if (back.state === "verified") {
    return [`Read back: ${counted(back.addresses, "IP address is", "IP addresses are")} as requested.`];
  }
  if (back.state === "unread") {
    const says = tally.counts().unknown === 0 ? " The provider reports that it is done." : "";
    return [`Not read back. ${back.reason}${says} Later, auto-extend orders shows the state.`];
  }
  const shown = back.unchanged.slice(0, maxAddressesShown);
  const rest = back.unchangedCount - shown.length;
  const missing = back.missing.slice(0, maxAddressesShown);
  return [
    back.unchangedCount > 0
      ? `Read back: ${numberText(back.unchangedCount)} of ${counted(back.addresses, "IP address", "IP addresses")} ${back.unchangedCount === 1 ? "is" : "are"} not as requested:`
      : "Read back: not all orders are in the list:",
    ...shown.map(({ orderId, ipAddressId, ip, autoExtend, rentPeriodDays }) => {
      const is = autoExtend === null ? "the list does not say" : autoExtend ? "on" : "off";
      const days = rentPeriodDays === null ? "" : `, ${counted(rentPeriodDays, "day", "days")}`;
      return `  ${ipAddressId}${ip === null ? "" : ` (${ip})`} of order ${orderId}: ${is}${days}`;
    }),
    ...(rest > 0 ? [`  and ${numberText(rest)} more; --json has up to 1,000`] : []),
    ...missing.map((orderId) => `  order ${orderId} is not in the list`),
    ...(back.missing.length > missing.length ? ["  and more orders are not in the list"] : []),
  ];
}

function countLines(run: FinishedRun): string[] {
  const { tally, given, duplicates, plan, earlier, unchanged, command } = run;
  const isUndo = command === "undo";
  if (given === 0 && isUndo) return [];
  if (given === 1 && countFailures(run) === 0 && earlier === null) return [];
  const { changed, ...counts } = tally.counts();
  const total = {
    changed: changed - unchanged,
    unchanged,
    ...counts,
    notSent: plan.unsent.count,
    duplicates,
  };
  const groups = tally.groups.map((each) => ({ group: each.group, counts: each.counts() }));
  const failing = groups.filter(({ group, counts }) => groups.length > 1 && counts.changed < group.ids.count);
  const nameOf = (group: Group) => groupName(group) + (isUndo ? (group.autoExtend ? ", on" : ", off") : "");
  const before = earlier?.finished
    ? ` ${counted(earlier.finished, "of them was", "of them were")} finished before.`
    : "";
  return [
    ...failing.map(({ group, counts }) => `  ${nameOf(group)}: ${countText(counts, { command })}.`),
    `${counted(given, isUndo ? "order" : "order ID", isUndo ? "orders" : "order IDs")}: ${countText(total, { command })}.${before}`,
  ];
}

function countText(
  counts: Partial<Counts & { unchanged: number; notSent: number; duplicates: number }>,
  { command }: Pick<FinishedRun, "command">,
): string {
  const names = {
    ...{ changed: "changed", unchanged: `already ${command}`, differs: "not as requested" },
    ...{ refused: "refused", unknown: "unknown", notTried: "not tried" },
    notSent: command === "undo" ? "not restored" : "not sent",
  };
  const parts = Object.entries(names).flatMap(([name, text]) => {
    const count = counts[name as keyof typeof names] ?? 0;
    return count > 0 ? [`${numberText(count)} ${text}`] : [];
  });
  if (counts.duplicates) parts.push(counted(counts.duplicates, "duplicate", "duplicates"));
  return parts.join(", ") || "nothing to do";
}

function resultOf(
  run: FinishedRun,
  { shown, failureCount, isWritten }: Written & { readonly shown: readonly Failure[] },
): SwitchResult {
  const { tally, plan, given, duplicates, unchanged, stop, preview, back, earlier, ledger, failures } = run;
  return {
    dryRun: false,
    preview,
    summary: {
      ...{ given, duplicates, notSent: plan.unsent.count },
      ...tally.counts(),
      unchanged,
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
    finishedBefore: earlier?.finished ?? 0,
    readBack: back,
  };
}

const outcomes = {
  refused: "refused",
  unknown: "unknown",
  differs: "differs",
  notTried: "not-tried",
} as const;

/** All failures in the order of the groups, some at a time. */
async function* failuresOf({
  tally,
  plan,
  stop,
}: FinishedRun): AsyncGenerator<readonly Failure[], void, undefined> {
  const whyNotTried = notTriedText(stop);
  const listed = new Set<string>();
  for (const each of tally.groups) yield* failuresIn(each, { whyNotTried, listed });
  for await (const orders of plan.unsent.read()) {
    yield orders.map(({ proxyType, rentPeriodDays, orderId, reason }) => ({
      ...{ proxyType, rentPeriodDays, orderId, outcome: "not-sent", code: null, message: reason },
    }));
  }
}

/** @param listed the orders in parts that are listed already. */
async function* failuresIn(
  tally: GroupTally,
  { whyNotTried, listed }: { readonly whyNotTried: string; readonly listed: Set<string> },
): AsyncGenerator<readonly Failure[], void, undefined> {
  const { proxyType, rentPeriodDays, inParts } = tally.group;
  for await (const orders of tally.read()) {
    const failures: Failure[] = [];
    for (const { orderId, outcome } of orders) {
      const { name, code, message } = outcome;
      if (name === "changed" || listed.has(orderId)) continue;
      if (inParts.has(orderId)) listed.add(orderId);
      failures.push({
        ...{ proxyType, rentPeriodDays, orderId, outcome: outcomes[name], code },
        message: name === "notTried" ? whyNotTried : message,
      });
    }
    if (failures.length > 0) yield failures;
  }
}

function notTriedText(stop: Stop | null): string {
  if (stop === null) return "The provider refused its type or period.";
  if (stop.why === "aborted") return "The run was interrupted before.";
  if (stop.why === "ledger") return "The run stopped before: the ledger could not be written.";
  const { error } = stop;
  if (error === null) return "The run stopped before.";
  return `The run stopped before: ${isAutoExtendError(error) ? ofRequest(messageOf(error)) : error.message}`;
}

/**
 * The headings of a file that `--file` takes, but not from an undo: an order may have been on in part, and some orders are
 * switched on and others off.
 */
function headingOf({ command }: FinishedRun): string {
  const message = command === "undo" ? "notRestored" : "message";
  return csvLine(["type", "orderId", "days", "outcome", "code", message]);
}

/** A failure as one line, so that other programs can count and sort them. */
function failureLine({ proxyType, rentPeriodDays, orderId, outcome, code, message }: Failure): string {
  const oneLine = clean(message.replace(/[\p{Cc}\s]+/gu, " "));
  const cells = [
    proxyType ?? "",
    orderId,
    String(rentPeriodDays ?? ""),
    outcome,
    String(code ?? ""),
    oneLine,
  ];
  return csvLine(cells.map(harmlessCell));
}

async function* failureLines(run: FinishedRun): AsyncGenerator<string, void, undefined> {
  yield headingOf(run);
  for await (const failures of failuresOf(run)) yield failures.map(failureLine).join("");
}

/** All failures, but on a terminal no more than a person reads. */
async function printFailures(
  context: Context,
  { run, failureCount }: { run: FinishedRun; failureCount: number },
): Promise<void> {
  if (context.io.stdout.isTTY !== true || failureCount <= maxOnTerminal) {
    for await (const text of failureLines(run)) context.data(text);
    return;
  }
  const shown = await firstFailures(run, maxOnTerminal);
  context.data(headingOf(run) + shown.map(failureLine).join(""));
  context.note(
    `${shown.length} of ${numberText(failureCount)} failures are shown; --failures FILE writes them all.`,
  );
}

async function firstFailures(run: FinishedRun, limit: number): Promise<Failure[]> {
  const shown: Failure[] = [];
  for await (const failures of failuresOf(run)) {
    // Copied, since a part of a text keeps the whole of it in memory.
    shown.push(...failures.slice(0, limit - shown.length).map((failure) => structuredClone(failure)));
    if (shown.length >= limit) break;
  }
  return shown;
}
