import { timeOf } from "@auto-extend/core";
import { usageError } from "../cli-error.js";

/**
 * What "now" is for a command: `--now`, or else the server's own time, so that a test clock counts and a wrong clock of
 * this machine does not; this machine's time only where the server tells none.
 */
export function nowOf({ now, serverTime }: { now: string | undefined; serverTime: string | null }): string {
  if (now !== undefined) return typedMoment(now);
  return serverTime ?? new Date().toISOString();
}

const moment = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** @throws CliError, a usage error, where it is no moment. */
function typedMoment(text: string): string {
  const time = moment.test(text) ? timeOf(text) : Number.NaN;
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw usageError(
    `"${text}" is no moment.`,
    "Give --now a date, or a date and time with its zone, such as 2030-01-31 or 2030-01-31T12:00:00Z.",
  );
}
