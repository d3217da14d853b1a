import { formatIssues } from "@auto-extend/core";
import type { Case, Check } from "./served-by.js";

/**
 * Checks a field: that it fits its schema, and then whatever else there is to say of it.
 *
 * @param more what speaks against a value that fits, for people.
 */
export function ofField<Request = unknown>(
  field: string,
  more: (asked: Case<Request>) => string = () => "",
): Check<Request> {
  return {
    field,
    // Three tell the story; a list of a thousand would only hide it.
    refusal: (asked) => formatIssues(asked.issues(field).slice(0, mostTold)) || more(asked),
  };
}

/** How many of the bad items of a list are told of. */
export const mostTold = 3;
