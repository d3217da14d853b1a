import type { Statement } from "../evidence.js";

/** What no public page says of renewals, as settings; the defaults are assumed. */
export interface RenewalSettings {
  /** How long before its end an order is renewed and paid, in hours; 0 where left out. */
  readonly leadTimeHours?: number;
  /** How long after a failed renewal it is tried again, in hours, as long as the order lasts; never where left out. */
  readonly retryHours?: number;
}

/** What is claimed of renewals, each with its grade. */
export const renewalStatements = [
  {
    id: "renewal/ipv6-whole",
    claim: "The IP addresses of an IPv6 order are renewed together, or not at all.",
    grade: "sibling",
    source: "reference page of the request that extends IP addresses",
  },
  {
    id: "renewal/lead-time",
    claim: "An order is renewed and paid at the moment at which it would end.",
    grade: "assumed",
    source: "no public page",
  },
  {
    id: "renewal/short-balance",
    claim: "A renewal that the balance does not cover is not tried again, and the order ends.",
    grade: "assumed",
    source: "no public page",
  },
] as const satisfies readonly Statement[];
