/** Counts requests against limits. */
export interface Limits {
  /**
   * Lets a request in, or not.
   *
   * @param name what is counted together.
   * @returns what is to be called once the request is through; `null` where it is over the limit.
   */
  enter(
    name: string,
    limit: { perSecond?: number | undefined; atOnce?: number | undefined },
  ): (() => void) | null;
  reset(): void;
}

interface Count {
  /** When the requests of the last second came. */
  came: number[];
  underWay: number;
}

/** @param elapsed milliseconds that really went by: a clock that stands still must not keep a limit up for ever. */
export function createLimits(elapsed: () => number): Limits {
  const counts = new Map<string, Count>();
  return {
    enter(name, { perSecond, atOnce }) {
      const count = counts.get(name) ?? { came: [], underWay: 0 };
      counts.set(name, count);
      const present = elapsed();
      count.came = count.came.filter((moment) => moment > present - 1_000);
      if (count.came.length >= (perSecond ?? Number.POSITIVE_INFINITY)) return null;
      if (count.underWay >= (atOnce ?? Number.POSITIVE_INFINITY)) return null;
      count.came.push(present);
      count.underWay += 1;
      let through = false;
      return () => {
        if (!through) count.underWay -= 1;
        through = true;
      };
    },
    reset: () => counts.clear(),
  };
}
