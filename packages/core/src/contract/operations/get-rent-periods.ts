import { z } from "zod/v3";
import { documented, nullOnly } from "../documented.js";
import type { Statement } from "../evidence.js";
import { acceptedFailure, apiError, apiKeyParameter, proxyType, rentPeriodDays } from "../fields.js";
import { failuresOf, type Operation, type Rule } from "../operation.js";
import { apiKeyRule, malformedProbeOf, notPublic, proxyTypeInQueryRule } from "../shared/rules.js";

/** What is sent to learn the rental periods. */
export type RentPeriodsRequest = z.infer<typeof request>;
/** The success that a server emits. */
export type RentPeriodsSuccess = z.infer<typeof success>;
/** The failure that a server emits. */
export type RentPeriodsFailure = z.infer<typeof failure>;
/** The success that a caller accepts. */
export type AcceptedRentPeriods = z.infer<typeof acceptedSuccess>;

const source = "reference page of the request for rental periods";

const request = documented(z.object({ proxyType }), {
  title: "RentPeriodsRequest",
  description: "For which proxy type.",
  example: { proxyType: "IPv4" },
});

const documentedSuccess = { success: true, rentPeriodDays: [30, 60, 90, 180, 360], error: null };

const documentedFailure: {
  success: false;
  rentPeriodDays: number[];
  error: { code: number; message: string };
} = {
  success: false,
  rentPeriodDays: [],
  error: { code: 4, message: "Incorrect proxy type" },
};

const success = documented(
  z
    .object({
      success: documented(z.literal(true), { description: "The rental periods are told." }),
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
      success: documented(z.literal(false), { description: "Nothing is told." }),
      rentPeriodDays: documented(z.array(rentPeriodDays).max(0), { description: "Nothing is told." }),
      error: apiError,
    })
    .strict(),
  { title: "RentPeriodsFailure", description: "The provider refused.", example: documentedFailure },
);

const acceptedSuccess = z
  .object({
    success: z.literal(true),
    rentPeriodDays: z.array(z.number()),
    error: z.null().optional(),
  })
  .passthrough();

const statements = [
  {
    id: "getRentPeriods/status",
    claim: "Success and error both come with HTTP 200 and JSON; only `success` tells them apart.",
    grade: "sibling",
    source,
  },
  {
    id: "getRentPeriods/success",
    claim: "A success lists the rental periods that are sold for the proxy type, in days.",
    grade: "sibling",
    source,
  },
  {
    id: "getRentPeriods/failure",
    claim: "A failure has an empty list, and an error with code and message.",
    grade: "sibling",
    source,
  },
  {
    id: "getRentPeriods/malformed-fields",
    claim: "A proxy type that is missing or empty is refused like one that does not exist.",
    grade: "assumed",
    source: notPublic,
  },
] as const satisfies readonly Statement[];

const typeRule = proxyTypeInQueryRule("getRentPeriods");

const rules = [
  apiKeyRule("getRentPeriods", { proxyType: "IPv4" }),
  {
    ...typeRule,
    probes: [...typeRule.probes, malformedProbeOf("getRentPeriods")("missing", "no proxy type", () => ({}))],
  },
] as const satisfies readonly Rule[];

/** Tells which rental periods are sold for a proxy type. */
export const getRentPeriods = {
  id: "getRentPeriods",
  method: "GET",
  path: "/client/api/v1/{apiKey}/rentPeriod",
  grade: "sibling",
  source,
  summary: "List the rental periods of a proxy type",
  description: "Lists the rental periods that are sold for a proxy type, in days.",
  pathParameters: z.object({ apiKey: apiKeyParameter }),
  changes: false,
  hasCredentials: false,
  request,
  emits: { success, failure },
  accepts: { success: acceptedSuccess, failure: acceptedFailure },
  check: () => [],
  statements,
  rules,
  examples: {
    requests: {
      IPv4: example("IPv4", [30, 60, 90, 180, 360]),
      IPv6: example("IPv6", [90, 180, 360]),
      MOBILE: example("MOBILE", [30, 360]),
      ISP: example("ISP", [30, 60, 90, 180, 360]),
    },
    failure: documentedFailure,
    failures: failuresOf(
      rules,
      (error): RentPeriodsFailure => ({ ...documentedFailure, rentPeriodDays: [], error }),
    ),
  },
} as const satisfies Operation;

function example(type: RentPeriodsRequest["proxyType"], days: number[]) {
  return {
    request: { proxyType: type } satisfies RentPeriodsRequest,
    success: { ...documentedSuccess, success: true, rentPeriodDays: days } satisfies RentPeriodsSuccess,
  };
}
