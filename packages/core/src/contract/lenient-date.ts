import { formatPath, type Issue } from "./operation.js";

// Dates in whatever notation a server uses.

/** `2030-01-31`, `2030-01-31 12:00`, `2030-01-31T12:00:00.000+02:00`. */
const yearFirst =
  /^(\d{4}-\d{2}-\d{2})(?:[T ]((?!24)\d{2}:\d{2})(:\d{2})?(?:[.,](\d{1,9}))?)?\s*(?:Z|([+-])((?:[01]\d|2[0-3]):?[0-5]\d))?$/i;
/** `31.01.2030`, `31.01.2030 12:00:00`. */
const dayFirst = /^(\d{2})\.(\d{2})\.(\d{4})(?:,? (\d{2}:\d{2}(?::\d{2})?))?$/;

/** Numbers below it are seconds since 1970, all others milliseconds. */
const maxSeconds = 1e11;
/** The first millisecond after the year 9999: later timestamps do not sort as texts. */
const end = Date.UTC(10_000, 0);

/**
 * Reads a date in any common notation, in UTC unless it names a zone (assumed): ISO 8601, with a space for the T, day first,
 * or seconds or milliseconds since 1970. Returns ISO 8601 in UTC, or `null`.
 */
export function parseLenientDate(value: unknown): string | null {
  const text = typeof value === "string" ? value.trim() : "";
  // Most servers send exactly this notation, in accounts with records by the hundred thousand.
  if (dateAt(Date.parse(text)) === text) return text;
  const number = /^\d{9,13}$/.test(text) ? Number(text) : value;
  const timeOfNumber = Number(number) < maxSeconds ? Number(number) * 1000 : Number(number);
  return dateAt(typeof number === "number" ? Math.round(timeOfNumber) : timeOfText(text));
}

/** `null` for a time that is not a number, or before 1970. */
function dateAt(time: number): string | null {
  return time >= 0 && time < end ? new Date(time).toISOString() : null;
}

/** Written like a date, whether or not it is one. */
const dateLike =
  /^(?:\d{4}-\d\d?-\d\d?(?:[T ][\d:.,]+\s*(?:Z|[+-][\d:]+)?)?|\d\d?\.\d\d?\.\d{4}(?:,? [\d:]+)?)$/i;
const dateField = /^date(?:Start|End)$/;
/** How many are named. */
const maxUnreadable = 100;

/** Finds the dates in an answer, wherever they are, that {@link parseLenientDate} cannot read, such as 29 February 2027. */
export function unreadableDates(answer: unknown): Issue[] {
  const issues: Issue[] = [];
  const path: (string | number)[] = [];
  visit(answer);
  return issues;

  function visit(value: unknown): void {
    if (typeof value !== "object" || value === null) {
      if (isUnreadable(value, dateField.test(String(path.at(-1))))) addIssue();
      return;
    }
    for (const [name, item] of Object.entries(value)) {
      path.push(Array.isArray(value) ? Number(name) : name);
      visit(item);
      path.pop();
    }
  }

  function addIssue(): void {
    if (issues.length === maxUnreadable) return;
    const message = "is not a date that exists, or is written in a way that can't be read";
    issues.push({ path: formatPath(path), message });
  }
}

/** @param isOfDate whether its field can only be a date. */
function isUnreadable(value: unknown, isOfDate: boolean): boolean {
  const isDate =
    typeof value === "string" ? isOfDate || dateLike.test(value) : isOfDate && typeof value === "number";
  return isDate && parseLenientDate(value) === null;
}

/** `NaN` if it cannot be read. */
function timeOfText(text: string): number {
  const parts = yearFirst.exec(text.replace(dayFirst, "$3-$2-$1 $4")) ?? [];
  const [, date = "-", time = "00:00", seconds = ":00", fraction = "", sign, offset = "0000"] = parts;
  // The platform would take the 31st of February for a day in March.
  if (!dateAt(Date.parse(`${date}T00:00:00Z`))?.startsWith(date)) return Number.NaN;
  const utc = Date.parse(`${date}T${time}${seconds}.${fraction.slice(0, 3) || 0}Z`);
  const offsetMs = (Number(offset.slice(0, 2)) * 60 + Number(offset.slice(-2))) * 60_000;
  return sign === "-" ? utc + offsetMs : utc - offsetMs;
}
