/** A rental period as it was typed, in days; `undefined` where it is no whole number of 1 or more, or too large to count. */
export function daysOf(text: string): number | undefined {
  const days = Number(text);
  return /^\d+$/.test(text) && days >= 1 && Number.isSafeInteger(days) ? days : undefined;
}
