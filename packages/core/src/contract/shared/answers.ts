import * as z from "zod/v3";
import {
  apiError,
  failed,
  lawfulError,
  noError,
  succeeded,
  acceptedFailure as usableFailure,
} from "../fields.js";

// How the answers of most operations follow from their fields.

type Shape = z.ZodRawShape;
// biome-ignore lint/complexity/noBannedTypes: a shape without fields.
type None = {};

interface Fields<Success, Failure, Accepted, LawfulSuccess, LawfulFailure, AcceptedFailure> {
  /** The fields of the answers that our mock sends, besides `success` and `error`. */
  readonly success: Success;
  readonly failure: Failure;
  /** The fields of the successes that a caller can use. */
  readonly accepted: Accepted;
  /** The fields that differ from the above in lawful answers, and those of failures that a caller reads (default: none). */
  readonly lawfulSuccess?: LawfulSuccess;
  readonly lawfulFailure?: LawfulFailure;
  readonly acceptedFailure?: AcceptedFailure;
}

/** The answers of an operation in its three schema sets. Lawful and accepted ones may have unknown fields (sibling). */
export function answersOf<
  Success extends Shape,
  Failure extends Shape,
  Accepted extends Shape,
  LawfulSuccess extends Shape = None,
  LawfulFailure extends Shape = None,
  AcceptedFailure extends Shape = None,
>(fields: Fields<Success, Failure, Accepted, LawfulSuccess, LawfulFailure, AcceptedFailure>) {
  const success = z.object({ success: succeeded, ...fields.success, error: noError }).strict();
  const failure = z.object({ success: failed, ...fields.failure, error: apiError }).strict();
  const accepted = z.object({ success: succeeded, ...fields.accepted, error: noError.optional() });
  const { lawfulSuccess, lawfulFailure, acceptedFailure } = fields;
  return {
    emits: { success, failure },
    lawful: {
      success: success.extend(lawfulSuccess ?? ({} as LawfulSuccess)).passthrough(),
      failure: failure
        .extend(lawfulFailure ?? ({} as LawfulFailure))
        .extend({ error: lawfulError })
        .passthrough(),
    },
    accepts: {
      success: accepted.passthrough(),
      failure: usableFailure.extend(acceptedFailure ?? ({} as AcceptedFailure)).passthrough(),
    },
  };
}
