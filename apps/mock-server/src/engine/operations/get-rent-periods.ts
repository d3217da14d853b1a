import { getRentPeriods, type RentPeriodsFailure, type RentPeriodsSuccess } from "@auto-extend/core";
import { defineHandler } from "./decide.js";

export const getRentPeriodsHandler = defineHandler(getRentPeriods, {
  rules: { "proxy-type": { field: "proxyType" } },
  execute({ account, request: { proxyType } }) {
    const sold = account.rentPeriods[proxyType] ?? [];
    const envelope: RentPeriodsSuccess = { success: true, rentPeriodDays: [...sold], error: null };
    const periods = sold.length > 0 ? `${sold.join(", ")} days` : "no rental period";
    return { envelope, why: `the account can buy ${periods} for ${proxyType}`, changes: [] };
  },
  failure: (error): RentPeriodsFailure => ({ success: false, rentPeriodDays: [], error }),
});
