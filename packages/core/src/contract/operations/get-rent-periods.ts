import * as z from "zod/v3";
import { docsOf, documented, nullOnly } from "../documented.js";
import type { Evidence } from "../evidence.js";
import { acceptedFailure, apiError, lawfulError, proxyType, rentPeriodDays } from "../fields.js";
import type { Operation, OperationSpec } from "../operation.js";
import {
  apiKeyRule,
  assumption,
  failuresOf,
  malformedProbeOf,
  proxyTypeInQueryRule,
  statusStatement,
} from "../shared/rules.js";

/** The query of the request. */
export type RentPeriodsRequest = z.infer<typeof request>;
/** The success that a server emits. */
export type RentPeriodsSuccess = z.infer<typeof success>;
/** The failure that a server emits. */
export type RentPeriodsFailure = z.infer<typeof failure>;
/** The success that a caller accepts. */
export type AcceptedRentPeriods = z.infer<typeof acceptedSuccess>;

const request = documented(z.object({ proxyType }), {
  title: "RentPeriodsRequest",
  description: "The proxy type whose rental periods are listed.",
  example: { proxyType: "IPv4" },
});

const documentedSuccess = { success: true, rentPeriodDays: [30, 60, 90, 180, 360], error: null };

const documentedFailure: RentPeriodsFailure = {
  success: false,
  rentPeriodDays: [],
  error: { code: 4, message: "Incorrect proxy type" },
};

const success = documented(
  z
    .object({
      success: documented(z.literal(true), { description: "The rental periods are listed." }),
      rentPeriodDays: documented(z.array(rentPeriodDays), {
        description: "The rental periods that are sold, in days.",
      }),
      error: nullOnly("There is no error."),
    })
    .strict(),
  {
    title: "RentPeriodsSuccess",
    description: "The rental periods that are sold for the proxy type.",
    example: documentedSuccess,
  },
);

const failure = documented(
  z
    .object({
      success: documented(z.literal(false), { description: "Nothing is listed." }),
      rentPeriodDays: documented(z.array(rentPeriodDays).max(0), { description: "Nothing is listed." }),
      error: apiError,
    })
    .strict(),
  {
    title: "RentPeriodsFailure",
    description: "The provider refused.",
    example: { success: false, rentPeriodDays: [], error: { code: 4, message: "Incorrect proxy type" } },
  },
);

const acceptedSuccess = z
  .object({
    success: z.literal(true),
    rentPeriodDays: z.array(z.number()),
    error: z.null().optional(),
  })
  .passthrough();

/** Lists the rental periods that are sold for a proxy type, in days (sibling). */
export const getRentPeriods = {
  id: "getRentPeriods",
  method: "GET",
  path: "/client/api/v1/{apiKey}/rentPeriod",
  changes: false,
  hasCredentials: false,
  request,
  emits: { success, failure },
  lawful: {
    success: documented(success.passthrough(), docsOf(success)),
    failure: documented(failure.extend({ error: lawfulError }).passthrough(), docsOf(failure)),
  },
  accepts: { success: acceptedSuccess, failure: acceptedFailure },
  check: () => [],
} as const satisfies Operation;

/** The specification of {@link getRentPeriods}. */
export function getRentPeriodsSpec() {
  const evidence = {
    grade: "sibling",
    source: "reference page of the request for rental periods",
  } as const satisfies Evidence;
  const typeRule = proxyTypeInQueryRule("getRentPeriods");
  const missing = malformedProbeOf("getRentPeriods")("missing", "no proxy type", () => ({}));
  const rules = [
    apiKeyRule("getRentPeriods", { proxyType: "IPv4" }),
    { ...typeRule, probes: [...typeRule.probes, missing] },
  ] as const;
  return {
    ...evidence,
    summary: "List the rental periods of a proxy type",
    description: "Lists the rental periods that are sold for a proxy type, in days.",
    statements: [
      statusStatement("getRentPeriods", evidence),
      {
        id: "getRentPeriods/success",
        claim: "A success lists the rental periods that are sold for the proxy type, in days.",
        ...evidence,
      },
      {
        id: "getRentPeriods/failure",
        claim: "A failure has an empty list, and an error with code and message.",
        ...evidence,
      },
      assumption(
        "getRentPeriods/malformed-fields",
        "A proxy type that is missing or empty is refused like one that does not exist.",
      ),
    ],
    rules,
    examples: {
      requests: {
        // The mock's default account sells these; `proxyTypeInfo` has those that the provider is thought to sell.
        IPv4: example("IPv4", [30]),
        IPv6: example("IPv6", [30]),
        MOBILE: example("MOBILE", [30]),
        ISP: example("ISP", [30]),
      },
      failure: documentedFailure,
      failures: failuresOf(rules, (error): RentPeriodsFailure => ({ ...documentedFailure, error })),
    },
  } as const satisfies OperationSpec;
}

function example(type: RentPeriodsRequest["proxyType"], days: number[]) {
  return {
    request: { proxyType: type } satisfies RentPeriodsRequest,
    success: { ...documentedSuccess, success: true, rentPeriodDays: days } satisfies RentPeriodsSuccess,
  };
}
