import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { createClient } from "@auto-extend/client";
import { useMockServer } from "@auto-extend/mock-server/testing";

const mock = useMockServer({ before, beforeEach, after });

/** Stands for your own code. The mock has a URL once the tests run. @param {string} orderId */
function switchOn(orderId) {
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
  assert.equal(order?.ipAddresses[0]?.autoExtend, true);
  const [request] = mock.requests();
  assert.equal(request?.decided.outcome, "done");
});

test("is refused an order that the account doesn't have", async () => {
  await assert.rejects(switchOn("99999"), { name: "ApiError", code: 29, effect: "none" });
  const [request] = mock.requests();
  assert.equal(request?.decided.outcome, "refused");
});
