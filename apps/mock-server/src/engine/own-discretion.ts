import { withoutCredentials, withoutCredentialsInText } from "@auto-extend/core";
import { excerptOf } from "./excerpt.js";
import type { Discretion } from "./request-log.js";

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
export function ownDiscretion(target: string, { leaving, body }: Leaving): Discretion {
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
  return JSON.stringify(withoutCredentials(excerptOf(value, { items: mostKeptItems, noted: true })));
}

function keptText(text: string): string {
  if (text.length <= mostKeptText) return withoutCredentialsInText(text);
  // A slice would hold on to the whole text for as long as it is kept itself.
  const start: string = JSON.parse(JSON.stringify(text.slice(0, mostKeptText)));
  return `${withoutCredentialsInText(start)} [not kept: ${text.length - mostKeptText} more characters]`;
}
