import * as z from "zod/v3";
import { documented } from "../documented.js";
import type { Evidence } from "../evidence.js";
import { orderIds, proxyType, rentPeriodDays } from "../fields.js";
import type { Operation, OperationSpec } from "../operation.js";
import type { ProxyType } from "../proxy-types.js";
import { impossibleOrderId, impossibleProxyType } from "../reserved-values.js";
import {
  documentedPrice,
  documentedShortBalance,
  type PriceExtensionSuccess,
  priceAnswers,
  priceFailure,
  priceStatements,
  promoCode,
} from "../shared/price-answers.js";
import {
  apiKeyRule,
  assumption,
  failuresOf,
  orderIdsRule,
  proxyTypeRule,
  rentalPeriodRule,
} from "../shared/rules.js";

/** The body of the request. */
export type PriceExtensionRequest = z.infer<typeof request>;

const id = "priceExtension";

const request = documented(z.object({ proxyType, orderIds, rentPeriodDays, promoCode }), {
  title: "PriceExtensionRequest",
  description: "The orders whose extension is priced.",
  example: { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30 },
});

/** Prices one extension of orders, and spends nothing (sibling). */
export const priceExtension = {
  id,
  method: "POST",
  path: "/client/api/v1/{apiKey}/calculate/extend/order",
  changes: false,
  hasCredentials: false,
  request,
  ...priceAnswers,
} as const satisfies Operation;

/** The specification of {@link priceExtension}. */
export function priceExtensionSpec() {
  const evidence = {
    grade: "sibling",
    source: "reference page of the request that prices an extension",
  } as const satisfies Evidence;
  const impossible = {
    proxyType: impossibleProxyType,
    orderIds: [impossibleOrderId],
    rentPeriodDays: 30,
  };
  const rules = [
    apiKeyRule(id, impossible),
    proxyTypeRule(id, impossible),
    orderIdsRule(id),
    rentalPeriodRule(id),
  ] as const;
  return {
    ...evidence,
    summary: "Price an extension of orders",
    description:
      "Prices one extension of the given orders, all of one proxy type, for a rental period. It spends nothing. Warnings say why the extension itself would fail.",
    statements: [
      ...priceStatements(id, evidence),
      assumption(`${id}/several-orders`, "The price of several orders is the sum of their prices."),
      assumption(`${id}/all-or-nothing`, "One order id that is refused refuses the whole call."),
      assumption(
        `${id}/orders-of-type`,
        "An order of another proxy type than that of the call is refused like an order that does not exist.",
      ),
    ],
    rules,
    examples: {
      requests: {
        IPv4: example("IPv4", "11111", 0.8),
        IPv6: example("IPv6", "33333", 0.1),
        MOBILE: example("MOBILE", "44444", 3.5),
        ISP: example("ISP", "55555", 1.6),
      },
      otherAccounts: {
        "short-balance": {
          request: {
            proxyType: "IPv4",
            orderIds: ["11111"],
            rentPeriodDays: 360,
          } satisfies PriceExtensionRequest,
          success: documentedShortBalance,
        },
      },
      failure: priceFailure({ code: 29, message: "Incorrect orderIds" }),
      failures: failuresOf(rules, priceFailure),
    },
  } as const satisfies OperationSpec;
}

function example(type: ProxyType, orderId: string, price: number) {
  return {
    request: {
      proxyType: type,
      orderIds: [orderId],
      rentPeriodDays: 30,
    } satisfies PriceExtensionRequest,
    success: { ...documentedPrice, proxyType: type, price } satisfies PriceExtensionSuccess,
  };
}
