import { parseDate } from "../../lib/dates.js";
import type { ClockCommand } from "./clock-command.js";
import type { ClockState, Renewed, Time } from "./time.js";

/** The clock after a command, and what happened on the way. */
export interface ClockMove extends ClockState {
  /** How many renewals were paid. */
  readonly renewed: number;
  /** How many could not be paid. */
  readonly failed: number;
  /** How often IP addresses of an order ended. */
  readonly expired: number;
  /** What happened, account by account, for each in order of time. */
  readonly renewals: readonly Renewed[];
}

/**
 * Carries out a clock command, for the control API and for tests in the same process.
 *
 * @param account reports this account alone, and advances to its next renewal. Time passes for all.
 * @throws RangeError if the clock cannot go there.
 */
export function moveClock(time: Time, command: ClockCommand, account?: string): ClockMove {
  const { now, frozen, renewals, ...all } = moved(time, command, account);
  const reported = account === undefined ? renewals : renewals.filter((each) => each.account === account);
  const count = (type: Renewed["type"]) => reported.filter((each) => each.type === type).length;
  const { nextRenewal } = account === undefined ? all : time.state(account);
  return {
    now,
    frozen,
    nextRenewal,
    renewed: count("renewed"),
    failed: count("failed"),
    expired: count("expired"),
    renewals: reported,
  };
}

function moved(time: Time, command: ClockCommand, account: string | undefined) {
  if ("advance" in command) return time.advance(command.advance);
  if ("to" in command) return time.moveTo(parseDate(command.to));
  if ("toNextRenewal" in command) return time.toNextRenewal(account);
  return { ...("freeze" in command ? time.freeze() : time.flow()), renewals: [] };
}
