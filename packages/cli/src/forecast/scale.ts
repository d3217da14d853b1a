/** An axis of amounts that starts and ends at round ones. */
export interface Scale {
  /** The lowest amount on it: 0, or below. */
  readonly bottom: number;
  /** The highest amount on it: 0, or above. */
  readonly top: number;
  /** From one round amount to the next. */
  readonly step: number;
}

/** The axis for amounts between a lowest and a highest one: it has 0 on it, and about so many steps. */
export function scaleFor(amounts: readonly number[], steps: number): Scale {
  let lowest = 0;
  let highest = 0;
  for (const amount of amounts) {
    lowest = Math.min(lowest, amount);
    highest = Math.max(highest, amount);
  }
  const step = roundStep((highest - lowest) / steps);
  return {
    bottom: countOf(lowest, step) * step,
    top: countOf(highest, step) * step,
    step,
  };
}

/** The smallest round amount that is not below. */
function roundStep(least: number): number {
  if (least <= smallest) return smallest;
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5].find((each) => each * power >= least) ?? 10;
  return factor * power;
}

/** Amounts have six decimals. */
const smallest = 0.000_001;

function countOf(amount: number, step: number): number {
  return amount < 0 ? Math.floor(amount / step) : Math.ceil(amount / step);
}
