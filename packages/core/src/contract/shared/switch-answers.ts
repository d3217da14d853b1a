import * as z from "zod/v3";
import { docsOf, documented, nullOnly } from "../documented.js";
import { type ErrorCodeInfo, errorCodes } from "../error-codes.js";
import {
  acceptedFailure as acceptedError,
  apiError,
  currency,
  ipAddressId,
  lawfulError,
  money,
  proxyType,
  rentPeriodDays,
} from "../fields.js";
import type { Check, Contradiction, Show } from "../operation.js";
import { unknownApiKeyCode } from "../reserved-values.js";

/** The success that a server emits. */
export type SetAutoExtendSuccess = z.infer<typeof emittedSuccess>;
/** The failure that a server emits. */
export type SetAutoExtendFailure = z.infer<typeof emittedFailure>;
/** The success that a caller accepts: fields may be missing, newer or more. */
export type AcceptedSetAutoExtendSuccess = z.infer<typeof acceptedSuccess>;
/** The failure that a caller accepts: `error` has a code and a message, and everything else is up to the provider. */
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
        description: "How many IP addresses were switched. It does not count orders.",
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
        description: "The balance; null if the API key is unknown.",
      }),
      currency: documented(currency.nullable(), {
        description: "The currency; null if the API key is unknown.",
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

/** A newer page shows order ids in place of the IP address ids, and a reader needs neither list (sibling). */
const lawfulSuccess = documented(
  emittedSuccess
    .extend({
      ipAddressIds: documented(z.array(ipAddressId).nullish(), {
        description: "The IP addresses that were switched.",
      }),
      orderIds: documented(z.array(z.string()).nullish(), {
        description: "The orders of the request, in the newer form of the answer.",
      }),
    })
    .passthrough(),
  docsOf(emittedSuccess),
);

const lawfulFailure = documented(
  emittedFailure
    .extend({
      ipAddressIds: documented(z.array(ipAddressId).max(0).nullish(), {
        description: "Nothing was switched.",
      }),
      orderIds: documented(z.array(z.string()).max(0).nullish(), { description: "Nothing was switched." }),
      error: lawfulError,
    })
    .passthrough(),
  docsOf(emittedFailure),
);

const acceptedSuccess = z
  .object({
    success: z.literal(true),
    proxyType: z.string(),
    rentPeriodDays: z.number(),
    quantity: z.number().int().min(0),
    ipAddressIds: z.array(z.string()).nullish(),
    orderIds: z.array(z.string()).nullish(),
    balance: z.number().nullish(),
    currency: z.string().nullish(),
    error: z.null().optional(),
  })
  .passthrough();

const acceptedFailure = acceptedError
  .extend({ balance: z.number().nullish(), currency: z.string().nullish() })
  .passthrough();

/** The answers of the operations that switch auto-extend: they are the same for orders and for IP addresses. */
export const switchAnswers = {
  emits: { success: emittedSuccess, failure: emittedFailure },
  lawful: { success: lawfulSuccess, failure: lawfulFailure },
  accepts: { success: acceptedSuccess, failure: acceptedFailure },
} as const;

/** One failure for each error code that concerns these operations. */
export function switchFailures() {
  return errorCodes.filter(({ concernsAutoExtend }) => concernsAutoExtend).map(failureExample);
}

function failureExample({ code, message }: ErrorCodeInfo) {
  // An API key that no account has gives no balance.
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
  readonly ipAddressIds?: unknown;
}

/** The parts of an answer that are checked. */
interface Answered {
  readonly success: boolean;
  readonly proxyType?: unknown;
  readonly rentPeriodDays?: unknown;
  readonly quantity?: unknown;
  readonly ipAddressIds?: unknown;
  readonly orderIds?: unknown;
}

/**
 * How an answer contradicts itself or the request.
 *
 * @param field the field that names what is switched. The other one is unknown to the operation, and ignored.
 */
export function checkOfSwitch(field: "orderIds" | "ipAddressIds"): Check {
  return (request: Asked, answer: Answered, show) => {
    if (!answer.success) return checkFailure(answer, show);
    const { proxyType, rentPeriodDays, [field]: ids } = request;
    return checkSuccess({ proxyType, rentPeriodDays, [field]: ids }, answer, show);
  };
}

/** A success must agree with the request and with itself. */
function checkSuccess(request: Asked, answer: Answered, show: Show): Contradiction[] {
  return [
    ...(["proxyType", "rentPeriodDays"] as const)
      .filter((field) => answer[field] !== request[field])
      .map((field): Contradiction => {
        const message = `${show(request[field])} was asked for, the answer has ${show(answer[field])}`;
        return { path: field, message, level: "accepts" };
      }),
    ...checkQuantity(request, answer, show),
    ...compareIds("ipAddressIds", request.ipAddressIds, answer.ipAddressIds, show),
    ...compareIds("orderIds", request.orderIds, answer.orderIds, show),
  ];
}

function checkQuantity(request: Asked, { quantity, ipAddressIds }: Answered, show: Show): Contradiction[] {
  const contradiction = (text: string): Contradiction => {
    const message = `is ${show(quantity)}, but ${text}`;
    return { path: "quantity", message, level: "accepts", statement: "quantity" };
  };
  if (Array.isArray(ipAddressIds) && quantity !== ipAddressIds.length) {
    return [contradiction(`${ipAddressIds.length} IP address ids are listed`)];
  }
  const addresses = Array.isArray(request.ipAddressIds) ? new Set(request.ipAddressIds).size : null;
  if (addresses !== null && quantity !== addresses) {
    return [contradiction(`${addresses} IP addresses were asked for`)];
  }
  const orders = Array.isArray(request.orderIds) ? new Set(request.orderIds).size : 0;
  if (!(Number(quantity) < orders)) return [];
  return [
    { ...contradiction(`${orders} orders were asked for`), level: "lawful", statement: "every-order-counts" },
  ];
}

/** Compares the ids of an answer with those of the request, if both have some. */
function compareIds(path: string, asked: unknown, answered: unknown, show: Show): Contradiction[] {
  if (!Array.isArray(asked) || !Array.isArray(answered)) return [];
  const wanted = new Set(asked);
  const listed = new Set(answered);
  const some = (ids: readonly unknown[]) => {
    const shown = ids.slice(0, 3).map(show).join(", ");
    if (ids.length > 3) return `${shown} and ${ids.length - 3} more are`;
    return `${shown} ${ids.length === 1 ? "is" : "are"}`;
  };
  const missing = [...wanted].filter((id) => !listed.has(id));
  const extra = [...listed].filter((id) => !wanted.has(id));
  const messages = [
    ...(missing.length > 0 ? [`${some(missing)} asked for but not in the answer`] : []),
    ...(extra.length > 0 ? [`${some(extra)} in the answer but not asked for`] : []),
  ];
  if (messages.length === 0) return [];
  const contradiction: Contradiction = { path, message: messages.join("; "), level: "accepts" };
  // The statement about the quantity of IP addresses is about their ids as well.
  return [path === "ipAddressIds" ? { ...contradiction, statement: "quantity" } : contradiction];
}

/** A failure claims to have done nothing. A caller reads only its error, so a contradiction breaks none. */
function checkFailure(answer: Answered, show: Show): Contradiction[] {
  const { proxyType, rentPeriodDays, quantity } = answer;
  const list = answer.ipAddressIds ?? answer.orderIds;
  const expected: readonly { path: string; given: unknown; fits: boolean; wanted: string }[] = [
    { path: "proxyType", given: proxyType, fits: proxyType === null, wanted: "null" },
    { path: "rentPeriodDays", given: rentPeriodDays, fits: rentPeriodDays === 0, wanted: "0" },
    { path: "quantity", given: quantity, fits: quantity === 0, wanted: "0" },
    {
      path: "ipAddressIds",
      given: list,
      fits: Array.isArray(list) && list.length === 0,
      wanted: "an empty list",
    },
  ];
  return expected
    .filter(({ fits }) => !fits)
    .map(({ path, given, wanted }) => ({
      path,
      message: `must be ${wanted} in a failure, the answer has ${show(given)}`,
      level: "lawful",
    }));
}
