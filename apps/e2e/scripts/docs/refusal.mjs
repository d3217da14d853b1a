import { defaultWorld, startMockServer } from "@auto-extend/mock-server";

/** The request that the README shows: an order of another type is refused. */
const request = { proxyType: "IPv6", orderIds: ["11111"], rentPeriodDays: 30, autoExtend: true };

/** Starts a mock whose dates are always the same, and sends it the request. */
export async function mockThatRefused() {
  const mock = await startMockServer({ world: { ...defaultWorld, startsAt: "2030-01-01T00:00:00.000Z" } });
  mock.clock.freeze();
  await fetch(`${mock.url}/client/api/v1/any-key/extend/order/auto`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  return mock;
}
