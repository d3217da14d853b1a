/** Why orders are not sent, and what to do about it, in the words of each command. */
import type { UnsentOrder } from "@auto-extend/client";
import { type CliError, usageError } from "../app/errors.js";
import { cleanShort, numberText } from "../app/format.js";

/** The use of a plan, which decides the advice about orders that are not in it. */
export type Purpose = "send" | "price and send" | "price" | "forecast";

export interface UnsentReason {
  readonly first: string;
  readonly reason: string;
  readonly whatToDo: string;
  readonly count: number;
}

/** A text such as `3 orders are not sent; the first is 111. It is ...`. */
export function unsentText({ count, first, reason, whatToDo }: UnsentReason, what: Unsent): string {
  const order = cleanShort(first);
  const which =
    count === 1
      ? `Order ${order} is not ${what}.`
      : `${numberText(count)} orders are not ${what}; the first is ${order}.`;
  return `${which} ${reason} ${whatToDo}`.trimEnd();
}

type Unsent = "sent" | "restored" | "priced" | "added to the forecast";

/** The error of a run that leaves orders out. With several reasons, each advice names its order. */
export function unsentError(reasons: readonly UnsentReason[], what: Unsent): CliError {
  // Of an undo, each order can have a reason of its own.
  const shown = reasons.slice(0, 5);
  const advice = shown.filter(({ whatToDo }) => whatToDo !== "");
  return usageError(
    shown.map((each) => unsentText({ ...each, whatToDo: "" }, what)).join(" "),
    advice
      .map(({ first, whatToDo }) =>
        shown.length === 1 ? whatToDo : `Order ${cleanShort(first)}: ${whatToDo}`,
      )
      .join(" "),
  );
}

/** The client's advice, after the first sentence, is about its own options. */
export function whyUnsent({ reason, message }: UnsentOrder): string {
  return reason === "not-listed"
    ? "It is not in your list (auto-extend orders), which does not show expired orders."
    : message;
}

/** @param isAlone whether options would be for this order alone: a period that is given would change the others' as well. */
export function adviceAbout(
  { orderId, reason }: UnsentOrder,
  { purpose, isAlone }: { readonly purpose: Purpose; readonly isAlone: boolean },
): string {
  if (reason === "other-type") return "Correct the type that was given, or remove it.";
  const isListed = reason !== "not-listed";
  const needed = optionsFor(orderId, { reason, purpose });
  if (needed.length === 0) return isListed ? "" : "Check the ID.";
  const options = new Intl.ListFormat("en-GB").format(needed);
  const isSent = purpose === "send" || purpose === "price and send";
  const advice =
    isSent && !isAlone && needed.includes("--days")
      ? `send such orders in a run of their own with ${options}: --failures FILE writes them to a file that --file takes.`
      : `add ${options} to ${isSent ? "send" : purpose} such orders.`;
  return isListed
    ? advice.charAt(0).toUpperCase() + advice.slice(1)
    : `Check the ID. Only if it is right, ${advice}`;
}

/** The options with which a command takes such an order; none if it cannot. */
function optionsFor(
  orderId: string,
  { reason, purpose }: { reason: UnsentOrder["reason"]; purpose: Purpose },
): string[] {
  const isForecast = purpose === "forecast";
  if (reason === "period-unknown" || reason === "mixed-periods") {
    return [isForecast ? "--if-on-days" : "--days"];
  }
  if (isForecast) return [];
  if (reason === "type-unknown") return ["--type"];
  const both = ["--type", "--days"];
  if (!isFaultOrder(orderId) || purpose === "price") return both;
  // A price request for such an order would trigger its fault.
  return [...both, ...(purpose === "price and send" ? ["--no-preview"] : []), "--no-read-back"];
}

/** The mock's orders of this kind cause faults, and are in no list. */
export function isFaultOrder(orderId: string): boolean {
  return orderId.startsWith("fault-");
}
