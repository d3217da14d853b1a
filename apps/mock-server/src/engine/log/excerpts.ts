import type { LogRedaction, Route } from "../types.js";

/** Bounds how much the log retains of an answer that lists many items. */

/** The maximum number of list items to retain: such lists can have a hundred thousand. */
export const maxRetainedItems = 100;

/** The maximum number of characters to retain of a text that is no longer such an answer. */
const maxRetainedText = 20_000;

/** An answer of the mock, as a value and as text. */
interface LongAnswer {
  readonly envelope: unknown;
  readonly body: string;
}

/** Retains the beginning of the mock's own answer. Its credentials are made up, so they are not secret. */
export function excerptRedaction({ shownTarget }: Route, { envelope, body }: LongAnswer): LogRedaction {
  return {
    path: shownTarget,
    sent: (text) => text,
    // A fault may have cut the text, or replaced it.
    answered: (text) =>
      text === body
        ? JSON.stringify(excerpt(envelope, { items: maxRetainedItems, noted: true }))
        : excerptOfText(text),
    isOwn: true,
  };
}

function excerptOfText(text: string): string {
  if (text.length <= maxRetainedText) return text;
  // A slice would keep the whole text in memory.
  const start: string = JSON.parse(JSON.stringify(text.slice(0, maxRetainedText)));
  return `${start} [not retained: ${text.length - maxRetainedText} more characters]`;
}

interface ExcerptOptions {
  /** The maximum number of list items in all. */
  readonly items: number;
  /** Whether a list that was cut ends with an item that says so. */
  readonly noted: boolean;
}

/** Deeper nesting is not retained: it could overflow the stack. */
const maxDepth = 50;

/** The beginning of a JSON value: the first items of its lists, including those in nested lists. The rest is not read. */
export function excerpt(value: unknown, { items, noted }: ExcerptOptions): unknown {
  let left = items;
  return copyOf(value, 0);

  function copyOf(part: unknown, depth: number): unknown {
    if (typeof part !== "object" || part === null) return part;
    if (depth === maxDepth) return "[not retained: nested too deep]";
    if (!Array.isArray(part)) {
      return Object.fromEntries(Object.entries(part).map(([name, item]) => [name, copyOf(item, depth + 1)]));
    }
    const copy: unknown[] = [];
    for (const item of part) {
      if (left === 0) break;
      left -= 1;
      copy.push(copyOf(item, depth + 1));
    }
    const rest = part.length - copy.length;
    return noted && rest > 0 ? [...copy, `[not retained: ${rest} more]`] : copy;
  }
}
