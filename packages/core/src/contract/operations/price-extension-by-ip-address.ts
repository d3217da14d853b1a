import * as z from "zod/v3";
import { documented } from "../documented.js";
import type { Evidence } from "../evidence.js";
import { ipAddressIds, proxyType, rentPeriodDays } from "../fields.js";
import type { Operation, OperationSpec } from "../operation.js";
import type { ProxyType } from "../proxy-types.js";
import { impossibleIpAddressId, impossibleProxyType } from "../reserved-values.js";
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
  ipAddressIdsRule,
  proxyTypeRule,
  rentalPeriodRule,
} from "../shared/rules.js";

/** The body of the request. */
export type PriceExtensionByIpAddressRequest = z.infer<typeof request>;

const id = "priceExtensionByIpAddress";

const request = documented(z.object({ proxyType, ipAddressIds, rentPeriodDays, promoCode }), {
  title: "PriceExtensionByIpAddressRequest",
  description: "The IP addresses whose extension is priced.",
  example: { proxyType: "IPv4", ipAddressIds: ["1111111111111111111"], rentPeriodDays: 30 },
});

/** Prices one extension of single IP addresses, and spends nothing (sibling). */
export const priceExtensionByIpAddress = {
  id,
  method: "POST",
  path: "/client/api/v1/{apiKey}/calculate/extend",
  changes: false,
  hasCredentials: false,
  request,
  ...priceAnswers,
} as const satisfies Operation;

/** The specification of {@link priceExtensionByIpAddress}. */
export function priceExtensionByIpAddressSpec() {
  const evidence = {
    grade: "sibling",
    source: "reference page of the request that prices an extension by IP address",
  } as const satisfies Evidence;
  const impossible = {
    proxyType: impossibleProxyType,
    ipAddressIds: [impossibleIpAddressId],
    rentPeriodDays: 30,
  };
  const rules = [
    apiKeyRule(id, impossible),
    proxyTypeRule(id, impossible),
    ipAddressIdsRule(id),
    rentalPeriodRule(id),
  ] as const;
  return {
    ...evidence,
    summary: "Price an extension of IP addresses",
    description:
      "Prices one extension of the given IP addresses, all of one proxy type, for a rental period. It spends nothing. Warnings say why the extension itself would fail.",
    statements: [
      ...priceStatements(id, evidence),
      assumption(`${id}/several-addresses`, "The price of several IP addresses is the sum of their prices."),
      assumption(`${id}/all-or-nothing`, "One IP address id that is refused refuses the whole call."),
      assumption(
        `${id}/ip-addresses-of-type`,
        "An IP address of another proxy type than that of the call is refused like one that does not exist.",
      ),
    ],
    rules,
    examples: {
      requests: {
        IPv4: example("IPv4", "1111111111111111111", 0.8),
        IPv6: example("IPv6", "22222222222222222", 0.1),
        MOBILE: example("MOBILE", "4444444444444444444", 3.5),
        ISP: example("ISP", "5555555555555555555", 1.6),
      },
      otherAccounts: {
        "short-balance": {
          request: {
            proxyType: "IPv4",
            ipAddressIds: ["1111111111111111111"],
            rentPeriodDays: 360,
          } satisfies PriceExtensionByIpAddressRequest,
          success: documentedShortBalance,
        },
      },
      failure: priceFailure({ code: 24, message: "Incorrect ip addresses" }),
      failures: failuresOf(rules, priceFailure),
    },
  } as const satisfies OperationSpec;
}

function example(type: ProxyType, ipAddressId: string, price: number) {
  return {
    request: {
      proxyType: type,
      ipAddressIds: [ipAddressId],
      rentPeriodDays: 30,
    } satisfies PriceExtensionByIpAddressRequest,
    success: { ...documentedPrice, proxyType: type, price } satisfies PriceExtensionSuccess,
  };
}
