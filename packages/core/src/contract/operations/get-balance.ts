import { z } from "zod/v3";
import { documented, nullOnly } from "../documented.js";
import type { Statement } from "../evidence.js";
import { acceptedFailure, apiError, apiKeyParameter, currency, money } from "../fields.js";
import { failuresOf, type Operation, type Rule } from "../operation.js";
import { apiKeyRule } from "../shared/rules.js";

/** The success that a server emits. */
export type BalanceSuccess = z.infer<typeof success>;
/** The failure that a server emits. */
export type BalanceFailure = z.infer<typeof failure>;
/** The success that a caller accepts. */
export type AcceptedBalance = z.infer<typeof acceptedSuccess>;

const source = "reference page of the request for the balance";

const request = documented(z.object({}), {
  title: "BalanceRequest",
  description: "Nothing: the API key says whose balance is meant.",
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
      success: documented(z.literal(true), { description: "The balance is told." }),
      balance: money,
      currencyCode: documented(currency, {
        description: "The currency of the balance; other requests call it `currency`.",
      }),
      error: nullOnly("There is no error."),
    })
    .strict(),
  { title: "BalanceSuccess", description: "The balance of the account.", example: documentedSuccess },
);

const failure = documented(
  z
    .object({
      success: documented(z.literal(false), { description: "The balance is not told." }),
      balance: nullOnly("The balance is not told."),
      currencyCode: nullOnly("The balance is not told."),
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

const statements = [
  {
    id: "getBalance/status",
    claim: "Success and error both come with HTTP 200 and JSON; only `success` tells them apart.",
    grade: "sibling",
    source,
  },
  {
    id: "getBalance/success",
    claim: "A success has the balance as a number, and its currency as `currencyCode`.",
    grade: "sibling",
    source,
  },
  {
    id: "getBalance/failure",
    claim: "A failure has null for both, and an error with code and message.",
    grade: "sibling",
    source,
  },
] as const satisfies readonly Statement[];

const rules = [apiKeyRule("getBalance", {})] as const satisfies readonly Rule[];

/** Tells the balance of the account. */
export const getBalance = {
  id: "getBalance",
  method: "GET",
  path: "/client/api/v1/{apiKey}/balance",
  grade: "sibling",
  source,
  summary: "Tell the balance",
  description: "Tells the balance of the account, and its currency.",
  pathParameters: z.object({ apiKey: apiKeyParameter }),
  changes: false,
  hasCredentials: false,
  request,
  emits: { success, failure },
  accepts: { success: acceptedSuccess, failure: acceptedFailure },
  check: () => [],
  statements,
  rules,
  examples: {
    requests: { balance: { request: {}, success: documentedSuccess satisfies BalanceSuccess } },
    failure: documentedFailure,
    failures: failuresOf(rules, (error): BalanceFailure => ({ ...documentedFailure, error })),
  },
} as const satisfies Operation;
