import { z } from "zod/v3";
import { documented, nullOnly } from "../documented.js";
import { type ErrorCodeInfo, errorCodes } from "../error-codes.js";
import { apiError, currency, ipAddressId, money, proxyType, rentPeriodDays } from "../fields.js";
import type { Issue } from "../issue.js";
import { unknownApiKeyCode } from "../reserved-values.js";

/** The success that a server emits. */
export type SetAutoExtendSuccess = z.infer<typeof emittedSuccess>;
/** The failure that a server emits. */
export type SetAutoExtendFailure = z.infer<typeof emittedFailure>;
/** The success that a caller accepts: fields may be missing, newer or more. */
export type AcceptedSetAutoExtendSuccess = z.infer<typeof acceptedSuccess>;
/** The failure that a caller accepts: whatever else is in it, `error` has a code and a message. */
export type AcceptedSetAutoExtendFailure = z.infer<typeof acceptedFailure>;

/** The success as the reference shows it. */
export const documentedSuccess = {
  success: true,
  proxyType: "IPv4",
  rentPeriodDays: 30,
  quantity: 1,
  ipAddressIds: ["1111111111111111111"],
  balance: 5,
  currency: "USD",
  error: null,
} as const;

/** The failure as the reference shows it. */
export const documentedFailure = {
  success: false,
  proxyType: null,
  rentPeriodDays: 0,
  quantity: 0,
  ipAddressIds: [],
  balance: 5,
  currency: "USD",
  error: { code: 4, message: "Incorrect proxy type" },
} as const;

const emittedSuccess = documented(
  z
    .object({
      success: documented(z.literal(true), { description: "The orders are switched." }),
      proxyType,
      rentPeriodDays,
      quantity: documented(z.number().int().min(0), {
        description: "How many IP addresses were switched; it does not count orders.",
      }),
      ipAddressIds: documented(z.array(ipAddressId), { description: "The IP addresses that were switched." }),
      balance: money,
      currency,
      error: nullOnly("There is no error."),
    })
    .strict(),
  {
    title: "SetAutoExtendSuccess",
    description: "Every IP address of the orders is switched.",
    example: documentedSuccess,
  },
);

const emittedFailure = documented(
  z
    .object({
      success: documented(z.literal(false), { description: "Nothing was switched." }),
      proxyType: nullOnly("Nothing was switched."),
      rentPeriodDays: documented(z.literal(0), { description: "Nothing was switched." }),
      quantity: documented(z.literal(0), { description: "Nothing was switched." }),
      ipAddressIds: documented(z.array(ipAddressId).max(0), { description: "Nothing was switched." }),
      balance: documented(money.nullable(), {
        description: "The balance; null where the API key is unknown.",
      }),
      currency: documented(currency.nullable(), {
        description: "The currency; null where the API key is unknown.",
      }),
      error: apiError,
    })
    .strict(),
  {
    title: "SetAutoExtendFailure",
    description: "The provider refused, and nothing was switched.",
    example: documentedFailure,
  },
);

const acceptedSuccess = z
  .object({
    success: z.literal(true),
    proxyType: z.string(),
    rentPeriodDays: z.number(),
    quantity: z.number(),
    ipAddressIds: z.array(z.string()).nullish(),
    /** A newer page shows the order ids asked for in place of the IP address ids (sibling). */
    orderIds: z.array(z.string()).nullish(),
    balance: z.number().nullish(),
    currency: z.string().nullish(),
    error: z.null().optional(),
  })
  .passthrough();

const acceptedFailure = z
  .object({
    success: z.literal(false),
    balance: z.number().nullish(),
    currency: z.string().nullish(),
    error: z.object({ code: z.number(), message: z.string() }).passthrough(),
  })
  .passthrough();

/** The answers of the requests that switch auto-extend, which are the same whatever they name. */
export const switchAnswers = {
  emits: { success: emittedSuccess, failure: emittedFailure },
  accepts: { success: acceptedSuccess, failure: acceptedFailure },
} as const;

/** One failure for each error code that concerns these requests. */
export const switchFailures = errorCodes
  .filter(({ concernsAutoExtend }) => concernsAutoExtend)
  .map(failureExample);

function failureExample({ code, message }: ErrorCodeInfo) {
  // With an API key that no account has, there is no balance to tell of.
  const account = code === unknownApiKeyCode ? { balance: null, currency: null } : {};
  return {
    code,
    failure: {
      ...documentedFailure,
      ipAddressIds: [],
      ...account,
      error: { code, message: message.text },
    } satisfies SetAutoExtendFailure,
  };
}

/** The parts of the request that an answer must agree with. */
interface Asked {
  readonly proxyType?: unknown;
  readonly rentPeriodDays?: unknown;
  readonly orderIds?: unknown;
}

/** The parts of an answer that are looked at. */
interface Answered {
  readonly success: boolean;
  readonly proxyType?: unknown;
  readonly rentPeriodDays?: unknown;
  readonly quantity?: unknown;
  readonly ipAddressIds?: unknown;
  readonly orderIds?: unknown;
}

/**
 * What the schemas of an auto-extend answer can't say: that a success agrees with itself and with the request, and
 * that a failure claims to have done nothing. Mock, client and contract tests share it.
 *
 * @returns what is wrong, for people; an empty list where nothing is.
 */
export function checkAutoExtendAnswer(request: Asked, answer: Answered): Issue[] {
  return answer.success ? successIssues(request, answer) : failureIssues(answer);
}

function successIssues(request: Asked, answer: Answered): Issue[] {
  const issues: Issue[] = [];
  for (const field of ["proxyType", "rentPeriodDays"] as const) {
    if (answer[field] !== request[field]) {
      issues.push({
        path: field,
        message: `${show(request[field])} was asked for, the answer has ${show(answer[field])}`,
      });
    }
  }
  if (Array.isArray(answer.ipAddressIds) && answer.quantity !== answer.ipAddressIds.length) {
    issues.push({
      path: "quantity",
      message: `is ${show(answer.quantity)}, but ${answer.ipAddressIds.length} IP address ids are listed`,
    });
  }
  if (Array.isArray(answer.orderIds)) issues.push(...orderIssues(request.orderIds, answer.orderIds));
  return issues;
}

/** The newer answer lists the order ids asked for; an order that is missing, or one too many, must not go unseen. */
function orderIssues(asked: unknown, answered: readonly unknown[]): Issue[] {
  const wanted = new Set(Array.isArray(asked) ? asked : []);
  const listed = new Set(answered);
  const missing = [...wanted].filter((id) => !listed.has(id));
  const extra = [...listed].filter((id) => !wanted.has(id));
  return [
    ...(missing.length > 0
      ? [{ path: "orderIds", message: `${some(missing)} asked for but not in the answer` }]
      : []),
    ...(extra.length > 0
      ? [{ path: "orderIds", message: `${some(extra)} in the answer but not asked for` }]
      : []),
  ];
}

function failureIssues(answer: Answered): Issue[] {
  const issues: Issue[] = [];
  const expect = (path: string, given: unknown, fits: boolean, wanted: string) => {
    if (!fits)
      issues.push({ path, message: `must be ${wanted} in a failure, the answer has ${show(given)}` });
  };
  const { proxyType, rentPeriodDays, quantity, ipAddressIds, orderIds } = answer;
  expect("proxyType", proxyType, proxyType === null, "null");
  expect("rentPeriodDays", rentPeriodDays, rentPeriodDays === 0, "0");
  expect("quantity", quantity, quantity === 0, "0");
  const list = ipAddressIds ?? orderIds;
  expect("ipAddressIds", list, Array.isArray(list) && list.length === 0, "an empty list");
  return issues;
}

function some(ids: readonly unknown[]): string {
  const shown = ids.slice(0, 3).map(show).join(", ");
  return ids.length > 3
    ? `${shown} and ${ids.length - 3} more are`
    : `${shown} ${ids.length === 1 ? "is" : "are"}`;
}

function show(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}...` : text;
}
