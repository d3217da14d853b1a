import {
  type SetAutoExtendFailure,
  type SetAutoExtendRequest,
  type SetAutoExtendSuccess,
  setAutoExtend,
  setAutoExtendByIpAddress,
} from "@auto-extend/core";
import { pluralize } from "../../lib/text.js";
import type { Account, ApiError, Order, Switch } from "../types.js";
import { defineHandler, type Executed, type RuleInput } from "./decide.js";
import {
  checkIpAddresses,
  checkOrders,
  checkRentalPeriod,
  checkWholeOrders,
  nameOrders,
  ordersOf,
  partsOf,
  runningIn,
} from "./rules.js";

/** The two operations that switch auto-extend: for whole orders, and for single IP addresses. They answer alike. */

/** Switches auto-extend for every IP address of the given orders. */
export const setAutoExtendHandler = defineHandler(setAutoExtend, {
  rules: {
    "proxy-type": { field: "proxyType" },
    "order-ids": { field: "orderIds", check: checkOrders },
    "rental-period": { field: "rentPeriodDays", check: checkRentalPeriod },
    "auto-extend": { field: "autoExtend" },
  },
  execute(input) {
    const ipAddressIds: string[] = [];
    const parts: SwitchedPart[] = [];
    for (const order of ordersOf(input)) {
      for (const id of runningIn(order, input.now)) ipAddressIds.push(id);
      parts.push({ order, ipAddressIds: undefined });
    }
    return switched(input, parts, ipAddressIds);
  },
  failure: switchFailure,
});

/** Switches auto-extend for single IP addresses. */
export const setAutoExtendByIpAddressHandler = defineHandler(setAutoExtendByIpAddress, {
  rules: {
    "proxy-type": { field: "proxyType" },
    "ip-addresses": { field: "ipAddressIds", check: checkIpAddresses },
    "whole-orders": { field: "ipAddressIds", check: checkWholeOrders },
    "rental-period": { field: "rentPeriodDays", check: checkRentalPeriod },
    "auto-extend": { field: "autoExtend" },
  },
  execute(input) {
    return switched(input, partsOf(input), [...new Set(input.request.ipAddressIds)]);
  },
  failure: switchFailure,
});

type SwitchInput = RuleInput<Pick<SetAutoExtendRequest, "proxyType" | "rentPeriodDays" | "autoExtend">>;

interface SwitchedPart {
  readonly order: Order;
  /** `undefined` for all running addresses of the order. */
  readonly ipAddressIds: ReadonlySet<string> | undefined;
}

/** @param ids all IP addresses that are switched. */
function switched(
  { account, request, now }: SwitchInput,
  parts: readonly SwitchedPart[],
  ids: string[],
): Executed {
  const { proxyType, rentPeriodDays, autoExtend } = request;
  const envelope: SetAutoExtendSuccess = {
    success: true,
    proxyType,
    rentPeriodDays,
    quantity: ids.length,
    ipAddressIds: ids,
    balance: account.balance,
    currency: account.currency,
    error: null,
  };
  const orders: Order[] = [];
  const changes: Switch[] = [];
  // Switching off does not change the stored period.
  const stored = autoExtend ? rentPeriodDays : null;
  for (const { order, ipAddressIds } of parts) {
    orders.push(order);
    const { orderId } = order;
    changes.push({
      kind: "auto-extend",
      orderId,
      ipAddressIds,
      runningAt: now,
      autoExtend,
      rentPeriodDays: stored,
    });
  }
  const why = `auto-extend is ${autoExtend ? "on" : "off"} for ${pluralize(ids.length, "IP address", "es")} of ${nameOrders(orders)}`;
  return { envelope, why, changes };
}

function switchFailure(error: ApiError, account: Account | undefined): SetAutoExtendFailure {
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
