/** Numbers, money and times as people read them. All times are UTC. */

const minus = "\u2212";
const moneyFormat = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const numberFormat = new Intl.NumberFormat("en-GB");

export function money(amount: number): string {
  return moneyFormat.format(amount).replace("-", minus);
}

export function number(value: number): string {
  return numberFormat.format(value).replace("-", minus);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

export const addresses = (count: number) => plural(count, "address", "addresses");

function formatter(options: Intl.DateTimeFormatOptions): (at: number | string) => string {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
  return (at) => format.format(new Date(at));
}

export const longDate = formatter({ day: "numeric", month: "short", year: "numeric" });
export const weekdayDate = formatter({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
export const clockTime = formatter({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
export const shortTime = formatter({ hour: "2-digit", minute: "2-digit" });
const dayMonth = formatter({ day: "numeric", month: "short" });

/** The day and month; with the year if it is not the present one. */
export function shortDate(at: number | string, now: number): string {
  return new Date(at).getUTCFullYear() === new Date(now).getUTCFullYear() ? dayMonth(at) : longDate(at);
}

export function exactTime(at: number | string): string {
  return `${longDate(at)}, ${clockTime(at)} UTC`;
}

const units = [
  [86_400, "d"],
  [3_600, "h"],
  [60, "min"],
  [1, "s"],
] as const;

/** How far a time is from the present: "7 s ago", "in 3 d". */
export function relative(at: number | string, now: number): string {
  const seconds = Math.round((new Date(at).getTime() - now) / 1000);
  const size = Math.abs(seconds);
  if (size < 1) return "now";
  const [unit, name] = units.find(([length]) => size >= length) ?? [1, "s"];
  const span = `${number(Math.floor(size / unit))} ${name}`;
  return seconds > 0 ? `in ${span}` : `${span} ago`;
}
