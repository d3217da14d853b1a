import { proxyTypeInfo } from "@auto-extend/core";
import type { OpenClient } from "../account/open-client.js";
import type { OrderGroup } from "../account/order-groups.js";
import { priceGroups, type TotalPrice } from "../account/price-groups.js";
import { usageError } from "../cli-error.js";
import type { Context } from "../context.js";
import { moneyText } from "../money.js";
import { counted } from "../words.js";

/** Which orders, and whether a price that is refused keeps nobody from switching them on. */
interface Previewed {
  readonly groups: readonly OrderGroup[];
  readonly force: boolean;
}

/**
 * Tells what switching on will cost, before anybody is asked: how many orders and IP addresses, the price of one
 * extension, what it leaves of the balance, and why it would fail now.
 *
 * @returns `null` where there is no price at all.
 * @throws AutoExtendError where the price can't be had.
 */
export async function previewSwitchingOn(
  context: Context,
  opened: OpenClient,
  { groups, force }: Previewed,
): Promise<TotalPrice | null> {
  const total = await priceGroups(context, opened, {
    groups,
    ...(force && {
      onRefusal(group, { code, providerMessage }) {
        context.note(
          `${groupText(group)}: the provider tells no price, by error ${code}, "${providerMessage}".`,
        );
      },
    }),
  });
  if (total.groups.length === 0) return null;
  for (const { group, answer } of total.groups) {
    context.talk(`${groupText(group)}: ${moneyText(answer.price, total.currency)} each time`);
  }
  if (total.groups.length > 1) context.talk(`Together: ${moneyText(total.price, total.currency)} each time`);
  if (total.balance !== null && total.balanceAfter !== null) {
    context.talk(
      `Balance: ${moneyText(total.balance, total.currency)}; after one extension ${moneyText(total.balanceAfter, total.currency)}`,
    );
  }
  for (const { code, message } of total.warnings) {
    context.note(`An extension would fail now: ${message} (${code}). Auto-extend would be on all the same.`);
  }
  return total;
}

/**
 * Makes sure that the rental periods are sold.
 *
 * @throws CliError, a usage error, with those that are; AutoExtendError where they can't be had.
 */
export async function checkPeriods(
  { io }: Context,
  { client }: Pick<OpenClient, "client">,
  groups: readonly OrderGroup[],
): Promise<void> {
  for (const { proxyType, rentPeriodDays } of groups) {
    const { rentPeriodDays: sold } = await client.getRentPeriods({ proxyType }, { signal: io.signal });
    if (sold.includes(rentPeriodDays)) continue;
    const choice = sold.length === 0 ? "none at all" : sold.join(", ");
    throw usageError(
      `The provider does not sell ${counted(rentPeriodDays, "day", "days")} for ${proxyTypeInfo[proxyType].name}: it sells ${choice}.`,
      "Give --days one of these, or --force to ask for it all the same.",
    );
  }
}

/** A group for people: `2 orders of type IPv4 with 3 IP addresses, 30 days`. */
export function groupText({ proxyType, rentPeriodDays, orderIds, listed }: OrderGroup): string {
  const orders = counted(orderIds.length, "order", "orders");
  const addresses = listed && counted(addressesIn(listed), "IP address", "IP addresses");
  return `${orders} of type ${proxyTypeInfo[proxyType].name}${addresses ? ` with ${addresses}` : ""}, ${counted(rentPeriodDays, "day", "days")}`;
}

/** How many IP addresses were listed for orders. */
function addressesIn(listed: NonNullable<OrderGroup["listed"]>): number {
  return [...listed.values()].reduce((sum, addresses) => sum + addresses.length, 0);
}
