/** An HTTP date in milliseconds since 1970; `null` where there is none, or none that can be read. */
export function readHttpDate(header: string | null): number | null {
  const text = header?.trim() ?? "";
  // `Date.parse` alone would take much for a date that is none, such as "1.5".
  const date = /^[a-z]+, .+ GMT$/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : date;
}
