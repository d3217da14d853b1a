/** The axes of a chart: round amounts, and days gathered to fit. */
import type { ForecastDay } from "./types.js";

export interface Scale {
  readonly bottom: number;
  readonly top: number;
  readonly step: number;
}

/** The axis for some amounts: it has 0 on it, and about as many steps as asked for. */
export function scaleFor(amounts: readonly number[], steps: number): Scale {
  let lowest = 0;
  let highest = 0;
  for (const amount of amounts) {
    lowest = Math.min(lowest, amount);
    highest = Math.max(highest, amount);
  }
  const step = roundStep((highest - lowest) / steps, smallestOf(amounts));
  return {
    bottom: countOf(lowest, step) * step,
    top: countOf(highest, step) * step,
    step,
  };
}

function roundStep(least: number, smallest: number): number {
  if (least <= smallest) return smallest;
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((each) => each * power >= least) ?? 10;
  return factor * power;
}

/** Amounts have six decimals at most, and those of most currencies two. */
function smallestOf(amounts: readonly number[]): number {
  return amounts.every((amount) => Math.round(amount * 1e6) % 1e4 === 0) ? 0.01 : 0.000_001;
}

function countOf(amount: number, step: number): number {
  return amount < 0 ? Math.floor(amount / step) : Math.ceil(amount / step);
}

export interface Bucket {
  readonly from: string;
  readonly to: string;
  readonly balance: number;
  readonly demand: number;
  readonly renewed: number;
  readonly failed: number;
  readonly expired: number;
}

/** Gathers days until there are no more buckets than a limit. None is lost, and the lengths of buckets differ by a day at most. */
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
    demand: total(({ demand }) => demand),
    renewed: total(({ renewed }) => renewed),
    failed: total(({ failed }) => failed),
    expired: total(({ expired }) => expired),
  };
}
