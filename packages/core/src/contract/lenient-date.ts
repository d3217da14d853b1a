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
  const exact = Date.parse(text);
  if (exact >= 0 && exact < end && new Date(exact).toISOString() === text) return text;
  const number = /^\d{9,13}$/.test(text) ? Number(text) : value;
  const timeOfNumber = Number(number) < maxSeconds ? Number(number) * 1000 : Number(number);
  const time = typeof number === "number" ? Math.round(timeOfNumber) : timeOfText(text);
  return time >= 0 && time < end ? new Date(time).toISOString() : null;
}

/** `NaN` if it cannot be read. */
function timeOfText(text: string): number {
  const parts = yearFirst.exec(text.replace(dayFirst, "$3-$2-$1 $4")) ?? [];
  const [, date = "-", time = "00:00", seconds = ":00", fraction = "", sign, offset = "0000"] = parts;
  // The platform would take the 31st of February for a day in March.
  const midnight = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(date)) return Number.NaN;
  const utc = Date.parse(`${date}T${time}${seconds}.${fraction.slice(0, 3) || 0}Z`);
  const offsetMs = (Number(offset.slice(0, 2)) * 60 + Number(offset.slice(-2))) * 60_000;
  return sign === "-" ? utc + offsetMs : utc - offsetMs;
}
