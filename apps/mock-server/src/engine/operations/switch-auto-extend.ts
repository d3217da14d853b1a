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
    const orders = ordersOf(input);
    const ipAddressIds: string[] = [];
    const changes: Switch[] = [];
    for (const order of orders) {
      for (const id of runningIn(order, input.now)) ipAddressIds.push(id);
      changes.push(switchOf(order, undefined, input));
    }
    return switched(input, { orders, ipAddressIds, changes });
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
    const parts = partsOf(input);
    return switched(input, {
      orders: parts.map(({ order }) => order),
      ipAddressIds: [...new Set(input.request.ipAddressIds)],
      changes: parts.map(({ order, ipAddressIds }) => switchOf(order, ipAddressIds, input)),
    });
  },
  failure: switchFailure,
});

type SwitchInput = RuleInput<Pick<SetAutoExtendRequest, "proxyType" | "rentPeriodDays" | "autoExtend">>;

/** @param ipAddressIds the addresses to switch (default: all running addresses of the order). */
function switchOf(
  { orderId }: Order,
  ipAddressIds: ReadonlySet<string> | undefined,
  { request, now }: SwitchInput,
): Switch {
  const { autoExtend, rentPeriodDays } = request;
  return {
    kind: "auto-extend",
    orderId,
    ipAddressIds,
    runningAt: now,
    autoExtend,
    // Switching off does not change the stored period.
    rentPeriodDays: autoExtend ? rentPeriodDays : null,
  };
}

interface Switched {
  readonly orders: readonly Order[];
  readonly ipAddressIds: string[];
  readonly changes: readonly Switch[];
}

function switched({ account, request }: SwitchInput, { orders, ipAddressIds, changes }: Switched): Executed {
  const { proxyType, rentPeriodDays, autoExtend } = request;
  const envelope: SetAutoExtendSuccess = {
    success: true,
    proxyType,
    rentPeriodDays,
    quantity: ipAddressIds.length,
    ipAddressIds,
    balance: account.balance,
    currency: account.currency,
    error: null,
  };
  const why = `auto-extend is ${autoExtend ? "on" : "off"} for ${pluralize(ipAddressIds.length, "IP address", "es")} of ${nameOrders(orders)}`;
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
