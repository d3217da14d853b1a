import type { ProxyType } from "@auto-extend/core";
import { usageError } from "../cli-error.js";
import type { OrderRow } from "./order-row.js";

/** Which orders are wanted. */
export interface OrderChoice {
  readonly type?: ProxyType | undefined;
  /** In milliseconds from now on. */
  readonly endingWithin?: number | undefined;
  readonly auto?: "on" | "off" | undefined;
  /** In any case. */
  readonly country?: string | undefined;
}

/** The rows that are wanted. An order of which a part is on counts as both on and off: it is neither wholly. */
export function chosenRows(
  rows: readonly OrderRow[],
  { type, endingWithin, auto, country }: OrderChoice,
  now: string,
): OrderRow[] {
  const until =
    endingWithin === undefined ? undefined : new Date(Date.parse(now) + endingWithin).toISOString();
  return rows.filter(
    (row) =>
      (type === undefined || row.proxyType === type) &&
      (until === undefined || (row.endsAt !== null && row.endsAt >= now && row.endsAt <= until)) &&
      (auto === undefined || row.autoExtend === auto || row.autoExtend === "mixed") &&
      (country === undefined || row.countries.some((each) => each.toLowerCase() === country.toLowerCase())),
  );
}

/** What rows are sorted by: the value of a column, smallest first. */
const columns = {
  order: ({ orderId }: OrderRow) => orderId,
  type: ({ proxyType }: OrderRow) => proxyType,
  addresses: ({ addresses }: OrderRow) => addresses,
  country: ({ countries }: OrderRow) => countries[0] ?? null,
  ends: ({ endsAt }: OrderRow) => endsAt,
  auto: ({ autoExtend }: OrderRow) => autoExtend,
  period: ({ rentPeriodDays }: OrderRow) => rentPeriodDays[0] ?? null,
};

/** The names of the columns that rows can be sorted by. */
export const sortKeys = Object.keys(columns) as (keyof typeof columns)[];

/**
 * The rows sorted by a column; what is not known comes last, and equal ones keep their order.
 *
 * @param key the name of a column, with a `-` before it for the other way round.
 * @throws CliError, a usage error, where there is no such column.
 */
export function sortedRows(rows: readonly OrderRow[], key: string): OrderRow[] {
  const name = sortKeys.find((known) => known === key.replace(/^-/, "").toLowerCase());
  if (!name) {
    throw usageError(
      `There is no column "${key}" to sort by.`,
      `Give --sort one of ${sortKeys.join(", ")}, with a - before it for the other way round.`,
    );
  }
  const cellOf = columns[name];
  const way = key.startsWith("-") ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [left, right] = [cellOf(a), cellOf(b)];
    if (left === right) return 0;
    if (left === null || right === null) return left === null ? 1 : -1;
    if (typeof left === "string" && typeof right === "string") {
      return way * left.localeCompare(right, "en", { numeric: true });
    }
    return way * (left < right ? -1 : 1);
  });
}

const units = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** A span such as `7d`, `12h` or `2w`, in milliseconds; `undefined` where it is none. */
export function spanOf(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,6})([hdw])$/i.exec(text.trim()) ?? [];
  return unit === undefined ? undefined : Number(count) * units[unit.toLowerCase() as keyof typeof units];
}
