import * as z from "zod/v3";
import { acceptedFailure, apiError, failed, lawfulError, noError, succeeded } from "../fields.js";

// How the answers of most operations follow from their fields.

interface Fields<Success, Failure, Accepted> {
  /** The fields of the answers that our mock sends, besides `success` and `error`. */
  readonly success: Success;
  readonly failure: Failure;
  /** The fields of the successes that a caller can use. */
  readonly accepted: Accepted;
}

/** The answers of an operation in its three schema sets. Lawful and accepted ones may have unknown fields (sibling). */
export function answersOf<
  Success extends z.ZodRawShape,
  Failure extends z.ZodRawShape,
  Accepted extends z.ZodRawShape,
>(fields: Fields<Success, Failure, Accepted>) {
  const success = z.object({ success: succeeded, ...fields.success, error: noError }).strict();
  const failure = z.object({ success: failed, ...fields.failure, error: apiError }).strict();
  const accepted = z.object({ success: succeeded, ...fields.accepted, error: noError.optional() });
  return {
    emits: { success, failure },
    lawful: {
      success: success.passthrough(),
      failure: failure.extend({ error: lawfulError }).passthrough(),
    },
    accepts: { success: accepted.passthrough(), failure: acceptedFailure },
  };
}
