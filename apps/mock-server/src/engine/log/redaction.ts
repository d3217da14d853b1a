import {
  createRedactor,
  operations,
  type Redactor,
  redacted,
  withoutCredentials,
  withoutCredentialsInText,
} from "@auto-extend/core";
import type { Json } from "../../lib/schemas.js";
import type { Exchange, LogRedaction, Resolution } from "../types.js";
import { hideInParts } from "./hide-keys.js";

/** Bounds what the log retains of an exchange: the beginning of a long list, and nothing of a real account's secrets. */

/** The maximum number of list items to retain: such lists can have a hundred thousand. */
export const maxRetainedItems = 100;

/** A text with more characters is cut. */
export const maxRetainedText = 20_000;

/** So is a single text of another server, such as the message of an error. */
const maxForeignText = 2_000;

/**
 * Retains the beginning of an answer that is a long list. The credentials that the mock makes up are not secret, so nearly
 * every list is retained as it is. The body of one that is sent in parts is empty.
 */
export function excerptRedaction(envelope: unknown, body: string): LogRedaction | undefined {
  if (body !== "" && body.length <= maxRetainedText) return undefined;
  return {
    // A fault may have cut the text, or replaced it.
    answered: (text) => (text === body ? JSON.stringify(excerpt(envelope)) : excerptOfText(text)),
  };
}

function excerptOfText(text: string, maxLength = maxRetainedText): string {
  if (text.length <= maxLength) return text;
  return `${text.slice(0, maxLength)} [not retained: ${text.length - maxLength} more characters]`;
}

/** Deeper nesting is not retained: it could overflow the stack. */
const maxDepth = 50;

/** The beginning of a JSON value: the first items of its lists, nested ones included, and how many each lacks. The rest is not read. */
export function excerpt(value: unknown, items = maxRetainedItems): Json {
  let left = items;
  return copyOf(value, 0);

  function copyOf(part: unknown, depth: number): Json {
    if (typeof part !== "object" || part === null) return part ?? null;
    if (depth === maxDepth) return "[not retained: nested too deep]";
    if (!Array.isArray(part)) {
      return Object.fromEntries(Object.entries(part).map(([name, item]) => [name, copyOf(item, depth + 1)]));
    }
    const copy: Json[] = [];
    for (const item of part) {
      if (left === 0) break;
      left -= 1;
      copy.push(copyOf(item, depth + 1));
    }
    const rest = part.length - copy.length;
    return rest > 0 ? [...copy, `[not retained: ${rest} more]`] : copy;
  }
}

/**
 * How to log a request that may concern a real account. For paths outside the contract, neither body nor query is logged;
 * for the contract's operations only JSON is, since credentials cannot be found in other texts. The mock's own answers
 * are logged as they are: they contain nothing of another server.
 */
export function upstreamLogRedaction(
  { route, caller, request }: Exchange,
  { decision }: Resolution,
): LogRedaction {
  const { redactor } = caller;
  const isFromUpstream = decision.outcome === "forwarded";
  const [path = ""] = request.target.split("?", 1);
  if (!route.operation) {
    const [shown = ""] = route.shownTarget.split("?", 1);
    return {
      path: isOfApi.test(path) ? hideInParts(shown, redactor) : knownWords(path),
      sent: () => "",
      answered: (text) => (isFromUpstream ? "" : text),
      isFromUpstream,
    };
  }
  const { hasCredentials } = route.operation;
  return {
    path: withoutCredentialsInText(redactor.text(route.shownTarget)),
    sent: (text) => knownJson(text, redactor) ?? notLogged(text),
    answered: (text) =>
      knownJson(text, redactor, { isLong: hasCredentials }) ?? (isFromUpstream ? notLogged(text) : text),
    isFromUpstream,
  };
}

/** A JSON text without its secrets; `undefined` if it is not JSON. Only the beginning of a long list is logged. */
function knownJson(text: string, redactor: Redactor, { isLong = false } = {}): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return retainedJson(isLong ? excerpt(value) : value, redactor);
}

/** A value as JSON text without its secrets, and with the beginnings of long texts. */
export function retainedJson(value: unknown, redactor: Redactor): string {
  // Redacted before it is cut: half of a secret could not be recognized any more.
  return JSON.stringify(withoutCredentials(redactorFor(value, redactor).value(value)), (_, part) =>
    typeof part === "string" ? excerptOfText(part, maxForeignText) : part,
  );
}

/** A redactor that also knows the credentials in the first items of an answer, which may be repeated under any name. */
export function redactorFor(answer: unknown, redactor: Redactor): Redactor {
  const known = excerpt(answer);
  const own = createRedactor(...new Set(hiddenTexts(known, withoutCredentials(known))));
  return {
    text: (text) => own.text(redactor.text(text)),
    value: (value) => own.value(redactor.value(value)),
  };
}

/** The texts that were redacted as a whole, unless they are too long to be a login or a link. */
function hiddenTexts(before: unknown, after: unknown): string[] {
  if (typeof before === "string") return after === redacted && before.length < 500 ? [before] : [];
  if (typeof before !== "object" || before === null) return [];
  const copies = after === redacted ? [] : Object.values(Object(after));
  return Object.values(before).flatMap((each, index) =>
    hiddenTexts(each, after === redacted ? after : copies[index]),
  );
}

function notLogged(text: string): string {
  return text === "" ? "" : `[not retained: ${text.length} characters that are not JSON]`;
}

/** The one place where an API key is expected. */
const isOfApi = /^\/client\/api\/v\d+\/[^/]/;

const words = new Set(operations.flatMap(({ path }) => path.split("/")));

/** A path of another form may have an API key anywhere: only the words of the contract are shown. */
function knownWords(path: string): string {
  return path
    .split("/")
    .map((part) => (words.has(part) ? part : redacted))
    .join("/");
}
