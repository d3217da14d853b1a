import { setAutoExtend, specOf } from "@auto-extend/core";
import { atOnce, clientCase, failure, json } from "./answers.js";
import type { ClientCase } from "./client-case.js";

const unheardOf = { code: 4711, message: "Brand new" };

/** Failures in every form: the provider said no, and its code and message must reach the caller. */
export const refusalCases: readonly ClientCase[] = [
  ...specOf(setAutoExtend).examples.failures.map(({ code, failure: example }) =>
    refused(`code-${code}`, `hands on error ${code}`, { body: example, error: example.error }),
  ),
  refused("unknown-code", "hands on a code that it does not know", {
    body: { ...failure, error: unheardOf },
    error: unheardOf,
  }),
  refused("extra-fields", "takes fields that it does not know", {
    body: { ...failure, error: { ...failure.error, hint: "none" }, requestId: "1" },
  }),
  refused("bare", "takes a failure that has nothing but its error", {
    body: { success: false, error: failure.error },
  }),
  refused("nulls", "takes null for everything but the error", {
    body: {
      ...failure,
      rentPeriodDays: null,
      quantity: null,
      ipAddressIds: null,
      balance: null,
      currency: null,
    },
  }),
  ...[400, 401, 403, 422].map((status) =>
    refused(`under-${status}`, `goes by the failure, whatever the status: ${status}`, { status }),
  ),
  ...([429, 500, 503] as const).map((status) =>
    // Whether a refusal under these is sent again is the client's own affair.
    clientCase(`refused/under-${status}`, {
      title: `hands on the failure, and knows what may have been done under ${status}`,
      script: json(failure, { status, headers: { "content-type": "application/json", ...atOnce } }),
      expect: {
        outcome: "error",
        error: "ApiError",
        effect: status === 429 ? "none" : "unknown",
        ...failure.error,
        status,
      },
    }),
  ),
  clientCase("refused/after-a-lost-answer", {
    title: "knows that a lost answer may have been a success, though the next one is a refusal",
    script: [{ lose: "reset" }, json(failure)],
    expect: { outcome: "error", error: "ApiError", effect: "unknown", ...failure.error },
    sent: 2,
  }),
];

interface Refusal {
  /** Where left out, a plain failure. */
  readonly body?: unknown;
  /** What must reach the caller; the plain failure's where left out. */
  readonly error?: { readonly code: number; readonly message: string };
  readonly status?: number;
}

function refused(id: string, title: string, refusal: Refusal): ClientCase {
  const { body = failure, error = failure.error, status = 200 } = refusal;
  return clientCase(`refused/${id}`, {
    title,
    script: json(body, { status }),
    expect: { outcome: "error", error: "ApiError", effect: "none", ...error },
    sent: 1,
  });
}
