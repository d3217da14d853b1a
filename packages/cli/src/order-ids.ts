import { isOrderNumber } from "@auto-extend/core";
import { usageError } from "./cli-error.js";
import type { Context } from "./context.js";
import { counted } from "./words.js";

/**
 * The order ids that were typed as arguments: trimmed, in their order, each once.
 *
 * @throws CliError, a usage error, where there is none, or one that can't be an order id.
 */
export function readOrderIds(
  context: Context,
  { orderIds }: { readonly orderIds: readonly string[] },
): string[] {
  const all = orderIds.map((id) => id.trim());
  if (all.length === 0) {
    throw usageError(
      "There is no order id.",
      "Give order ids as arguments, or a file of them with --file FILE.",
    );
  }
  all.forEach(checkOrderId);
  const unique = [...new Set(all)];
  if (unique.length < all.length) {
    context.note(
      `Dropped ${counted(all.length - unique.length, "duplicate order id", "duplicate order ids")}.`,
    );
  }
  return unique;
}

/**
 * Refuses what can't be an order id, wherever it was given.
 *
 * @throws CliError, a usage error.
 */
export function checkOrderId(id: string): void {
  if (id === "") throw usageError("An order id is empty.", "Leave it out, or fill it in.");
  if (id.includes(",")) {
    throw usageError(
      `"${id}" holds a comma, and order ids have none.`,
      "Part order ids by spaces on the command line, and list one a line in a file.",
    );
  }
  if (/[\r\n]/.test(id)) {
    throw usageError(
      `"${id.slice(0, id.search(/[\r\n]/))}" goes on in another line, and order ids have one.`,
      "Look for a quote too many or too few before it.",
    );
  }
  if (isOrderNumber(id)) {
    throw usageError(
      `${id} is an order number, which buying an order returns; an order id is wanted.`,
      "Look the order id up: it is orderId in the list of your IP addresses.",
    );
  }
}
