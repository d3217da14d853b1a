import { FaultError } from "./fault.js";

/**
 * An order for the requests of one account; what is no order stays as it is, to be refused as such.
 *
 * @throws FaultError where it is for another account.
 */
export function orderOfAccount(order: unknown, account: string): unknown {
  const { match = {} } = (order ?? {}) as { match?: unknown };
  if (!isRecord(order) || !isRecord(match)) return order;
  if (match.account !== undefined && match.account !== account) {
    throw new FaultError(
      "The fault is for another account than the one that it is narrowed to: leave one of them out.",
    );
  }
  return { ...order, match: { ...match, account } };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
