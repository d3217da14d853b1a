import { type AutoExtendError, isAutoExtendError } from "@auto-extend/client";
import { type ExitCode, exitCodes } from "../exit-codes.js";
import { failureOf } from "../failure.js";
import type { JsonError } from "../json-output.js";
import { counted } from "../words.js";
import type { Earlier } from "./earlier.js";
import { nameOfGroup } from "./groups.js";
import type { InputGroup } from "./input.js";
import type { Counts } from "./outcomes.js";
import type { RunEnd } from "./run.js";
import type { RunState } from "./state.js";

/** What a run has come to. */
export interface Account {
  readonly groups: readonly InputGroup[];
  readonly state: RunState;
  readonly end: RunEnd;
  readonly autoExtend: boolean;
  readonly earlier: Earlier;
}

/** The exit code of a run over many orders. */
export function exitCodeOf({ state, end }: Account): ExitCode {
  const { changed, refused, unknown, notTried } = state.counts();
  if (end.stopped === "aborted") return exitCodes.interrupted;
  if (refused + unknown + notTried === 0) {
    return end.stopped === "ledger" ? exitCodes.outputLost : exitCodes.done;
  }
  if (changed > 0) return exitCodes.mixed;
  if (unknown > 0) return exitCodes.stateUnknown;
  if (refused > 0) return exitCodes.refused;
  return isAutoExtendError(end.error) ? explained(end.error).exitCode : exitCodes.notDone;
}

/** What stopped a run, as `--json` shows it; `null` where nothing did, or nothing that has an explanation. */
export function stopError({ error }: RunEnd): JsonError | null {
  return isAutoExtendError(error) ? explained(error).error : null;
}

/** The account for people, on several lines. */
export function accountText(account: Account): string {
  const { groups, state, end, earlier } = account;
  const given = groups.reduce((sum, { count }) => sum + count, 0);
  const each = groups.map(
    (group, index) => `  ${nameOfGroup(group)}: ${sentence(group.count, state.outcomes[index]?.counts())}`,
  );
  return [
    doneNow(account),
    ...(earlier.settled > 0 ? [doneBefore(earlier, given), "Over all runs:"] : []),
    ...(groups.length > 1 ? each : []),
    sentence(given, state.counts()),
    ...whyStopped(end),
  ].join("\n");
}

/** What is said of orders that a run did not come to. */
export function whyNotTried({ stopped, error }: RunEnd): string {
  if (stopped === "aborted") return "The run was interrupted before.";
  if (stopped === "ledger") return "The run stopped before: the ledger could not be written.";
  return error ? `The run stopped before: ${error.message}` : "The run stopped before.";
}

/** What this run did: of an earlier one, nobody knows whether it still holds. */
function doneNow({ state, autoExtend, earlier }: Account): string {
  if (state.calls === earlier.calls) return "Nothing was sent.";
  const direction = autoExtend ? "on" : "off";
  const changed = state.counts().changed - earlier.changed;
  if (changed === 0) {
    const known = state.counts().unknown > 0 ? " that is known of" : "";
    return `Auto-extend was switched ${direction} for no order${known}.`;
  }
  const addresses = counted(state.quantity - earlier.quantity, "IP address", "IP addresses");
  return `Auto-extend is ${direction} for ${counted(changed, "order", "orders")}, ${addresses}.`;
}

function doneBefore({ settled, at }: Earlier, given: number): string {
  const [were, those] = settled === 1 ? ["was", "it"] : ["were", "those"];
  return `${settled} of ${counted(given, "order id", "order ids")} ${were} settled by an earlier run, as of ${at}: for ${those} nothing was sent now.`;
}

function sentence(given: number, counts: Counts | undefined): string {
  if (!counts) return "";
  const { changed, refused, unknown, notTried, duplicates } = counts;
  return `${given} given: ${changed} changed, ${refused} refused, ${unknown} unknown, ${notTried} not tried, ${counted(duplicates, "duplicate", "duplicates")}.`;
}

function whyStopped(end: RunEnd): string[] {
  if (end.stopped === null) return [];
  if (end.stopped === "aborted") return ["Interrupted: the requests under way were finished."];
  if (end.stopped === "ledger") return [`Stopped: the ledger could not be written: ${end.error?.message}.`];
  const error = stopError(end);
  return error ? [`Stopped: ${error.message}`, error.whatToDo] : [];
}

function explained(error: AutoExtendError) {
  return failureOf(error, { effect: error.effect, signal: undefined });
}
