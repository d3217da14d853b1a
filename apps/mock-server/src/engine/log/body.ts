import type { Redactor } from "@auto-extend/core";
import { visit } from "jsonc-parser";
import type { Json } from "../../lib/schemas.js";
import { quoteShort } from "../../lib/text.js";
import { hideKeysInBody, hideKeysInText, isKeyName, mayNameKey } from "./hide-keys.js";

/** How the log shows a body: as a value and, if that is not all of it, also as the text that was sent. */

interface ShownBody {
  readonly sent: Json;
  readonly sentText?: string;
  /** A remark for readers of the two. */
  readonly sentNote?: string;
}

/** The body of a request without its secrets. `note` says what the log does not retain of it. */
export function shownBody(text: string, redactor: Redactor, note?: string): ShownBody {
  const body = redactedJson(text, redactor);
  const sent = mayNameKey.test(text) ? hideKeysInBody(body) : body;
  if (note !== undefined) return { sent, sentNote: note };
  const loss = lossOf(text);
  if (loss === null) return { sent };
  const sentText = redactedText(text, redactor);
  if (sentText === undefined) {
    return {
      sent,
      sentNote: `${redactor.text(loss)} The text is not shown: something in it is named like an API key.`,
    };
  }
  return { sent, sentText, sentNote: redactor.text(loss) };
}

/** A body without its secrets: a value, or a text if it is not JSON. */
export function redactedJson(text: string, redactor: Redactor): Json {
  try {
    const value: Json = JSON.parse(text);
    // A copy takes many times as long as a search. A short text is not nested too deep, and has no key in its parts if it has
    // none itself, unless an escape hides it.
    const isClean = text.length <= 1_000 && !text.includes("\\") && redactor.text(text) === text;
    return isClean ? value : redactor.value(value);
  } catch {
    return redactor.text(text);
  }
}

/** Whether two texts are the same JSON, also in what a parser would drop. */
export function isSameJson(text: string, compact: string): boolean {
  if (text === compact) return true;
  try {
    JSON.parse(text);
    return compactJson(text) === compact;
  } catch {
    return false;
  }
}

const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|\s+/g;

/** A JSON text without spaces, its strings spelled like those of `JSON.stringify`. */
function compactJson(text: string, spell: (value: string) => string = (value) => value): string {
  return text.replace(tokens, (token) =>
    token.startsWith('"') ? JSON.stringify(spell(JSON.parse(token))) : "",
  );
}

/** Why the value of a JSON text does not give the text back; `null` if it does, or if it is not JSON. */
function lossOf(text: string): string | null {
  let value: Json;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value === "string") return "The body is a JSON string: it was encoded twice, or is in quotes.";
  const compact = JSON.stringify(value);
  if (text === compact || compactJson(text) === compact) return null;
  const repeated = repeatedFields(text);
  if (repeated.length === 0) return "Numbers or the order of fields were written in another way.";
  return `Repeated, and only the last one counts: ${repeated.join(", ")}.`;
}

/** The first few names that stand twice in one object. */
function repeatedFields(text: string): string[] {
  const objects: Set<string>[] = [];
  const repeated = new Set<string>();
  try {
    visit(text, {
      onObjectBegin: () => void objects.push(new Set()),
      onObjectEnd: () => void objects.pop(),
      onObjectProperty: (name) => {
        if (objects.at(-1)?.has(name) && repeated.size < 5) repeated.add(quoteShort(name));
        objects.at(-1)?.add(name);
      },
    });
  } catch {
    // It is nested too deep for the stack.
  }
  return [...repeated];
}

/** A JSON text without its secrets; `undefined` if it names a key, since nothing says where the value ends. */
function redactedText(text: string, redactor: Redactor): string | undefined {
  let namesKey = false;
  const shown = compactJson(text, (value) => {
    namesKey ||= isKeyName(value);
    return hideKeysInText(redactor.text(value));
  });
  return namesKey ? undefined : redactor.text(shown);
}
