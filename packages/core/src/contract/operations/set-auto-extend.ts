import { z } from "zod/v3";
import { documented } from "../documented.js";
import { apiKeyParameter, autoExtend, orderIds, proxyType, rentPeriodDays } from "../fields.js";
import type { Operation } from "../operation.js";
import type { ProxyType } from "../proxy-types.js";
import { checkAutoExtendAnswer } from "../shared/check-auto-extend-answer.js";
import { setAutoExtendRules, setAutoExtendStatements } from "../shared/set-auto-extend-rules.js";
import {
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
  statements: setAutoExtendStatements,
  rules: setAutoExtendRules,
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
