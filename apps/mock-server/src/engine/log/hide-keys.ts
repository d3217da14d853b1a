import { operations, type Redactor, redacted } from "@auto-extend/core";
import { distance } from "fastest-levenshtein";
import type { Json } from "../../lib/schemas.js";

/** Finds API keys in wrong places: in a path that no operation has, in a query, or in a body. */

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

/** A name that somebody sent, as a message may quote it: an API key is easily put in its place. */
export function hideKeyLikeName(name: string): string {
  return looksRandom.test(name) && !/^(?:request|fault|account)-/.test(name) ? redacted : name;
}

/**
 * Hides every part of a path that could be an API key: whatever follows a word of the contract (`/client/latest/KEY`,
 * `/balance/KEY`) or stands right before one (`/KEY/balance`), or looks random. Other parts remain, and so do a word of
 * the contract with a typing error, and a name behind a key in its right place (`/client/api/v1/KEY/getBalance`): a wrong
 * URL should be visible in the log.
 */
export function hideKeysInPath(path: string): HiddenKeys {
  const keys: string[] = [];
  const parts = path.split("/");
  const first = parts.findIndex((part) => part !== "" && isPathWord(part));
  const key = parts[keyIndex] ?? "";
  const hasKey =
    /^\/client\/api\/v\d+\//.test(path) && key !== "" && !isPathWord(key) && !isMisspelledWord(key);
  const shown = parts.map((whole, index) => {
    const [part = ""] = whole.split(";", 1);
    const rest = hideKeysInQuery(whole.slice(part.length));
    keys.push(...rest.keys);
    const isName = hasKey && index > keyIndex && /^[a-z]{2,30}(?:-[a-z]{2,30})?$/i.test(part);
    const isInPlace = first !== -1 && index > first && !isName && !isMisspelledWord(part);
    const isKey = isInPlace || wordsAfterKey.has(parts[index + 1] ?? "") || looksRandom.test(part);
    if (part === "" || isPathWord(part) || !isKey) return part + rest.shown;
    keys.push(decoded(part));
    return redacted + rest.shown;
  });
  return { shown: shown.join("/"), keys };
}

/** The place of the API key among the parts of a path. */
const keyIndex = "/client/api/v1".split("/").length;

/**
 * A logged path without the key that a redactor knows. Each part is redacted by itself: in a whole path, the redactor would
 * take whatever follows the version for a key, also if the key is missing (`/client/api/v1/extend/order/auto`).
 */
export function hideInParts(path: string, redactor: Redactor): string {
  return path.replace(/[^/]+/g, (part) => redactor.text(part));
}

function isPathWord(part: string): boolean {
  return pathWords.has(part) || wordsBeforeKey.test(part);
}

/** Whether a part is a word of the contract but for one letter, as in `balances`; an API key without a digit is rare. */
function isMisspelledWord(part: string): boolean {
  if (!/^[a-z]{5,20}$/i.test(part)) return false;
  return [...pathWords].some((word) => distance(word.toLowerCase(), part.toLowerCase()) <= 1);
}

/**
 * Hides the values of query parameters that are named like an API key, keys in values that are URLs or paths, and parameters
 * without a value that are more than a word. `query` starts with a question mark or a semicolon, or is empty.
 */
export function hideKeysInQuery(query: string): HiddenKeys {
  if (isPlain.test(query) && !mayNameKey.test(query)) return { shown: query, keys: noKeys };
  const keys: string[] = [];
  const shown = withoutNamedKeys(query, keys).replace(/(?<=[?&;])[^=&;]+(?=[&;]|$)/g, (bare) => {
    const [, name = "", value = ""] = /^(.*?)(?::|%3A)(.+)/i.exec(bare) ?? [];
    if (/^[a-z_-]{1,30}$/i.test(bare) || (value !== "" && !isKeyName(decoded(name)))) return bare;
    keys.push(decoded(value || bare));
    return value === "" ? redacted : `${bare.slice(0, -value.length)}${redacted}`;
  });
  return { shown, keys };
}

/** Each parameter has a name and a value, as in nearly every query. */
const isPlain = /^(?:[?&;][^=&;]+=[^&;]*)*$/;

const noKeys: readonly string[] = [];

/** @param keys takes what was hidden. */
function withoutNamedKeys(text: string, keys: string[]): string {
  if (!mayNameKey.test(text)) return text;
  return text.replace(/([?&;]([^=&;]*)=)([^&;]*)/g, (whole, start: string, name: string, value: string) => {
    if (value === "") return whole;
    const plain = decoded(value.replaceAll("+", " "));
    if (!isKeyName(decoded(name))) {
      const shown = withoutKeysInPaths(plain, keys);
      return shown === plain ? whole : start + shown;
    }
    keys.push(plain);
    return start + redacted;
  });
}

/** A path in a text, or what follows the first slash of a URL. */
const pathInText = /(?:\/[^\s/"'\\<>?#&]+){2,}/g;

function withoutKeysInPaths(text: string, hidden: string[]): string {
  return text.replace(pathInText, (path) => {
    const { shown, keys } = hideKeysInPath(path);
    hidden.push(...keys);
    return shown;
  });
}

/**
 * Hides what stands under a name like that of an API key in a body, however deep: in fields, in pairs of a name and a value,
 * and in texts such as forms, XML and broken JSON.
 */
export function hideKeysInBody(body: Json): Json {
  if (typeof body === "string") return hideKeysInText(body);
  if (typeof body !== "object" || body === null) return body;
  if (Array.isArray(body)) {
    return body.map((item, index) => (isKeyName(body[index - 1]) ? redacted : hideKeysInBody(item)));
  }
  const fields = Object.entries(body);
  const isNamed = fields.some(
    ([name, value]) => /^(?:name|key|field|header)$/i.test(name) && isKeyName(value),
  );
  // Not by assignment: a field named __proto__ must stay a field.
  return Object.fromEntries(
    fields.map(([name, value]) => {
      const isKey = isKeyName(name) || (isNamed && /^(?:value|content)s?$/i.test(name));
      return [name, isKey && value !== null ? redacted : hideKeysInBody(value)];
    }),
  );
}

/** Hides what stands behind a name like that of an API key in a text. */
export function hideKeysInText(text: string): string {
  if (!mayNameKey.test(text)) return text;
  const shown = withoutNamedKeys(`&${text}`, []).slice(1).replace(valueAfterName, `$1${redacted}`);
  return withoutKeysInPaths(shown, []);
}

/** Nearly every text and query has none of these words, nor a slash or an escape that may hide one, and a text may be long. */
export const mayNameKey = /key|token|secret|pass|auth|api|access|\bk\b|[%\\/]/i;
const keyWords = "(?:keys?|tokens?|secrets?|pass(?:word|wd|phrase)s?|auth(?:orization)?)\\d{0,2}";
const quotes = "(?:[\"'\\\\]|%22|%5C){0,4}";
/** The text between a name and its value: `apiKey=`, `"apiKey": "`, `<apiKey>`, or the head of a part of a multipart form. */
const separator = `${quotes}(?:\\s{0,9}(?:[:=>]|%3A|%3D)(?:[\\s"'\\\\[({]|%22|%5B|%7B)*(?:(?:bearer|basic)\\s+)?|\\r?\\n(?:[^\\r\\n]{1,200}\\r?\\n){0,3}\\r?\\n)`;
const valueAfterName = new RegExp(
  `(?<=${keyWords}(?:\\[\\w{0,9}\\]|\\]|%5D)?)(${separator})(?:(?!%22|%26|%2C|%5D|%7D)[^\\s"'\\\\&,;<>()[\\]{}])+`,
  "gi",
);

/** Whether a field with this name could hold an API key: `apiKey`, `x-api-key`, `providerKey`, `filter[tokens][]`. */
export function isKeyName(name: unknown): boolean {
  return typeof name === "string" && keyName.test(name);
}

const keyName = new RegExp(
  `(?:(?:^|[^a-z]|api|access|auth|client|user|secret|provider)${keyWords}|^(?:api|access|k))(?:\\[\\w*\\]|\\])*$`,
  "i",
);

/** A percent-encoded text; as it is if it cannot be decoded. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
