import * as z from "zod/v3";
import { objectDocs } from "../docs.js";
import type { Evidence, Statement } from "../evidence.js";
import { autoExtend, ipAddressIds, orderIds, proxyType, rentPeriodDays } from "../fields.js";
import type { Operation, OperationSpec, Rule } from "../operation.js";
import type { ProxyType } from "../proxy-types.js";
import { reservedIpAddressId, reservedOrderId, reservedProxyType } from "../reserved-values.js";
import {
  apiKeyRule,
  assumptions,
  autoExtendRule,
  claims,
  exampleOfEachType,
  goodIdsProbe,
  idKinds,
  ipAddressIdsRule,
  malformedFieldsClaim,
  needingOrders,
  orderIdsRule,
  otherTypeClaim,
  probe,
  proxyTypeRule,
  rentalPeriodRule,
  rule,
  statusClaim,
} from "../shared/rules.js";
import {
  checkOfSwitch,
  emittedSwitches,
  refusalClaim,
  switchAnswers,
  switchClaims,
  switchDocs,
  switchFailures,
  switchSuccess,
} from "../shared/switch-answers.js";

// The operations that switch auto-extend, by order and by IP address.

export type SetAutoExtendRequest = z.infer<typeof orderRequest>;

const orderRequest = z.object({ proxyType, orderIds, rentPeriodDays, autoExtend });
const ipAddressRequest = z.object({ proxyType, ipAddressIds, rentPeriodDays, autoExtend });

const common = { method: "POST", changes: true, hasCredentials: false, ...switchAnswers } as const;

/** Switches auto-extend for every IP address of orders (reference). On costs money at each renewal. */
export const setAutoExtend = {
  id: "setAutoExtend",
  path: "/client/api/v1/{apiKey}/extend/order/auto",
  request: orderRequest,
  check: checkOfSwitch("orderIds"),
  ...common,
} as const satisfies Operation;

/** Switches auto-extend for IP addresses (sibling); those of an IPv6 order only together, or error 28 (observed). */
export const setAutoExtendByIpAddress = {
  id: "setAutoExtendByIpAddress",
  path: "/client/api/v1/{apiKey}/extend/auto",
  request: ipAddressRequest,
  check: checkOfSwitch("ipAddressIds"),
  ...common,
} as const satisfies Operation;

export function setAutoExtendSpec() {
  const { id } = setAutoExtend;
  return specFor(setAutoExtend, {
    evidence: { grade: "reference", source: "reference text of the endpoint" },
    summary: "Switch auto-extend by order IDs",
    description:
      "Switches auto-extend on or off for every IP address of the given orders, all of one proxy type. Success and failure both come with HTTP 200: `success` says which one it is.",
    title: "SetAutoExtendRequest",
    requestDescription: "The orders to switch, and whether to switch them on or off.",
    reserved: { orderIds: [reservedOrderId] },
    idRules: [orderIdsRule(id)],
    statements: orderStatements(),
    requests: exampleOfEachType((type, { orderId, ipAddressId }) => ({
      request: requestOf(type, { orderIds: [orderId] }),
      success: switchSuccess(type, [ipAddressId]),
    })),
  });
}

export function setAutoExtendByIpAddressSpec() {
  const { id } = setAutoExtendByIpAddress;
  const evidence: Evidence = {
    grade: "sibling",
    source: "reference page of the request that switches by IP address",
  };
  const example = (type: ProxyType, ids: string[]) => ({
    request: requestOf(type, { ipAddressIds: ids }),
    success: switchSuccess(type, ids),
  });
  return specFor(setAutoExtendByIpAddress, {
    evidence,
    summary: "Switch auto-extend by IP address IDs",
    description:
      "Switches auto-extend on or off for the given IP addresses, all of one proxy type. Those of an IPv6 order must be switched together.",
    title: "SetAutoExtendByIpAddressRequest",
    requestDescription:
      "The IP addresses to switch, and whether to switch them on or off. Those of an IPv6 order must be switched together: list them all.",
    reserved: { ipAddressIds: [reservedIpAddressId] },
    idRules: [ipAddressIdsRule(id), wholeOrdersRule(id)],
    statements: [
      ...claims(id, evidence, {
        ...statusClaim,
        ...switchClaims,
        quantity:
          "`quantity` is the number of IP addresses in the request, and the answer lists those and no others.",
      }),
      ...assumptions(id, {
        duplicates: "An IP address ID that is listed twice counts once.",
        ...malformedFieldsClaim,
        ...refusalClaim,
        "all-or-nothing":
          "If one IP address ID is refused, the whole call is refused, and nothing is switched.",
        ...otherTypeClaim(idKinds.ipAddress),
      }),
    ],
    requests: {
      ...exampleOfEachType((type, { ipAddressId }) => example(type, [ipAddressId])),
      "whole-order": example("IPv6", ["6666666666666666661", "6666666666666666662"]),
    },
  });
}

type Requests = Readonly<Record<ProxyType, { readonly request: object; readonly success: object }>>;

interface SpecParts<IdRules, Examples> {
  readonly evidence: Evidence;
  readonly summary: string;
  readonly description: string;
  readonly title: string;
  readonly requestDescription: string;
  /** IDs that no account has. */
  readonly reserved: Readonly<Record<string, readonly string[]>>;
  /** The rules about the IDs, after that of the proxy type. */
  readonly idRules: IdRules;
  readonly statements: readonly Statement[];
  readonly requests: Examples;
}

function specFor<const IdRules extends readonly Rule[], Examples extends Requests>(
  { id, request }: typeof setAutoExtend | typeof setAutoExtendByIpAddress,
  {
    evidence,
    reserved,
    idRules,
    requests,
    title,
    requestDescription,
    ...parts
  }: SpecParts<IdRules, Examples>,
) {
  const harmless = { proxyType: reservedProxyType, ...reserved, rentPeriodDays: 30, autoExtend: false };
  return {
    ...evidence,
    ...parts,
    emits: emittedSwitches,
    docs: [
      ...objectDocs([request as z.AnyZodObject], {
        title,
        description: requestDescription,
        example: requests.IPv4.request,
      }),
      ...switchDocs(),
    ],
    rules: [
      apiKeyRule(id, harmless, [goodIdsProbe()]),
      proxyTypeRule(id, harmless),
      ...idRules,
      rentalPeriodRule(id),
      autoExtendRule(id),
    ],
    examples: { requests, ...switchFailures() },
  } as const satisfies OperationSpec;
}

function requestOf<Ids extends object>(type: ProxyType, ids: Ids) {
  return { proxyType: type, ...ids, rentPeriodDays: 30, autoExtend: true };
}

function wholeOrdersRule(id: string) {
  const claim = "All IP addresses of an IPv6 order are listed together.";
  const partOfOrder = probe("part-of-order", "a part of an IPv6 order", (valid) => ({
    ...valid,
    ipAddressIds: (valid.ipAddressIds as string[]).slice(0, 1),
  }));
  return rule(id, { name: "whole-orders", code: 28, claim }, [
    needingOrders({ ...partOfOrder, needsSeveralAddresses: true }),
  ]);
}

function orderStatements() {
  const { id } = setAutoExtend;
  const reference = (part: string) =>
    ({ grade: "reference", source: `${part} of the reference text` }) as const;
  const { success, failure, off } = switchClaims;
  return [
    ...claims(id, reference("answers"), statusClaim),
    ...claims(id, reference("field table and success example"), { success }),
    ...claims(
      id,
      { grade: "sibling", source: "reference pages of this request's older and newer versions" },
      { quantity: "`quantity` is the number of IP addresses that the answer lists." },
    ),
    ...claims(id, reference("error example"), { failure }),
    ...claims(id, reference("field table"), {
      off,
      "several-orders": "One call switches several orders of one proxy type.",
    }),
    ...assumptions(id, {
      "every-order-counts":
        "Every order has at least one IP address, so `quantity` is not below the number of distinct order IDs.",
      repeat: "The request sets a state, so sending it again changes nothing and succeeds.",
      duplicates: "An order ID that is listed twice counts once.",
      "unknown-fields": "Fields that the reference does not name are ignored.",
      ...malformedFieldsClaim,
      ...refusalClaim,
      "all-or-nothing": "If one order ID is refused, the whole call is refused, and nothing is switched.",
      ...otherTypeClaim(idKinds.order),
      "rule-order":
        "The rules are checked in the order listed here, and the first broken one decides the answer.",
    }),
  ];
}
