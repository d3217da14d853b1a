import type { ListedOrder } from "@auto-extend/client";
import type { ProxyType } from "@auto-extend/core";

/** The state of auto-extend of a whole order; `mixed` where its IP addresses differ. */
export type OrderSwitch = "on" | "off" | "mixed" | "unknown";

/** An order as the table shows it. */
export interface OrderRow {
  readonly orderId: string;
  readonly proxyType: ProxyType | null;
  /** How many IP addresses it has. */
  readonly addresses: number;
  /** The countries of its IP addresses, each once. */
  readonly countries: readonly string[];
  /** When the first of its IP addresses ends, in ISO 8601. */
  readonly endsAt: string | null;
  readonly autoExtend: OrderSwitch;
  /** The rental periods of its IP addresses, in days, each once. */
  readonly rentPeriodDays: readonly number[];
}

/** Sums up an order. */
export function orderRow({ orderId, proxyType, ipAddresses }: ListedOrder): OrderRow {
  const ends = present(ipAddresses.map(({ endsAt }) => endsAt));
  const switches = unique(ipAddresses.map(({ autoExtend }) => autoExtend));
  return {
    orderId,
    proxyType,
    addresses: ipAddresses.length,
    countries: unique(present(ipAddresses.map(({ country }) => country))),
    // In ISO 8601, the earliest moment is the smallest text.
    endsAt: ends.sort()[0] ?? null,
    autoExtend: stateOf(switches),
    rentPeriodDays: unique(present(ipAddresses.map(({ rentPeriodDays }) => rentPeriodDays))),
  };
}

function stateOf(switches: readonly (boolean | null)[]): OrderSwitch {
  const [only] = switches;
  if (switches.length > 1) return "mixed";
  return only === true ? "on" : only === false ? "off" : "unknown";
}

function present<Value>(values: readonly (Value | null)[]): Value[] {
  return values.filter((value) => value !== null);
}

function unique<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}
