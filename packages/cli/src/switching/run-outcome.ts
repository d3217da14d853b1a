/** How a run ended: its exit code, and the error that decided it. */
import { isAutoExtendError } from "@auto-extend/client";
import { describeErrorCode } from "@auto-extend/core";
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
import { cliError, clientError, exitCodeOf as exitCodeOfError, type JsonError } from "../app/failure.js";
import type { FileToWrite } from "../app/files.js";
import { counted } from "../app/format.js";
import { type Plan, unsentText } from "../orders/plan.js";
import type { Preview } from "../orders/types.js";
import { interruptedReason } from "./read-back.js";
import type { Stop } from "./send.js";
import type { Tally } from "./tally.js";
import type { ReadBack } from "./types.js";

export interface Earlier {
  readonly finished: number;
  readonly calls: number;
  /** Whether it had another API key. */
  readonly hasOtherKey: boolean;
}

export interface FinishedRun {
  readonly command: "on" | "off" | "undo";
  readonly plan: Plan;
  readonly tally: Tally;
  readonly given: number;
  readonly duplicates: number;
  /** Orders that were as requested before, of those that count as changed. */
  readonly unchanged: number;
  /** IP addresses that an undo switched off, and that keep the rental period of the run. */
  readonly periodsKept: number;
  readonly stop: Stop | null;
  readonly preview: Preview | null;
  readonly back: ReadBack | null;
  readonly earlier: Earlier | null;
  readonly ledger: string | null;
  /** The command that continues the run; `null` if the same command does. */
  readonly next: string | null;
  /** The command that undoes it; `null` without a ledger. */
  readonly undo: string | null;
  readonly failures: FileToWrite | null;
}

export function countFailures({ tally, plan }: FinishedRun): number {
  const { refused, unknown, notTried, differs } = tally.counts();
  return refused + unknown + notTried + differs + plan.unsent.count;
}

/** An unknown outcome outranks all others except an interruption, which the user knows of. */
export function exitCodeOf(run: FinishedRun): ExitCode {
  const { tally, stop, back } = run;
  const { unknown, differs } = tally.counts();
  if (isInterrupted(run)) return exitCodes.interrupted;
  if (unknown > 0) return isContractBroken(tally) ? exitCodes.contractBroken : exitCodes.stateUnknown;
  if (differs > 0) return exitCodes.contractBroken;
  if (countFailures(run) > 0) return exitCodeOfFailures(run);
  if (stop?.why === "ledger") return exitCodes.outputLost;
  return back?.state === "unread" ? exitCodes.notVerified : exitCodes.done;
}

/** The exit code of a run in which some orders were certainly not changed. */
function exitCodeOfFailures({ tally, stop }: FinishedRun): ExitCode {
  const { changed, refused, notTried } = tally.counts();
  if (changed > 0) return exitCodes.mixed;
  if (refused > 0) return exitCodes.refused;
  if (notTried === 0) return exitCodes.usage;
  return isAutoExtendError(stop?.error) ? exitCodeOfError(stop.error) : exitCodes.notDone;
}

/** Whether all unknown outcomes come from answers that say it was done, but not as requested. */
function isContractBroken(tally: Tally): boolean {
  const errors = tally.errorsOf("unknown");
  const isAll = tally.counts().changed === 0 && errors.length > 0;
  return isAll && errors.every(({ name }) => name === "ContractError");
}

/** Whether a signal came while orders were sent or read back. */
export function isInterrupted({ stop, back }: FinishedRun): boolean {
  return stop?.why === "aborted" || back?.reason === interruptedReason;
}

/** The error that stopped the run, or else the one that decided the exit code; `null` with exit code 0. */
export function errorOf(run: FinishedRun): JsonError | null {
  const { tally, plan, stop, next, back } = run;
  if (stop?.why === "ledger") return ledgerError(stop);
  const { changed, unknown, differs, refused } = tally.counts();
  const stopError = stop && isAutoExtendError(stop.error) ? [clientError(stop.error)] : [];
  const unknownErrors = [...stopError, ...tally.errorsOf("unknown")];
  const [ofClient] = differs > 0 ? unknownErrors : [...unknownErrors, ...tally.errorsOf("refused")];
  if (ofClient) {
    const { message, whatToDo } = ofClient;
    const ofRun = changed + unknown > 0 ? ofRequest(message) : message;
    return { ...ofClient, message: ofRun, whatToDo: continuedBy(whatToDo, next) };
  }
  if (isInterrupted(run)) return interruption(run);
  if (unknown > 0) return unknownOutcome(run);
  if (differs > 0) return difference(run);
  if (refused > 0) return earlierRefusal(run);
  if (plan.unsent.count > 0) return cliError(usageError(unsentTexts(run), ""));
  if (back?.state !== "unread") return null;
  const whatToDo = "Later, auto-extend orders shows the state.";
  return cliError(new CliError("NotVerified", `The state was not read back. ${back.reason}`, { whatToDo }));
}

function interruption({ tally, next, stop }: FinishedRun): JsonError {
  const { changed, unknown } = tally.counts();
  const error = cliError(interrupted(unknown > 0 ? "unknown" : "none"));
  if (unknown === 0 && stop?.why !== "aborted") {
    const message = "Interrupted before the state was read back.";
    return { ...error, message, whatToDo: "auto-extend orders shows the state." };
  }
  const left = counted(tally.left(), "order is", "orders are");
  const message = changed > 0 && unknown === 0 ? `Interrupted: ${left} left.` : error.message;
  return { ...error, message, whatToDo: continuedBy(error.whatToDo, next) };
}

function unknownOutcome({ tally, next }: FinishedRun): JsonError {
  const { code, message } = tally.firstOf("unknown");
  const orders = counted(tally.counts().unknown, "order", "orders");
  const text = `The outcome for ${orders} is unknown: ${message}`;
  const error = cliError(usageError(text, continuedBy(howToFindOut, next)));
  return { ...error, name: code === null ? "Interrupted" : "ApiError", code, effect: "unknown" };
}

/** The provider reported success, and the list shows something else. */
export function difference({ tally, next }: FinishedRun): JsonError {
  const orders = counted(tally.counts().differs, "order is", "orders are");
  const message = `${orders} not as requested, although the provider reported success.`;
  const whatToDo = continuedBy("Run the same command again. If that does not help, ask the provider.", next);
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

export function ledgerError({ error }: Stop): JsonError {
  const { code = "" } = error as NodeJS.ErrnoException;
  const reason = fileReasons[code] ?? error?.message;
  return cliError(
    new CliError("EnvironmentError", `Stopped, because the ledger cannot be written: ${reason}.`, {
      whatToDo: "Make sure that it can be written, such as by freeing space, before you continue.",
    }),
  );
}

function unsentTexts({ plan: { unsent }, command }: FinishedRun): string {
  return unsent.reasons
    .slice(0, 5)
    .map((each) => unsentText(each, command === "undo" ? "restored" : "sent"))
    .join(" ");
}

/** The client says of a request that it changed nothing; the run may have changed much. */
export function ofRequest(message: string): string {
  return message.replace(/ Nothing was changed\.$/, "");
}
