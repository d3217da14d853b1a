/**
 * What a group of IP addresses costs together, counted exactly: three at 0.8 are 2.4, where `3 * 0.8` is not.
 *
 * @param unitPrice What one IP address costs, in units of the currency.
 * @param count How many there are, a whole number.
 * @throws RangeError where the count is none, or an amount can't be counted exactly in millionths.
 */
export function priceOfGroup(unitPrice: number, count: number): number {
  if (!(Number.isSafeInteger(count) && count >= 0)) {
    throw new RangeError(`A group has a whole number of IP addresses, not ${count}.`);
  }
  return fromUnits(exact(toUnits(unitPrice) * count));
}

/**
 * Amounts of money added up exactly, those below zero taken off: 0.1 and 0.2 are 0.3, where `0.1 + 0.2` is not.
 *
 * @param amounts In units of the currency.
 * @throws RangeError where an amount, or the sum, can't be counted exactly in millionths.
 */
export function sumOfAmounts(amounts: Iterable<number>): number {
  let units = 0;
  for (const amount of amounts) units = exact(units + toUnits(amount));
  return fromUnits(units);
}

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

function exact(units: number): number {
  if (Number.isSafeInteger(units)) return units;
  throw new RangeError(`The amount ${fromUnits(units)} is too large to be counted exactly.`);
}

/** Whether an amount of money can be counted exactly: it has at most six decimals, and is not too large. */
export function isExactAmount(amount: number): boolean {
  try {
    toUnits(amount);
    return true;
  } catch {
    return false;
  }
}
