import { operations, redacted } from "@auto-extend/core";

/** Finds API keys in wrong places: in a path that no operation has, or in a query. */

/** A path and query without API keys, and what was removed from it. */
interface HiddenKeys {
  readonly shown: string;
  readonly keys: readonly string[];
}

/** The words of the contract's paths, and those that come right before and right after an API key. */
const pathWords = new Set(operations.flatMap(({ path }) => path.split("/")));
const wordsAfterKey = new Set(
  operations.flatMap(({ path }) => path.split("/{apiKey}/")[1]?.split("/")[0] ?? []),
);
const wordsBeforeKey = /^(?:client|api|v\d+)$/i;
/** Long texts with digits are rarely names of paths. */
const looksRandom = /^(?=.*\d).{12,}$|^.{24,}$/;

/**
 * Hides every part of a path that stands where an API key could stand (`/KEY/balance`, `/client/v1/KEY`), or looks like
 * one. Other parts remain: a wrong base URL should be visible in the log.
 */
export function hideKeysInPath(path: string): HiddenKeys {
  const keys: string[] = [];
  const parts = path.split("/");
  const shown = parts.map((part, index) => {
    const isKnown = part === "" || pathWords.has(part) || wordsBeforeKey.test(part);
    const isInPlace =
      wordsBeforeKey.test(parts[index - 1] ?? "") || wordsAfterKey.has(parts[index + 1] ?? "");
    if (isKnown || !(isInPlace || looksRandom.test(part))) return part;
    keys.push(decoded(part));
    return redacted;
  });
  return { shown: shown.join("/"), keys };
}

/** Hides the values of query parameters that are named like an API key. `query` starts with a question mark, or is empty. */
export function hideKeysInQuery(query: string): HiddenKeys {
  const keys: string[] = [];
  const shown = query.replace(
    /([?&;]([^=&;]*)=)([^&;]*)/g,
    (whole, start: string, name: string, value: string) => {
      if (value === "" || !isKeyName(decoded(name))) return whole;
      keys.push(decoded(value.replaceAll("+", " ")));
      return start + redacted;
    },
  );
  return { shown, keys };
}

/** A JSON object without the values of fields that are named like an API key. */
export function hideKeysInFields<Value>(value: Value): Value | Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const fields = Object.entries(value);
  if (!fields.some(([name]) => isKeyName(name))) return value;
  return Object.fromEntries(fields.map(([name, field]) => [name, isKeyName(name) ? redacted : field]));
}

function isKeyName(name: string): boolean {
  return /(?:^|[-_[.]|api|access|auth|client|user|secret)(?:key|token|secret|password|auth(?:orization)?)(?:\[\d*\]|\])?$/i.test(
    name,
  );
}

/** A percent-encoded text; as it is if it cannot be decoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
