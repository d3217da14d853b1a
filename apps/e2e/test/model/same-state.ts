import type { MockControls } from "@auto-extend/mock-server";
import { expect } from "vitest";
import type { Model } from "./model.js";

/** Holds what a mock says of its accounts against the model: the switch, period, end and failure of each address, and the money. */
export function expectSameState(mock: Pick<MockControls, "state">, model: Model): void {
  model.catchUp();
  const { renewals, accounts } = mock.state();
  const found = accounts.map(({ id, balance, orders }) => ({
    id,
    balance,
    addresses: orders.flatMap(({ orderId, proxyType, ipAddresses }) =>
      ipAddresses.map(({ ipAddressId, autoExtend, rentPeriodDays, endsAt, failedAt }) =>
        line(orderId, proxyType, ipAddressId, autoExtend, rentPeriodDays, endsAt, failedAt ?? null),
      ),
    ),
  }));
  const wanted = [...model.accounts.values()].map(({ id, cents, orders }) => ({
    id,
    balance: cents / 100,
    addresses: orders.flatMap((order) =>
      order.addresses.map((each) =>
        line(order.id, order.type, each.id, each.on, each.days, iso(each.endsAt), iso(each.failedAt)),
      ),
    ),
  }));
  const [seen, due] = [
    { renewals, accounts: found },
    { renewals: model.rules, accounts: wanted },
  ];
  // This is asked after each step of thousands of sequences, and `expect` is slow.
  if (JSON.stringify(seen) !== JSON.stringify(due)) expect(seen).toEqual(due);
}

/** One line an address: a difference is seen at a glance. */
function line(...values: readonly unknown[]): string {
  return values.join(" ");
}

const written = new Map<number, string>();

/** The same few ends are written again and again. */
function iso(time: number | null): string | null {
  if (time === null) return null;
  const known = written.get(time);
  if (known !== undefined) return known;
  if (written.size > 10_000) written.clear();
  const text = new Date(time).toISOString();
  written.set(time, text);
  return text;
}
