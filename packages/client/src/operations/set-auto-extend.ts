import {
  type AcceptedSetAutoExtendSuccess,
  setAutoExtend as operation,
  type ProxyType,
} from "@auto-extend/core";
import { type CallContext, call } from "../call.js";

/** What to switch, and which way. */
export interface SetAutoExtendInput {
  /** The type of all the orders' proxies; one call is about one type. */
  readonly proxyType: ProxyType;
  /** The orders, at least one; every IP address of each of them is switched. */
  readonly orderIds: readonly string[];
  /** The rental period in days, a positive whole number; switching off needs it as well. */
  readonly rentPeriodDays: number;
  /** `true` switches auto-extend on, which costs money at each renewal; `false` switches it off. */
  readonly autoExtend: boolean;
}

/** The answer to a request that succeeded: what the contract accepts of it, and whatever else the provider sent. */
export type SetAutoExtendResult = AcceptedSetAutoExtendSuccess;

/** Calls the operation; see the client's method of this name. */
export function setAutoExtend(
  request: SetAutoExtendInput,
  context: CallContext,
): Promise<SetAutoExtendResult> {
  return call(operation, request, context);
}
