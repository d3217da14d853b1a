import type { ProxyType } from "@auto-extend/core";
import { ofField } from "./field-checks.js";
import type { Case } from "./served-by.js";

/** What a request says of a rental period. */
interface OfPeriod {
  readonly proxyType: ProxyType;
  readonly rentPeriodDays: number;
}

/** That the account is sold the rental period for the proxy type. */
export const rentalPeriodCheck = ofField<OfPeriod>("rentPeriodDays", notSold);

/** Why a rental period can't be had, for people; an empty text where it can. */
export function notSold({ account, request: { proxyType, rentPeriodDays } }: Case<OfPeriod>): string {
  const sold = account.rentPeriods[proxyType] ?? [];
  if (sold.includes(rentPeriodDays)) return "";
  const choice = sold.length > 0 ? `it sells ${sold.join(", ")}` : "it sells none";
  return `rentPeriodDays: ${rentPeriodDays} days are not sold for ${proxyType} here; ${choice}`;
}
