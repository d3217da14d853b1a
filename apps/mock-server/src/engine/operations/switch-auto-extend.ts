import {
  type SetAutoExtendFailure,
  type SetAutoExtendRequest,
  type SetAutoExtendSuccess,
  setAutoExtend,
  setAutoExtendByIpAddress,
} from "@auto-extend/core";
import { pluralize } from "../../lib/text.js";
import type { Carried } from "../outcome.js";
import type { Account, Order } from "../state/store.js";
import { ipAddressesCheck, partsOf, wholeOrdersCheck } from "./ip-address-rules.js";
import { named, ofField, orderIdsCheck, ordersOf, rentalPeriodCheck, runningIn } from "./rules.js";
import { type ApiError, defineHandler, type RuleInput } from "./served-by.js";

/** Serves the request that switches auto-extend of whole orders. */
export const servedSetAutoExtend = defineHandler(setAutoExtend, {
  checks: {
    "proxy-type": ofField("proxyType"),
    "order-ids": orderIdsCheck,
    "rental-period": rentalPeriodCheck,
    "auto-extend": ofField("autoExtend"),
  },
  carriedOut(asked) {
    const orders = ordersOf(asked);
    const ipAddressIds = orders.flatMap((order) => runningIn(order, asked.now));
    return switchedTo(
      asked,
      orders.map((order) => ({ order })),
      ipAddressIds,
    );
  },
  success: switchSuccess,
  failure: switchFailure,
});

/** Serves the request that switches auto-extend of single IP addresses. */
export const servedSetAutoExtendByIpAddress = defineHandler(setAutoExtendByIpAddress, {
  checks: {
    "proxy-type": ofField("proxyType"),
    "ip-addresses": ipAddressesCheck,
    "whole-orders": wholeOrdersCheck,
    "rental-period": rentalPeriodCheck,
    "auto-extend": ofField("autoExtend"),
  },
  carriedOut: (asked) => switchedTo(asked, partsOf(asked), [...new Set(asked.request.ipAddressIds)]),
  success: switchSuccess,
  failure: switchFailure,
});

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
  { account, request, now }: RuleInput<Switched["request"]>,
  parts: readonly SwitchedOrder[],
  ipAddressIds: readonly string[],
): Carried<Switched> {
  const { autoExtend, rentPeriodDays } = request;
  return {
    why: `auto-extend is ${autoExtend ? "on" : "off"} for ${pluralize(ipAddressIds.length, "IP address", "es")} of ${named(parts.map(({ order }) => order))}`,
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
