import { pluralize } from "../../lib/text.js";
import type { OrderChange } from "../log/schemas.js";
import type { Changed, Order } from "../types.js";

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
  const shift = <Value>(
    name: string,
    change: { readonly from: readonly Value[]; readonly to: readonly Value[] } | undefined,
    say: (value: Value) => string,
  ) =>
    change ? [`${name} ${change.from.map(say).join(" and ")} -> ${change.to.map(say).join(" and ")}`] : [];
  const parts = [
    ...shift("auto-extend", autoExtend, (value) => (value ? "on" : "off")),
    ...shift("rental period", rentPeriodDays, (value) => `${value} days`),
    ...shift("end", endsAt, (value) => value),
  ];
  const what = parts.join(", ") || "the failed renewal is attempted again";
  return `order ${orderId} (${pluralize(ipAddresses, "IP address", "es")}): ${what}`;
}
