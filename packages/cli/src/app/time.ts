import { timeOf } from "@auto-extend/core";
import { usageError } from "./errors.js";

const pattern = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** A typed time, in ISO 8601. @throws CliError, a usage error, if it is not a time. */
export function parseTime(text: string): string {
  const time = pattern.test(text) ? timeOf(text) : Number.NaN;
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw usageError(
    `"${text}" is not a time.`,
    "Use a date, or a date and time with its zone, such as 2030-01-31 or 2030-01-31T12:00:00Z.",
  );
}
