import { type Redactor, redacted, withoutCredentials } from "@auto-extend/core";
import { excerpt } from "../engine/log/log-redaction.js";

interface Judging {
  readonly redactor: Redactor;
  /** Whether it may be a list that is too long to be judged to its end. */
  readonly isLong: boolean;
}

/** Of how many items of long lists is judged whether they keep to the contract: the first ones. */
const mostJudged = 1_000;

/**
 * JSON as it is judged: without API key and credentials, but with what they are in. A record whose `authInfo` was
 * redacted whole would break the contract, which wants an object there.
 */
export function judgedJson(value: unknown, { redactor, isLong }: Judging): unknown {
  const judged = isLong ? excerpt(value, { items: mostJudged, noted: false }) : value;
  const withoutKey = redactor.value(judged);
  return reshaped(withoutCredentials(withoutKey), withoutKey);
}

/** @param clean a copy of the original, with redacted texts in it. */
function reshaped(clean: unknown, original: unknown): unknown {
  if (typeof original !== "object" || original === null) return clean;
  if (typeof clean !== "object" || clean === null) return clean === redacted ? masked(original) : clean;
  const parts: unknown[] = Object.values(original);
  if (Array.isArray(clean)) return clean.map((part, index) => reshaped(part, parts[index]));
  // Names may have been redacted, places are as they were.
  return Object.fromEntries(
    Object.entries(clean).map(([name, part], index) => [name, reshaped(part, parts[index])]),
  );
}

/** The outermost of an object, and nothing that stands in it. */
function masked(value: object): unknown {
  if (Array.isArray(value)) return [];
  const names = Object.keys(withoutCredentials(value) as object);
  return Object.fromEntries(names.map((name) => [name, redacted]));
}
