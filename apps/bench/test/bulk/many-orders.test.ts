import { createClient } from "@auto-extend/client";
import { startMockServer, type World } from "@auto-extend/mock-server";
import { expect, it, onTestFinished } from "vitest";

const good = Array.from({ length: 2_000 }, (_, index) => `order-${index}`);
const isBad = (index: number) => index % 100 === 37;
/** One ID in a hundred belongs to no order of the account. */
const asked = good.flatMap((id, index) => (isBad(index) ? [`no-${id}`, id] : [id]));
const bad = asked.filter((id) => id.startsWith("no-"));

const world: World = {
  version: 1,
  accounts: [
    {
      id: "default",
      balance: 5,
      currency: "USD",
      rentPeriods: { IPv4: [30] },
      orders: good.map((orderId) => ({
        orderId,
        proxyType: "IPv4",
        endsAt: "+30d",
        ipAddresses: [{ ipAddressId: `${orderId}-1`, ip: "192.0.2.1", country: "DE" }],
      })),
    },
  ],
};

it("the client finishes thousands of orders with bad IDs among them as wanted, over a mock that fails in many ways", async () => {
  const mock = await startMockServer({ world });
  onTestFinished(() => mock.close());
  const of = { apiKey: "bulk-key" };
  for (const [index, preset] of (
    ["gateway-502", "lost-answer", "lost-request", "closed", "server-error"] as const
  ).entries()) {
    mock.faults.add({ preset, share: 0.01, seed: index + 1 }, of);
  }
  const client = createClient({ ...of, baseUrl: mock.url, retry: { attempts: 6, delay: 1 } });
  const options = { proxyType: "IPv4", rentPeriodDays: 30, autoExtend: true } as const;
  const [changed, refused] = [new Set<string>(), new Set<string>()];
  // A call that is refused after an attempt without an answer ends unknown, and is sent again.
  let rest: readonly string[] = asked;
  for (let round = 0; rest.length > 0; round += 1) {
    expect(round, `${rest.length} are still unknown`).toBeLessThan(20);
    const run = client.setAutoExtendMany(rest, options);
    const unknown: string[] = [];
    for await (const event of run) {
      for (const id of event.changed) changed.add(id);
      for (const { orderId } of event.refused) refused.add(orderId);
      unknown.push(...event.unknown.map(({ orderId }) => orderId));
    }
    const summary = run.summary();
    expect(summary).toMatchObject({
      given: rest.length,
      notTried: 0,
      unknown: unknown.length,
      stopped: null,
    });
    expect(summary.changed + summary.refused + summary.unknown).toBe(rest.length);
    rest = unknown;
  }
  expect(changed).toEqual(new Set(good));
  expect(refused).toEqual(new Set(bad));
  const [state] = mock.state(of).accounts;
  expect(state?.orders.every(({ ipAddresses }) => ipAddresses.every(({ autoExtend }) => autoExtend))).toBe(
    true,
  );
  mock.verify({ ...of, fault: "lost-answer", times: { atLeast: 1 } });
});
