import { z } from "zod/v3";
import { documented } from "../documented.js";
import type { Statement } from "../evidence.js";
import { apiKeyParameter, autoExtend, orderIds, proxyType, rentPeriodDays } from "../fields.js";
import type { Operation, Rule } from "../operation.js";
import type { ProxyType } from "../proxy-types.js";
import { impossibleOrderId, impossibleProxyType } from "../reserved-values.js";
import {
  apiKeyRule,
  autoExtendRule,
  notPublic,
  orderIdsRule,
  proxyTypeRule,
  rentalPeriodRule,
} from "../shared/rules.js";
import {
  checkAutoExtendAnswer,
  documentedFailure,
  documentedSuccess,
  type SetAutoExtendSuccess,
  switchAnswers,
  switchFailures,
} from "../shared/switch-answers.js";

/** What is sent to switch auto-extend. */
export type SetAutoExtendRequest = z.infer<typeof request>;

const request = documented(
  z.object({
    proxyType,
    orderIds,
    rentPeriodDays,
    autoExtend,
  }),
  {
    title: "SetAutoExtendRequest",
    description: "Which orders to switch, and which way.",
    example: { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30, autoExtend: true },
  },
);

const statements = [
  {
    id: "setAutoExtend/status",
    claim: "Success and error both come with HTTP 200 and JSON; only `success` tells them apart.",
    grade: "reference",
    source: "answers of the reference text",
  },
  {
    id: "setAutoExtend/success",
    claim:
      "A success has the documented fields, and echoes the proxy type and the rental period of the request.",
    grade: "reference",
    source: "success example of the reference text",
  },
  {
    id: "setAutoExtend/quantity",
    claim: "`quantity` counts IP addresses, and equals the number of those listed.",
    grade: "sibling",
    source: "reference pages of this request's older and newer versions",
  },
  {
    id: "setAutoExtend/failure",
    claim: "A failure has null, 0, 0 and an empty list for the data, and an error with code and message.",
    grade: "reference",
    source: "error example of the reference text",
  },
  {
    id: "setAutoExtend/off",
    claim: "Switching off takes the same fields as switching on, the rental period included.",
    grade: "reference",
    source: "field table of the reference text",
  },
  {
    id: "setAutoExtend/several-orders",
    claim: "One call switches several orders of one proxy type.",
    grade: "reference",
    source: "field table of the reference text",
  },
  {
    id: "setAutoExtend/repeat",
    claim: "The request sets a state, so sending it again changes nothing and succeeds.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: "setAutoExtend/duplicates",
    claim: "An order id that is listed twice counts once.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: "setAutoExtend/unknown-fields",
    claim: "Fields that the reference does not name are ignored.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: "setAutoExtend/malformed-fields",
    claim: "A field that is missing, or is of the wrong JSON type, breaks the rule that looks at it.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: "setAutoExtend/all-or-nothing",
    claim: "One order id that is refused refuses the whole call, and nothing is switched.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: "setAutoExtend/orders-of-type",
    claim:
      "An order of another proxy type than that of the call is refused like an order that does not exist.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: "setAutoExtend/rule-order",
    claim: "The rules are tried in the order listed here, and the first broken one decides the answer.",
    grade: "assumed",
    source: notPublic,
  },
] as const satisfies readonly Statement[];

const impossible = {
  proxyType: impossibleProxyType,
  orderIds: [impossibleOrderId],
  rentPeriodDays: 30,
  autoExtend: false,
};

const rules = [
  apiKeyRule("setAutoExtend", impossible),
  proxyTypeRule("setAutoExtend", impossible),
  orderIdsRule("setAutoExtend"),
  rentalPeriodRule("setAutoExtend"),
  autoExtendRule("setAutoExtend"),
] as const satisfies readonly Rule[];

/** The names of the rules of {@link setAutoExtend}. */
export type SetAutoExtendRuleName = (typeof rules)[number]["name"];

/** Switches auto-extend on or off for every IP address of the given orders. */
export const setAutoExtend = {
  id: "setAutoExtend",
  method: "POST",
  path: "/client/api/v1/{apiKey}/extend/order/auto",
  grade: "reference",
  source: "reference text of the endpoint",
  summary: "Switch auto-extend by order ids",
  description:
    "Switches auto-extend on or off for every IP address of the given orders, all of one proxy type. Success and failure both come with HTTP 200: `success` tells which one it is.",
  pathParameters: z.object({ apiKey: apiKeyParameter }),
  changes: true,
  hasCredentials: false,
  request,
  ...switchAnswers,
  check: checkAutoExtendAnswer,
  statements,
  rules,
  examples: {
    requests: {
      IPv4: example("IPv4", "11111", "1111111111111111111"),
      IPv6: example("IPv6", "33333", "22222222222222222"),
      MOBILE: example("MOBILE", "44444", "4444444444444444444"),
      ISP: example("ISP", "55555", "5555555555555555555"),
    },
    failure: documentedFailure,
    failures: switchFailures,
  },
} as const satisfies Operation;

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
