import type { Statement } from "../contract/evidence.js";

/** What no public page says of renewals, as settings; the defaults are assumed. Spans are counted in whole ms. */
export interface RenewalSettings {
  /** How long before its end an order is renewed and paid, in hours; 0 where left out. */
  readonly leadTimeHours?: number | undefined;
  /**
   * How long after a failed renewal it is tried again, in hours, as long as the order lasts; never where it is `null`
   * or left out.
   */
  readonly retryHours?: number | null | undefined;
}

/** What holds where a setting is left out. */
export const defaultRenewalSettings = {
  leadTimeHours: 0,
  retryHours: null,
} as const satisfies Required<RenewalSettings>;

/** What is claimed of renewals, each with its grade. */
export const renewalStatements = [
  {
    id: "renewal/ipv6-whole",
    claim: "The IP addresses of an IPv6 order are renewed together, or not at all.",
    grade: "sibling",
    source: "reference page of the request that extends IP addresses",
  },
  {
    id: "renewal/ipv6-rest",
    claim:
      "What is left of an IPv6 order is renewed as soon as the part that kept it from being whole has ended.",
    grade: "assumed",
    source: "no public page",
  },
  {
    id: "renewal/groups",
    claim:
      "The IP addresses of an order that end together and have the same rental period are renewed with one payment, others separately.",
    grade: "assumed",
    source: "no public page",
  },
  {
    id: "renewal/lead-time",
    claim: "An order is renewed and paid at the moment at which it would end.",
    grade: "assumed",
    source: "no public page",
  },
  {
    id: "renewal/new-end",
    claim: "A renewal moves the end on by the rental period, counted from the old end.",
    grade: "assumed",
    source: "no public page",
  },
  {
    id: "renewal/short-balance",
    claim: "A renewal that the balance does not cover is not tried again, and the order ends.",
    grade: "assumed",
    source: "no public page",
  },
  {
    id: "renewal/expiry",
    claim: "What is not renewed by the moment of its end has ended then, and is not renewed later.",
    grade: "assumed",
    source: "no public page",
  },
  {
    id: "renewal/one-moment",
    claim:
      "At one moment what can be renewed is renewed before anything ends: IPv4 first, then IPv6, MOBILE and ISP, and of one type in the order of the list of IP addresses.",
    grade: "assumed",
    source: "no public page",
  },
  {
    id: "renewal/ended-orders",
    claim: "What has ended is refused like what does not exist, and is in the list of IP addresses no more.",
    grade: "assumed",
    source: "no public page",
  },
] as const satisfies readonly Statement[];
