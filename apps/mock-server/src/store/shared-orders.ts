import type { Issue } from "@auto-extend/core";
import { defaultAccountId } from "../engine/state/accounts.js";
import { type AccountState, WorldError } from "../engine/state/world.js";

/**
 * Accounts that were made for new API keys are mostly what the default account is, so of their orders a file has those
 * only that differ. If it had all, a large world and some dozens of API keys would make a file too large to be read.
 */
export function shortened(
  accounts: readonly AccountState[],
): (account: AccountState) => AccountState & { like?: string } {
  const pattern = accounts.find(({ id }) => id === defaultAccountId);
  return (account) => {
    if (!pattern || account === pattern || !haveSameOrders(account, pattern)) return account;
    // What they have in common is the very same object.
    const orders = account.orders.filter((order, index) => order !== pattern.orders[index]);
    return { ...account, like: pattern.id, orders };
  };
}

/**
 * The accounts with all their orders again.
 *
 * @param likes for each of them the account that it is like, in all but the orders it has; none where it has all.
 * @throws WorldError where that can't be.
 */
export function completed(
  accounts: readonly AccountState[],
  likes: readonly (string | undefined)[],
): AccountState[] {
  const whole = new Map(
    accounts.filter((_, index) => likes[index] === undefined).map((account) => [account.id, account]),
  );
  const issues: Issue[] = [];
  const complete = accounts.map((account, index) => {
    const like = likes[index];
    if (like === undefined) return account;
    const pattern = whole.get(like);
    const own = new Map(account.orders.map((order) => [order.orderId, order]));
    const orders = pattern?.orders.map((order) => own.get(order.orderId) ?? order) ?? [];
    const path = `accounts[${index}]`;
    if (!pattern)
      issues.push({ path: `${path}.like`, message: "must be an account that has all its orders" });
    else if (orders.filter(({ orderId }) => own.has(orderId)).length < own.size)
      issues.push({ path: `${path}.orders`, message: `must be orders that account "${like}" has, too` });
    return { ...account, orders };
  });
  if (issues.length > 0) throw new WorldError(issues);
  return complete;
}

function haveSameOrders({ orders }: AccountState, pattern: AccountState): boolean {
  return (
    orders.length === pattern.orders.length &&
    orders.every(({ orderId }, index) => orderId === pattern.orders[index]?.orderId)
  );
}
