import { setAutoExtendByIpAddress as operation, type ProxyType } from "@auto-extend/core";
import { type CallContext, call } from "../call.js";
import type { SetAutoExtendResult } from "./set-auto-extend.js";

/** Which IP addresses to switch, and which way. */
export interface SetAutoExtendByIpAddressInput {
  /** The type of all the proxies; one call is about one type. */
  readonly proxyType: ProxyType;
  /** The ids of the IP addresses, at least one. Those of an IPv6 order go together: list them all. */
  readonly ipAddressIds: readonly string[];
  /** The rental period in days, a positive whole number; switching off needs it as well. */
  readonly rentPeriodDays: number;
  /** `true` switches auto-extend on, which costs money at each renewal; `false` switches it off. */
  readonly autoExtend: boolean;
}

/** Calls the operation; see the client's method of this name. */
export function setAutoExtendByIpAddress(
  request: SetAutoExtendByIpAddressInput,
  context: CallContext,
): Promise<SetAutoExtendResult> {
  return call(operation, request, context);
}
