import type { Evidence } from "./evidence.js";

/** A proxy type in the provider's own spelling. */
export type ProxyType = (typeof proxyTypes)[number];

/** The four proxy types in the provider's own spelling (reference). */
export const proxyTypes = ["IPv4", "IPv6", "MOBILE", "ISP"] as const;

/** The facts about one proxy type. */
export interface ProxyTypeInfo {
  /** The spelling on the wire. */
  readonly wire: ProxyType;
  /** The name to show to people. */
  readonly name: string;
  /** The rental periods the provider is known or thought to sell, in days: advice, never a rule. */
  readonly rentPeriods: Evidence & { readonly days: readonly number[] };
}

const source = "reference page of the rental period request";

/** All proxy types, by their spelling on the wire. */
export const proxyTypeInfo: Readonly<Record<ProxyType, ProxyTypeInfo>> = {
  IPv4: {
    wire: "IPv4",
    name: "IPv4",
    rentPeriods: { days: [30, 60, 90, 180, 360], grade: "sibling", source },
  },
  IPv6: {
    wire: "IPv6",
    name: "IPv6",
    rentPeriods: {
      days: [90, 180, 360],
      grade: "sibling",
      // No template: bundlers keep what they cannot prove to be without effect.
      source: "reference page of the rental period request; older examples use 30 as well",
    },
  },
  MOBILE: { wire: "MOBILE", name: "Mobile", rentPeriods: { days: [30, 360], grade: "sibling", source } },
  ISP: {
    wire: "ISP",
    name: "ISP",
    rentPeriods: {
      days: [30, 60, 90, 180, 360],
      grade: "assumed",
      source: "no public page; copied from IPv4",
    },
  },
};

const byName = new Map(proxyTypes.map((type) => [type.toLowerCase(), type]));

/** Finds the proxy type that a person meant, in upper or lower case; `undefined` for anything else. */
export function findProxyType(text: string): ProxyType | undefined {
  return byName.get(text.trim().toLowerCase());
}
