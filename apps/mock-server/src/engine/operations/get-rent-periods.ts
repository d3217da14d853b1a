import { getRentPeriods, type RentPeriodsFailure, type RentPeriodsSuccess } from "@auto-extend/core";
import { ofField } from "./rules.js";
import { defineHandler } from "./served-by.js";

/** Serves the request for the rental periods of a proxy type. */
export const servedGetRentPeriods = defineHandler(getRentPeriods, {
  checks: { "proxy-type": ofField("proxyType") },
  carriedOut({ account, request: { proxyType } }) {
    const sold = account.rentPeriods[proxyType] ?? [];
    const what = sold.length > 0 ? `${sold.join(", ")} days` : "no rental period";
    return { why: `the account is sold ${what} for ${proxyType}`, result: sold, changes: [] };
  },
  success: (sold): RentPeriodsSuccess => ({ success: true, rentPeriodDays: [...sold], error: null }),
  failure: (error): RentPeriodsFailure => ({ success: false, rentPeriodDays: [], error }),
});
