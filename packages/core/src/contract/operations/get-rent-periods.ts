import * as z from "zod/v3";
import { objectDocs } from "../docs.js";
import type { Evidence } from "../evidence.js";
import { proxyType, rentPeriodDays } from "../fields.js";
import type { Operation, OperationSpec } from "../operation.js";
import { rentPeriodsSold } from "../proxy-types.js";
import { type Answered, checkAgreement, type Sent } from "../shared/agreement.js";
import { answersOf } from "../shared/answers.js";
import {
  apiKeyRule,
  assumptions,
  claims,
  exampleOfEachType,
  failuresOf,
  malformedProbeOf,
  proxyTypeInQueryRule,
  statusClaim,
} from "../shared/rules.js";

const id = "getRentPeriods";
const request = z.object({ proxyType });
const { emits, ...answers } = answersOf({
  success: { rentPeriodDays: z.array(rentPeriodDays) },
  failure: { rentPeriodDays: z.array(rentPeriodDays).max(0) },
  accepted: { rentPeriodDays: z.array(z.number()) },
});

/** Lists the rental periods that are sold for a proxy type, in days (sibling). */
export const getRentPeriods = {
  id,
  method: "GET",
  path: "/client/api/v1/{apiKey}/rentPeriod",
  changes: false,
  hasCredentials: false,
  request,
  ...answers,
  check: (request: Sent, answer: Answered, { show }) =>
    answer.success ? checkAgreement(["proxyType"], { request, answer, show }) : [],
} as const satisfies Operation;

export function getRentPeriodsSpec() {
  const evidence: Evidence = { grade: "sibling", source: "reference page of the request for rental periods" };
  const missing = malformedProbeOf(id)("missing", "a missing proxy type", () => ({}));
  const rules = [apiKeyRule(id, { proxyType: "IPv4" }), proxyTypeInQueryRule(id, [missing])] as const;
  const successWith = (rentPeriodDays: readonly number[]): z.infer<typeof emits.success> => ({
    success: true,
    rentPeriodDays: [...rentPeriodDays],
    error: null,
  });
  const failures = failuresOf(rules, 4, (error): z.infer<typeof emits.failure> => {
    return { success: false, rentPeriodDays: [], error };
  });
  return {
    ...evidence,
    summary: "List the rental periods of a proxy type",
    description: "Lists the rental periods that are sold for a proxy type, in days.",
    emits,
    docs: [
      ...objectDocs([request], {
        title: "RentPeriodsRequest",
        description: "The proxy type whose rental periods are listed.",
        example: { proxyType: "IPv4" },
      }),
      ...objectDocs([emits.success, answers.lawful.success], {
        title: "RentPeriodsSuccess",
        description: "The rental periods that are sold for the proxy type.",
        example: successWith(rentPeriodsSold.IPv4.days),
        fields: { rentPeriodDays: "The rental periods that are sold, in days." },
      }),
      ...objectDocs([emits.failure, answers.lawful.failure], {
        title: "RentPeriodsFailure",
        description: "The provider refused the request.",
        example: failures.failure,
        fields: { rentPeriodDays: "Empty in a failure." },
      }),
    ],
    statements: [
      ...claims(id, evidence, {
        ...statusClaim,
        success: "A success lists the rental periods that are sold for the proxy type, in days.",
        failure: "A failure has an empty list, and an error with code and message.",
      }),
      ...assumptions(id, {
        "malformed-fields": "A proxy type that is missing or empty is refused like one that does not exist.",
      }),
    ],
    rules,
    examples: {
      requests: exampleOfEachType((type) => ({
        request: { proxyType: type },
        // The mock's default account sells this one for every type.
        success: successWith([30]),
      })),
      ...failures,
    },
  } as const satisfies OperationSpec;
}
