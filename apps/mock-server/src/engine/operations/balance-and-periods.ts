import { getBalance, getRentPeriods } from "@auto-extend/core";
import { defineHandler } from "./decide.js";

/** The two operations that show what an account has: its balance, and the rental periods that it can buy. */

export const getBalanceHandler = defineHandler(getBalance, {
  rules: {},
  execute({ account: { balance, currency } }) {
    return {
      envelope: { success: true, balance, currencyCode: currency, error: null },
      why: `the balance is ${balance} ${currency}`,
      switches: [],
    };
  },
  failure: (error) => ({ success: false, balance: null, currencyCode: null, error }),
});

export const getRentPeriodsHandler = defineHandler(getRentPeriods, {
  rules: { "proxy-type": { field: "proxyType" } },
  execute({ account, request: { proxyType } }) {
    const sold = account.rentPeriods[proxyType] ?? [];
    const periods = sold.length > 0 ? `${sold.join(", ")} days` : "no rental period";
    return {
      envelope: { success: true, rentPeriodDays: [...sold], error: null },
      why: `the account can buy ${periods} for ${proxyType}`,
      switches: [],
    };
  },
  failure: (error) => ({ success: false, rentPeriodDays: [], error }),
});
