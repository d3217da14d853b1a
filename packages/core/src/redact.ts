/** What stands in place of a secret. */
export const redacted = "[redacted]";

/** A text or value without the API key; it never changes what it is given. */
export interface Redactor {
  /** Redacts a text. */
  text(text: string): string;
  /** Redacts every string in a JSON-like value, keys of objects included, as a copy. */
  value<Value>(value: Value): Value;
}

/** Keys shorter than this are redacted by their place alone: by value, ordinary words would go with them. */
const shortestByValue = 8;

// A slash may come escaped, as in JSON, or encoded, once or more, as in a query of a redirect.
const slash = String.raw`(?:\\?/|%(?:25)*2F)`;
const byPlace = new RegExp(
  `(${slash}client${slash}api${slash}v\\d+${slash})((?:(?!${slash})[^\\s/?#"'<>])+)`,
  "gi",
);

/**
 * Makes the one function that keeps API keys out of everything a program prints, throws, logs or stores. The key is
 * found by its place in the API's paths, known or not, and from 8 characters on also by its value, plain or encoded.
 */
export function createRedactor(...apiKeys: readonly string[]): Redactor {
  const needles = [...new Set(apiKeys.filter((key) => key.length >= shortestByValue).flatMap(spellings))]
    // The longest first, so that no part of a longer spelling is left standing.
    .sort((a, b) => b.length - a.length);

  function text(input: string): string {
    const placed = input.replace(byPlace, `$1${redacted}`);
    return needles.reduce((rest, needle) => rest.replaceAll(needle, redacted), placed);
  }

  function value<Value>(input: Value): Value {
    return redactValue(input, text, new Map()) as Value;
  }

  return { text, value };
}

function spellings(key: string): string[] {
  const encoded = encode(key);
  return [
    key,
    encoded,
    encoded.replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase()),
    encode(encoded),
    JSON.stringify(key).slice(1, -1),
  ];
}

function encode(text: string): string {
  try {
    return encodeURIComponent(text);
  } catch {
    return text; // Half a surrogate pair has no encoding, so it can't be met encoded.
  }
}

function redactValue(input: unknown, text: (input: string) => string, seen: Map<object, unknown>): unknown {
  if (typeof input === "string") return text(input);
  if (typeof input !== "object" || input === null) return input;
  const known = seen.get(input);
  if (known !== undefined) return known;
  if (Array.isArray(input)) {
    const copy: unknown[] = [];
    seen.set(input, copy);
    for (const item of input) copy.push(redactValue(item, text, seen));
    return copy;
  }
  const copy: Record<string, unknown> = {};
  seen.set(input, copy);
  for (const [name, item] of Object.entries(input)) {
    // A field named __proto__ must stay a field.
    Object.defineProperty(copy, text(name), {
      value: redactValue(item, text, seen),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return copy;
}
