import * as z from "zod/v3";
import { objectDocs } from "../docs.js";
import { ipAddressIds, orderIds, proxyType, rentPeriodDays } from "../fields.js";
import type { Operation, OperationSpec, Rule } from "../operation.js";
import type { ProxyType } from "../proxy-types.js";
import { reservedIpAddressId, reservedOrderId, reservedProxyType } from "../reserved-values.js";
import {
  documentedPrice,
  emittedPrices,
  type PriceSuccess,
  priceAnswers,
  priceDocs,
  priceFailure,
} from "../shared/price-answers.js";
import {
  apiKeyRule,
  assumptions,
  claims,
  type ExampleOrder,
  exampleOfEachType,
  failuresOf,
  goodIdsProbe,
  type IdKind,
  idKinds,
  ipAddressIdsRule,
  malformedFieldsClaim,
  orderIdsRule,
  otherTypeClaim,
  proxyTypeRule,
  rentalPeriodRule,
  statusClaim,
} from "../shared/rules.js";

// The operations that price an extension, of orders and of IP addresses.

export type PriceExtensionRequest = z.infer<typeof orderRequest>;
const promoCode = z.string({ invalid_type_error: "must be a promo code as a string, or omitted" }).optional();

const orderRequest = z.object({ proxyType, orderIds, rentPeriodDays, promoCode });
const ipAddressRequest = z.object({ proxyType, ipAddressIds, rentPeriodDays, promoCode });

const common = { method: "POST", changes: false, hasCredentials: false, ...priceAnswers } as const;

/** Prices one extension (renewal) of orders, and spends nothing (sibling). */
export const priceExtension = {
  id: "priceExtension",
  path: "/client/api/v1/{apiKey}/calculate/extend/order",
  request: orderRequest,
  ...common,
} as const satisfies Operation;

/** Prices one extension (renewal) of single IP addresses, and spends nothing (sibling). */
export const priceExtensionByIpAddress = {
  id: "priceExtensionByIpAddress",
  path: "/client/api/v1/{apiKey}/calculate/extend",
  request: ipAddressRequest,
  ...common,
} as const satisfies Operation;

export function priceExtensionSpec() {
  return specFor(priceExtension, {
    kind: idKinds.order,
    source: "reference page of the request that prices an extension",
    title: "PriceExtensionRequest",
    idsOf: ({ orderId }) => ({ orderIds: [orderId] }),
    idsRule: orderIdsRule(priceExtension.id),
    sumStatement: "several-orders",
  });
}

export function priceExtensionByIpAddressSpec() {
  return specFor(priceExtensionByIpAddress, {
    kind: idKinds.ipAddress,
    source: "reference page of the request that prices an extension by IP address",
    title: "PriceExtensionByIpAddressRequest",
    idsOf: ({ ipAddressId }) => ({ ipAddressIds: [ipAddressId] }),
    idsRule: ipAddressIdsRule(priceExtensionByIpAddress.id),
    sumStatement: "several-addresses",
  });
}

interface SpecParts<Ids, IdsRule> {
  readonly kind: IdKind;
  readonly source: string;
  readonly title: string;
  readonly idsOf: (order: ExampleOrder) => Ids;
  readonly idsRule: IdsRule;
  readonly sumStatement: string;
}

function specFor<Ids extends object, IdsRule extends Rule>(
  { id, request }: Pick<Operation, "id" | "request">,
  { kind, title, idsOf, idsRule, sumStatement, ...parts }: SpecParts<Ids, IdsRule>,
) {
  const { noun, plural } = kind;
  const evidence = { grade: "sibling", source: parts.source } as const;
  const impossible = {
    proxyType: reservedProxyType,
    ...idsOf({ orderId: reservedOrderId, ipAddressId: reservedIpAddressId }),
    rentPeriodDays: 30,
  };
  const rules = [
    apiKeyRule(id, impossible, [goodIdsProbe()]),
    proxyTypeRule(id, impossible),
    idsRule,
    rentalPeriodRule(id),
  ] as const;
  const byType = exampleOfEachType((type, order) => ({
    request: { proxyType: type, ...idsOf(order), rentPeriodDays: 30 },
    success: { ...documentedPrice, proxyType: type, price: prices[type] } satisfies PriceSuccess,
  }));
  return {
    ...evidence,
    summary: `Price an extension of ${plural}`,
    description: `Prices one extension (renewal) of the given ${plural}, all of one proxy type, for a rental period. It spends nothing. Warnings say why the extension itself would fail.`,
    emits: emittedPrices,
    docs: [
      ...objectDocs([request], {
        title,
        description: `The ${plural} whose extension is priced.`,
        example: byType.IPv4.request,
        fields: { promoCode: "A promo code." },
      }),
      ...priceDocs(),
    ],
    statements: [
      ...claims(id, evidence, {
        ...statusClaim,
        success:
          "A success has the price of one extension of everything in the request, the balance and the currency.",
        failure:
          "A failure has no price, and an error with code and message. It may show balance and currency.",
        "spends-nothing":
          "Pricing spends nothing and switches nothing: balance and auto-extend are the same afterwards.",
        warnings:
          "A price above the balance comes with a warning of code 16. Any other price comes without it.",
        "promo-code":
          "`promoCodeStatus` is null without a promo code. It is `NO_VALID` for one that does not exist, and the price is then the full one.",
      }),
      ...assumptions(id, {
        ...malformedFieldsClaim,
        [sumStatement]: `The price of several ${plural} is the sum of their prices.`,
        "all-or-nothing": `If one ${noun} ID is refused, the whole call is refused.`,
        ...otherTypeClaim(kind),
      }),
    ],
    rules,
    examples: { requests: byType, ...failuresOf(rules, idsRule.code, priceFailure) },
  } as const satisfies OperationSpec;
}

/** The price of one IP address in the examples. */
const prices: Readonly<Record<ProxyType, number>> = { IPv4: 0.8, IPv6: 0.1, MOBILE: 3.5, ISP: 1.6 };
