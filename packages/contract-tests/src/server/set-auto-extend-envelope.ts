import { checkAutoExtendAnswer, setAutoExtend } from "@auto-extend/core";
import type { Envelope } from "./envelope.js";

const { success, failure } = setAutoExtend.emits;

/** What is lawful to answer to {@link setAutoExtend}. */
export const envelope: Envelope = {
  operation: setAutoExtend.id,
  lawful: {
    // The newer answer lists order ids in place of IP address ids, and a reader needs neither.
    success: success.extend({ ipAddressIds: success.shape.ipAddressIds.nullish() }).passthrough(),
    failure: failure
      .extend({
        ipAddressIds: failure.shape.ipAddressIds.nullish(),
        error: failure.shape.error.passthrough(),
      })
      .passthrough(),
  },
  check: (request, answer) => [
    ...checkAutoExtendAnswer(request, { ...answer, success: answer.success === true }).map((issue) =>
      issue.path === "quantity" && answer.success ? { ...issue, statement: "quantity" } : issue,
    ),
    ...(answer.success && answer.quantity === 0
      ? [
          {
            path: "quantity",
            message: "at least one IP address, since an order was switched",
            statement: "quantity",
          },
        ]
      : []),
  ],
};
