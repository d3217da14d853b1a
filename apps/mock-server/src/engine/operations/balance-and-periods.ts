import {
  type BalanceFailure,
  type BalanceSuccess,
  getBalance,
  getRentPeriods,
  type RentPeriodsFailure,
  type RentPeriodsSuccess,
} from "@auto-extend/core";
import { defineHandler } from "./decide.js";

/** The two operations that show what an account has: its balance, and the rental periods that it can buy. */

export const getBalanceHandler = defineHandler(getBalance, {
  rules: {},
  execute({ account: { balance, currency } }) {
    const envelope: BalanceSuccess = { success: true, balance, currencyCode: currency, error: null };
    return { envelope, why: `the balance is ${balance} ${currency}`, switches: [] };
  },
  failure: (error): BalanceFailure => ({ success: false, balance: null, currencyCode: null, error }),
});

export const getRentPeriodsHandler = defineHandler(getRentPeriods, {
  rules: { "proxy-type": { field: "proxyType" } },
  execute({ account, request: { proxyType } }) {
    const sold = account.rentPeriods[proxyType] ?? [];
    const envelope: RentPeriodsSuccess = { success: true, rentPeriodDays: [...sold], error: null };
    const periods = sold.length > 0 ? `${sold.join(", ")} days` : "no rental period";
    return { envelope, why: `the account can buy ${periods} for ${proxyType}`, switches: [] };
  },
  failure: (error): RentPeriodsFailure => ({ success: false, rentPeriodDays: [], error }),
});
