import { operations, type Redactor, withoutCredentials, withoutCredentialsInText } from "@auto-extend/core";
import { excerpt, maxRetainedItems } from "../engine/log/excerpts.js";
import type { Exchange, LogRedaction, Outcome } from "../engine/types.js";

/**
 * How to log a request that may concern a real account. For paths outside the contract, neither body nor query is logged;
 * for the contract's operations only JSON is, since credentials cannot be found in other texts. The mock's own answers
 * are logged as they are: they contain nothing of another server.
 */
export function logRedactionFor({ route, caller, request }: Exchange, { decision }: Outcome): LogRedaction {
  const { redactor } = caller;
  const isOwn = decision.outcome !== "forwarded";
  const [path = ""] = request.target.split("?", 1);
  if (!route.operation) {
    const shown = isOfApi.test(path) ? redactor.text(path) : knownWords(path);
    return { path: shown, sent: () => "", answered: (text) => (isOwn ? text : ""), isOwn };
  }
  const { hasCredentials } = route.operation;
  return {
    path: withoutCredentialsInText(redactor.text(route.shownTarget)),
    sent: (text) => knownJson(text, redactor) ?? notLogged(text),
    answered: (text) =>
      knownJson(text, redactor, { isLong: hasCredentials }) ?? (isOwn ? text : notLogged(text)),
    isOwn,
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
  const retained = isLong ? excerpt(value, { items: maxRetainedItems, noted: true }) : value;
  return JSON.stringify(withoutCredentials(redactor.value(retained)));
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
    .map((part) => (words.has(part) ? part : "[redacted]"))
    .join("/");
}
