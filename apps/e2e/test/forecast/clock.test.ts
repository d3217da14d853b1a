import { Readable } from "node:stream";
import { run } from "@auto-extend/cli";
import { startMockServer, type World } from "@auto-extend/mock-server";
import { expect, it } from "vitest";

const apiKey = "forecast-against-clock-key";
const days = 200;
const types = ["IPv4", "IPv6", "MOBILE", "ISP"] as const;

/** Orders of all types, in parts on and off, with two periods; the money runs short on the way. */
const world: World = {
  version: 1,
  startsAt: "2030-01-01T09:30:00Z",
  accounts: [
    {
      id: "mine",
      apiKey,
      balance: 60,
      currency: "EUR",
      rentPeriods: { IPv4: [30, 60], IPv6: [30], MOBILE: [30], ISP: [30, 90] },
      prices: {
        IPv4: { 30: 0.83, 60: 1.51 },
        IPv6: { 30: 0.1 },
        MOBILE: { 30: 3.57 },
        ISP: { 30: 1.61, 90: 4.49 },
      },
      orders: Array.from({ length: 36 }, (_, index) => {
        const proxyType = types[index % types.length] as (typeof types)[number];
        const size = (index % 3) + 1;
        const long = { IPv4: 60, IPv6: null, MOBILE: null, ISP: 90 }[proxyType];
        return {
          orderId: `order-${index}`,
          proxyType,
          endsAt: index === 0 ? "+11h" : `+${(index * 7) % 40}d`,
          ipAddresses: Array.from({ length: size }, (_, place) => ({
            ipAddressId: `${index}-${place}`,
            ip: "192.0.2.1",
            country: "DE",
            // IPv6 orders are on as a whole or, every third of them, in part: then they expire.
            autoExtend: index % 9 !== 5 && (proxyType !== "IPv6" || index % 3 !== 0 || place === 0),
            rentPeriodDays: long && place === 1 ? long : 30,
          })),
        };
      }),
    },
  ],
};

it("the mock's clock, moved as far, gives the numbers of the forecast: each event, each day's balance", async () => {
  const mock = await startMockServer({ world });
  try {
    mock.clock.freeze();
    const forecast = await forecastOf(mock.url);
    expect(forecast.renewals.length).toBeGreaterThan(50);
    expect(forecast.firstShortage).not.toBeNull();
    const happened = [];
    for (const { date, balance } of forecast.byDay) {
      const end = Math.min(Date.parse(`${date}T23:59:59.999Z`), Date.parse(forecast.until));
      const { renewals } = mock.clock.moveTo(new Date(end).toISOString());
      happened.push(...renewals);
      expect([date, mock.state({ account: "mine" }).accounts[0]?.balance]).toEqual([date, balance]);
    }
    const tried = happened.flatMap((event) =>
      event.type === "expired"
        ? []
        : [[event.at, event.group.orderId, event.type, event.price, event.balance]],
    );
    const foretold = forecast.renewals.map(({ at, orderId, outcome, price, balance }) => [
      at,
      orderId,
      outcome,
      price,
      balance,
    ]);
    expect(tried).toEqual(foretold);
    const ended = happened.flatMap((event) =>
      event.type === "expired" ? [[event.at, event.group.ipAddressIds, event.because]] : [],
    );
    expect(ended).toEqual(
      forecast.expiries.map(({ at, ipAddressIds, because }) => [at, ipAddressIds, because]),
    );
  } finally {
    await mock.close();
  }
});

interface Foretold {
  until: string;
  byDay: { date: string; balance: number }[];
  renewals: { at: string; orderId: string; outcome: string; price: number; balance: number }[];
  expiries: { at: string; ipAddressIds: string[]; because: string }[];
  firstShortage: object | null;
}

async function forecastOf(url: string): Promise<Foretold> {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const exitCode = await run(["forecast", "--days", String(days), "--json", "--base-url", url], {
    stdin: Object.assign(Readable.from([]), { isTTY: false }),
    stdout: { write: (text) => stdout.push(text) },
    stderr: { write: (text) => stderr.push(text) },
    env: { AUTO_EXTEND_API_KEY: apiKey },
    confirm: async () => false,
  });
  expect([exitCode, stderr.slice(1)]).toEqual([0, []]);
  return JSON.parse(stdout.join("")).result;
}
