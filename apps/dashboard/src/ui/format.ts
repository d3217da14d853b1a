/** Numbers, money and times as people read them. All times are UTC. */

// Written by hand: when the page starts, making the formatters of `Intl` takes longer than drawing the list.

const minus = "\u2212";

export function money(amount: number): string {
  return grouped(amount.toFixed(2));
}

export function number(value: number): string {
  return grouped(String(value));
}

/** With a comma after each three digits of the whole part. */
function grouped(digits: string): string {
  return digits.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ",").replace("-", minus);
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

export const addresses = (count: number) => plural(count, "address", "addresses");
/** "1 address expires", "2 addresses expire". */
export const expiring = (count: number) => plural(count, "address expires", "addresses expire");

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export function longDate(at: number | string): string {
  return `${dayMonth(at)} ${new Date(at).getUTCFullYear()}`;
}

export function weekdayDate(at: number | string): string {
  return `${weekdays[new Date(at).getUTCDay()]}, ${longDate(at)}`;
}

export function clockTime(at: number | string): string {
  return new Date(at).toISOString().slice(11, 19);
}

export function shortTime(at: number | string): string {
  return clockTime(at).slice(0, 5);
}

function dayMonth(at: number | string): string {
  const date = new Date(at);
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]}`;
}

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
  // A period of 30 days that has just begun is one of 30 days.
  const length = name === "d" ? Math.round(size / unit) : Math.floor(size / unit);
  const span = `${number(length)} ${name}`;
  return seconds > 0 ? `in ${span}` : `${span} ago`;
}
