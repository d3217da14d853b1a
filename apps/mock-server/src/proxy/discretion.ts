import { operations, type Redactor, withoutCredentials, withoutCredentialsInText } from "@auto-extend/core";
import type { Begun, Handled } from "../engine/handler.js";
import { excerpt, mostKeptItems } from "../engine/log/log-redaction.js";
import type { LogRedaction } from "../engine/log/request-log.js";

/**
 * What the log is to keep of a request that a real account may stand behind. Of what is no operation of the contract
 * nothing is known, so no body of it is kept, and no query; of an operation only JSON is, for in any other text
 * credentials could not be found. What this mock has answered by itself is kept: no other server has put anything in there.
 */
export function discretionFor({ routed, caller, request }: Begun, { decided }: Handled): LogRedaction {
  const { redactor } = caller;
  const isOwn = decided.outcome !== "forwarded";
  const [path = ""] = request.target.split("?", 1);
  if (!routed.operation) {
    const shown = isOfApi.test(path) ? redactor.text(path) : knownWords(path);
    return { path: shown, sent: () => "", answered: (text) => (isOwn ? text : ""), isOwn };
  }
  const { hasCredentials } = routed.operation;
  return {
    path: withoutCredentialsInText(redactor.text(request.target)),
    sent: (text) => knownJson(text, redactor) ?? notKept(text),
    answered: (text) =>
      knownJson(text, redactor, { isLong: hasCredentials }) ?? (isOwn ? text : notKept(text)),
    isOwn,
  };
}

/** A text of JSON without what is secret in it; `undefined` where it is none. Of what may be long the beginning. */
function knownJson(text: string, redactor: Redactor, { isLong = false } = {}): string | undefined {
  const value = jsonOf(text);
  if (value === undefined) return undefined;
  const kept = isLong ? excerpt(value, { items: mostKeptItems, noted: true }) : value;
  return JSON.stringify(withoutCredentials(redactor.value(kept)));
}

function notKept(text: string): string {
  return text === "" ? "" : `[not kept: ${text.length} characters that are no JSON]`;
}

/** The one place where an API key is expected. */
const isOfApi = /^\/client\/api\/v\d+\/[^/]/;

const words = new Set(operations.flatMap(({ path }) => path.split("/")));

/** A path that is written in another way may have an API key anywhere: only the words of the contract are shown. */
function knownWords(path: string): string {
  return path
    .split("/")
    .map((part) => (words.has(part) ? part : "[redacted]"))
    .join("/");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
