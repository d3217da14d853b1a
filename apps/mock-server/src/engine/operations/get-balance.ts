import { type BalanceFailure, type BalanceSuccess, getBalance } from "@auto-extend/core";
import { defineHandler } from "./decide.js";

export const getBalanceHandler = defineHandler(getBalance, {
  rules: {},
  execute({ account: { balance, currency } }) {
    const envelope: BalanceSuccess = { success: true, balance, currencyCode: currency, error: null };
    return { envelope, why: `the balance is ${balance} ${currency}`, changes: [] };
  },
  failure: (error): BalanceFailure => ({ success: false, balance: null, currencyCode: null, error }),
});
