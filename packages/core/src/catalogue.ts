import type { DocsEntry } from "./contract/docs.js";
import { errorCodeStatement, errorCodes } from "./contract/errors.js";
import type { Statement } from "./contract/evidence.js";
import { fieldDocs } from "./contract/fields.js";
import { operations, specOf } from "./contract/operations/registry.js";
import { rentPeriodsSold } from "./contract/proxy-types.js";
import { assumptions, claims } from "./contract/shared/rules.js";
import { transportDocs, transportErrors } from "./contract/transport.js";

// The whole contract in lists, for documents and reports.

/** Everything that the contract claims about the provider, each with its ID, grade and source. A server can contradict it. */
export function allStatements(): Statement[] {
  return [
    ...operations.flatMap((operation) => [...specOf(operation).statements, ...specOf(operation).rules]),
    ...errorCodes.map(errorCodeStatement),
    ...renewalStatements(),
    ...Object.values(transportErrors),
    ...Object.entries(rentPeriodsSold).map(([type, { days, grade, source }]) => {
      const claim = `The provider sells ${days.join(", ")} days for ${type}.`;
      return { id: `rent-periods/${type}`, claim, grade, source };
    }),
  ].map(({ id, claim, grade, source }) => ({ id, claim, grade, source }));
}

/** Every schema that a document shows, with its title, description and example. */
export function schemaDocs(): DocsEntry[] {
  const entries = new Map<DocsEntry[0], DocsEntry[1]>();
  for (const [schema, docs] of [
    ...fieldDocs(),
    ...transportDocs(),
    ...operations.flatMap((operation) => specOf(operation).docs),
  ]) {
    if (!entries.has(schema)) entries.set(schema, docs);
  }
  return [...entries];
}

function renewalStatements(): Statement[] {
  const extension = "reference page of the request that extends IP addresses";
  return [
    ...claims(
      "renewal",
      { grade: "sibling", source: extension },
      { "ipv6-whole": "The IP addresses of an IPv6 order are renewed together, or not at all." },
    ),
    ...assumptions("renewal", {
      "ipv6-rest":
        "If some IP addresses of an IPv6 order keep it from being renewed, the others are renewed once those have ended.",
      groups:
        "The IP addresses of an order that end together and have the same rental period are renewed with one payment, others separately.",
      "lead-time": "An order is paid for and renewed at the moment when it would otherwise end.",
      "new-end": "A renewal moves the end by the rental period, counted from the old end.",
      "short-balance": "A renewal that the balance does not cover is not tried again, and the order ends.",
      expiry: "IP addresses that are not renewed by their end expire then, and are not renewed later.",
      "one-moment":
        "Of the events at one time, all renewals come before all expiries: IPv4 first, then IPv6, MOBILE and ISP, and within a type in the order of the list of IP addresses.",
      "ended-orders":
        "IP addresses that have ended are refused like those that do not exist, and are no longer listed.",
    }),
  ];
}
