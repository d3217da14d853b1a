import { type AcceptedBalance, getBalance as operation } from "@auto-extend/core";
import { type CallContext, call } from "../call.js";

/**
 * The answer to a request that succeeded: what the contract accepts of it, and whatever else the provider sent. The
 * currency is in `currencyCode`, where other answers have `currency`.
 */
export type BalanceResult = AcceptedBalance;

/** Calls the operation; see the client's method of this name. */
export function getBalance(context: CallContext): Promise<BalanceResult> {
  return call(operation, {}, context);
}
