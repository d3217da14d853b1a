/** How many units make one of the currency: amounts are counted in whole millionths, so that sums stay exact. */
const unitsPerOne = 1_000_000;

/**
 * An amount of money as it stands in JSON, in whole units of a millionth.
 *
 * @throws RangeError where it has more than six decimals, or is too large to be counted exactly.
 */
export function toUnits(amount: number): number {
  const units = Math.round(amount * unitsPerOne);
  // What comes back from the units is what came in, but for the noise of a product such as 3 * 0.8.
  const noise = 8 * Number.EPSILON * Math.max(1, Math.abs(amount));
  if (!Number.isSafeInteger(units) || !(Math.abs(units / unitsPerOne - amount) <= noise)) {
    throw new RangeError(
      `The amount ${amount} can't be counted exactly: give at most six decimals and nine digits before them.`,
    );
  }
  return units;
}

/** Units of a millionth as an amount of money, as it stands in JSON. */
export function fromUnits(units: number): number {
  return units / unitsPerOne;
}
