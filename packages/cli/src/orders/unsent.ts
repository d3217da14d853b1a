/** Says why orders are not sent, and what to do, in the words of each command. */
import type { UnsentOrder } from "@auto-extend/client";
import { cleanShort, numberText } from "../app/format.js";

/** The use of a plan, which decides the advice about orders that are not in it. */
export type Purpose = "send" | "price and send" | "price" | "forecast";

/** Why orders are not sent, as a sentence. */
export interface UnsentReason {
  readonly reason: string;
  readonly count: number;
  readonly first: string;
  readonly kind: string;
}

/** A sentence such as `3 orders, such as 111, are not sent. They ...`. */
export function unsentText(
  { count, first, reason, kind }: UnsentReason,
  what: "sent" | "restored" | "priced" | "in the forecast",
): string {
  const example = cleanShort(first);
  if (count === 1) return `Order ${example} is not ${what}. ${reason}`;
  return `${numberText(count)} orders, such as ${example}, are not ${what}. ${kind}`;
}

/** The reason of several orders, and the advice about one. */
export const kinds: Readonly<Record<UnsentOrder["reason"], readonly [reason: string, advice: string]>> = {
  "not-listed": [
    "They are not in your list (auto-extend orders), which does not show expired orders.",
    "Check the ID. Add --type and --days to send it anyway.",
  ],
  unknown: [
    "The list of IP addresses is incomplete, so they may exist.",
    "Add --type and --days to send it anyway.",
  ],
  "other-type": ["They are listed with another type.", "Correct the type that was given, or remove it."],
  "type-unknown": ["The list lacks their proxy type.", "Add --type to send it."],
  "period-unknown": [
    "The list does not have the rental period of all of their IP addresses.",
    "Add --days to send it.",
  ],
  "mixed-periods": ["Their IP addresses have different rental periods.", "Add --days to send it."],
};

const plurals = { is: "are", was: "were", has: "have", ends: "end" };

/** A sentence about an order, put for several. */
export function ofSeveral(sentence: string): string {
  return sentence
    .replace(/\b(I|i)ts\b/g, (_, first: string) => (first === "I" ? "Their" : "their"))
    .replace(/\b(I|i)t\b(?: (is|was|has|ends)\b)?/g, (_, first: string, verb?: keyof typeof plurals) =>
      [first === "I" ? "They" : "they", ...(verb ? [plurals[verb]] : [])].join(" "),
    );
}

export function forSeveral(advice: string): string {
  return advice.replace("the ID.", "the IDs.").replace("send it", "send them");
}

/** The client's advice, after the first sentence, is about its own options. */
export function whyUnsent({ reason, message }: UnsentOrder): string {
  return reason === "not-listed"
    ? "The order is not in your list (auto-extend orders), which does not show expired orders."
    : message.replace(/\. .*$/, ".");
}

const toSend = /to send (it|them)( anyway)?\.$/;

/** Puts the reasons, which are about sending, into the words of a command. */
export const inWordsOf: Readonly<Record<Purpose, (text: string, orderId: string) => string>> = {
  send: (text, orderId) =>
    isFaultOrder(orderId) ? text.replace("--type and --days", "--type, --days and --no-read-back") : text,
  // An order that is not listed has no price. A price request for a fault order would trigger its fault.
  "price and send": (text, orderId) =>
    text.replace(
      "--type and --days",
      isFaultOrder(orderId)
        ? "--type, --days, --no-preview and --no-read-back"
        : "--type, --days and --force",
    ),
  price: (text) => text.replace(toSend, "to price $1$2."),
  forecast: (text) =>
    text
      .replace(/ ?Add --type [^.]*\.$/, "")
      .replace(toSend, "to forecast $1.")
      .replace("--days", "--if-on-days"),
};

/** With others in the run, a period that is given would change theirs as well. */
export function besideOthers(text: string): string {
  return text.replace(
    /Add (.*--days.*) to send (it|them)( anyway)?\.$/,
    (_, options: string, them: string, anyway = "") =>
      `Send ${them}${anyway} in a run of ${them === "it" ? "its" : "their"} own with ${options}: --file takes the failures of this one.`,
  );
}

/** The mock's orders of this kind cause faults, and are in no list. */
export function isFaultOrder(orderId: string): boolean {
  return orderId.startsWith("fault-");
}
