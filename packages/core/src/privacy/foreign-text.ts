import { mapTexts, type Redactor } from "./redact.js";

// Text from outside is hostile: it can be endless, take over a terminal, forge a line of a log, or hold a secret.

// How much is kept.
const maxTextLength = 2_000;
/** Characters of texts and names of a JSON value, in all. */
const maxTotalLength = 20_000;
const bounds = { depth: 20, deeper: "[nested deeper]", items: 100, values: 2_000 };
/** How much of a text is read: much more than is kept, since secrets are replaced before it is cut. */
const maxReadLength = 1_000_000;

/** Colour and cursor sequences of terminals. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they begin with a control character.
const terminalSequence = /\u001b\[[0-9:;<=>?]*[ -/]*[@-~]/g;
/** Control characters except line feed and tab, and those that reorder text or break its lines unseen. */
const unprintable = /[^\n\t -~\u00a0-\u061b\u061d-\u200d\u2010-\u2027\u202f-\u2065\u206a-\uffff]/g;

/**
 * Makes a text from outside fit to be kept and shown: without secrets, control, colour and bidi characters, and bounded. Line
 * feeds and tabs stay, so for a message there is {@link foreignLine}.
 */
export function foreignText(text: string, redact: Redactor, maxLength = maxTextLength): string {
  return cut(stripped(redact.text(text.slice(0, maxReadLength))), maxLength);
}

/** Makes a text from outside fit for a message, as {@link foreignText} does, on one line. */
export function foreignLine(text: string, redact: Redactor, maxLength = maxTextLength): string {
  const clean = foreignText(text, redact, maxReadLength);
  return cut(clean.replace(/\s+/g, (space) => (/[\n\t]/.test(space) ? " " : space)).trim(), maxLength);
}

/** Makes a JSON value from outside fit to be kept: bounded in every direction and in all, its texts as {@link foreignText} makes them. */
export function foreignValue(value: unknown, redact: Redactor): unknown {
  let left = maxTotalLength;
  const bounded = mapTexts(value, (text) => text.slice(0, maxReadLength), bounds);
  return mapTexts(redact.value(bounded), (text) => {
    const retained = cut(stripped(text), Math.min(maxTextLength, left));
    left -= retained.length;
    return retained;
  });
}

function stripped(text: string): string {
  return text.replace(terminalSequence, "").replace(unprintable, "");
}

/** Cuts a text, but not within a character. The copy keeps the engine from holding on to the whole text. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return JSON.parse(JSON.stringify(text.slice(0, length).replace(/[\ud800-\udbff]$/, "")));
}

/** Makes the control characters of a text visible, so that it cannot take over a terminal. Line feeds stay. */
export function printable(text: string): string {
  return text.replace(/[^\n -~\u00a0-\uffff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
