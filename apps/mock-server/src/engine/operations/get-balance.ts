import { type BalanceFailure, type BalanceSuccess, getBalance } from "@auto-extend/core";
import { defineHandler } from "./served-by.js";

/** Serves the request for the balance. */
export const servedGetBalance = defineHandler(getBalance, {
  checks: {},
  carriedOut: ({ account }) => ({
    why: `the balance is ${account.balance} ${account.currency}`,
    result: account,
    changes: [],
  }),
  success: ({ balance, currency }): BalanceSuccess => ({
    success: true,
    balance,
    currencyCode: currency,
    error: null,
  }),
  failure: (error): BalanceFailure => ({ success: false, balance: null, currencyCode: null, error }),
});
