import type { SetAutoExtendFailure, SetAutoExtendRequest, SetAutoExtendSuccess } from "@auto-extend/core";
import { counted } from "../counted.js";
import type { Carried } from "../outcome.js";
import type { Account, Order } from "../store.js";
import { named } from "./order-checks.js";
import type { ApiError, Case } from "./served-by.js";

/** What was switched. */
export interface Switched {
  readonly request: Pick<SetAutoExtendRequest, "proxyType" | "rentPeriodDays" | "autoExtend">;
  readonly account: Account;
  readonly ipAddressIds: readonly string[];
}

/** An order of which IP addresses are switched. */
interface SwitchedOrder {
  readonly order: Order;
  /** Those that are; all that still run where left out. */
  readonly ipAddressIds?: ReadonlySet<string>;
}

/** What switching comes to. */
export function switchedTo(
  { account, request, now }: Case<Switched["request"]>,
  parts: readonly SwitchedOrder[],
  ipAddressIds: readonly string[],
): Carried<Switched> {
  const { autoExtend, rentPeriodDays } = request;
  return {
    why: `auto-extend is ${autoExtend ? "on" : "off"} for ${counted(ipAddressIds.length, "IP address", "es")} of ${named(parts.map(({ order }) => order))}`,
    result: { request, account, ipAddressIds },
    changes: parts.map(({ order: { orderId }, ipAddressIds: only }) => ({
      kind: "auto-extend",
      orderId,
      ...(only ? { ipAddressIds: only } : {}),
      runningAt: now,
      autoExtend,
      rentPeriodDays: autoExtend ? rentPeriodDays : null,
    })),
  };
}

/** The success of a request that switches, whatever it names. */
export function switchSuccess({ request, account, ipAddressIds }: Switched): SetAutoExtendSuccess {
  return {
    success: true,
    proxyType: request.proxyType,
    rentPeriodDays: request.rentPeriodDays,
    quantity: ipAddressIds.length,
    ipAddressIds: [...ipAddressIds],
    balance: account.balance,
    currency: account.currency,
    error: null,
  };
}

/** The failure of a request that switches, whatever it names. */
export function switchFailure(error: ApiError, account: Account | undefined): SetAutoExtendFailure {
  return {
    success: false,
    proxyType: null,
    rentPeriodDays: 0,
    quantity: 0,
    ipAddressIds: [],
    balance: account?.balance ?? null,
    currency: account?.currency ?? null,
    error,
  };
}
