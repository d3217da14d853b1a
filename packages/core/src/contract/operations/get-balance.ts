import * as z from "zod/v3";
import { docsOf, documented, nullOnly } from "../documented.js";
import type { Evidence } from "../evidence.js";
import { acceptedFailure, apiError, currency, lawfulError, money } from "../fields.js";
import type { Operation, OperationSpec } from "../operation.js";
import { apiKeyRule, failuresOf, statusStatement } from "../shared/rules.js";

/** The success that a server emits. */
export type BalanceSuccess = z.infer<typeof success>;
/** The failure that a server emits. */
export type BalanceFailure = z.infer<typeof failure>;
/** The success that a caller accepts. */
export type AcceptedBalance = z.infer<typeof acceptedSuccess>;

const request = documented(z.object({}), {
  title: "BalanceRequest",
  description: "Nothing: the API key identifies the account.",
  example: {},
});

const documentedSuccess = { success: true, balance: 5, currencyCode: "USD", error: null } as const;

const documentedFailure = {
  success: false,
  balance: null,
  currencyCode: null,
  error: { code: 2, message: "Error api key" },
} as const;

const success = documented(
  z
    .object({
      success: documented(z.literal(true), { description: "The balance is known." }),
      balance: money,
      currencyCode: documented(currency, {
        description: "The currency of the balance. Other operations call it `currency`.",
      }),
      error: nullOnly("There is no error."),
    })
    .strict(),
  { title: "BalanceSuccess", description: "The balance of the account.", example: documentedSuccess },
);

const failure = documented(
  z
    .object({
      success: documented(z.literal(false), { description: "The request was refused." }),
      balance: nullOnly("The request was refused."),
      currencyCode: nullOnly("The request was refused."),
      error: apiError,
    })
    .strict(),
  { title: "BalanceFailure", description: "The provider refused.", example: documentedFailure },
);

const acceptedSuccess = z
  .object({
    success: z.literal(true),
    balance: z.number(),
    currencyCode: z.string().nullish(),
    error: z.null().optional(),
  })
  .passthrough();

/** Reads the balance of the account, in units of `currencyCode` (sibling). */
export const getBalance = {
  id: "getBalance",
  method: "GET",
  path: "/client/api/v1/{apiKey}/balance",
  changes: false,
  hasCredentials: false,
  request,
  emits: { success, failure },
  lawful: {
    success: documented(success.passthrough(), docsOf(success)),
    failure: documented(failure.extend({ error: lawfulError }).passthrough(), docsOf(failure)),
  },
  accepts: { success: acceptedSuccess, failure: acceptedFailure },
  check: () => [],
} as const satisfies Operation;

/** The specification of {@link getBalance}. */
export function getBalanceSpec() {
  const evidence = {
    grade: "sibling",
    source: "reference page of the request for the balance",
  } as const satisfies Evidence;
  const rules = [apiKeyRule("getBalance", {})] as const;
  return {
    ...evidence,
    summary: "Read the balance",
    description: "Returns the balance of the account and its currency.",
    statements: [
      statusStatement("getBalance", evidence),
      {
        id: "getBalance/success",
        claim: "A success has the balance as a number, and its currency as `currencyCode`.",
        ...evidence,
      },
      {
        id: "getBalance/failure",
        claim: "A failure has null for both, and an error with code and message.",
        ...evidence,
      },
    ],
    rules,
    examples: {
      requests: { balance: { request: {}, success: documentedSuccess satisfies BalanceSuccess } },
      failure: documentedFailure,
      failures: failuresOf(rules, (error): BalanceFailure => ({ ...documentedFailure, error })),
    },
  } as const satisfies OperationSpec;
}
