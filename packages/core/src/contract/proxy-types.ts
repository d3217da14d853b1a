import type { Evidence, Grade } from "./evidence.js";

/** A proxy type in the provider's own spelling. */
export type ProxyType = (typeof proxyTypes)[number];

/** The four proxy types in the provider's own spelling (reference). */
export const proxyTypes = ["IPv4", "IPv6", "MOBILE", "ISP"] as const;

/** What is known of one proxy type. */
export interface ProxyTypeInfo {
  /** The spelling on the wire. */
  readonly wire: ProxyType;
  /** The name to show to people. */
  readonly name: string;
  /** The rental periods the provider is known or thought to sell, in days: advice, never a rule. */
  readonly rentPeriods: Evidence & { readonly days: readonly number[] };
}

/** All proxy types, by their spelling on the wire. */
export const proxyTypeInfo: Readonly<Record<ProxyType, ProxyTypeInfo>> = {
  IPv4: info("IPv4", "IPv4", [30, 60, 90, 180, 360], "sibling"),
  IPv6: info("IPv6", "IPv6", [90, 180, 360], "sibling", "older examples use 30 as well"),
  MOBILE: info("MOBILE", "Mobile", [30, 360], "sibling"),
  ISP: info("ISP", "ISP", [30, 60, 90, 180, 360], "assumed", "taken over from IPv4"),
};

/**
 * The proxy type that a person meant, whatever the case they typed it in.
 *
 * @returns the wire spelling, or `undefined` where it is none of the four.
 */
export function findProxyType(text: string): ProxyType | undefined {
  const wanted = text.trim().toLowerCase();
  return proxyTypes.find((type) => type.toLowerCase() === wanted);
}

function info(
  wire: ProxyType,
  name: string,
  days: readonly number[],
  grade: Grade,
  remark?: string,
): ProxyTypeInfo {
  const source = grade === "assumed" ? "no public page" : "reference page of the rental period request";
  return { wire, name, rentPeriods: { days, grade, source: remark ? `${source}; ${remark}` : source } };
}
