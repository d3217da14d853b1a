/** A run that has finished, and the orders that failed in it, as CSV and for `--json`. */
import { isAutoExtendError } from "@auto-extend/client";
import type { Context } from "../app/context.js";
import { messageOf } from "../app/failure.js";
import type { FileToWrite } from "../app/files.js";
import { clean, csvLine, harmlessCell, numberText } from "../app/format.js";
import type { Plan } from "../orders/plan.js";
import type { Preview } from "../orders/types.js";
import type { Stop } from "./send.js";
import { type GroupTally, isDone, type Tally } from "./tally.js";
import type { Failure, ReadBack } from "./types.js";

export interface FinishedRun {
  readonly command: "on" | "off" | "undo";
  readonly plan: Plan;
  readonly tally: Tally;
  readonly given: number;
  readonly duplicates: number;
  /** IP addresses that an undo switched off, and that keep the rental period of the run. */
  readonly periodsKept: number;
  readonly stop: Stop | null;
  readonly preview: Preview | null;
  readonly back: ReadBack | null;
  readonly isResumed: boolean;
  readonly ledger: string | null;
  /** The command that continues the run; `null` if the same command does. */
  readonly next: string | null;
  /** The command that undoes it; `null` without a ledger. */
  readonly undo: string | null;
  readonly failures: FileToWrite | null;
}

const maxOnTerminal = 10;

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

async function* failuresIn(
  tally: GroupTally,
  { whyNotTried, listed }: { readonly whyNotTried: string; readonly listed: Set<string> },
): AsyncGenerator<readonly Failure[], void, undefined> {
  const { proxyType, rentPeriodDays, inParts } = tally.group;
  for await (const orders of tally.read()) {
    const failures: Failure[] = [];
    for (const { orderId, outcome } of orders) {
      const { name, code, message } = outcome;
      if (isDone(name) || listed.has(orderId)) continue;
      if (inParts.has(orderId)) listed.add(orderId);
      const reason =
        name === "notTried"
          ? ({ outcome: "not-tried", message: whyNotTried } as const)
          : { outcome: name, message };
      failures.push({ proxyType, rentPeriodDays, orderId, code, ...reason });
    }
    if (failures.length > 0) yield failures;
  }
}

function notTriedText(stop: Stop | null): string {
  if (stop === null) return "The provider refused its type or period.";
  if (stop.why === "aborted") return "The run was interrupted before this order.";
  if (stop.why === "ledger") return "The run stopped before this order: the ledger could not be continued.";
  const { error } = stop;
  if (error === null) return "The run stopped before this order.";
  return `The run stopped before this order: ${isAutoExtendError(error) ? messageOf(error) : error.message}`;
}

/**
 * The headings of a file that `--file` takes, but not from an undo: an order may have been on in part, and some orders are
 * switched on and others off.
 */
function headingOf({ command }: FinishedRun): string {
  const message = command === "undo" ? "notRestored" : "message";
  return csvLine(["type", "orderId", "days", "outcome", "code", message]);
}

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

export async function* failureLines(run: FinishedRun): AsyncGenerator<string, void, undefined> {
  yield headingOf(run);
  for await (const failures of failuresOf(run)) yield failures.map(failureLine).join("");
}

export async function printFailures(
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

export async function firstFailures(run: FinishedRun, limit: number): Promise<Failure[]> {
  const shown: Failure[] = [];
  for await (const failures of failuresOf(run)) {
    // Copied, since a part of a text keeps the whole of it in memory.
    shown.push(...failures.slice(0, limit - shown.length).map((failure) => structuredClone(failure)));
    if (shown.length >= limit) break;
  }
  return shown;
}
