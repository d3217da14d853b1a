import * as z from "zod/v3";
import { documented } from "../documented.js";
import type { Evidence } from "../evidence.js";
import { autoExtend, ipAddressIds, proxyType, rentPeriodDays } from "../fields.js";
import type { Operation, OperationSpec } from "../operation.js";
import type { ProxyType } from "../proxy-types.js";
import { impossibleIpAddressId, impossibleProxyType } from "../reserved-values.js";
import {
  apiKeyRule,
  assumption,
  autoExtendRule,
  ipAddressIdsRule,
  malformedFieldsStatement,
  needingOrders,
  probe,
  proxyTypeRule,
  rentalPeriodRule,
  rule,
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
export type SetAutoExtendByIpAddressRequest = z.infer<typeof request>;

const id = "setAutoExtendByIpAddress";

const request = documented(
  z.object({
    proxyType,
    ipAddressIds: documented(ipAddressIds, {
      description: "The IP addresses. Those of an IPv6 order go together: list them all.",
    }),
    rentPeriodDays,
    autoExtend,
  }),
  {
    title: "SetAutoExtendByIpAddressRequest",
    description: "The IP addresses to switch, and whether to switch them on or off.",
    example: {
      proxyType: "IPv4",
      ipAddressIds: ["1111111111111111111"],
      rentPeriodDays: 30,
      autoExtend: true,
    },
  },
);

/**
 * Switches auto-extend on or off for single IP addresses (sibling). Those of an IPv6 order go together: a part of them
 * is refused with error 28 (observed).
 */
export const setAutoExtendByIpAddress = {
  id,
  method: "POST",
  path: "/client/api/v1/{apiKey}/extend/auto",
  changes: true,
  hasCredentials: false,
  request,
  ...switchAnswers,
  check: checkOfSwitch("ipAddressIds"),
} as const satisfies Operation;

/** The specification of {@link setAutoExtendByIpAddress}. */
export function setAutoExtendByIpAddressSpec() {
  const evidence = {
    grade: "sibling",
    source: "reference page of the request that switches by IP address",
  } as const satisfies Evidence;
  const impossible = {
    proxyType: impossibleProxyType,
    ipAddressIds: [impossibleIpAddressId],
    rentPeriodDays: 30,
    autoExtend: false,
  };
  return {
    ...evidence,
    summary: "Switch auto-extend by IP address ids",
    description:
      "Switches auto-extend on or off for the given IP addresses, all of one proxy type. Those of an IPv6 order go together.",
    statements: statements(evidence),
    rules: [
      apiKeyRule(id, impossible),
      proxyTypeRule(id, impossible),
      ipAddressIdsRule(id),
      wholeOrdersRule(),
      rentalPeriodRule(id),
      autoExtendRule(id),
    ],
    examples: {
      requests: {
        IPv4: example("IPv4", "1111111111111111111"),
        IPv6: example("IPv6", "22222222222222222"),
        MOBILE: example("MOBILE", "4444444444444444444"),
        ISP: example("ISP", "5555555555555555555"),
      },
      failure: documentedFailure,
      failures: switchFailures(),
    },
  } as const satisfies OperationSpec;
}

function wholeOrdersRule() {
  const partOfOrder = probe("part-of-order", "a part of an IPv6 order", (valid) => ({
    ...valid,
    ipAddressIds: (valid.ipAddressIds as string[]).slice(0, 1),
  }));
  return {
    ...rule(id, {
      name: "whole-orders",
      code: 28,
      claim: "All IP addresses of an IPv6 order are listed together.",
    }),
    probes: [needingOrders({ ...partOfOrder, needsSeveralAddresses: true })],
  };
}

function statements(evidence: Evidence) {
  return [
    statusStatement(id, evidence),
    {
      id: `${id}/success`,
      claim:
        "A success has switched the listed IP addresses, and no others. It has the documented fields, and echoes the proxy type and the rental period of the request.",
      ...evidence,
    },
    {
      id: `${id}/quantity`,
      claim: "`quantity` counts the IP addresses that were listed, and the answer lists those and no others.",
      ...evidence,
    },
    {
      id: `${id}/failure`,
      claim:
        "A failure has switched nothing. It has null, 0, 0 and an empty list for the data, and an error with code and message.",
      ...evidence,
    },
    {
      id: `${id}/off`,
      claim: "Switching off takes the same fields as switching on, the rental period included.",
      ...evidence,
    },
    assumption(`${id}/duplicates`, "An IP address id that is listed twice counts once."),
    malformedFieldsStatement(id),
    assumption(
      `${id}/all-or-nothing`,
      "One IP address id that is refused refuses the whole call, and nothing is switched.",
    ),
    assumption(
      `${id}/ip-addresses-of-type`,
      "An IP address of another proxy type than that of the call is refused like one that does not exist.",
    ),
  ];
}

function example(type: ProxyType, ipAddress: string) {
  return {
    request: {
      proxyType: type,
      ipAddressIds: [ipAddress],
      rentPeriodDays: 30,
      autoExtend: true,
    } satisfies SetAutoExtendByIpAddressRequest,
    success: {
      ...documentedSuccess,
      proxyType: type,
      ipAddressIds: [ipAddress],
    } satisfies SetAutoExtendSuccess,
  };
}
