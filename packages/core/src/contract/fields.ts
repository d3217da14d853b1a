import * as z from "zod/v3";
import { type DocsEntry, objectDocs } from "./docs.js";
import { proxyTypes } from "./proxy-types.js";

// The fields that several operations share.

const spelling = `must be one of ${proxyTypes.join(", ")}, in this spelling`;

/** The proxy type, in the provider's spelling (reference). */
export const proxyType = z.enum(proxyTypes, {
  errorMap: (_, { data }) => ({ message: data === undefined ? `is missing: it ${spelling}` : spelling }),
});

/** Anything but `NUMBER-...`, spelled out letter by letter: validators built on RE2 refuse a look-ahead. */
const noOrderNumber =
  /^\s*(?:$|[^\sNn]|[Nn](?:$|[^Uu]|[Uu](?:$|[^Mm]|[Mm](?:$|[^Bb]|[Bb](?:$|[^Ee]|[Ee](?:$|[^Rr]|[Rr](?:$|[^-])))))))/;

/** The ID of an order (reference). */
export const orderId = idOf("order", "11111")
  // Not a refinement: that would make reading a request several times as slow.
  .regex(noOrderNumber, "is an order number; use the order ID (orderId in the list of your IP addresses)");

/** Whether a text is an order number (`NUMBER-112233`), a frequent mix-up with order IDs (sibling, observed). */
export function isOrderNumber(text: string): boolean {
  return !noOrderNumber.test(text);
}

/** The orders of a request, at least one (reference). */
export const orderIds = listOf(orderId, "order", "11111");

/** A rental period in days: any positive whole number, since the list of those sold is data (reference). */
export const rentPeriodDays = z
  .number({
    required_error: "is missing: give a number of days, such as 30, even to switch off",
    invalid_type_error: "must be a number of days, such as 30, without quotes",
  })
  .int("must be a whole number of days")
  .min(1, "must be at least 1 day");

/** The ID of an IP address (reference). */
export const ipAddressId = idOf("IP address", "1111111111111111111");

/** The IP addresses of a request, at least one (sibling). */
export const ipAddressIds = listOf(ipAddressId, "IP address", "1111111111111111111");

function idOf(noun: string, example: string) {
  const invalid_type_error = `must be a string: an ${noun} ID in quotes, such as "${example}"`;
  return z.string({ invalid_type_error }).min(1, "is empty");
}

function listOf(id: z.ZodString, noun: string, example: string) {
  const needed = `list at least one ${noun} ID`;
  return z
    .array(id, {
      required_error: `is missing: ${needed}`,
      invalid_type_error: `must be a list of ${noun} IDs, such as ["${example}"]`,
    })
    .min(1, `is empty: ${needed}`);
}

/** The switch (reference). */
export const autoExtend = z.boolean({
  required_error: "is missing: true switches auto-extend on, false off",
  invalid_type_error: "must be true (on) or false (off), not a string or number",
});

/** An amount of money in units of the account's currency (reference). JSON can hold numbers that are read as Infinity, such as 1e999. */
export const money = z.number().finite();

/** The currency of an amount (reference). */
export const currency = z.string().min(1);

/** The fields that say whether an answer is a success (reference). */
export const succeeded = z.literal(true);
export const failed = z.literal(false);
export const noError = z.null();

/** The provider's error (reference). */
export const apiError = z.object({ code: z.number().int(), message: z.string().min(1) }).strict();

/** The error of a lawful failure: it may say more (sibling). */
export const lawfulError = apiError.passthrough();

/** The failure that a caller accepts: `error` has a code and a message, and everything else is up to the provider. */
export const acceptedFailure = z
  .object({
    success: failed,
    error: z.object({ code: z.number(), message: z.string() }).passthrough(),
  })
  .passthrough();

export function fieldDocs(): DocsEntry[] {
  const described = (schema: z.ZodTypeAny, description: string, example?: unknown): DocsEntry => [
    schema,
    example === undefined ? { description } : { description, example },
  ];
  const type = "The type of the proxies. One request is about one type.";
  return [
    [proxyType, { title: "ProxyType", description: type, example: "IPv4" }],
    described(
      orderId,
      "The ID of an order, `orderId` in the list of IP addresses. It is not the `orderNumber` that buying an order returns (`NUMBER-...`).",
      "11111",
    ),
    described(orderIds, "The orders. The request applies to every IP address of each order.", ["11111"]),
    described(rentPeriodDays, "The rental period in days.", 30),
    described(
      ipAddressId,
      "The ID of an IP address. It has more digits than a JSON number can hold exactly, so it is a string.",
      "1111111111111111111",
    ),
    described(ipAddressIds, "The IP addresses.", ["1111111111111111111"]),
    described(
      autoExtend,
      "`true` switches auto-extend on, which costs money at each renewal; `false` switches it off.",
    ),
    described(succeeded, "Always true."),
    described(failed, "Always false."),
    described(noError, "Always null in a success."),
    described(money, "The balance of the account.", 5),
    described(currency, "The currency of the balance.", "USD"),
    ...objectDocs([apiError, lawfulError], {
      title: "ApiError",
      description: "The provider's error.",
      example: { code: 4, message: "Incorrect proxy type" },
      fields: {
        code: "The number of the error. The public lists of codes are incomplete.",
        message: "The error in words.",
      },
    }),
  ];
}
