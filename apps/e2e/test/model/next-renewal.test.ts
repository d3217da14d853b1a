import { createMockFetch } from "@auto-extend/mock-server";
import { describe, expect, it } from "vitest";

const startsAt = "2030-01-01T00:00:00.000Z";
const inDays = (days: number) => new Date(Date.parse(startsAt) + days * 86_400_000).toISOString();

interface Address {
  on: boolean;
  /** In days from the start. */
  ends: number;
}

/** A mock with one order, whose clock stands at the start. */
function mockWith({ type = "IPv6", balance = 5, lead = 0 }, addresses: readonly Address[]) {
  return createMockFetch({
    now: () => Date.parse(startsAt),
    world: {
      version: 1,
      startsAt,
      renewals: { leadTimeHours: lead },
      accounts: [
        {
          id: "mine",
          apiKey: "my-own-key",
          balance,
          currency: "USD",
          rentPeriods: {},
          prices: { IPv4: { 30: 1 }, IPv6: { 30: 1 } },
          orders: [
            {
              orderId: "a",
              proxyType: type as "IPv4" | "IPv6",
              ipAddresses: addresses.map(({ on, ends }, index) => ({
                ipAddressId: `a-${index}`,
                ip: "2001:db8::1",
                country: "DE",
                autoExtend: on,
                endsAt: inDays(ends),
              })),
            },
          ],
        },
      ],
    },
  });
}

describe("the next renewal by the mock's clock", () => {
  it("is when one is tried, whether it can be paid or not", () => {
    const addresses = [
      { on: false, ends: 1 },
      { on: true, ends: 2 },
    ];
    const mock = mockWith({ type: "IPv4", balance: 0 }, addresses);
    expect(mock.clock.state().nextRenewal).toBe(inDays(2));
    expect(mock.clock.toNextRenewal().renewals).toMatchObject([
      { type: "expired" },
      { type: "failed" },
      { type: "expired" },
    ]);
  });

  it("is not the end of what could not be paid, and is not tried again", () => {
    const mock = mockWith({ balance: 0, lead: 24 }, [{ on: true, ends: 2 }]);
    mock.clock.moveTo(inDays(1));
    expect(mock.clock.state().nextRenewal).toBeNull();
  });

  it("is that of the rest of an IPv6 order, which follows the end of a part that is off", () => {
    const addresses = [
      { on: false, ends: 1 },
      { on: true, ends: 2 },
    ];
    const mock = mockWith({}, addresses);
    expect(mock.clock.state().nextRenewal).toBe(inDays(2));
  });

  it("is that of what is left of an IPv6 order, of which a part has ended", () => {
    const addresses = [
      { on: false, ends: 1 },
      { on: true, ends: 2 },
    ];
    const mock = mockWith({}, addresses);
    mock.clock.moveTo(inDays(1.5));
    expect(mock.clock.toNextRenewal()).toMatchObject({ now: inDays(2), renewals: [{ type: "renewed" }] });
  });

  it("is not the end of a part of an IPv6 order", () => {
    const addresses = [
      { on: true, ends: 1 },
      { on: true, ends: 2 },
    ];
    const mock = mockWith({}, addresses);
    expect(mock.clock.state().nextRenewal).toBe(inDays(2));
  });
});
