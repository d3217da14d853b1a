import * as z from "zod/v3";
import { objectDocs } from "../docs.js";
import type { Evidence } from "../evidence.js";
import { autoExtend, ipAddressIds, proxyType, rentPeriodDays } from "../fields.js";
import type { Operation, OperationSpec } from "../operation.js";
import type { ProxyType } from "../proxy-types.js";
import { reservedIpAddressId, reservedProxyType } from "../reserved-values.js";
import {
  apiKeyRule,
  assumptions,
  autoExtendRule,
  claims,
  exampleOfEachType,
  ipAddressIdsRule,
  malformedFieldsClaim,
  needingOrders,
  probe,
  proxyTypeRule,
  rentalPeriodRule,
  rule,
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
export type SetAutoExtendByIpAddressRequest = z.infer<typeof request>;

const id = "setAutoExtendByIpAddress";

const request = z.object({ proxyType, ipAddressIds, rentPeriodDays, autoExtend });

/**
 * Switches auto-extend on or off for single IP addresses (sibling). Those of an IPv6 order must all be named: a
 * request for only some of them is refused with error 28 (observed).
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
  const others = { ipAddressIds: [reservedIpAddressId], rentPeriodDays: 30, autoExtend: false };
  const impossible = { proxyType: reservedProxyType, ...others };
  return {
    ...evidence,
    summary: "Switch auto-extend by IP address ids",
    description:
      "Switches auto-extend on or off for the given IP addresses, all of one proxy type. Those of an IPv6 order go together.",
    docs: [
      ...objectDocs([request], {
        title: "SetAutoExtendByIpAddressRequest",
        description:
          "The IP addresses to switch, and whether to switch them on or off. Those of an IPv6 order go together: list them all.",
        example: {
          proxyType: "IPv4",
          ipAddressIds: ["1111111111111111111"],
          rentPeriodDays: 30,
          autoExtend: true,
        },
      }),
      ...switchDocs(),
    ],
    statements: [
      ...claims(id, evidence, {
        ...statusClaim,
        ...switchClaims,
        quantity:
          "`quantity` counts the IP addresses that were listed, and the answer lists those and no others.",
      }),
      ...assumptions(id, {
        duplicates: "An IP address id that is listed twice counts once.",
        ...malformedFieldsClaim,
        ...refusalClaim,
        "all-or-nothing":
          "One IP address id that is refused refuses the whole call, and nothing is switched.",
        "ip-addresses-of-type":
          "An IP address of another proxy type than that of the call is refused like one that does not exist.",
      }),
    ],
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
        ...exampleOfEachType((type, { ipAddressId }) => example(type, [ipAddressId])),
        "whole-order": example("IPv6", ["6666666666666666661", "6666666666666666662"]),
      },
      failure: documentedFailure,
      failures: switchFailures(),
    },
  } as const satisfies OperationSpec;
}

function wholeOrdersRule() {
  const claim = "All IP addresses of an IPv6 order are listed together.";
  const partOfOrder = probe("part-of-order", "a part of an IPv6 order", (valid) => ({
    ...valid,
    ipAddressIds: (valid.ipAddressIds as string[]).slice(0, 1),
  }));
  return rule(id, { name: "whole-orders", code: 28, claim }, [
    needingOrders({ ...partOfOrder, needsSeveralAddresses: true }),
  ]);
}

function example(type: ProxyType, ipAddressIds: string[]) {
  return {
    request: {
      proxyType: type,
      ipAddressIds,
      rentPeriodDays: 30,
      autoExtend: true,
    } satisfies SetAutoExtendByIpAddressRequest,
    success: switchSuccess(type, ipAddressIds),
  };
}
