/** Why orders are not sent, and what to do about it, in the words of each command. */
import type { UnsentOrder } from "@auto-extend/client";
import type { Context } from "../app/context.js";
import { cleanShort, numberText } from "../app/format.js";

/** The use of a plan, which decides the advice about orders that are not in it. */
export type Purpose = "send" | "price and send" | "price" | "forecast";

/** Orders that are not sent for one kind of reason. */
export interface UnsentReason {
  readonly first: string;
  /** Why the first of them is not sent, and what to do, in sentences. */
  readonly reason: string;
  readonly count: number;
}

/** A text such as `3 orders are not sent; the first is 111. It is ...`. */
export function unsentText(
  { count, first, reason }: UnsentReason,
  what: "sent" | "restored" | "priced" | "in the forecast",
): string {
  const order = cleanShort(first);
  return count === 1
    ? `Order ${order} is not ${what}. ${reason}`
    : `${numberText(count)} orders are not ${what}; the first is ${order}. ${reason}`;
}

/** Notes why orders are not sent; of an undo, each order can have a reason of its own. */
export function noteUnsent(
  context: Context,
  { reasons }: { readonly reasons: readonly UnsentReason[] },
  what: "sent" | "restored",
): void {
  for (const each of reasons.slice(0, maxReasonsShown)) context.note(unsentText(each, what));
  if (reasons.length > maxReasonsShown) {
    context.note(`More orders are not ${what}; the report has the reasons.`);
  }
}

const maxReasonsShown = 5;

/** The client's advice, after the first sentence, is about its own options. */
export function whyUnsent({ reason, message }: UnsentOrder): string {
  return reason === "not-listed"
    ? "It is not in your list (auto-extend orders), which does not show expired orders."
    : message.replace(/\. .*$/, ".");
}

/** @param isAlone whether options would be for this order alone: a period that is given would change the others' as well. */
export function adviceAbout(
  { orderId, reason }: UnsentOrder,
  { purpose, isAlone }: { readonly purpose: Purpose; readonly isAlone: boolean },
): string {
  if (reason === "other-type") return "Correct the type that was given, or remove it.";
  const check = reason === "not-listed" ? "Check the ID. " : "";
  const needed = optionsFor(orderId, { reason, purpose });
  if (needed.length === 0) return check.trimEnd();
  const options = new Intl.ListFormat("en-GB").format(needed);
  const isSent = purpose === "send" || purpose === "price and send";
  return isSent && !isAlone && needed.includes("--days")
    ? `${check}Send such orders in a run of their own with ${options}: --file takes the failures of this one.`
    : `${check}Add ${options} to ${isSent ? "send" : purpose} such orders.`;
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
  const isFault = isFaultOrder(orderId);
  if (purpose === "send") return isFault ? [...both, "--no-read-back"] : both;
  if (purpose === "price") return both;
  // An order that is not listed has no price. A price request for a fault order would trigger its fault.
  return [...both, ...(isFault ? ["--no-preview", "--no-read-back"] : ["--force"])];
}

/** The mock's orders of this kind cause faults, and are in no list. */
export function isFaultOrder(orderId: string): boolean {
  return orderId.startsWith("fault-");
}
