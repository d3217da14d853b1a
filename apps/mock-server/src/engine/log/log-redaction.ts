import { withoutCredentials, withoutCredentialsInText } from "@auto-extend/core";
import type { LogRedaction } from "./request-log.js";

/** An answer of the mock's own as it was to leave. */
interface Leaving {
  readonly leaving: unknown;
  /** The same as text. */
  readonly body: string;
}

/** How many items of lists the log keeps of an answer with credentials: such lists may have a hundred thousand. */
export const mostKeptItems = 100;

/** How many characters the log keeps of a text that is no such answer any more. */
const mostKeptText = 20_000;

/** What the log is to keep of a request to this mock whose answer holds credentials: made up, and yet treated as such. */
export function ownLogRedaction(target: string, { leaving, body }: Leaving): LogRedaction {
  return {
    path: withoutCredentialsInText(target),
    // What was answered was JSON.
    sent: (text) => JSON.stringify(withoutCredentials(JSON.parse(text))),
    // A fault may have cut the text, or put another in its place.
    answered: (text) => (text === body ? keptJson(leaving) : keptText(text)),
    isOwn: true,
  };
}

/** The beginning of an answer as text, without credentials. */
function keptJson(value: unknown): string {
  return JSON.stringify(withoutCredentials(excerpt(value, { items: mostKeptItems, noted: true })));
}

function keptText(text: string): string {
  if (text.length <= mostKeptText) return withoutCredentialsInText(text);
  // A slice would hold on to the whole text for as long as it is kept itself.
  const start: string = JSON.parse(JSON.stringify(text.slice(0, mostKeptText)));
  return `${withoutCredentialsInText(start)} [not kept: ${text.length - mostKeptText} more characters]`;
}

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
export function excerpt(value: unknown, { items, noted }: Excerpt): unknown {
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
