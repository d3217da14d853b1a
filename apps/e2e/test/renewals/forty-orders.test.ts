import { createClient, isApiError } from "@auto-extend/client";
import { forecastRenewals } from "@auto-extend/core";
import { type MockServer, startMockServer, type World } from "@auto-extend/mock-server";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

// Forty orders of one to three addresses, all with auto-extend on, two of them ending on each of the first twenty days;
// an address costs 1.10 for 30 days. All are due twice within 60 days, and the money runs short half-way.
const price = 110;
const sizes = Array.from({ length: 40 }, (_, index) => (index % 3) + 1);
const balance = 11_000;
const endsOn = sizes.map((_, index) => (index % 20) + 1);
const world: World = {
  version: 1,
  startsAt: "2030-01-01T00:00:00Z",
  accounts: [
    {
      id: "mine",
      apiKey: "forty-orders-key",
      balance: balance / 100,
      currency: "USD",
      rentPeriods: { IPv4: [30] },
      prices: { IPv4: { 30: price / 100 } },
      orders: sizes.map((size, index) => ({
        orderId: `order-${index}`,
        proxyType: "IPv4",
        endsAt: `+${endsOn[index]}d`,
        ipAddresses: Array.from({ length: size }, (_, place) => ({
          ipAddressId: `${index}-${place}`,
          ip: "192.0.2.1",
          country: "DE",
          autoExtend: true,
        })),
      })),
    },
  ],
};

/** The expected result, worked out day by day in cents. */
function expected() {
  const ends = [...endsOn];
  const renewed: [day: number, order: string, left: number][] = [];
  const expired: [day: number, order: string][] = [];
  let left = balance;
  for (let day = 1; day <= 60; day += 1) {
    for (const [index, size] of sizes.entries()) {
      if (ends[index] !== day) continue;
      if (size * price <= left) {
        left -= size * price;
        ends[index] = day + 30;
        renewed.push([day, `order-${index}`, left]);
      } else expired.push([day, `order-${index}`]);
    }
  }
  return { renewed, expired, left };
}

let mock: MockServer;
beforeEach(async () => {
  mock = await startMockServer({ world, now: () => 0 });
});
afterEach(() => mock.close());

const of = { apiKey: "forty-orders-key" };
const dayOf = (moment: string) => (Date.parse(moment) - Date.UTC(2030, 0, 1)) / 86_400_000;

interface Event {
  type: string;
  at: string;
  balance: number;
  group: { orderId: string };
}

/** Events in the form of what is expected. */
function comparable(events: readonly Event[]) {
  const ofType = (type: string) => events.filter((event) => event.type === type);
  return {
    renewed: ofType("renewed").map(({ at, group, balance: left }) => [
      dayOf(at),
      group.orderId,
      Math.round(left * 100),
    ]),
    expired: ofType("expired").map(({ at, group }) => [dayOf(at), group.orderId]),
  };
}

async function send(path: string, body: object): Promise<{ renewals: Event[] }> {
  const answer = await fetch(mock.url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
  return (await answer.json()) as { renewals: Event[] };
}

describe("forty orders, 60 days ahead, with money that runs short half-way", () => {
  const { left, ...happens } = expected();

  it("is a case worth a test: all renew, some of them twice, and the rest expires", () => {
    expect(happens.renewed.length).toBeGreaterThan(45);
    expect(happens.expired.length).toBeGreaterThan(25);
    expect(new Set(happens.renewed.map(([, order]) => order)).size).toBe(40);
  });

  it("come out so by the forecast", () => {
    const [account] = mock.state(of).accounts;
    const forecast = forecastRenewals({
      orders: account?.orders ?? [],
      balance: account?.balance ?? 0,
      priceOf: ({ ipAddressIds }) => (ipAddressIds.length * price) / 100,
      from: "2030-01-01T00:00:00Z",
      until: "2030-03-02T00:00:00Z",
    });
    expect(comparable(forecast.events)).toEqual(happens);
    expect(forecast.balance).toBe(left / 100);
    expect(forecast.firstShortage?.group.orderId).toBe(happens.expired[0]?.[1]);
  });

  it("come out so by the clock in the same process", () => {
    const { now, renewals } = mock.clock.advance({ days: 60 });
    expect(now).toBe("2030-03-02T00:00:00.000Z");
    expect(comparable(renewals)).toEqual(happens);
    expect(mock.state(of).accounts[0]?.balance).toBe(left / 100);
  });

  it("come out so by the control API, in one step or in many", async () => {
    const events: Event[] = [];
    for (const step of [
      { advance: { days: 20, hours: 7 } },
      { toNextRenewal: true },
      { to: "2030-03-02T00:00:00Z" },
    ]) {
      events.push(...(await send("/__mock/clock", step)).renewals);
    }
    expect(comparable(events)).toEqual(happens);
    const state = (await (await fetch(`${mock.url}/__mock/state?account=mine`)).json()) as typeof world;
    expect(state.accounts[0]?.balance).toBe(left / 100);
    const ends = state.accounts[0]?.orders.flatMap(({ ipAddresses }) =>
      ipAddresses.map(({ endsAt }) => endsAt ?? ""),
    );
    const running = ends?.filter((moment) => dayOf(moment) > 60).length;
    const alive = sizes.filter(
      (_, index) => !happens.expired.some(([, order]) => order === `order-${index}`),
    );
    expect(running).toBe(alive.reduce((sum, size) => sum + size, 0));
  });

  it("come out so by the wire: what runs can be switched, what has ended is refused, and the balance is answered", async () => {
    mock.clock.advance({ days: 60 });
    const client = createClient({ apiKey: of.apiKey, baseUrl: mock.url, retry: false });
    const gone = new Set(happens.expired.map(([, order]) => order));
    for (const [index, size] of sizes.entries()) {
      const orderIds = [`order-${index}`];
      const off = { proxyType: "IPv4", orderIds, rentPeriodDays: 30, autoExtend: false } as const;
      const answer = await client.setAutoExtend(off).catch((error: unknown) => error);
      if (gone.has(`order-${index}`)) {
        expect(isApiError(answer) && [answer.code, answer.balance]).toEqual([29, left / 100]);
      } else expect(answer).toMatchObject({ quantity: size, balance: left / 100 });
    }
  });

  it("come out so to whoever watches", () => {
    const seen: Event[] = [];
    mock.watch((event) => event.type === "renewal" && seen.push(event.renewal));
    for (let day = 0; day < 60; day += 1) mock.clock.advance({ days: 1 });
    expect(comparable(seen)).toEqual(happens);
  });
});
