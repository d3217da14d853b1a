import { closest, distance } from "fastest-levenshtein";

/** Suggestions for misspelled names. */

/** The known name that is nearest to a misspelled one, if any is near. */
export function nearestOf(name: string, known: readonly string[]): string | undefined {
  // The time grows with the length, and a text from outside may be long.
  if (known.length === 0 || name === "" || name.length > 60) return undefined;
  const found = closest(name.toLowerCase(), known);
  const mostEdits = Math.max(2, Math.floor(found.length / 3));
  return distance(name.toLowerCase(), found.toLowerCase()) <= mostEdits ? found : undefined;
}

/**
 * A sentence with the nearest name or, if none is near, with all names.
 *
 * @param all replaces the list of all names, if that is long.
 */
export function suggestion(name: string, known: readonly string[], all?: string): string {
  const found = nearestOf(name, known);
  return found === undefined ? (all ?? `Known: ${known.join(", ")}.`) : `Did you mean "${found}"?`;
}
