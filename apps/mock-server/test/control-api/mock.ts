import type { Server } from "node:http";
import request from "supertest";
import { createApp, type MockApp, type MockOptions, type World } from "../../src/index.js";
import { on, testNow } from "../support/call.js";

/** A mock under supertest, whose clock stands at the tests' moment. */
export function testApp(options: MockOptions = {}): MockApp {
  return createApp({ now: () => testNow, ...options });
}

/** Sends one request of the contract's; not more than what is given differs from one that succeeds. */
export async function send(
  mock: MockApp | Server | string,
  {
    apiKey = "any-key",
    prefer,
    ...body
  }: { apiKey?: string; prefer?: string } & Partial<Record<keyof typeof on, unknown>> = {},
): Promise<request.Response> {
  const sent = request(mock).post(`/client/api/v1/${encodeURIComponent(apiKey)}/extend/order/auto`);
  if (prefer !== undefined) sent.set("prefer", prefer);
  return await sent.send({ ...on, ...body });
}

/** An account with one order of one IP address, which ends in a day. Its API key is `first-key-1`. */
export const firstAccount = account("first", "+1d");

/** The first account, and another one whose order ends a day later. */
export const twoAccounts: World = { version: 1, accounts: [firstAccount, account("other", "+2d")] };

function account(id: string, endsAt: string): World["accounts"][number] {
  return {
    id,
    apiKey: `${id}-key-1`,
    balance: 1,
    currency: "USD",
    rentPeriods: { IPv4: [30] },
    prices: { IPv4: { 30: 0.8 } },
    orders: [
      {
        orderId: "11111",
        proxyType: "IPv4",
        endsAt,
        ipAddresses: [{ ipAddressId: `${id}-1`, ip: "192.0.2.1", country: "DE", autoExtend: true }],
      },
    ],
  };
}
