import { proxyTypes, setAutoExtend, setAutoExtendByIpAddress } from "@auto-extend/core";
import { z } from "zod/v3";
import { type AccountRef, accountIdOf, badRequest, notFound, requireOwnState } from "../../controls.js";
import type { Engine } from "../../engine/engine.js";
import type { AccountState } from "../../engine/state/world.js";
import { isoDate, parseDate } from "../../lib/dates.js";
import { anyJson, count, type Json, listOf, readWith, whole } from "../../lib/schemas.js";
import { decodeLeniently, encodeUtf8, quoteShort } from "../../lib/text.js";
import {
  accountSummary,
  accountsOf,
  listOrders,
  orderQuery,
  orderSummary,
  summarizeAccounts,
} from "../accounts.js";
import { addressesOf, addressQuery, addressState, addressSummary, listAddresses } from "../addresses.js";
import {
  eventsAhead,
  firstUnpaidOf,
  forecastAnswer,
  forecastOf,
  historyAnswer,
  historyOf,
  maxForecastDays,
  orderEvent,
  orderEventsOf,
  spanOf,
} from "../forecast.js";
import { controlRoute, noState, takenOver } from "../route.js";

const whose = "Without an account named, the first one is used, usually the template.";
const days = whole.min(1).max(maxForecastDays);
const renewalSum = z
  .number()
  .describe(
    "What one renewal of the addresses with auto-extend on costs, in units of the currency, as far as they have a price. Addresses of IPv6 orders that are only partly on are not renewed.",
  );
const searchSchema = z.strictObject({
  text: z.string().describe("A part of the ID of an account, or a whole API key."),
});
const callSchema = z.strictObject({
  operation: z.enum([setAutoExtend.id, setAutoExtendByIpAddress.id]).describe("The operation."),
  request: z.record(z.unknown()).describe("The body of the request."),
});
const restoreSchema = z.strictObject({
  ipAddresses: z
    .array(addressState)
    .min(1)
    .describe("The IP addresses, and the state that each had. Those that have expired stay as they are."),
});
const eventQuery = z.strictObject({
  day: z
    .string()
    .refine(
      (day) => /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(parseDate(`${day}T00:00Z`)),
      "must be a day that exists, such as 2030-01-31",
    )
    .optional()
    .describe("Only those of this day, in UTC, such as 2030-01-31."),
  limit: whole.min(1).max(10_000).default(500).describe("The maximum number of events."),
});
const orderEvents = z.strictObject({
  total: count.describe("The number of events."),
  events: listOf(orderEvent).describe("The first of them, in order of time."),
});

export const accountRoutes = [
  controlRoute("listAccounts", "get /__mock/accounts", {
    tag: "Accounts",
    summary: "Account summaries",
    description:
      "Each account with its balance, its prices, and the number of its orders and IP addresses, page by page.",
    query: z.strictObject({
      limit: whole.min(1).max(10_000).default(1_000).describe("The maximum number of accounts."),
      after: z.string().optional().describe("Continues after the account with this ID, as `next` says."),
    }),
    answer: z.strictObject({
      accounts: listOf(accountSummary).describe("The accounts."),
      next: z.string().nullable().describe("The value of `after` for the next page; null on the last page."),
      acceptsNewKeys: z
        .boolean()
        .describe(
          "Whether an API key that nobody has used before gets an account; otherwise only keys that have one work.",
        ),
    }),
    problems: { 501: noState },
    handle({ engine, of, query: { limit, after } }) {
      const all = accountsOf(engine, accountIdOf(engine, of));
      const start = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
      const page = all.slice(start, start + limit);
      const next = start + limit < all.length ? (page.at(-1)?.id ?? null) : null;
      const acceptsNewKeys = engine.acceptsNewKeys();
      return { json: { accounts: summarizeAccounts(page, engine), next, acceptsNewKeys } };
    },
  }),
  controlRoute("searchAccounts", "post /__mock/accounts/search", {
    tag: "Accounts",
    accountScoped: false,
    summary: "Accounts by a part of their ID, or by an API key",
    description:
      "An API key must not stand in a URL, so the text comes in the body. No account is made for a new key.",
    body: { schema: searchSchema, examples: { "a part of an ID": { text: "def" } } },
    answerDescription:
      "The account that has this API key, then those whose ID contains the text: the first 100.",
    answer: z.strictObject({ accounts: listOf(accountSummary).describe("The accounts.") }),
    problems: { 501: noState },
    handle({ engine, body }) {
      const { text } = readWith(searchSchema, body, (problems) =>
        badRequest("body", `The search is invalid: ${problems}. Send {"text":"account-1"}.`),
      );
      const all = accountsOf(engine);
      const own = engine.findAccountOf(text.trim());
      const part = text.trim().toLowerCase();
      const found = [
        ...all.filter(({ id }) => id === own),
        ...all.filter(({ id }) => id !== own && id.toLowerCase().includes(part)),
      ];
      return { json: { accounts: summarizeAccounts(found.slice(0, 100), engine) } };
    },
  }),
  controlRoute("listOrders", "get /__mock/orders", {
    tag: "Accounts",
    summary: "The orders of an account, in pages",
    description: `${whose} Expired orders are listed only if \`state\` asks for them.`,
    query: orderQuery,
    answer: z.strictObject({
      total: count.describe("The number of orders that match."),
      addresses: count.describe("The number of their IP addresses."),
      on: count.describe("The number of these addresses with auto-extend on."),
      renewalPrice: renewalSum,
      orders: listOf(orderSummary).describe("Those of this page."),
    }),
    handle({ engine, of, query }) {
      const found = requiredAccount(engine, of);
      return { json: listOrders(found, query, outlookOf(engine, found)) };
    },
  }),
  controlRoute("listAddresses", "get /__mock/addresses", {
    tag: "Accounts",
    summary: "The IP addresses of an account, in pages",
    description: `${whose} Expired addresses are listed only if \`state\` asks for them.`,
    query: addressQuery,
    answer: z.strictObject({
      total: count.describe("The number of IP addresses that match."),
      on: count.describe("The number of those with auto-extend on."),
      renewalPrice: renewalSum,
      addresses: listOf(addressSummary).describe("Those of this page."),
    }),
    handle({ engine, of, query }) {
      const found = requiredAccount(engine, of);
      return { json: listAddresses(found, query, outlookOf(engine, found)) };
    },
  }),
  controlRoute("getOrder", "get /__mock/orders/{id}", {
    tag: "Accounts",
    summary: "One order with its IP addresses",
    description: whose,
    pathId: "The ID of the order.",
    answer: z.strictObject({
      orderId: z.string().describe("The order."),
      proxyType: z.enum(proxyTypes).describe("Its proxy type."),
      ipAddresses: listOf(addressSummary).describe("Its addresses, expired ones too."),
    }),
    problems: { 404: { description: "The account has no such order." } },
    handle({ engine, of, pathId }) {
      const found = requiredAccount(engine, of);
      const order = requiredOrder(found, pathId);
      const { orderId, proxyType } = order;
      return {
        json: { orderId, proxyType, ipAddresses: addressesOf(order, found, outlookOf(engine, found)) },
      };
    },
  }),
  controlRoute("restoreOrder", "post /__mock/orders/{id}/restore", {
    tag: "Accounts",
    summary: "Restores an earlier state of an order's IP addresses",
    description: `${whose} Undoes a switch exactly, even where no request to the API could: the addresses of an IPv6 order can only be switched together. The log shows it as done, without an operation.`,
    pathId: "The ID of the order.",
    body: {
      schema: restoreSchema,
      examples: {
        "one address": {
          ipAddresses: [{ ipAddressId: "1111111111111111111", autoExtend: false, rentPeriodDays: 30 }],
        },
      },
    },
    answerDescription: "The states of the IP addresses.",
    answer: z.strictObject({
      restored: count.describe("The number of those that got the state back."),
      expired: count.describe("The number of those that have expired, and stayed as they are."),
      unchanged: count.describe("The number of those that had the state already."),
    }),
    problems: {
      404: { description: "The account has no such order, or the order no such address." },
      503: takenOver,
    },
    handle({ engine, of, pathId, body }) {
      return { json: restoreOrder(engine, requiredAccount(engine, of), pathId, body) };
    },
  }),
  controlRoute("getForecast", "get /__mock/forecast", {
    tag: "Clock",
    summary: "Upcoming renewals of an account",
    description: `${whose} Shows day by day what will be renewed, what it costs, what will be unpaid and what expires; and what all renewals would cost together. Nothing happens to the template: its forecast is that of a copy made now.`,
    query: z.strictObject({ days: days.default(30).describe("How far to look ahead, in days.") }),
    answer: forecastAnswer,
    handle: ({ engine, of, query }) => ({
      json: forecastOf(requiredAccount(engine, of), spanOf(engine, query.days)),
    }),
  }),
  controlRoute("listForecastEvents", "get /__mock/forecast/events", {
    tag: "Clock",
    summary: "Upcoming renewals, one by one",
    description: `${whose} Lists what will happen to its orders within a year, or on one day.`,
    query: eventQuery,
    answer: orderEvents,
    handle: ({ engine, of, query }) => ({
      json: orderEventsOf(eventsAhead(requiredAccount(engine, of), spanOf(engine, maxForecastDays)), query),
    }),
  }),
  controlRoute("getRenewals", "get /__mock/renewals", {
    tag: "Clock",
    summary: "Past renewals of an account",
    description: `${whose} Shows day by day what was renewed, what it cost, what was unpaid and what expired.`,
    answer: historyAnswer,
    handle({ engine, of }) {
      const { id } = requiredAccount(engine, of);
      return { json: historyOf(id, engine.renewalsOf(id)) };
    },
  }),
  controlRoute("listRenewalEvents", "get /__mock/renewals/events", {
    tag: "Clock",
    summary: "Past renewals, one by one",
    description: `${whose} Lists what has happened to its orders, or on one day (only the last 5,000 events are kept).`,
    query: eventQuery,
    answer: orderEvents,
    handle({ engine, of, query }) {
      const { id } = requiredAccount(engine, of);
      return { json: orderEventsOf(engine.renewalsOf(id), query) };
    },
  }),
  controlRoute("callOperation", "post /__mock/operations", {
    tag: "Accounts",
    summary: "Switches auto-extend for an account",
    description:
      "Name the account if there are several. No API key is needed. The request passes through the same rules as any other, and appears in the log. It uses up no queued fault: those wait for the program under test.",
    body: {
      schema: callSchema,
      examples: {
        "one order": {
          operation: "setAutoExtend",
          request: { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30, autoExtend: true },
        },
      },
    },
    answerDescription: "What the API answered.",
    answer: z.strictObject({
      id: z.string().describe("The ID of the request in the log."),
      status: whole.describe("The HTTP status of the answer."),
      answer: anyJson.describe("The body of the answer."),
    }),
    problems: { 503: takenOver },
    handle({ engine, of, body }) {
      const call = readCall(body);
      if (of === undefined && accountsOf(engine).length > 1) {
        throw badRequest(
          "query",
          "There are several accounts: name one with ?account=ID or the header mock-api-key. GET /__mock/accounts lists them.",
        );
      }
      const { id } = requiredAccount(engine, of);
      return { json: callOperation(engine, id, call) };
    },
  }),
];

function readCall(sent: unknown) {
  return readWith(callSchema, sent, (problems) =>
    badRequest(
      "body",
      `The operation can't be sent: ${problems}. Send {"operation":"setAutoExtend","request":{...}}.`,
    ),
  );
}

function callOperation(engine: Engine, account: string, call: ReturnType<typeof readCall>) {
  requireOwnState(engine);
  const operation = call.operation === setAutoExtend.id ? setAutoExtend : setAutoExtendByIpAddress;
  const reply = engine.handle({
    method: operation.method,
    // The account is named, so nobody looks at the API key.
    target: operation.path.replace("{apiKey}", "control-api"),
    shownTarget: `/__mock/operations?account=${encodeURIComponent(account)}`,
    headers: { "content-type": "application/json" },
    body: encodeUtf8(JSON.stringify(call.request)),
    account,
    origin: "control API",
  });
  const text = typeof reply.body === "string" ? reply.body : decodeLeniently(reply.body);
  reply.release?.();
  const id = reply.headers[reply.headers.indexOf("mock-request-id") + 1] ?? "";
  return { id, status: reply.status, answer: jsonOrText(text) };
}

function restoreOrder(engine: Engine, account: AccountState, orderId: string, sent: unknown) {
  requireOwnState(engine);
  const known = new Set(requiredOrder(account, orderId).ipAddresses.map(({ ipAddressId }) => ipAddressId));
  const { ipAddresses } = readWith(restoreSchema, sent, (problems) =>
    badRequest("body", `The order can't be restored: ${problems}.`),
  );
  const unknown = ipAddresses.find(({ ipAddressId }) => !known.has(ipAddressId));
  if (unknown) {
    throw notFound(
      `Order ${quoteShort(orderId)} has no IP address ${quoteShort(unknown.ipAddressId)}. GET /__mock/orders/${encodeURIComponent(orderId)} lists its addresses.`,
    );
  }
  const states = ipAddresses.map(({ failedAt = null, ...state }) => ({
    ...state,
    failedAt: failedAt === null ? null : isoDate(parseDate(failedAt)),
  }));
  return engine.restore(account.id, { orderId, ipAddresses: states });
}

function jsonOrText(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function requiredAccount(engine: Engine, of: AccountRef | undefined): AccountState {
  const [found] = accountsOf(engine, accountIdOf(engine, of));
  if (found) return found;
  throw notFound("There is no such account. GET /__mock/accounts lists them.");
}

function requiredOrder({ id: account, orders }: AccountState, id: string): AccountState["orders"][number] {
  const order = orders.find(({ orderId }) => orderId === id);
  if (order) return order;
  throw notFound(
    `Account ${account} has no order ${quoteShort(id)}. GET /__mock/orders?account=${encodeURIComponent(account)} lists its orders.`,
  );
}

function outlookOf(engine: Engine, account: AccountState) {
  return { now: isoDate(engine.now()), unpaid: firstUnpaidOf(engine, account) };
}
