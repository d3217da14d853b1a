import request from "supertest";
import { describe, expect, it } from "vitest";
import type { MockApp } from "../../src/index.js";
import { firstAccount, testApp, twoAccounts } from "./mock.js";

const move = (mock: MockApp, order: unknown, query = "") =>
  request(mock)
    .post(`/__mock/clock${query}`)
    .set("content-type", "application/json")
    .send(JSON.stringify(order));
const types = ({ body }: { body: { renewals: { account: string; type: string }[] } }) =>
  body.renewals.map(({ account, type }) => `${account} ${type}`);

describe("the clock", () => {
  it("shows the time and the next renewal, of all accounts or of one", async () => {
    const mock = testApp({ world: twoAccounts });
    const state = { now: "2030-01-01T00:00:00.000Z", frozen: false };
    const all = await request(mock).get("/__mock/clock").expect(200);
    expect(all.body).toEqual({ ...state, nextRenewal: "2030-01-02T00:00:00.000Z" });
    const byId = await request(mock).get("/__mock/clock?account=other").expect(200);
    expect(byId.body).toEqual({ ...state, nextRenewal: "2030-01-03T00:00:00.000Z" });
    const byKey = await request(mock).get("/__mock/clock").set("mock-api-key", "other-key-1");
    expect(byKey.body).toEqual(byId.body);
  });

  it("lists as many renewals as the limit allows, and counts all of them", async () => {
    const asked = await move(testApp({ world: twoAccounts }), { advance: { days: 31 } }, "?limit=1");
    expect(asked.body).toMatchObject({ renewed: 2, unpaid: 1, expired: 1 });
    expect(types(asked)).toEqual(["first renewed"]);
    const [order] = firstAccount.orders;
    const [address] = order?.ipAddresses ?? [];
    const daily = { ...firstAccount, balance: 1_000, prices: { IPv4: { 1: 0.1 } } };
    const rich = testApp({
      world: {
        version: 1,
        accounts: [
          { ...daily, orders: [{ ...order, ipAddresses: [{ ...address, rentPeriodDays: 1 }] }] as never },
        ],
      },
    });
    const { body } = await move(rich, { advance: { days: 1_500 } }).expect(200);
    expect(body.renewed).toBe(1_500);
    expect(body.renewals).toHaveLength(1_000);
  });

  it.each([
    ["nothing", {}, "Send the clock exactly one of"],
    ["two things", { freeze: true, to: "2031-01-01T00:00:00Z" }, "Send the clock exactly one of"],
    ["an unknown command", { back: { days: 1 } }, '{"toNextRenewal":true}'],
    ["a list", [], "exactly one"],
    ["a moment that is over", { to: "2029-01-01T00:00:00Z" }, "can't go back", 409],
    ["false", { freeze: false }, "freeze: must be true"],
  ])("does not move for %s, and says what is wrong", async (_, command, why, status = 400) => {
    const mock = testApp({ world: twoAccounts });
    const { body } = await move(mock, command).expect(status);
    expect(body.detail).toContain(why);
    expect(mock.clock.state()).toMatchObject({ now: "2030-01-01T00:00:00.000Z", frozen: false });
  });

  it("dates its answer by the time that it was moved to", async () => {
    const mock = testApp();
    const { headers } = await move(mock, { advance: { days: 1 } }).expect(200);
    expect(headers.date).toBe("Wed, 02 Jan 2030 00:00:00 GMT");
  });
});
