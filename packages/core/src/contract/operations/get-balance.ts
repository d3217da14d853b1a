import * as z from "zod/v3";
import { objectDocs } from "../docs.js";
import type { Evidence } from "../evidence.js";
import { money } from "../fields.js";
import type { Operation, OperationSpec } from "../operation.js";
import { answersOf } from "../shared/answers.js";
import { apiKeyRule, claims, failuresOf, statusClaim } from "../shared/rules.js";

const id = "getBalance";
const request = z.object({});
const { emits, ...answers } = answersOf({
  success: { balance: money, currencyCode: z.string().min(1) },
  failure: { balance: z.null(), currencyCode: z.null() },
  accepted: { balance: money, currencyCode: z.string().nullish() },
});

/** Reads the balance of the account, in units of `currencyCode` (sibling). */
export const getBalance = {
  id,
  method: "GET",
  path: "/client/api/v1/{apiKey}/balance",
  changes: false,
  hasCredentials: false,
  request,
  ...answers,
  check: () => [],
} as const satisfies Operation;

export function getBalanceSpec() {
  const evidence: Evidence = { grade: "sibling", source: "reference page of the request for the balance" };
  const rules = [apiKeyRule(id, {})] as const;
  const documentedSuccess: z.infer<typeof emits.success> = {
    success: true,
    balance: 5,
    currencyCode: "USD",
    error: null,
  };
  const failures = failuresOf(rules, 2, (error): z.infer<typeof emits.failure> => {
    return { success: false, balance: null, currencyCode: null, error };
  });
  return {
    ...evidence,
    summary: "Read the balance",
    description: "Returns the balance of the account and its currency.",
    emits,
    docs: [
      ...objectDocs([request], {
        title: "BalanceRequest",
        description: "No fields: the API key identifies the account.",
        example: {},
      }),
      ...objectDocs([emits.success, answers.lawful.success], {
        title: "BalanceSuccess",
        description: "The balance of the account.",
        example: documentedSuccess,
        fields: {
          currencyCode: {
            description: "The currency of the balance. Other operations call it `currency`.",
            example: "USD",
          },
        },
      }),
      ...objectDocs([emits.failure, answers.lawful.failure], {
        title: "BalanceFailure",
        description: "The provider refused the request.",
        example: failures.failure,
        others: "Always null in a failure.",
      }),
    ],
    statements: claims(id, evidence, {
      ...statusClaim,
      success: "A success has the balance as a number, and its currency as `currencyCode`.",
      failure: "A failure has null for `balance` and `currencyCode`, and an error with code and message.",
    }),
    rules,
    examples: {
      requests: { balance: { request: {}, success: documentedSuccess } },
      ...failures,
    },
  } as const satisfies OperationSpec;
}
