import { type ForecastInput, forecastRenewals, sumOfAmounts } from "@auto-extend/core";
import { isRenewal } from "./look-ahead.js";

/**
 * What must be paid in at the start so that no renewal with a known price fails until the end: exactly that, for less
 * would not cover the last one. 0 where the balance covers them all.
 *
 * @throws RangeError where the amounts can't be counted exactly.
 */
export function neededFor(input: ForecastInput): number {
  // Where nothing costs anything, nothing fails: so this tells what would be renewed with money enough.
  const ideal = forecastRenewals({
    ...input,
    balance: 0,
    priceOf: (group) => (input.priceOf(group) === null ? null : 0),
  });
  const prices = ideal.events
    .filter(isRenewal)
    .filter(({ price }) => price !== null)
    .map(({ group }) => input.priceOf(group) ?? 0);
  if (prices.length === 0) return 0;
  return Math.max(0, sumOfAmounts([...prices, -input.balance]));
}
