import type { setAutoExtend, setAutoExtendByIpAddress } from "@auto-extend/core";
import type { JsonObject } from "./answer.js";
import type { Envelope } from "./expectations.js";

/** What is lawful to answer to a request that switches auto-extend, whatever it names. */
export function switchEnvelope(operation: typeof setAutoExtend | typeof setAutoExtendByIpAddress): Envelope {
  return {
    operation,
    lawful: operation.lawful,
    check(request, answer) {
      const issues = operation
        .check(request, { ...answer, success: answer.success === true }, JSON.stringify)
        // Below the number of orders contradicts an assumption only, which has a case of its own.
        .filter(({ statement }) => statement !== "every-order-counts");
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
