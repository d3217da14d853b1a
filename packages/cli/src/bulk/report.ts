import type { Context } from "../context.js";
import { exitCodes } from "../exit-codes.js";
import type { FileWriter } from "../file-writer.js";
import type { Outcome } from "../invocation.js";
import { accountText, exitCodeOf, stopError, whyNotTried } from "./account.js";
import type { Earlier } from "./earlier.js";
import { type Failure, failureLine, failuresHeading, failuresOf } from "./failures.js";
import type { Input } from "./input.js";
import type { Counts } from "./outcomes.js";
import type { RunEnd } from "./run.js";
import type { RunState } from "./state.js";

/** A run that is over. */
export interface Finished {
  readonly input: Input;
  readonly state: RunState;
  readonly end: RunEnd;
  readonly autoExtend: boolean;
  /** What was known before it began. */
  readonly earlier: Earlier;
  readonly ledger: string | null;
  /** Where the failures go; `null` where no file was named. */
  readonly failures: { readonly file: string; readonly write: FileWriter } | null;
}

/** How many failures `--json` shows. */
const mostInJson = 1000;
/** How many failures a terminal shows. */
const mostOnTerminal = 20;

/** Tells what a run has come to: what failed goes out as CSV, the account to a person on stderr. */
export async function reportRun(context: Context, finished: Finished): Promise<Outcome> {
  const { input, state, end, autoExtend, earlier, failures } = finished;
  const account = { groups: input.groups, state, end, autoExtend, earlier };
  const { refused, unknown, notTried } = state.counts();
  const failureCount = refused + unknown + notTried;
  let exitCode = exitCodeOf(account);
  const lines = () => linesOf(finished);

  const written = failures !== null && (await writeFailures(context, { failures, lines }));
  if (failures !== null && !written && exitCode === exitCodes.done) exitCode = exitCodes.outputLost;
  const { json } = context.options;
  if (!written && !json && failureCount > 0) await printFailures(context, { finished, failureCount });
  context.talk([accountText(account), ...whatNext(finished, { failureCount, written })].join("\n"));
  const shown = json ? await firstFailures(finished, mostInJson) : [];
  if (json && failureCount > shown.length) {
    context.note(
      `${shown.length} of ${failureCount} failures are shown${written ? "" : "; --failures FILE writes them all"}.`,
    );
  }
  return { exitCode, result: resultOf(finished, { failureCount, written, shown }), text: () => "" };
}

interface Told {
  readonly failureCount: number;
  /** Whether the failures are in their file. */
  readonly written: boolean;
}

function resultOf(
  { input, state, end, autoExtend, earlier, ledger, failures }: Finished,
  { failureCount, written, shown }: Told & { shown: readonly Failure[] },
) {
  const error = stopError(end);
  return {
    dryRun: false,
    autoExtend,
    account: { given: input.given, ...state.counts(), quantity: state.quantity, calls: state.calls },
    groups: input.groups.map(({ proxyType, rentPeriodDays, count }, index) => ({
      ...{ proxyType, rentPeriodDays, given: count },
      ...(state.outcomes[index]?.counts() as Counts),
    })),
    stopped: end.stopped && {
      why: end.stopped,
      error: error && { name: error.name, message: error.message, whatToDo: error.whatToDo },
    },
    failures: shown,
    failureCount,
    failuresFile: written ? (failures?.file ?? null) : null,
    ledger,
    settledBefore: earlier.settled,
  };
}

/** What a person can do about what failed. */
function whatNext({ ledger, failures, state }: Finished, { failureCount, written }: Told): string[] {
  const { unknown, notTried } = state.counts();
  return [
    ...(written && failures && failureCount > 0
      ? [`What failed is in ${failures.file}, which --file takes as it is.`]
      : []),
    ...(ledger !== null && unknown + notTried > 0
      ? [`To go on, give the same command with --resume ${ledger}, and no --ledger.`]
      : []),
  ];
}

/** Writes what failed on stdout: all of it, but on a terminal no more than a person reads. */
async function printFailures(
  context: Context,
  { finished, failureCount }: { finished: Finished; failureCount: number },
): Promise<void> {
  if (context.io.stdout.isTTY !== true || failureCount <= mostOnTerminal) {
    for await (const text of linesOf(finished)) context.data(text);
    return;
  }
  const shown = await firstFailures(finished, mostOnTerminal);
  context.data(failuresHeading + shown.map(failureLine).join(""));
  context.note(
    `${shown.length} of ${failureCount} failures are shown; --failures FILE writes them all, and so does stdout into a file.`,
  );
}

async function* linesOf({ input, state, end }: Finished): AsyncGenerator<string, void, undefined> {
  yield failuresHeading;
  const context = { outcomes: state.outcomes, whyNotTried: whyNotTried(end) };
  for await (const failures of failuresOf(input, context)) yield failures.map(failureLine).join("");
}

async function firstFailures({ input, state, end }: Finished, most: number): Promise<Failure[]> {
  const shown: Failure[] = [];
  const context = { outcomes: state.outcomes, whyNotTried: whyNotTried(end) };
  for await (const failures of failuresOf(input, context)) {
    // Copied, for a part of a text keeps the whole of it in memory.
    shown.push(...failures.slice(0, most - shown.length).map((failure) => structuredClone(failure)));
    if (shown.length >= most) break;
  }
  return shown;
}

/** Writes the failures into their file; tells whether that worked, and a person where it didn't. */
async function writeFailures(
  context: Context,
  { failures, lines }: { failures: NonNullable<Finished["failures"]>; lines: () => AsyncIterable<string> },
): Promise<boolean> {
  try {
    await failures.write(lines());
    return true;
  } catch (error) {
    context.note(`${failures.file} could not be written: ${(error as Error).message}.`);
    return false;
  }
}
