import type { SetAutoExtendResult } from "@auto-extend/client";
import { proxyTypeInfo, type SetAutoExtendRequest } from "@auto-extend/core";
import type { OrderGroup } from "../account/order-groups.js";
import type { Context } from "../context.js";
import { moneyText } from "../money.js";
import { counted } from "../words.js";
import type { ReadBack } from "./read-back.js";

/** A group that was switched. */
export interface Switched {
  readonly group: OrderGroup;
  readonly request: SetAutoExtendRequest;
  readonly answer: SetAutoExtendResult;
  /** Whether its quantity is too low for all the orders of the request. */
  readonly isShort: boolean;
}

interface Told {
  readonly switched: readonly Switched[];
  readonly back: ReadBack | null;
  readonly autoExtend: boolean;
  /** Whether the provider has answered that all of it is done. */
  readonly isCertain: boolean;
}

/** How many IP addresses are listed for people; `--json` has them all. */
const mostListed = 10;

/** What was switched, and whether it took, for people. */
export function switchedText(context: Context, { switched, back, autoExtend, isCertain }: Told): string {
  const { balance, currency } = switched.at(-1)?.answer ?? {};
  return [
    ...switched.flatMap((each) => groupLines(context, each)),
    ...(balance == null ? [] : [`Balance: ${moneyText(balance, currency)}`]),
    ...(back ? backLines(context, back, { autoExtend, isCertain }) : []),
    "",
  ].join("\n");
}

function groupLines({ paint }: Context, { request, answer }: Switched): string[] {
  const { quantity, ipAddressIds } = answer;
  const state = paint(request.autoExtend ? "green" : "bold", request.autoExtend ? "on" : "off");
  const more = (ipAddressIds?.length ?? 0) - mostListed;
  return [
    `Auto-extend is ${state} for ${counted(quantity, "IP address", "IP addresses")} of ${counted(request.orderIds.length, "order", "orders")} (${proxyTypeInfo[request.proxyType].name}, ${counted(request.rentPeriodDays, "day", "days")}).`,
    ...(ipAddressIds?.slice(0, mostListed).map((id) => `  ${id}`) ?? []),
    ...(more > 0 ? [`  and ${more} more; --json lists them all`] : []),
  ];
}

function backLines(
  { paint }: Context,
  back: ReadBack,
  { autoExtend, isCertain }: Pick<Told, "autoExtend" | "isCertain">,
): string[] {
  const wanted = autoExtend ? "on" : "off";
  if (back.state === "verified") {
    return [`Read back: ${counted(back.addresses, "IP address is", "IP addresses are")} ${wanted}.`];
  }
  if (back.state === "unread") {
    return [
      `${paint("yellow", "Not read back:")} ${back.reason} ${isCertain ? "The provider reports that it is done; auto-extend" : "auto-extend"} orders shows the state.`,
    ];
  }
  const shown = back.unchanged.slice(0, mostListed);
  const more = back.unchanged.length - shown.length;
  const unlike = `${counted(back.unchanged.length, "IP address is", "IP addresses are")} not ${wanted} as asked for, of ${back.addresses}`;
  return [
    `${paint("red", "Read back:")} ${back.unchanged.length > 0 ? unlike : "not all orders are there"}:`,
    ...shown.map(({ orderId, ipAddressId, ip, autoExtend: state, rentPeriodDays }) => {
      const is = state === null ? "the list does not say" : state ? "on" : "off";
      const days = rentPeriodDays === null ? "" : `, ${counted(rentPeriodDays, "day", "days")}`;
      const of = orderId === null ? "" : ` of order ${orderId}`;
      return `  ${ipAddressId}${ip === null ? "" : ` (${ip})`}${of}: ${is}${days}`;
    }),
    ...(more > 0 ? [`  and ${more} more; --json lists them all`] : []),
    ...back.missing.map((orderId) => `  order ${orderId} is not in the list`),
  ];
}
