// Amounts of money are counted in whole millionths, so that sums stay exact.

const unitsPerOne = 1_000_000;

/** An amount of money that cannot be counted exactly. */
export class AmountError extends RangeError {
  override readonly name = "AmountError";

  constructor(amount: number, problem: string) {
    super(`The amount ${amount} ${problem}.`);
  }
}

/**
 * The price of a whole number of IP addresses, counted exactly: 3 times 0.8 is 2.4, unlike `3 * 0.8`.
 *
 * @throws RangeError if the number is not whole; AmountError if an amount cannot be counted exactly.
 */
export function priceOfGroup(unitPrice: number, count: number): number {
  if (!(Number.isSafeInteger(count) && count >= 0)) {
    throw new RangeError(`The number of IP addresses must be a whole number, 0 or more; it is ${count}.`);
  }
  return fromUnits(exact(toUnits(unitPrice) * count));
}

/** The sum of amounts, counted exactly: 0.1 and 0.2 are 0.3. It throws an AmountError if it cannot be counted exactly. */
export function sumOfAmounts(amounts: Iterable<number>): number {
  let units = 0;
  for (const amount of amounts) units = exact(units + toUnits(amount));
  return fromUnits(units);
}

/** Rounds an amount from a server to the six decimals that are counted. It throws an AmountError if it cannot be counted exactly. */
export function roundAmount(amount: number): number {
  return fromUnits(exact(Math.round(amount * unitsPerOne)));
}

/** Whether an amount of money can be counted exactly: it has at most six decimals, and is not too large. */
export function isExactAmount(amount: number): boolean {
  return unitsOf(amount) !== null;
}

/** Converts an amount into whole millionths. It throws an AmountError for more than six decimals, or one that is too large. */
export function toUnits(amount: number): number {
  const units = unitsOf(amount);
  if (units !== null) return units;
  const limits = "give at most six decimals and nine digits before them";
  throw new AmountError(amount, `cannot be counted exactly: ${limits}`);
}

export function fromUnits(units: number): number {
  return units / unitsPerOne;
}

function unitsOf(amount: number): number | null {
  const units = Math.round(amount * unitsPerOne);
  // Converted back, they are the amount again, except for the rounding error of a product such as 3 * 0.8.
  const tolerance = 8 * Number.EPSILON * Math.max(1, Math.abs(amount));
  return Number.isSafeInteger(units) && Math.abs(fromUnits(units) - amount) <= tolerance ? units : null;
}

function exact(units: number): number {
  if (Number.isSafeInteger(units)) return units;
  throw new AmountError(fromUnits(units), "cannot be counted exactly");
}
