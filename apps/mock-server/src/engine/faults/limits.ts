/** Counts requests against limits. */
export interface Limits {
  /**
   * Lets a request in, or not.
   *
   * @param counted what it is counted with: the requests of one account, under one limit.
   * @returns what is to be called once the request is through; `null` where it is over the limit.
   */
  enter(counted: Counted, limit: Limit): (() => void) | null;
  /** Forgets what was counted, of all or of one account. */
  reset(account?: string): void;
  /** How many limits there are something counted of. */
  readonly size: number;
}

/** What is counted together. */
export interface Counted {
  readonly account: string | null;
  /** Tells the limit from others of the same account. */
  readonly limit: string;
}

interface Limit {
  readonly perSecond?: number | undefined;
  readonly atOnce?: number | undefined;
}

interface Count {
  readonly account: string | null;
  /** When the requests of the last second came. */
  came: number[];
  underWay: number;
}

const second = 1_000;

/** @param elapsed milliseconds that really went by: a clock that stands still must not keep a limit up for ever. */
export function createLimits(elapsed: () => number): Limits {
  const counts = new Map<string, Count>();
  let sweptAt = elapsed();

  /** Forgets counts that would let everything in: whoever calls may do so with a new API key each time. */
  function sweep(present: number): void {
    if (present < sweptAt + second) return;
    sweptAt = present;
    for (const [name, { came, underWay }] of counts) {
      if (underWay === 0 && (came.at(-1) ?? Number.NEGATIVE_INFINITY) <= present - second)
        counts.delete(name);
    }
  }

  return {
    enter({ account, limit }, { perSecond, atOnce }) {
      const present = elapsed();
      sweep(present);
      const name = JSON.stringify([account, limit]);
      const count = counts.get(name) ?? { account, came: [], underWay: 0 };
      counts.set(name, count);
      count.came = count.came.filter((moment) => moment > present - second);
      if (count.came.length >= (perSecond ?? Number.POSITIVE_INFINITY)) return null;
      if (count.underWay >= (atOnce ?? Number.POSITIVE_INFINITY)) return null;
      if (perSecond !== undefined) count.came.push(present);
      count.underWay += 1;
      let through = false;
      return () => {
        if (!through) count.underWay -= 1;
        through = true;
      };
    },
    reset(account) {
      for (const [name, count] of counts) {
        if (account === undefined || count.account === account) counts.delete(name);
      }
    },
    get size() {
      return counts.size;
    },
  };
}
