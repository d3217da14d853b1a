import { type Account, hour, type Rules } from "./passing-time.js";

export interface WorldValue {
  readonly startsAt: string;
  readonly renewals: Rules;
  readonly accounts: readonly AccountValue[];
}

export interface AccountValue {
  readonly id: string;
  readonly apiKey?: string;
  readonly balance: number;
  readonly rentPeriods: Readonly<Record<string, readonly number[]>>;
  readonly prices: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly orders: readonly {
    readonly orderId: string;
    readonly proxyType: string;
    readonly endsAt: string;
    readonly ipAddresses: readonly {
      readonly ipAddressId: string;
      readonly autoExtend: boolean;
      readonly rentPeriodDays: number;
      readonly endsAt?: string;
      readonly failedAt?: string;
    }[];
  }[];
}

/** An account as it is at the start, its spans counted from a time. */
export function accountFrom(value: AccountValue, now: number): Account {
  const { id, balance, rentPeriods: sold, prices, orders } = value;
  const time = (text: string) =>
    text.startsWith("+") ? now + Number(text.slice(1, -1)) * unit(text) : Date.parse(text);
  return {
    id,
    cents: cents(balance),
    sold,
    prices: Object.fromEntries(Object.entries(prices).map(([type, byDays]) => [type, inCents(byDays)])),
    orders: orders.map(({ orderId, proxyType, endsAt, ipAddresses }) => ({
      id: orderId,
      type: proxyType,
      addresses: ipAddresses.map((address) => ({
        id: address.ipAddressId,
        on: address.autoExtend,
        days: address.rentPeriodDays,
        endsAt: time(address.endsAt ?? endsAt),
        failedAt: address.failedAt === undefined ? null : time(address.failedAt),
        over: false,
      })),
    })),
    seen: now - 1,
  };
}

function unit(span: string): number {
  return span.endsWith("d") ? 24 * hour : hour;
}

function inCents(amounts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, cents(amount)]));
}

function cents(amount: number): number {
  return Math.round(amount * 100);
}
