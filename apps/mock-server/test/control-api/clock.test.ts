import request from "supertest";
import { describe, expect, it } from "vitest";
import type { MockApp } from "../../src/index.js";
import { firstAccount, send, testApp, twoAccounts } from "./mock.js";

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

  it("advances by days and hours, and reports what happened on the way", async () => {
    const mock = testApp({ world: twoAccounts });
    const answer = await move(mock, { advance: { days: 31, hours: 1 } }).expect(200);
    expect(answer.body).toMatchObject({
      now: "2030-02-01T01:00:00.000Z",
      frozen: false,
      nextRenewal: "2030-02-02T00:00:00.000Z",
      renewed: 2,
      unpaid: 1,
      expired: 1,
    });
    expect(types(answer)).toEqual(["first renewed", "first failed", "first expired", "other renewed"]);
    expect(mock.state({ account: "first" }).accounts[0]?.balance).toBe(0.2);
  });

  it("advances to a date, and to the next renewal", async () => {
    const mock = testApp({ world: twoAccounts });
    expect(types(await move(mock, { to: "2030-01-02T01:00:00+02:00" }))).toEqual([]);
    const { body } = await move(mock, { toNextRenewal: true }).expect(200);
    expect(body).toMatchObject({ now: "2030-01-02T00:00:00.000Z", renewed: 1 });
  });

  it("stops, and starts again", async () => {
    const mock = testApp();
    const { body } = await move(mock, { freeze: true }).expect(200);
    expect(body).toMatchObject({ frozen: true, renewed: 0, unpaid: 0, expired: 0, renewals: [] });
    expect(mock.clock.state().frozen).toBe(true);
    expect((await move(mock, { resume: true }).expect(200)).body.frozen).toBe(false);
  });

  it("reports one account only if it is narrowed to it, while time passes for all", async () => {
    const mock = testApp({ world: twoAccounts });
    const next = await move(mock, { toNextRenewal: true }, "?account=other").expect(200);
    expect(next.body.now).toBe("2030-01-03T00:00:00.000Z");
    expect(next.body.nextRenewal).toBe("2030-02-02T00:00:00.000Z");
    expect(types(next)).toEqual(["other renewed"]);
    expect(next.body.renewed).toBe(1);
    expect(mock.state({ account: "first" }).accounts[0]?.balance).toBe(0.2);
    const byKey = await move(mock, { advance: { days: 31 } }).set("mock-api-key", "first-key-1");
    expect(types(byKey)).toEqual(["first failed", "first expired"]);
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
    [
      "days in words",
      { advance: { days: "two" } },
      "advance.days: must be a number, not a string. An example:",
    ],
    [
      "weeks",
      { advance: { weeks: 2 } },
      'advance: unknown field "weeks" (known: days, hours). An example: {"advance":{"days":30',
    ],
    ["days that go back", { advance: { days: -1 } }, "advance.days: must be at least 0"],
    ["no time at all", { advance: {} }, "more than 0"],
    [
      "a date in words",
      { to: "tomorrow" },
      'to: must be a time in ISO 8601, with a time zone, not "tomorrow". An example:',
    ],
    [
      "a date that does not exist",
      { to: "2031-02-29T00:00:00Z" },
      'to: "2031-02-29T00:00:00Z" is not a date that exists.',
    ],
    ["a moment that is over", { to: "2029-01-01T00:00:00Z" }, "can't go back", 409],
    ["a moment beyond the last", { to: "9000-01-01T00:00:01Z" }, "can't go beyond 9000-01-01", 409],
    ["a time beyond all dates", { advance: { days: 9e9 } }, "can't go beyond 9000-01-01", 409],
    ["false", { freeze: false }, "freeze: must be true"],
  ])("does not move for %s, and says what is wrong", async (_, command, why, status = 400) => {
    const mock = testApp({ world: twoAccounts });
    const { body } = await move(mock, command).expect(status);
    expect(body.detail).toContain(why);
    expect(mock.clock.state()).toMatchObject({ now: "2030-01-01T00:00:00.000Z", frozen: false });
  });

  it("explains why no renewal is due", async () => {
    const mock = testApp();
    const nobody = await move(mock, { toNextRenewal: true }).expect(409);
    expect(nobody.body.detail).toContain("no account is in use yet. Each API key gets its account");
    await send(mock, { autoExtend: false });
    const { body } = await move(mock, { toNextRenewal: true }).expect(409);
    expect(body.detail).toContain("No renewal is due: of 6 orders, 6 have auto-extend off.");
  });

  it("dates its answer by the time that it was moved to", async () => {
    const mock = testApp();
    const { headers } = await move(mock, { advance: { days: 1 } }).expect(200);
    expect(headers.date).toBe("Wed, 02 Jan 2030 00:00:00 GMT");
  });
});

describe("a date that no calendar has", () => {
  it.each([
    "2027-02-29T00:00:00Z",
    "2030-02-30T00:00:00Z",
    "2030-04-31T00:00:00Z",
    "2030-13-01T00:00:00Z",
    "2030-01-01T24:30:00Z",
  ])("is refused wherever the control API reads one: %s", async (date) => {
    const mock = testApp();
    await request(mock).post("/__mock/clock").send({ to: date }).expect(400);
    const world = JSON.parse(JSON.stringify(mock.state()));
    await request(mock)
      .put("/__mock/state")
      .send({ ...world, startsAt: date })
      .expect(400);
    world.accounts[0].orders[0].ipAddresses[0].endsAt = date;
    await request(mock).put("/__mock/state").send(world).expect(400);
  });
});
