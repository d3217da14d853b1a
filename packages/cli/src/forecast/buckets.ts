import type { ForecastDay } from "./day-by-day.js";

/** Days in a row that a chart shows as one. */
export interface Bucket {
  /** The first day. */
  readonly from: string;
  /** The last day. */
  readonly to: string;
  /** At the end of the last day. */
  readonly balance: number;
  readonly renewed: number;
  readonly failed: number;
  readonly expired: number;
}

/** Gathers days until there are no more than so many; none is lost, and the buckets are as long but for a day. */
export function bucketsOf(days: readonly ForecastDay[], most: number): Bucket[] {
  const count = Math.min(days.length, most);
  const start = (index: number) => Math.floor((index * days.length) / count);
  return Array.from({ length: count }, (_, index) => bucketOf(days.slice(start(index), start(index + 1))));
}

function bucketOf(days: readonly ForecastDay[]): Bucket {
  const [first] = days as [ForecastDay];
  const last = days.at(-1) ?? first;
  const total = (count: (day: ForecastDay) => number) => days.reduce((sum, day) => sum + count(day), 0);
  return {
    from: first.date,
    to: last.date,
    balance: last.balance,
    renewed: total(({ renewed }) => renewed),
    failed: total(({ failed }) => failed),
    expired: total(({ expired }) => expired),
  };
}
