import { unknownApiKey } from "../contract/fields.js";

/** What stands in place of a secret. */
export const redacted = "[redacted]";

/** A text or value without the API key; it never changes what it is given. */
export interface Redactor {
  /** Redacts a text. */
  text(text: string): string;
  /** Redacts every string in a JSON-like value, keys of objects included, as a copy; what is nested too deep, whole. */
  value<Value>(value: Value): Value;
}

/** Lists and objects nested deeper than this are redacted whole: the stack does not reach to the bottom of everything. */
const deepest = 500;
/** Keys shorter than this are redacted by their place alone: by value, ordinary words would go with them. */
const shortestByValue = 8;

// What stands before, /client, is often what is wrong with a URL. A slash may come escaped, as in JSON, or encoded, once or more, as in a query of a redirect. The key ends at the
// next one that is written as the one before it: in any other spelling it belongs to the key. The {apiKey}
// of a path template is none: a URL would have its braces encoded.
const slash = String.raw`(?:\\?/|%(?:25)*2F)`;
const byPlace = new RegExp(
  String.raw`(api${slash}+v\d+(${slash})\2*)(?!\{apiKey\})(?:(?!\2)[^\s/?#"'<>\\])+`,
  "gi",
);

/**
 * Makes the one function that keeps API keys out of everything a program prints, throws, logs or stores. The key is
 * found by its place in the API's paths, known or not, and from 8 characters on also by its value, however encoded. {@link unknownApiKey} is no secret: it goes by its place alone.
 */
export function createRedactor(...apiKeys: readonly string[]): Redactor {
  // A report about the key that no account has must be able to name it.
  const secrets = apiKeys.filter((key) => key.length >= shortestByValue && key !== unknownApiKey);
  const byValue = matcher(secrets);

  function text(input: string): string {
    // By value first: a place holds no more than a part of a key with quotes or spaces in it.
    const unvalued = byValue ? input.replace(byValue, redacted) : input;
    return unvalued.replace(byPlace, `$1${redacted}`);
  }

  function value<Value>(input: Value): Value {
    return redactValue(input, text) as Value;
  }

  return { text, value };
}

function matcher(apiKeys: readonly string[]): RegExp | undefined {
  if (apiKeys.length === 0) return undefined;
  // The longest first, so that no part of a longer key is left standing.
  const longestFirst = [...apiKeys].sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map(spellings).join("|"), "gi");
}

// The backslash of an escape may come percent-encoded itself.
const backslash = String.raw`(?:\\|%(?:25)*5C)`;

/**
 * A key in every way it gets written: percent-encoded, wholly or in part, as often as one likes, and escaped as in
 * JSON, at most twice; a bound is needed, for a long run of backslashes would keep the search busy.
 */
function spellings(key: string): string {
  return (key.match(/\\+|[^\\]/gu) ?? []).map(partSpellings).join("");
}

function partSpellings(part: string): string {
  // Nobody encodes or escapes these, and a key made of them alone is searched for as the plain text it is.
  if (/[\w-]/.test(part)) return part;
  if (part.startsWith("\\")) return `${backslash}{${part.length},${4 * part.length}}`;
  const plain = part.replace(/[$^.*+?()[\]{}|/]/, "\\$&");
  const units = part.split("").map((unit) => unit.charCodeAt(0).toString(16).padStart(4, "0"));
  const unicode = units.map((unit) => `${backslash}{1,3}u${unit}`).join("");
  return `(?:${backslash}{0,3}(?:${plain}|${percentEncoded(part)})|${unicode})`;
}

function percentEncoded(part: string): string {
  // Half a surrogate pair has no encoding of its own and is sent as the replacement character.
  const encoded = encodeURIComponent(part.replace(/\p{Surrogate}/u, "\ufffd"));
  const octets = encoded.startsWith("%") ? encoded : `%${part.charCodeAt(0).toString(16).padStart(2, "0")}`;
  return octets.replaceAll("%", "%(?:25)*");
}

function redactValue(root: unknown, text: (input: string) => string): unknown {
  const seen = new Map<object, unknown>();
  return copyOf(root, 0);

  function copyOf(input: unknown, depth: number): unknown {
    if (typeof input === "string") return text(input);
    if (typeof input !== "object" || input === null) return input;
    const known = seen.get(input);
    if (known !== undefined) return known;
    if (depth === deepest) return redacted;
    if (Array.isArray(input)) {
      const copy: unknown[] = [];
      seen.set(input, copy);
      for (const item of input) copy.push(copyOf(item, depth + 1));
      return copy;
    }
    const copy: Record<string, unknown> = {};
    seen.set(input, copy);
    for (const [name, item] of Object.entries(input)) {
      // A field named __proto__ must stay a field.
      Object.defineProperty(copy, text(name), {
        value: copyOf(item, depth + 1),
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
    return copy;
  }
}
