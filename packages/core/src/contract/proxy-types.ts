import type { Evidence } from "./evidence.js";

/** A proxy type in the provider's own spelling. */
export type ProxyType = (typeof proxyTypes)[number];

/** The four proxy types in the provider's own spelling (reference). */
export const proxyTypes = ["IPv4", "IPv6", "MOBILE", "ISP"] as const;

/** Rental periods that the provider is known or thought to sell, in days: advice, never a rule. */
export interface SoldPeriods extends Evidence {
  readonly days: readonly number[];
}

const source = "reference page of the rental period request";

/** The rental periods of each proxy type. */
export const rentPeriodsSold: Readonly<Record<ProxyType, SoldPeriods>> = {
  IPv4: { days: [30, 60, 90, 180, 360], grade: "sibling", source },
  IPv6: {
    days: [90, 180, 360],
    grade: "sibling",
    // No template: bundlers keep what they cannot prove to be without effect.
    source: "reference page of the rental period request; older examples use 30 as well",
  },
  MOBILE: { days: [30, 360], grade: "sibling", source },
  ISP: { days: [30, 60, 90, 180, 360], grade: "assumed", source: "no public page; copied from IPv4" },
};

const byName = new Map(proxyTypes.map((type) => [type.toLowerCase(), type]));

/** Finds the proxy type that a person meant, in upper or lower case; `undefined` for anything else. */
export function findProxyType(text: string): ProxyType | undefined {
  return byName.get(text.trim().toLowerCase());
}
