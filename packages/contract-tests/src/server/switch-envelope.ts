import type { setAutoExtend, setAutoExtendByIpAddress } from "@auto-extend/core";
import type { JsonObject } from "./answer.js";
import type { Envelope } from "./envelope.js";

/** What is lawful to answer to a request that switches auto-extend, whatever it names. */
export function switchEnvelope(operation: typeof setAutoExtend | typeof setAutoExtendByIpAddress): Envelope {
  const { success, failure } = operation.emits;
  return {
    operation,
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
    check(request, answer) {
      const issues = operation.check(request, { ...answer, success: answer.success === true });
      return answer.success
        ? [...issues, ...emptyIssues(answer)].map((issue) =>
            /^(quantity|ipAddressIds)$/.test(issue.path) ? { ...issue, statement: "quantity" } : issue,
          )
        : issues;
    },
  };
}

function emptyIssues({ quantity }: JsonObject) {
  return quantity === 0
    ? [{ path: "quantity", message: "at least one IP address, since something was switched" }]
    : [];
}
