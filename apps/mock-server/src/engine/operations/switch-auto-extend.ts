import {
  type EmittedAnswers,
  type SetAutoExtendRequest,
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

export const setAutoExtendHandler = defineHandler(setAutoExtend, {
  rules: {
    "proxy-type": { field: "proxyType" },
    "order-ids": { field: "orderIds", check: checkOrders },
    "rental-period": { field: "rentPeriodDays", check: checkRentalPeriod },
    "auto-extend": { field: "autoExtend" },
  },
  execute(input) {
    const orders = ordersOf(input);
    return switched(input, { orders, ids: runningIn(orders, input.now) });
  },
  failure: switchFailure,
});

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
      ids: [...new Set(input.request.ipAddressIds)],
      idsOfOrders: parts.map(({ ipAddressIds }) => ipAddressIds),
    });
  },
  failure: switchFailure,
});

type Answers = EmittedAnswers<"setAutoExtend">;
type SwitchInput = RuleInput<Pick<SetAutoExtendRequest, "proxyType" | "rentPeriodDays" | "autoExtend">>;

interface Switched {
  readonly orders: readonly Order[];
  readonly ids: string[];
  /** Those of each order (default: all that are running). */
  readonly idsOfOrders?: readonly ReadonlySet<string>[];
}

function switched(
  { account, request, now }: SwitchInput,
  { orders, ids, idsOfOrders }: Switched,
): Executed<Answers["success"]> {
  const { proxyType, rentPeriodDays, autoExtend } = request;
  const envelope: Answers["success"] = {
    success: true,
    proxyType,
    rentPeriodDays,
    quantity: ids.length,
    ipAddressIds: ids,
    balance: account.balance,
    currency: account.currency,
    error: null,
  };
  // Switching off does not change the stored period.
  const stored = autoExtend ? rentPeriodDays : null;
  const switches = orders.map(
    ({ orderId }, index): Switch => ({
      orderId,
      ipAddressIds: idsOfOrders?.[index],
      runningAt: now,
      autoExtend,
      rentPeriodDays: stored,
    }),
  );
  const why = `auto-extend is ${autoExtend ? "on" : "off"} for ${pluralize(ids.length, "IP address", "es")} of ${nameOrders(orders)}`;
  return { envelope, why, switches };
}

function switchFailure(error: ApiError, account: Account | undefined): Answers["failure"] {
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
