import * as z from "zod/v3";
import { documented } from "../documented.js";
import { autoExtend, orderIds, proxyType, rentPeriodDays } from "../fields.js";
import type { Operation, OperationSpec } from "../operation.js";
import type { ProxyType } from "../proxy-types.js";
import { impossibleOrderId, impossibleProxyType } from "../reserved-values.js";
import {
  apiKeyRule,
  assumption,
  autoExtendRule,
  malformedFieldsStatement,
  orderIdsRule,
  proxyTypeRule,
  rentalPeriodRule,
  statusStatement,
} from "../shared/rules.js";
import {
  checkOfSwitch,
  documentedFailure,
  documentedSuccess,
  type SetAutoExtendSuccess,
  switchAnswers,
  switchFailures,
} from "../shared/switch-answers.js";

/** The body of the request. */
export type SetAutoExtendRequest = z.infer<typeof request>;

const id = "setAutoExtend";

const request = documented(z.object({ proxyType, orderIds, rentPeriodDays, autoExtend }), {
  title: "SetAutoExtendRequest",
  description: "The orders to switch, and whether to switch them on or off.",
  example: { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30, autoExtend: true },
});

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
  const impossible = {
    proxyType: impossibleProxyType,
    orderIds: [impossibleOrderId],
    rentPeriodDays: 30,
    autoExtend: false,
  };
  return {
    grade: "reference",
    source: "reference text of the endpoint",
    summary: "Switch auto-extend by order ids",
    description:
      "Switches auto-extend on or off for every IP address of the given orders, all of one proxy type. Success and failure both come with HTTP 200: `success` says which one it is.",
    statements: statements(),
    rules: [
      apiKeyRule(id, impossible),
      proxyTypeRule(id, impossible),
      orderIdsRule(id),
      rentalPeriodRule(id),
      autoExtendRule(id),
    ],
    examples: {
      requests: {
        IPv4: example("IPv4", "11111", "1111111111111111111"),
        IPv6: example("IPv6", "33333", "22222222222222222"),
        MOBILE: example("MOBILE", "44444", "4444444444444444444"),
        ISP: example("ISP", "55555", "5555555555555555555"),
      },
      failure: documentedFailure,
      failures: switchFailures(),
    },
  } as const satisfies OperationSpec;
}

function statements() {
  const ofReference = (name: string, source: string, claim: string) =>
    ({ id: `${id}/${name}`, claim, grade: "reference", source: `${source} of the reference text` }) as const;
  return [
    statusStatement(id, { grade: "reference", source: "answers of the reference text" }),
    ofReference(
      "success",
      "field table and success example",
      "A success has switched every IP address of the orders, and no others. It has the documented fields, and echoes the proxy type and the rental period of the request.",
    ),
    {
      id: `${id}/quantity`,
      claim: "`quantity` counts IP addresses, and equals the number of those listed.",
      grade: "sibling",
      source: "reference pages of this request's older and newer versions",
    },
    ofReference(
      "failure",
      "error example",
      "A failure has switched nothing. It has null, 0, 0 and an empty list for the data, and an error with code and message.",
    ),
    ofReference(
      "off",
      "field table",
      "Switching off takes the same fields as switching on, the rental period included.",
    ),
    ofReference("several-orders", "field table", "One call switches several orders of one proxy type."),
    assumption(
      `${id}/every-order-counts`,
      "Every order has at least one IP address, so `quantity` is not below the number of distinct order ids.",
    ),
    assumption(`${id}/repeat`, "The request sets a state, so sending it again changes nothing and succeeds."),
    assumption(`${id}/duplicates`, "An order id that is listed twice counts once."),
    assumption(`${id}/unknown-fields`, "Fields that the reference does not name are ignored."),
    malformedFieldsStatement(id),
    assumption(
      `${id}/all-or-nothing`,
      "One order id that is refused refuses the whole call, and nothing is switched.",
    ),
    assumption(
      `${id}/orders-of-type`,
      "An order of another proxy type than that of the call is refused like an order that does not exist.",
    ),
    assumption(
      `${id}/rule-order`,
      "The rules are tried in the order listed here, and the first broken one decides the answer.",
    ),
  ] as const;
}

function example(type: ProxyType, orderId: string, ipAddressId: string) {
  return {
    request: {
      proxyType: type,
      orderIds: [orderId],
      rentPeriodDays: 30,
      autoExtend: true,
    } satisfies SetAutoExtendRequest,
    success: {
      ...documentedSuccess,
      proxyType: type,
      ipAddressIds: [ipAddressId],
    } satisfies SetAutoExtendSuccess,
  };
}
