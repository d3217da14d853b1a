/** How much of a value is kept. */
interface Excerpt {
  /** How many items of lists, in all. */
  readonly items: number;
  /** Whether a list that was cut short says so, in an item of its own. */
  readonly noted: boolean;
}

/** What is nested deeper than this is not kept: the stack does not reach to the bottom of everything. */
const deepest = 50;

/**
 * The beginning of a JSON value: the first items of its lists, those of lists within lists counted as well. What is
 * left out is not even looked at, however much it is.
 */
export function excerptOf(value: unknown, { items, noted }: Excerpt): unknown {
  let left = items;
  return copyOf(value, 0);

  function copyOf(part: unknown, depth: number): unknown {
    if (typeof part !== "object" || part === null) return part;
    if (depth === deepest) return "[not kept: nested too deep]";
    if (!Array.isArray(part)) {
      return Object.fromEntries(Object.entries(part).map(([name, item]) => [name, copyOf(item, depth + 1)]));
    }
    const kept: unknown[] = [];
    for (const item of part) {
      if (left === 0) break;
      left -= 1;
      kept.push(copyOf(item, depth + 1));
    }
    const rest = part.length - kept.length;
    return noted && rest > 0 ? [...kept, `[not kept: ${rest} more]`] : kept;
  }
}
