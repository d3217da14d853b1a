import { z } from "zod/v3";
import { documented } from "../documented.js";
import type { Statement } from "../evidence.js";
import { apiKeyParameter, autoExtend, ipAddressId, proxyType, rentPeriodDays } from "../fields.js";
import type { Issue } from "../issue.js";
import type { Operation, Rule } from "../operation.js";
import type { ProxyType } from "../proxy-types.js";
import { impossibleIpAddressId, impossibleProxyType } from "../reserved-values.js";
import {
  apiKeyRule,
  autoExtendRule,
  malformedProbeOf,
  needingOrders,
  notPublic,
  omit,
  probe,
  proxyTypeRule,
  rentalPeriodRule,
  rule,
} from "../shared/rules.js";
import {
  checkAutoExtendAnswer,
  documentedFailure,
  documentedSuccess,
  type SetAutoExtendSuccess,
  switchAnswers,
  switchFailures,
} from "../shared/switch-answers.js";

/** What is sent to switch auto-extend of single IP addresses. */
export type SetAutoExtendByIpAddressRequest = z.infer<typeof request>;

const id = "setAutoExtendByIpAddress";
const source = "reference page of the request that switches by IP address";

const request = documented(
  z.object({
    proxyType,
    ipAddressIds: documented(
      z
        .array(ipAddressId, {
          required_error: "is missing: list at least one IP address id",
          invalid_type_error: 'must be a list of IP address ids, such as ["1111111111111111111"]',
        })
        .min(1, "is empty: list at least one IP address id"),
      {
        description: "The IP addresses. Those of an IPv6 order go together: list them all.",
        example: ["1111111111111111111"],
      },
    ),
    rentPeriodDays,
    autoExtend,
  }),
  {
    title: "SetAutoExtendByIpAddressRequest",
    description: "Which IP addresses to switch, and which way.",
    example: {
      proxyType: "IPv4",
      ipAddressIds: ["1111111111111111111"],
      rentPeriodDays: 30,
      autoExtend: true,
    },
  },
);

const statements = [
  {
    id: `${id}/status`,
    claim: "Success and error both come with HTTP 200 and JSON; only `success` tells them apart.",
    grade: "sibling",
    source,
  },
  {
    id: `${id}/success`,
    claim:
      "A success has the documented fields, and echoes the proxy type and the rental period of the request.",
    grade: "sibling",
    source,
  },
  {
    id: `${id}/quantity`,
    claim: "`quantity` counts the IP addresses that were listed, and the answer lists those and no others.",
    grade: "sibling",
    source,
  },
  {
    id: `${id}/failure`,
    claim: "A failure has null, 0, 0 and an empty list for the data, and an error with code and message.",
    grade: "sibling",
    source,
  },
  {
    id: `${id}/off`,
    claim: "Switching off takes the same fields as switching on, the rental period included.",
    grade: "sibling",
    source,
  },
  {
    id: `${id}/duplicates`,
    claim: "An IP address id that is listed twice counts once.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: `${id}/malformed-fields`,
    claim: "A field that is missing, or is of the wrong JSON type, breaks the rule that looks at it.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: `${id}/all-or-nothing`,
    claim: "One IP address id that is refused refuses the whole call, and nothing is switched.",
    grade: "assumed",
    source: notPublic,
  },
  {
    id: `${id}/ip-addresses-of-type`,
    claim:
      "An IP address of another proxy type than that of the call is refused like one that does not exist.",
    grade: "assumed",
    source: notPublic,
  },
] as const satisfies readonly Statement[];

const impossible = {
  proxyType: impossibleProxyType,
  ipAddressIds: [impossibleIpAddressId],
  rentPeriodDays: 30,
  autoExtend: false,
};

const malformedProbe = malformedProbeOf(id);

const rules = [
  apiKeyRule(id, impossible),
  proxyTypeRule(id, impossible),
  {
    ...rule(id, {
      name: "ip-addresses",
      code: 24,
      claim: "Every IP address id names an IP address of the account.",
    }),
    probes: [
      probe("unknown", "an IP address id that does not exist", (valid) => ({
        ...valid,
        ipAddressIds: [impossibleIpAddressId],
      })),
      malformedProbe("missing", "no IP address ids", (valid) => omit(valid, "ipAddressIds")),
      malformedProbe("empty", "an empty list of IP address ids", (valid) => ({ ...valid, ipAddressIds: [] })),
      malformedProbe("string", "one string in place of a list", (valid) => ({
        ...valid,
        ipAddressIds: impossibleIpAddressId,
      })),
      malformedProbe("number", "a number in the list", (valid) => ({ ...valid, ipAddressIds: [0] })),
      malformedProbe("empty-id", "an empty string in the list", (valid) => ({
        ...valid,
        ipAddressIds: [""],
      })),
      needingOrders({
        ...probe("one-bad", "one bad IP address id beside a good one", (valid) => ({
          ...valid,
          ipAddressIds: [...(valid.ipAddressIds as string[]), impossibleIpAddressId],
        })),
        dependsOn: `${id}/all-or-nothing`,
      }),
      needingOrders({
        ...probe("other-type", "an IP address of another proxy type", (valid, other) => ({
          ...valid,
          ipAddressIds: other.ipAddressIds,
        })),
        needsOtherType: true,
        dependsOn: `${id}/ip-addresses-of-type`,
      }),
    ],
  },
  {
    ...rule(id, {
      name: "whole-orders",
      code: 28,
      claim: "All IP addresses of an IPv6 order are listed together.",
    }),
    probes: [
      needingOrders({
        ...probe("part-of-order", "a part of an IPv6 order", (valid) => ({
          ...valid,
          ipAddressIds: (valid.ipAddressIds as string[]).slice(0, 1),
        })),
        needsSeveralAddresses: true,
      }),
    ],
  },
  rentalPeriodRule(id),
  autoExtendRule(id),
] as const satisfies readonly Rule[];

/** The names of the rules of {@link setAutoExtendByIpAddress}. */
export type SetAutoExtendByIpAddressRuleName = (typeof rules)[number]["name"];

/** Switches auto-extend on or off for single IP addresses. */
export const setAutoExtendByIpAddress = {
  id,
  method: "POST",
  path: "/client/api/v1/{apiKey}/extend/auto",
  grade: "sibling",
  source,
  summary: "Switch auto-extend by IP address ids",
  description:
    "Switches auto-extend on or off for the given IP addresses, all of one proxy type. Those of an IPv6 order go together.",
  pathParameters: z.object({ apiKey: apiKeyParameter }),
  changes: true,
  hasCredentials: false,
  request,
  ...switchAnswers,
  check: checkAnswer,
  statements,
  rules,
  examples: {
    requests: {
      IPv4: example("IPv4", "1111111111111111111"),
      IPv6: example("IPv6", "22222222222222222"),
      MOBILE: example("MOBILE", "4444444444444444444"),
      ISP: example("ISP", "5555555555555555555"),
    },
    failure: documentedFailure,
    failures: switchFailures,
  },
} as const satisfies Operation;

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

/** Beside what holds for whole orders, the IP addresses in a success are those that were asked for. */
function checkAnswer(
  request: Partial<SetAutoExtendByIpAddressRequest>,
  answer: { readonly success: boolean; readonly ipAddressIds?: unknown; readonly quantity?: unknown },
): Issue[] {
  const issues = checkAutoExtendAnswer(request, answer);
  if (!answer.success || !Array.isArray(request.ipAddressIds)) return issues;
  const asked = new Set<unknown>(request.ipAddressIds);
  if (answer.quantity !== asked.size) {
    const message = `is ${JSON.stringify(answer.quantity)}, but ${asked.size} were asked for`;
    return [...issues, { path: "quantity", message }];
  }
  if (!Array.isArray(answer.ipAddressIds)) return issues;
  const listed = new Set<unknown>(answer.ipAddressIds);
  const missing = [...asked].filter((wanted) => !listed.has(wanted));
  if (missing.length === 0) return issues;
  const shown = missing.slice(0, 3).map((wanted) => JSON.stringify(wanted));
  const more = missing.length > 3 ? ` and ${missing.length - 3} more` : "";
  return [
    ...issues,
    { path: "ipAddressIds", message: `${shown.join(", ")}${more} asked for but not in the answer` },
  ];
}
