import { createClient } from "@auto-extend/client";
import { useMockServer } from "@auto-extend/mock-server/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

const mock = useMockServer({ before: beforeAll, beforeEach, after: afterAll });

/** Stands for your own code. The mock has a URL once the tests run. */
function switchOn(orderId: string) {
  const client = createClient({ apiKey: "any-key", baseUrl: mock.url });
  return client.setAutoExtend({
    proxyType: "IPv4",
    orderIds: [orderId],
    rentPeriodDays: 30,
    autoExtend: true,
  });
}

test("switches an order on", async () => {
  await switchOn("11111");
  const [account] = mock.state({ apiKey: "any-key" }).accounts;
  const order = account?.orders.find(({ orderId }) => orderId === "11111");
  expect(order?.ipAddresses).toMatchObject([{ autoExtend: true }]);
  expect(mock.requests()).toMatchObject([{ decided: { outcome: "done" } }]);
});

test("is refused an order that the account doesn't have", async () => {
  await expect(switchOn("99999")).rejects.toMatchObject({ name: "ApiError", code: 29, effect: "none" });
  expect(mock.requests()).toMatchObject([{ decided: { outcome: "refused" } }]);
});
