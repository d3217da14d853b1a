import * as z from "zod/v3";
import { objectDocs } from "../docs.js";
import { autoExtend, orderIds, proxyType, rentPeriodDays } from "../fields.js";
import type { Operation, OperationSpec } from "../operation.js";
import { reservedOrderId, reservedProxyType } from "../reserved-values.js";
import {
  apiKeyRule,
  assumptions,
  autoExtendRule,
  claims,
  exampleOfEachType,
  malformedFieldsClaim,
  orderIdsRule,
  proxyTypeRule,
  rentalPeriodRule,
  statusClaim,
} from "../shared/rules.js";
import {
  checkOfSwitch,
  documentedFailure,
  refusalClaim,
  switchAnswers,
  switchClaims,
  switchDocs,
  switchFailures,
  switchSuccess,
} from "../shared/switch-answers.js";

/** The body of the request. */
export type SetAutoExtendRequest = z.infer<typeof request>;

const id = "setAutoExtend";

const request = z.object({ proxyType, orderIds, rentPeriodDays, autoExtend });

/**
 * Switches auto-extend on or off for every IP address of the given orders (reference). On costs money at each renewal.
 * The call sets a state, so repeating it should do no harm (assumed).
 */
export const setAutoExtend = {
  id,
  method: "POST",
  path: "/client/api/v1/{apiKey}/extend/order/auto",
  changes: true,
  hasCredentials: false,
  request,
  ...switchAnswers,
  check: checkOfSwitch("orderIds"),
} as const satisfies Operation;

/** The specification of {@link setAutoExtend}. */
export function setAutoExtendSpec() {
  const others = { orderIds: [reservedOrderId], rentPeriodDays: 30, autoExtend: false };
  const impossible = { proxyType: reservedProxyType, ...others };
  return {
    grade: "reference",
    source: "reference text of the endpoint",
    summary: "Switch auto-extend by order ids",
    description:
      "Switches auto-extend on or off for every IP address of the given orders, all of one proxy type. Success and failure both come with HTTP 200: `success` says which one it is.",
    docs: [
      ...objectDocs([request], {
        title: "SetAutoExtendRequest",
        description: "The orders to switch, and whether to switch them on or off.",
        example: { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30, autoExtend: true },
      }),
      ...switchDocs(),
    ],
    statements: statements(),
    rules: [
      apiKeyRule(id, impossible),
      proxyTypeRule(id, impossible),
      orderIdsRule(id),
      rentalPeriodRule(id),
      autoExtendRule(id),
    ],
    examples: {
      requests: exampleOfEachType((type, { orderId, ipAddressId }) => ({
        request: {
          proxyType: type,
          orderIds: [orderId],
          rentPeriodDays: 30,
          autoExtend: true,
        } satisfies SetAutoExtendRequest,
        success: switchSuccess(type, [ipAddressId]),
      })),
      failure: documentedFailure,
      failures: switchFailures(),
    },
  } as const satisfies OperationSpec;
}

function statements() {
  const reference = (part: string) =>
    ({ grade: "reference", source: `${part} of the reference text` }) as const;
  const { success, failure, off } = switchClaims;
  return [
    ...claims(id, reference("answers"), statusClaim),
    ...claims(id, reference("field table and success example"), { success }),
    ...claims(
      id,
      { grade: "sibling", source: "reference pages of this request's older and newer versions" },
      { quantity: "`quantity` counts IP addresses, and equals the number of those listed." },
    ),
    ...claims(id, reference("error example"), { failure }),
    ...claims(id, reference("field table"), {
      off,
      "several-orders": "One call switches several orders of one proxy type.",
    }),
    ...assumptions(id, {
      "every-order-counts":
        "Every order has at least one IP address, so `quantity` is not below the number of distinct order ids.",
      repeat: "The request sets a state, so sending it again changes nothing and succeeds.",
      duplicates: "An order id that is listed twice counts once.",
      "unknown-fields": "Fields that the reference does not name are ignored.",
      ...malformedFieldsClaim,
      ...refusalClaim,
      "all-or-nothing": "One order id that is refused refuses the whole call, and nothing is switched.",
      "orders-of-type":
        "An order of another proxy type than that of the call is refused like an order that does not exist.",
      "rule-order":
        "The rules are tried in the order listed here, and the first broken one decides the answer.",
    }),
  ];
}
