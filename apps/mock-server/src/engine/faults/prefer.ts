import { FaultError } from "./fault.js";
import type { NamedFault } from "./magic.js";

/** What a `Prefer` header says of faults: those that are wanted for this request, or that none is. */
export interface PreferredFaults {
  readonly faults: readonly NamedFault[];
  /** Whether the faults that wait at the mock leave this request alone: `fault=none`. */
  readonly none: boolean;
}

// A token or a quoted text, with or without a value of its own (RFC 7240).
const part = /\s*([^\s=;,"]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;,"]*)))?\s*([;,]|$)/y;

const unreadable =
  'The Prefer header is about a fault, but can\'t be read. Write it like one of these: fault=slow; ms=500 or fault=slow+lost-answer or fault=error; code=29; message="a text in quotes".';

/**
 * Reads the faults in a `Prefer` header (RFC 7240): `fault=slow; ms=500`, several as `fault=slow+gateway-502`. Options
 * go to each of them that has one of that name. Other preferences are not looked at; of several for faults the first
 * one counts.
 *
 * @throws FaultError where the header is about a fault, but can't be read.
 */
export function preferredFaults(header: string): PreferredFaults | null {
  let wanted: string | null = null;
  let options: Record<string, string> = {};
  let first = true;
  part.lastIndex = 0;
  for (
    let found = part.exec(header);
    found;
    found = part.lastIndex < header.length ? part.exec(header) : null
  ) {
    const [, name = "", quotedValue, plain = "", end] = found;
    const value = quotedValue?.replace(/\\(.)/g, "$1") ?? plain;
    if (first && wanted !== null) break;
    if (first) {
      options = {};
      if (name.toLowerCase() === "fault") wanted = value;
    } else options[name.toLowerCase()] = value;
    first = end === ",";
  }
  // A fault that was meant and is not found would be a test of nothing; other preferences are nobody's business here.
  const isWhole = part.lastIndex >= header.length || (first && wanted !== null) || header.trim() === "";
  if ((wanted === null || !isWhole) && /\bfaults?\b/i.test(header)) throw new FaultError(unreadable);
  if (wanted === null) return null;
  if (wanted === "none") return { faults: [], none: true };
  return { faults: wanted.split("+").map((name) => ({ name, options })), none: false };
}
