import type { ServerResponse } from "node:http";
import { type ProxyType, priceOfGroup, proxyTypes, sumOfAmounts } from "@auto-extend/core";
import { answer, failure, type Seen, serve, type TestServer } from "./server.js";

export interface FakeAddress {
  id: string;
  autoExtend: boolean;
  days: number;
  country: string;
  endsAt: string;
}

export interface FakeOrder {
  type: ProxyType;
  addresses: FakeAddress[];
}

/** An account of a made-up provider, written from the public shapes; a test changes it as it likes. */
export interface FakeAccount {
  balance: number;
  currency: string;
  /** The price of one IP address by days, for every type. */
  prices: Record<number, number>;
  orders: Record<string, FakeOrder>;
  /** The `Date` of every answer. */
  now: Date;
  /** Orders that a switch leaves as they are, although it reports success. */
  stubborn: Set<string>;
  /** Answers in place of the account, where it gives `true`. */
  instead?: (response: ServerResponse, seen: Seen) => boolean;
}

export interface AccountServer extends TestServer {
  account: FakeAccount;
  /** The paths of the requests so far, from the API key on, with their query. */
  paths(): string[];
}

export function address(id: string, over: Partial<FakeAddress> = {}): FakeAddress {
  return { id, autoExtend: false, days: 30, country: "DE", endsAt: "2030-01-31T00:00:00.000Z", ...over };
}

/** Three IPv4 orders (the second with two IP addresses) and one each of IPv6 and ISP; 30 days at 0.8, 60 at 1.5. */
export async function serveAccount(over: Partial<FakeAccount> = {}): Promise<AccountServer> {
  const account: FakeAccount = {
    balance: 5,
    currency: "USD",
    prices: { 30: 0.8, 60: 1.5 },
    now: new Date("2030-01-01T00:00:00Z"),
    stubborn: new Set(),
    orders: {
      "111": { type: "IPv4", addresses: [address("1", { endsAt: "2030-01-05T00:00:00.000Z" })] },
      "222": { type: "IPv4", addresses: [address("21"), address("22", { country: "FR" })] },
      "333": { type: "IPv4", addresses: [address("3", { autoExtend: true, days: 60 })] },
      "666": {
        type: "IPv6",
        addresses: [address("61", { autoExtend: true }), address("62", { country: "NL" })],
      },
      "555": { type: "ISP", addresses: [address("5", { endsAt: "2030-02-10T00:00:00.000Z" })] },
    },
    ...over,
  };
  const server = await serve((response, seen) => {
    response.setHeader("date", account.now.toUTCString());
    if (account.instead?.(response, seen)) return;
    respond(account, response, seen);
  });
  const paths = () => server.seen.map(({ url }) => url.replace(/^\/client\/api\/v1\/[^/]+\//, ""));
  return { ...server, account, paths };
}

function respond(account: FakeAccount, response: ServerResponse, { url, body }: Seen): void {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  const type = searchParams.get("proxyType");
  const path = pathname.replace(/^\/client\/api\/v1\/[^/]+\//, "");
  if (path === "balance") {
    answer(response, {
      ...{ success: true, balance: account.balance, currencyCode: account.currency, error: null },
    });
  } else if (path === "rentPeriod") {
    const rentPeriodDays = Object.keys(account.prices).map(Number);
    answer(response, { success: true, rentPeriodDays, error: null });
  } else if (path === "ipAddress") {
    answer(response, { success: true, ipAddresses: listOf(account, type), error: null });
  } else if (Array.isArray((body as unknown as ByAddress | null)?.ipAddressIds)) {
    const { proxyType, rentPeriodDays, ipAddressIds } = body as unknown as ByAddress;
    if (path === "calculate/extend") {
      answer(response, priceOf(account, rentPeriodDays, ipAddressIds.length, proxyType));
    } else switchAddresses(account, response, body as unknown as ByAddress);
  } else if (!Array.isArray(body?.orderIds)) {
    answer(response, {}, 404);
  } else {
    const orders = body.orderIds.map((id) => account.orders[id]);
    if (orders.some((order) => order?.type !== body.proxyType)) {
      answer(response, failure(29, "Incorrect orderIds"));
    } else if (path === "calculate/extend/order") {
      answer(
        response,
        priceOf(
          account,
          body.rentPeriodDays,
          orders.flatMap((order) => order?.addresses ?? []).length,
          body.proxyType,
        ),
      );
    } else switchOrders(account, response, body);
  }
}

function listOf({ orders }: FakeAccount, wanted: string | null) {
  return proxyTypes
    .filter((type) => wanted === null || wanted === type)
    .map((proxyType) => ({
      proxyType,
      orders: Object.entries(orders)
        .filter(([, { type }]) => type === proxyType)
        .map(([orderId, { addresses }]) => ({
          orderId,
          ipAddresses: addresses.map(({ id, autoExtend, days, country, endsAt }) => ({
            ipAddressId: id,
            ipAddressIp: `192.0.2.${id}`,
            country,
            proxyType,
            dateStart: "2030-01-01T00:00:00.000Z",
            dateEnd: endsAt,
            httpsPort: 8000,
            socks5Port: 8001,
            protocol: "HTTPS",
            authInfo: { login: "a-login", password: "a-proxy-password" },
            extendInfo: { autoExtend, extendDays: days },
          })),
        })),
    }))
    .filter((group) => group.orders.length > 0);
}

function priceOf(account: FakeAccount, days: number, count: number, proxyType: ProxyType) {
  const unit = account.prices[days];
  if (unit === undefined) return failure(11, "Incorrect rental period");
  const price = priceOfGroup(unit, count);
  const isShort = sumOfAmounts([account.balance, -price]) < 0;
  const warnings = isShort ? [{ code: 16, message: "Insufficient funds on balance" }] : null;
  const { balance, currency } = account;
  return {
    success: true,
    proxyType,
    balance,
    price,
    currency,
    discount: 0,
    promoCodeStatus: null,
    error: null,
    warnings,
  };
}

interface ByAddress {
  proxyType: ProxyType;
  ipAddressIds: string[];
  rentPeriodDays: number;
  autoExtend: boolean;
}

function switchAddresses(
  { orders, balance, currency }: FakeAccount,
  response: ServerResponse,
  body: ByAddress,
): void {
  const { proxyType, ipAddressIds, rentPeriodDays, autoExtend } = body;
  const wanted = new Set(ipAddressIds);
  for (const each of Object.values(orders).flatMap(({ addresses }) => addresses)) {
    if (!wanted.has(each.id)) continue;
    each.autoExtend = autoExtend;
    if (autoExtend) each.days = rentPeriodDays;
  }
  answer(response, {
    ...{ success: true, proxyType, rentPeriodDays, quantity: ipAddressIds.length, ipAddressIds },
    ...{ balance, currency, error: null },
  });
}

function switchOrders(account: FakeAccount, response: ServerResponse, body: Seen["body"]): void {
  const { proxyType, rentPeriodDays, orderIds, autoExtend } = body;
  const addresses = orderIds.flatMap((id) => (account.orders[id] as FakeOrder).addresses);
  for (const id of orderIds) {
    if (account.stubborn.has(id)) continue;
    for (const each of (account.orders[id] as FakeOrder).addresses) {
      each.autoExtend = autoExtend;
      if (autoExtend) each.days = rentPeriodDays;
    }
  }
  answer(response, {
    success: true,
    proxyType,
    rentPeriodDays,
    quantity: addresses.length,
    ipAddressIds: addresses.map(({ id }) => id),
    balance: account.balance,
    currency: account.currency,
    error: null,
  });
}
