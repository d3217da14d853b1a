import { type AcceptedRentPeriods, getRentPeriods as operation, type ProxyType } from "@auto-extend/core";
import { type CallContext, call } from "../call.js";

/** Whose rental periods are asked for. */
export interface RentPeriodsInput {
  readonly proxyType: ProxyType;
}

/** The answer to a request that succeeded: what the contract accepts of it, and whatever else the provider sent. */
export type RentPeriodsResult = AcceptedRentPeriods;

/** Calls the operation; see the client's method of this name. */
export function getRentPeriods(request: RentPeriodsInput, context: CallContext): Promise<RentPeriodsResult> {
  return call(operation, request, context);
}
