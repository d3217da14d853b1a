import { proxyTypeInfo } from "@auto-extend/core";
import { openClient } from "../account/open-client.js";
import { type OrderGroup, orderGroups } from "../account/order-groups.js";
import { priceGroups, type TotalPrice } from "../account/price-groups.js";
import { readOrders } from "../account/read-orders.js";
import type { Context } from "../context.js";
import type { Outcome } from "../invocation.js";
import { moneyText } from "../money.js";
import { readOrderIds } from "../order-ids.js";
import { proxyTypeOption } from "../proxy-type-option.js";
import { counted } from "../words.js";

/** The options of `price`. */
export interface PriceOptions {
  readonly type?: string;
  readonly days?: number;
  readonly promoCode?: string;
}

/** Tells what one extension of orders costs, and spends nothing. */
export async function showPrice(
  context: Context,
  { orderIds: typed, type, days, promoCode }: PriceOptions & { readonly orderIds: readonly string[] },
): Promise<Outcome> {
  const proxyType = type === undefined ? undefined : proxyTypeOption(type);
  const orderIds = await readOrderIds(context, { orderIds: typed });
  const opened = await openClient(context);
  const isSaid = proxyType !== undefined && days !== undefined;
  const list = isSaid
    ? null
    : await readOrders(context, opened, { way: "Without the list, price wants --type and --days." });
  const groups = orderGroups({ orderIds, type: proxyType, days, list });
  if (days === undefined) tellOfSeveralPeriods(context, groups);
  const total = await priceGroups(context, opened, { groups, promoCode });
  return { result: priceResult(total), text: () => priceText(total) };
}

/** One request prices one period: what it leaves out is said. */
function tellOfSeveralPeriods(context: Context, groups: readonly OrderGroup[]): void {
  for (const { listed, rentPeriodDays } of groups) {
    for (const [orderId, addresses] of listed ?? []) {
      const others = new Set(addresses.flatMap((address) => address.rentPeriodDays ?? []));
      others.delete(rentPeriodDays);
      if (others.size === 0) continue;
      context.note(
        `Order ${orderId} has IP addresses with other periods, too (${[...others].join(", ")} days): the whole order is priced for ${rentPeriodDays}. --days prices it for another.`,
      );
    }
  }
}

/** A price as `--json` shows it. */
export function priceResult({ groups, ...total }: TotalPrice) {
  return {
    ...total,
    groups: groups.map(({ group, answer }) => ({
      proxyType: group.proxyType,
      rentPeriodDays: group.rentPeriodDays,
      orderIds: group.orderIds,
      price: answer.price,
      discount: answer.discount ?? null,
      promoCodeStatus: answer.promoCodeStatus ?? null,
    })),
  };
}

/** A price for people, on several lines. */
function priceText({ groups, price, balance, balanceAfter, currency, warnings }: TotalPrice): string {
  const each = groups.map(({ group: { proxyType, orderIds, rentPeriodDays }, answer }) => {
    const of = `${counted(orderIds.length, "order", "orders")} of type ${proxyTypeInfo[proxyType].name}, ${counted(rentPeriodDays, "day", "days")}`;
    const promo = answer.promoCodeStatus ? `, promo code: ${answer.promoCodeStatus}` : "";
    const discount = answer.discount ? `, discount: ${answer.discount}` : "";
    return `${of}: ${moneyText(answer.price, currency)}${discount}${promo}`;
  });
  const left =
    balance === null || balanceAfter === null
      ? "The provider did not tell the balance."
      : `Balance: ${moneyText(balance, currency)}, after it ${moneyText(balanceAfter, currency)}`;
  return [
    ...each,
    ...(groups.length > 1 ? [`Together: ${moneyText(price, currency)}`] : []),
    left,
    ...warnings.map(({ code, message }) => `Warning: an extension would fail now: ${message} (${code})`),
    "",
  ].join("\n");
}
