import type { SetAutoExtendResult } from "@auto-extend/client";
import type { OrderGroup } from "../account/order-groups.js";
import { counted } from "../words.js";
import type { Switched } from "./switched-text.js";

/** How many ids are named. */
const mostNamed = 5;

/**
 * How the answer differs from what was asked for, for people: the provider counts IP addresses and lists them, and
 * neither need be all of what the orders have. An empty list where nothing is to be said.
 */
export function answerNotes({
  group,
  answer,
  isShort,
}: Pick<Switched, "group" | "answer" | "isShort">): string[] {
  const { orderIds, listed } = group;
  const shortfall = `The provider counts fewer IP addresses (${answer.quantity}) than orders (${orderIds.length}), so it cannot have switched all of them: look the orders up in your account.`;
  return [...(isShort ? [shortfall] : []), ...(listed ? listNotes(listed, answer) : [])];
}

function listNotes(listed: NonNullable<OrderGroup["listed"]>, answer: SetAutoExtendResult): string[] {
  const wanted = new Set([...listed.values()].flat().map(({ ipAddressId }) => ipAddressId));
  if (!answer.ipAddressIds) {
    return answer.quantity === wanted.size
      ? []
      : [
          `The provider counts ${counted(answer.quantity, "IP address", "IP addresses")}, and the orders have ${wanted.size}.`,
        ];
  }
  const given = new Set(answer.ipAddressIds);
  const missing = [...wanted].filter((id) => !given.has(id));
  const extra = [...given].filter((id) => !wanted.has(id));
  return [
    ...(missing.length > 0 ? [`The provider's answer leaves out ${named(missing)} of these orders.`] : []),
    ...(extra.length > 0 ? [`The provider's answer names ${named(extra)} that the list did not have.`] : []),
  ];
}

function named(ids: readonly string[]): string {
  const more = ids.length > mostNamed ? ` and ${ids.length - mostNamed} more` : "";
  return `the IP address${ids.length === 1 ? "" : "es"} ${ids.slice(0, mostNamed).join(", ")}${more}`;
}
