import * as z from "zod/v3";
import { type DocsEntry, objectDocs } from "../docs.js";
import { errorCodes } from "../errors.js";
import { currency, ipAddressId, money, proxyType, rentPeriodDays } from "../fields.js";
import type { Check, Contradiction, Show } from "../operation.js";
import type { ProxyType } from "../proxy-types.js";
import { unknownApiKeyCode } from "../reserved-values.js";
import { type Answered, checkAgreement, type Sent } from "./agreement.js";
import { answersOf } from "./answers.js";
import { failuresOf } from "./rules.js";

// The answers of the operations that switch auto-extend: they are the same for orders and for IP addresses.

const noIpAddressIds = z.array(ipAddressId).max(0);

const { emits, lawful, accepts } = answersOf({
  success: {
    proxyType,
    rentPeriodDays,
    quantity: z.number().int().min(0),
    ipAddressIds: z.array(ipAddressId),
    balance: money,
    currency,
  },
  failure: {
    proxyType: z.null(),
    rentPeriodDays: z.literal(0),
    quantity: z.literal(0),
    ipAddressIds: noIpAddressIds,
    balance: money.nullable(),
    currency: currency.nullable(),
  },
  accepted: {
    proxyType: z.string(),
    rentPeriodDays: z.number(),
    quantity: z.number().int().min(0).safe(),
    ipAddressIds: z.array(z.string()).nullish(),
    orderIds: z.array(z.string()).nullish(),
    balance: money.nullish(),
    currency: z.string().nullish(),
  },
});

export { emits as emittedSwitches };
export const switchAnswers = {
  // A newer page shows order IDs in place of the IP address IDs, and a reader needs neither list (sibling).
  lawful: {
    success: lawful.success.extend({
      ipAddressIds: z.array(ipAddressId).nullish(),
      orderIds: z.array(z.string()).nullish(),
    }),
    failure: lawful.failure.extend({
      ipAddressIds: noIpAddressIds.nullish(),
      orderIds: z.array(z.string()).max(0).nullish(),
    }),
  },
  accepts,
};

/** The check of an operation that names what it switches by this field. The other field is unknown to it, and ignored. */
export function checkOfSwitch(field: "orderIds" | "ipAddressIds"): Check {
  const repeated = ["proxyType", "rentPeriodDays", "autoExtend", field] as const;
  return (request: Sent, answer: Answered, { show }) => {
    if (!answer.success) return checkFailure(answer, show);
    const found = checkQuantity({ field, ids: request[field] }, answer, show);
    for (const each of checkAgreement(repeated, { request, answer, show })) {
      // The statement about the quantity of IP addresses is about their IDs as well.
      found.push(each.path === "ipAddressIds" ? { ...each, statement: "quantity" } : each);
    }
    return found;
  };
}

function checkQuantity(
  { field, ids }: { readonly field: "orderIds" | "ipAddressIds"; readonly ids: unknown },
  { quantity, ipAddressIds }: Answered,
  show: Show,
): Contradiction[] {
  const wrong = (
    count: number,
    what: string,
    level: Contradiction["level"] = "accepts",
    statement = "quantity",
  ): Contradiction[] => [
    {
      path: "quantity",
      message: `is ${show(quantity)}, but the count of ${what} is ${count}`,
      level,
      statement,
    },
  ];
  if (Array.isArray(ipAddressIds)) {
    // An ID that is listed twice is still one IP address.
    const { size } = new Set(ipAddressIds);
    if (quantity !== ipAddressIds.length || quantity !== size)
      return wrong(size, "distinct IP addresses in the answer");
  }
  if (!Array.isArray(ids)) return [];
  const { size } = new Set(ids);
  if (field === "ipAddressIds") return quantity === size ? [] : wrong(size, "IP addresses in the request");
  return Number(quantity) < size ? wrong(size, "orders in the request", "lawful", "every-order-counts") : [];
}

/** A failure lists nothing. Both lists may be missing in their schema, since either stands for the other, but not both. */
function checkFailure({ ipAddressIds, orderIds }: Answered, show: Show): Contradiction[] {
  const list = ipAddressIds ?? orderIds;
  if (Object(list).length === 0) return [];
  const message = `must be an empty list in a failure; it is ${show(list)}`;
  return [{ path: "ipAddressIds", message, level: "lawful" }];
}

/** The success as the reference shows it. */
const documentedSuccess = {
  success: true,
  proxyType: "IPv4",
  rentPeriodDays: 30,
  quantity: 1,
  ipAddressIds: ["1111111111111111111"],
  balance: 5,
  currency: "USD",
  error: null,
} as const;

export function switchSuccess(type: ProxyType, ipAddressIds: string[]) {
  return {
    ...documentedSuccess,
    proxyType: type,
    quantity: ipAddressIds.length,
    ipAddressIds,
  } satisfies z.infer<typeof emits.success>;
}

/** The failure as the reference shows it, and one for each error code that concerns these operations. */
export function switchFailures() {
  const concerning = errorCodes.filter(({ about }) => about !== "purchase");
  return failuresOf(concerning, 4, (error): z.infer<typeof emits.failure> => {
    // An API key that no account has gives no balance.
    const hasAccount = error.code !== unknownApiKeyCode;
    const account = hasAccount ? { balance: 5, currency: "USD" } : { balance: null, currency: null };
    const nothing = { proxyType: null, rentPeriodDays: 0, quantity: 0 } as const;
    return { success: false, ...nothing, ipAddressIds: [], ...account, error };
  });
}

export const switchClaims = {
  success:
    "After a success, everything that the request names is switched, and nothing else. The answer has the documented fields, and repeats the proxy type and the rental period of the request.",
  failure:
    "A failure has null for `proxyType`, 0 for `rentPeriodDays` and `quantity`, an empty list of IDs, and an error with code and message.",
  off: "Switching off takes the same fields as switching on, the rental period included.",
};

/** Nothing public says so, although the `quantity` of a failure is 0. */
export const refusalClaim = { "refusal-changes-nothing": "A refused call switches nothing." };

export function switchDocs(): DocsEntry[] {
  return [
    ...objectDocs([emits.success, switchAnswers.lawful.success], {
      title: "SetAutoExtendSuccess",
      description: "Every IP address of the request is switched.",
      example: documentedSuccess,
      fields: {
        quantity: "The number of IP addresses that were switched, not of orders.",
        ipAddressIds: "The IP addresses that were switched.",
        orderIds:
          "The IDs of the orders in the request. A newer form of the answer has them in place of `ipAddressIds`.",
      },
    }),
    ...objectDocs([emits.failure, switchAnswers.lawful.failure], {
      title: "SetAutoExtendFailure",
      description: "The provider refused, and nothing was switched.",
      example: switchFailures().failure,
      fields: {
        balance: "The balance; null if the API key is unknown.",
        currency: "The currency; null if the API key is unknown.",
      },
      others: "Null, 0 or empty in a failure: nothing was switched.",
    }),
  ];
}
