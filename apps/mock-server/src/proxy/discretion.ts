import { operations } from "@auto-extend/core";
import type { Begun } from "../engine/handler.js";
import type { Discretion } from "../engine/request-log.js";
import { withoutCredentials, withoutCredentialsInText } from "./credentials.js";

/**
 * What the log is to keep of a request that a real account may stand behind. Of what is no operation of the contract
 * nothing is known, so no body of it is kept, and no query; of an operation only JSON is, for in any other text
 * credentials could not be found.
 */
export function discretionFor({ routed, caller, request }: Begun): Discretion {
  const { redactor } = caller;
  const [path = ""] = request.target.split("?", 1);
  if (!routed.operation) {
    return { path: isOfApi.test(path) ? redactor.text(path) : knownWords(path), body: () => "" };
  }
  return {
    path: withoutCredentialsInText(redactor.text(request.target)),
    body(text) {
      if (text === "") return "";
      const value = jsonOf(text);
      return value === undefined
        ? `[not kept: ${text.length} characters that are no JSON]`
        : JSON.stringify(withoutCredentials(redactor.value(value)));
    },
  };
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
