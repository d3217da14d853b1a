import { proxyTypes } from "@auto-extend/core";
import { z } from "zod/v3";
import { accountIdOf } from "../../controls.js";
import { defaultAccountId } from "../../engine/state/accounts.js";
import type { AccountState, OrderState } from "../../engine/state/world.js";
import { controlRoute, noState } from "../route.js";
import { accountSummary, nextPage, orderPage } from "../state-schemas.js";

/** Parts of the state, for readers who cannot take all of a large one. */

const page = {
  limit: z.number().int().min(1).max(1_000).default(100).describe("The maximum number of items."),
  after: z.string().optional().describe("Continues after the item with this ID, as `next` says."),
};

export const accountRoutes = [
  controlRoute({
    id: "listAccounts",
    tag: "State",
    method: "get",
    path: "/__mock/accounts",
    summary: "A summary of each account",
    description: "The accounts without their orders, page by page.",
    query: z.object(page).strict(),
    answer: {
      status: 200,
      says: "A page of accounts.",
      schema: z
        .object({ accounts: z.array(accountSummary), next: z.string().nullable().describe(nextPage) })
        .strict(),
    },
    problems: { 501: noState },
    handle({ engine, query }) {
      const { items, next } = pageOf(engine.save().accounts, ({ id }) => id, query);
      return { json: { accounts: items.map(summaryOf), next } };
    },
  }),
  controlRoute({
    id: "listOrders",
    tag: "State",
    method: "get",
    path: "/__mock/orders",
    summary: "The orders of an account",
    description:
      "The orders of an account that match the query, page by page (default: the first account, which is the template in most worlds).",
    accountScoped: true,
    query: z
      .object({
        ...page,
        orderId: z.string().optional().describe("Only order IDs that contain this text."),
        proxyType: z.enum(proxyTypes).optional().describe("Only orders of this type."),
        autoExtend: z
          .boolean()
          .optional()
          .describe("Only orders with an address that has auto-extend on, or off."),
      })
      .strict(),
    answer: { status: 200, says: "A page of orders.", schema: orderPage },
    problems: { 501: noState },
    handle({ engine, of, query: { orderId = "", proxyType, autoExtend, ...rest } }) {
      const { accounts } = engine.save();
      const id = accountIdOf(engine, of);
      const orders = accounts.find((each) => id === undefined || each.id === id)?.orders ?? [];
      const found = orders.filter(
        (order) =>
          order.orderId.includes(orderId) &&
          (proxyType === undefined || order.proxyType === proxyType) &&
          (autoExtend === undefined || order.ipAddresses.some((each) => each.autoExtend === autoExtend)),
      );
      const { items, next } = pageOf<OrderState>(found, (order) => order.orderId, rest);
      return { json: { orders: items, total: found.length, next } };
    },
  }),
];

interface Page {
  readonly limit: number;
  readonly after?: string | undefined;
}

/** A page of a list. It starts at the beginning if the item that it continues after is gone. */
function pageOf<Item>(all: readonly Item[], idOf: (item: Item) => string, { limit, after }: Page) {
  const start = after === undefined ? 0 : all.findIndex((item) => idOf(item) === after) + 1;
  const items = all.slice(start, start + limit);
  const last = items.at(-1);
  return { items, next: last !== undefined && start + limit < all.length ? idOf(last) : null };
}

function summaryOf({ id, balance, currency, orders }: AccountState) {
  const addresses = orders.flatMap(({ ipAddresses }) => ipAddresses);
  const ends = addresses.map(({ endsAt }) => endsAt);
  return {
    id,
    isTemplate: id === defaultAccountId,
    balance,
    currency,
    orders: orders.length,
    ipAddresses: addresses.length,
    autoExtendOn: addresses.filter(({ autoExtend }) => autoExtend).length,
    nextEnd: ends.reduce<string | null>((first, end) => (first === null || end < first ? end : first), null),
  };
}
