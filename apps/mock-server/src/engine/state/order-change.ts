import { pluralize } from "../../lib/text.js";
import type { Changed, Order } from "../types.js";

/** The values of one order that changed, before and after; all distinct values if its IP addresses differ. */
export interface OrderChange {
  readonly orderId: string;
  /** How many IP addresses of the order changed. */
  readonly ipAddresses: number;
  readonly autoExtend?: FromTo<boolean>;
  /** In days. */
  readonly rentPeriodDays?: FromTo<number>;
  /** In ISO 8601. */
  readonly endsAt?: FromTo<string>;
}

interface FromTo<Value> {
  readonly from: readonly Value[];
  readonly to: readonly Value[];
}

/** Compares an order before and after a change. */
export function orderChange({ before, after }: Changed): OrderChange {
  const places = before.ipAddresses.flatMap((address, index) => {
    const other = after.ipAddresses[index];
    const same =
      other === undefined ||
      (address.autoExtend === other.autoExtend &&
        address.rentPeriodDays === other.rentPeriodDays &&
        address.endsAt === other.endsAt &&
        address.failedAt === other.failedAt);
    return same ? [] : [index];
  });
  return {
    orderId: before.orderId,
    ipAddresses: places.length,
    ...fromTo("autoExtend"),
    ...fromTo("rentPeriodDays"),
    ...fromTo("endsAt"),
  };

  function fromTo<Name extends "autoExtend" | "rentPeriodDays" | "endsAt">(name: Name) {
    const [from, to] = [values(before, name), values(after, name)];
    return from.join() === to.join() ? {} : { [name]: { from, to } };
  }

  function values(order: Order, name: "autoExtend" | "rentPeriodDays" | "endsAt") {
    return [...new Set(places.map((place) => order.ipAddresses[place]?.[name]))].filter(
      (value) => value !== undefined,
    );
  }
}

/** A change in a few words, for people. */
export function orderChangeText({
  orderId,
  ipAddresses,
  autoExtend,
  rentPeriodDays,
  endsAt,
}: OrderChange): string {
  const shift = <Value>(name: string, change: FromTo<Value> | undefined, say: (value: Value) => string) =>
    change ? [`${name} ${change.from.map(say).join(" and ")} -> ${change.to.map(say).join(" and ")}`] : [];
  const parts = [
    ...shift("auto-extend", autoExtend, (value) => (value ? "on" : "off")),
    ...shift("rental period", rentPeriodDays, (value) => `${value} days`),
    ...shift("end", endsAt, (value) => value),
  ];
  const what = parts.join(", ") || "the failed renewal is attempted again";
  return `order ${orderId} (${pluralize(ipAddresses, "IP address", "es")}): ${what}`;
}
