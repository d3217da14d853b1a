import { defaultWorld, type MockFetch, type World } from "@auto-extend/mock-server";

/** The mock's default world, with a second rental period, so that a server can set the wrong one. */
export const twoPeriods: World = {
  ...defaultWorld,
  accounts: defaultWorld.accounts.map((account) => ({
    ...account,
    rentPeriods: { IPv4: [30, 60], IPv6: [30, 60], MOBILE: [30, 60], ISP: [30, 60] },
    prices: {
      IPv4: { 30: 0.8, 60: 1.6 },
      IPv6: { 30: 0.1, 60: 0.2 },
      MOBILE: { 30: 3.5, 60: 7 },
      ISP: { 30: 1.6, 60: 3.2 },
    },
  })),
};

const orders = defaultWorld.accounts.flatMap((account) => account.orders);

/** The proxy type of an order of this world, and the IDs of its IP addresses. */
export function orderOf(orderId: unknown): { proxyType: string; ipAddressIds: string[] } | undefined {
  const order = orders.find((each) => each.orderId === orderId);
  return (
    order && {
      proxyType: order.proxyType,
      ipAddressIds: order.ipAddresses.map(({ ipAddressId }) => ipAddressId),
    }
  );
}

export function orderIdOf(ipAddressId: unknown): string | undefined {
  return orders.find(({ ipAddresses }) => ipAddresses.some((each) => each.ipAddressId === ipAddressId))
    ?.orderId;
}

/** The state of auto-extend of all IP addresses that an API key reaches, such as `on 30`, by their IDs. */
export function statesIn(mock: Pick<MockFetch, "state">, apiKey: string): Record<string, string> {
  const { accounts } = mock.state({ apiKey });
  const addresses = accounts.flatMap((account) => account.orders.flatMap((order) => order.ipAddresses));
  return Object.fromEntries(
    addresses.map(({ ipAddressId, autoExtend, rentPeriodDays }) => [
      ipAddressId,
      `${autoExtend ? "on" : "off"} ${rentPeriodDays}`,
    ]),
  );
}
