import { unknownApiKey } from "../contract/reserved-values.js";

/** The text in place of a secret. */
export const redacted = "[redacted]";

/** Removes API keys. It never changes its input. */
export interface Redactor {
  /** Redacts a text. */
  text(text: string): string;
  /** Copies a JSON value and redacts every string in it, names of fields included. A part nested too deep is redacted whole. */
  value<Value>(value: Value): Value;
}

/** Lists and objects nested deeper than this are redacted whole, since the stack does not reach any depth. */
const maxDepth = 500;
/** Keys shorter than this are redacted only in URLs: elsewhere, ordinary words would be redacted with them. */
const minLengthByValue = 8;

// A wrong URL often lacks the /client before it. A slash may be escaped, as in JSON, or encoded, once or more, as in the
// query of a redirect. The key ends at the next slash that is written like the one before it; in any other spelling a
// slash belongs to the key. The {apiKey} of a path template is no key: a URL would have its braces encoded.
const slash = String.raw`(?:\\?/|%(?:25)*2F)`;
const byPlace = new RegExp(
  String.raw`(api${slash}+v\d+(${slash})\2*)(?!\{apiKey\})(?:(?!\2)[^\s/?#"'<>\\])+`,
  "gi",
);

/**
 * Creates the redactor that keeps API keys out of whatever is printed, thrown or stored: what stands where a key belongs
 * in a URL, and the given keys of 8 or more characters, in any encoding. {@link unknownApiKey} is redacted only in URLs.
 */
export function createRedactor(...apiKeys: readonly string[]): Redactor {
  const secrets = apiKeys.filter((key) => key.length >= minLengthByValue && key !== unknownApiKey);
  const byValue = matcher(secrets);
  // What all spellings of a key begin with, but for upper case.
  const beginnings = secrets.map((key) => key.replace(/[^\w-].*/s, "").toLowerCase());

  function text(input: string): string {
    // Nearly every text has neither, and searching for a text takes a fraction of the time of a pattern.
    const lowerCase = input.toLowerCase();
    const mayHaveValue = beginnings.some((beginning) => lowerCase.includes(beginning));
    // By value first: a place holds only a part of a key with quotes or spaces in it.
    const withoutValues = mayHaveValue ? input.replace(byValue, redacted) : input;
    return lowerCase.includes("api") ? withoutValues.replace(byPlace, `$1${redacted}`) : withoutValues;
  }

  return { text, value: <Value>(input: Value) => mapTexts(input, text) as Value };
}

function matcher(apiKeys: readonly string[]): RegExp {
  // The longest first, so that no part of a longer key is left standing.
  const longestFirst = [...apiKeys].sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map(spellings).join("|"), "gi");
}

// The backslash of an escape may come percent-encoded itself.
const backslash = String.raw`(?:\\|%(?:25)*5C)`;

/** A key in every spelling: percent-encoded any number of times, and escaped as in JSON at most twice, to bound the search. */
function spellings(key: string): string {
  return key.replace(/\\+|[^\\]/gu, (part) => partSpellings(part));
}

function partSpellings(part: string): string {
  // Nobody encodes or escapes these, so a key made of them alone is searched for as plain text.
  if (/[\w-]/.test(part)) return part;
  if (part[0] === "\\") return `${backslash}{${part.length},${4 * part.length}}`;
  const plain = part.replace(/[$^.*+?()[\]{}|/]/, "\\$&");
  const units = part.split("").map((unit) => unit.charCodeAt(0).toString(16).padStart(4, "0"));
  const unicode = units.map((unit) => `${backslash}{1,3}u${unit}`).join("");
  return `(?:${backslash}{0,3}(?:${plain}|${percentEncoded(part)})|${unicode})`;
}

function percentEncoded(part: string): string {
  // Half a surrogate pair has no encoding of its own and is sent as the replacement character.
  const encoded = encodeURIComponent(part.replace(/[\ud800-\udfff]/u, "\ufffd"));
  const octets = encoded.startsWith("%") ? encoded : `%${part.charCodeAt(0).toString(16).padStart(2, "0")}`;
  return octets.replace(/%/g, "%(?:25)*");
}

/** How much of a JSON value is copied. */
interface Bounds {
  /** How deep it may be nested, and what stands in place of anything deeper. */
  readonly depth: number;
  readonly deeper: string;
  /** Entries of one list or object. */
  readonly items: number;
  /** Values in all. */
  readonly values: number;
}

const unbounded: Bounds = { depth: maxDepth, deeper: redacted, items: Infinity, values: Infinity };

/** Copies a JSON value with its texts changed, and the names of its fields, within bounds. */
export function mapTexts(root: unknown, text: (input: string) => string, bounds = unbounded): unknown {
  let { values } = bounds;
  return copyOf(root, 0);

  function copyOf(input: unknown, depth: number): unknown {
    values--;
    if (typeof input === "string") return text(input);
    if (typeof input !== "object" || input === null) return input;
    if (depth === bounds.depth) return bounds.deeper;
    const end = Math.max(0, Math.min(bounds.items, values));
    if (Array.isArray(input)) {
      const items = input.slice(0, end).map((item) => copyOf(item, depth + 1));
      return end < input.length ? [...items, `[${input.length - end} more]`] : items;
    }
    const fields = Object.entries(input).slice(0, end);
    return Object.fromEntries(fields.map(([name, item]) => [text(name), copyOf(item, depth + 1)]));
  }
}
