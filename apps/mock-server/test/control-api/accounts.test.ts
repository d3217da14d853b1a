import type { RenewalEvent } from "@auto-extend/core";
import request from "supertest";
import { describe, expect, it } from "vitest";
import { historyOf } from "../../src/control-api/forecast.js";
import { generateWorld, type MockApp, type World } from "../../src/index.js";
import { accountIdOf, on } from "../support/call.js";
import { firstAccount, send, testApp, twoAccounts } from "./mock.js";

describe("the summaries of accounts", () => {
  it("have no orders, and mark the template", async () => {
    const mock = testApp();
    await send(mock, { apiKey: "my-key" });
    const { body } = await request(mock).get("/__mock/accounts").expect(200);
    const common = { balance: 5, currency: "USD", orders: 6, addresses: 8, expired: 0 };
    expect(body).toMatchObject({
      accounts: [
        { id: "default", isTemplate: true, ...common, on: 0 },
        { id: accountIdOf("my-key"), isTemplate: false, ...common, on: 1 },
      ],
      next: null,
      acceptsNewKeys: true,
    });
    expect(body.accounts[0].orders).toBe(6);
    expect(body.accounts[0].prices.IPv4["30"]).toBeGreaterThan(0);
  });

  it("say whether a new API key gets an account: not beyond the limit, and not without a template", async () => {
    const mock = testApp({ accountLimit: 1 });
    const accepts = async () => (await request(mock).get("/__mock/accounts")).body.acceptsNewKeys;
    expect(await accepts()).toBe(true);
    mock.state({ apiKey: "new-key" });
    expect(await accepts()).toBe(false);
    mock.reset();
    expect(await accepts()).toBe(true);
    mock.putState({ version: 1, accounts: [{ ...firstAccount, id: "mine" }] });
    expect(await accepts()).toBe(false);
  });

  it("say the same of the template as everything else: it does not age until somebody switches it", async () => {
    const mock = testApp();
    const template = async () => (await request(mock).get("/__mock/accounts")).body.accounts[0];
    const { orders, addresses, expired } = await template();
    mock.clock.advance({ days: 400 });
    expect(await template()).toMatchObject({ isTemplate: true, orders, addresses, expired });
    const { body: listed } = await request(mock).get("/__mock/orders");
    expect(listed.total).toBe(orders);
    await request(mock).post("/__mock/operations").send({ operation: "setAutoExtend", request: on });
    expect(await template()).toMatchObject({ isTemplate: false, orders, on: 1 });
    mock.clock.advance({ days: 400 });
    expect((await template()).orders).toBeLessThan(orders);
  });

  it("have the template as a new API key would get it, since no time passes for it", async () => {
    const mock = testApp();
    mock.clock.advance({ days: 45 });
    const { body } = await request(mock).get("/__mock/accounts").expect(200);
    expect(body.accounts).toMatchObject([{ id: "default", orders: 6, addresses: 8, expired: 0 }]);
  });

  it("come page by page", async () => {
    const mock = testApp({ world: twoAccounts });
    const page = async (query: string) => {
      const { body } = await request(mock).get(`/__mock/accounts${query}`).expect(200);
      return [...body.accounts.map(({ id }: { id: string }) => id), body.next];
    };
    expect(await page("?limit=1")).toEqual(["first", "first"]);
    expect(await page("?limit=1&after=first")).toEqual(["other", null]);
    expect(await page("?limit=2")).toEqual(["first", "other", null]);
    expect(await page("?after=nobody")).toEqual(["first", "other", null]);
    expect(await page("?account=other")).toEqual(["other", null]);
  });

  it("are found by a part of their ID, or by an API key, which makes no account", async () => {
    const mock = testApp();
    const search = async (text: string) => {
      const { body } = await request(mock).post("/__mock/accounts/search").send({ text }).expect(200);
      return body.accounts.map(({ id }: { id: string }) => id);
    };
    expect(await search("some-key")).toEqual([]);
    expect(mock.state().accounts).toHaveLength(1);
    const id = mock.state({ apiKey: "some-key" }).accounts[0]?.id ?? "";
    expect(await search(" some-key ")).toEqual([id]);
    expect(await search(id.toUpperCase().slice(3))).toEqual([id]);
    expect(await search("a")).toEqual(["default", id]);
    await request(mock).post("/__mock/accounts/search").send({}).expect(400);
  });
});

describe("the orders of an account", () => {
  it("come first, like the address itself, if the whole address was searched for", async () => {
    const mock = testApp({ world: generateWorld({ orders: 250, seed: 4 }) });
    const find = async (list: "orders" | "addresses", search: string) => {
      const { body } = await request(mock).get(`/__mock/${list}?search=${search}`).expect(200);
      return body[list] as { orderId: string; ip: string; ipAddressId: string }[];
    };
    const orders = mock.state().accounts[0]?.orders ?? [];
    const all = orders.flatMap(({ orderId, ipAddresses }) =>
      ipAddresses.map(({ ip, ipAddressId }) => ({ orderId, ip, ipAddressId })),
    );
    const short = all.find(({ ip }) => all.some((other) => other.ip !== ip && other.ip.startsWith(ip)));
    for (const whole of [short?.ip ?? "", short?.ipAddressId ?? ""]) {
      expect((await find("orders", whole))[0]?.orderId).toBe(short?.orderId);
      expect((await find("addresses", whole))[0]).toMatchObject(short ?? {});
    }
    const found = await find("addresses", short?.ip ?? "");
    expect(found.length).toBeGreaterThan(1);
    for (const { ip } of found) expect(ip).toContain(short?.ip);
    const id = orders[3]?.orderId ?? "";
    expect((await find("orders", id)).map(({ orderId }) => orderId)).toContain(id);
    const ofOrder = (await find("addresses", id)).filter(({ orderId }) => orderId === id);
    expect(ofOrder).toHaveLength(orders[3]?.ipAddresses.length ?? 0);
  });

  it("come page by page, sorted by any column", async () => {
    const mock = testApp({ world: generateWorld({ orders: 250, seed: 4 }) });
    const ask = async (query: string) =>
      (await request(mock).get(`/__mock/orders?account=default${query}`).expect(200)).body;
    for (const sort of ["orderId", "endsAt", "addresses", "renewalPrice"] as const) {
      const orders: Record<typeof sort, string | number>[] = [];
      for (let offset = 0; offset < 250; offset += 100) {
        const page = await ask(`&sort=${sort}&offset=${offset}`);
        expect(page.total).toBe(250);
        orders.push(...page.orders);
      }
      const values = orders.map((order) => order[sort]);
      expect(new Set(orders.map(({ orderId }) => orderId)).size).toBe(250);
      expect(values).toEqual([...values].sort((one, other) => (one < other ? -1 : one > other ? 1 : 0)));
      const [last] = (await ask(`&sort=${sort}&descending=true&limit=1`)).orders;
      expect(last[sort]).toBe(values.at(-1));
    }
  });

  it("are those that match", async () => {
    const mock = testApp();
    await send(mock, { apiKey: "my-key" });
    const ids = async (query: string) => {
      const ask = request(mock).get(`/__mock/orders?sort=orderId&${query}`).set("mock-api-key", "my-key");
      const { body } = await ask.expect(200);
      return body.orders.map(({ orderId }: { orderId: string }) => orderId);
    };
    expect(await ids("proxyType=IPv6")).toEqual(["33333", "66666"]);
    expect(await ids("state=on")).toEqual(["11111"]);
    expect(await ids("state=off&proxyType=IPv4")).toEqual(["22222"]);
    expect(await ids("state=notAllOn&proxyType=IPv4")).toEqual(["22222"]);
    expect(await ids("state=expired")).toEqual([]);
    expect(await ids("search=44")).toEqual(["44444"]);
    expect(await ids("search=1111111111111111111")).toEqual(["11111"]);
    // Lists do not show the IDs of addresses: a part of one would be found in rows that seem to have nothing of it.
    expect(await ids("search=111111111111111111")).toEqual([]);
    expect(await ids("state=notAllOn")).toEqual(["22222", "33333", "44444", "55555", "66666"]);
    expect(await ids("withinHours=0")).toEqual([]);
    mock.clock.advance({ days: 400 });
    expect(await ids("state=expired")).not.toEqual([]);
    expect(await ids("state=unpaid")).toEqual([]);
    const { body } = await request(mock).get("/__mock/orders?state=expired").set("mock-api-key", "my-key");
    const counts: number[] = body.orders.map(({ addresses }: { addresses: number }) => addresses);
    expect(body.addresses).toBe(counts.reduce((one, other) => one + other, 0));
    expect(body).toMatchObject({ on: 0, renewalPrice: 0 });
    const unpaid = body.orders.filter(({ unpaidAt }: { unpaidAt: string | null }) => unpaidAt !== null);
    expect(unpaid.map(({ orderId }: { orderId: string }) => orderId)).toEqual(["11111"]);
  });

  it("are summed up, and have their addresses as they are in the state", async () => {
    const mock = testApp();
    await send(mock, { apiKey: "my-key" });
    const ask = (path: string) => request(mock).get(path).set("mock-api-key", "my-key").expect(200);
    const [summary] = (await ask("/__mock/orders?search=11111")).body.orders;
    expect(summary).toMatchObject({ state: "on", addresses: 1, on: 1, rentPeriods: [30] });
    const { body } = await ask("/__mock/orders/11111");
    const order = mock
      .state({ apiKey: "my-key" })
      .accounts[0]?.orders.find(({ orderId }) => orderId === "11111");
    const listed = (await ask("/__mock/addresses?search=11111")).body.addresses;
    expect(body).toEqual({ orderId: "11111", proxyType: "IPv4", ipAddresses: listed });
    const [address] = order?.ipAddresses ?? [];
    expect(listed).toEqual([
      {
        ...address,
        orderId: "11111",
        proxyType: "IPv4",
        renewalPrice: 0.8,
        unpaidAt: expect.any(String),
        failedAt: null,
      },
    ]);
    const missing = await request(mock).get("/__mock/orders/nowhere").expect(404);
    expect(missing.body.detail).toMatch(
      /^Account \w+ has no order "nowhere"\. GET \/__mock\/orders\?account=\w+ lists its orders\.$/,
    );
  });

  it("are up to date, whatever was listed before", async () => {
    const world = generateWorld({ orders: 60, seed: 5, balance: 40 });
    type Mock = ReturnType<typeof testApp>;
    const list = async (mock: Mock) =>
      (await request(mock).get("/__mock/orders?limit=1000").set("mock-api-key", "my-key").expect(200)).body;
    const steps: ((mock: Mock) => unknown)[] = [
      (mock) => send(mock, { apiKey: "my-key", orderIds: [orderId], autoExtend: true }),
      (mock) => mock.clock.advance({ hours: 1 }),
      (mock) => mock.clock.advance({ days: 9 }),
      (mock) => mock.clock.advance({ days: 40 }),
      async (mock) => {
        mock.reset();
        await send(mock, { apiKey: "my-key", orderIds: [orderId], autoExtend: true });
      },
      (mock) => mock.clock.advance({ days: 2 }),
    ];
    const orderId = world.accounts[0]?.orders.find(({ proxyType }) => proxyType === "IPv4")?.orderId ?? "";
    const start = async () => {
      const mock = testApp({ world });
      mock.clock.freeze();
      await send(mock, { apiKey: "my-key", autoExtend: false, orderIds: [orderId] });
      return mock;
    };
    const asked = await start();
    const before = await list(asked);
    let isUnpaidSeen = false;
    for (const [index, step] of steps.entries()) {
      await step(asked);
      const fresh = await start();
      for (const each of steps.slice(0, index + 1)) await each(fresh);
      const found = await list(asked);
      expect(found).toEqual(await list(fresh));
      isUnpaidSeen ||= found.orders.some(({ unpaidAt }: { unpaidAt: string | null }) => unpaidAt !== null);
    }
    expect(isUnpaidSeen).toBe(true);
    expect(await list(asked)).not.toEqual(before);
  });

  it("are those of the first account by default", async () => {
    const mock = testApp({ world: twoAccounts });
    const { body } = await request(mock).get("/__mock/orders").expect(200);
    expect(body.total).toBe(1);
    const [{ orderId }] = body.orders;
    const detail = await request(mock).get(`/__mock/orders/${orderId}`).expect(200);
    expect(detail.body.ipAddresses[0].ipAddressId).toBe("first-1");
  });
});

describe("the forecast of an account", () => {
  it("names the first unpaid renewal, also if it comes later", async () => {
    const forecast = async (balance: number, days: number) => {
      const mock = testApp({ world: generateWorld({ orders: 120, seed: 7, balance }) });
      mock.clock.freeze();
      const { body } = await request(mock).get(`/__mock/forecast?days=${days}`).expect(200);
      return body;
    };
    const { cost } = await forecast(0, 40);
    const [near, far] = [await forecast(cost, 40), await forecast(cost, 366)];
    expect(far.firstUnpaid.at > near.until).toBe(true);
    expect([near.firstUnpaid, near.laterUnpaid]).toEqual([null, far.firstUnpaid]);
    expect(far.laterUnpaid).toBeNull();
  });

  it("counts an unpaid renewal once however often it is retried, and says when its addresses expire", async () => {
    const ipAddresses = ["1", "2"].map((ipAddressId) => ({
      ipAddressId,
      ip: "192.0.2.1",
      country: "DEU",
      autoExtend: true,
      endsAt: "2030-01-05T13:00Z",
    }));
    const account = {
      id: "poor",
      balance: 0,
      currency: "USD",
      rentPeriods: { IPv4: [30] },
      prices: { IPv4: { "30": 1 } },
      orders: [{ orderId: "1", proxyType: "IPv4" as const, ipAddresses }],
    };
    const mock = testApp({
      now: () => Date.UTC(2030, 0, 1),
      world: { version: 1, renewals: { leadTimeHours: 24, retryHours: 12 }, accounts: [account] },
    });
    const { body } = await request(mock).get("/__mock/forecast?days=30").expect(200);
    expect(body.firstUnpaid).toMatchObject({
      at: "2030-01-04T13:00:00.000Z",
      addresses: 2,
      expireAt: "2030-01-05T13:00:00.000Z",
    });
    const figures = (days: Record<string, unknown>[]) =>
      days.map(({ day, unpaid, expiredUnpaid }) => [day, unpaid, expiredUnpaid]);
    const expected = [
      ["2030-01-04", 1, 0],
      ["2030-01-05", 0, 2],
    ];
    expect(figures(body.days)).toEqual(expected);
    const short = await request(mock).get("/__mock/forecast?days=4").expect(200);
    expect(short.body.firstUnpaid).toEqual(body.firstUnpaid);
    mock.clock.advance({ days: 10 });
    const past = await request(mock).get("/__mock/renewals").expect(200);
    expect(figures(past.body.days)).toEqual(expected);
  });

  it("is what then happens, step by step", async () => {
    const mock = testApp({ world: generateWorld({ orders: 120, seed: 7, balance: 150 }) });
    await request(mock).get("/__mock/state").set("mock-api-key", "my-key");
    const forecast = async () =>
      (await request(mock).get("/__mock/forecast?days=30").set("mock-api-key", "my-key").expect(200)).body;
    const { totals: steps, firstUnpaid, topUp, balance, cost, expiredUnpaid, days } = await forecast();
    const short = await request(mock).get("/__mock/forecast?days=1").set("mock-api-key", "my-key");
    expect(short.body.totals).toEqual(steps);
    expect(short.body.days.length).toBeLessThan(days.length);
    expect(days.find(({ unpaid }: { unpaid: number }) => unpaid > 0).day).toBe(firstUnpaid.at.slice(0, 10));
    expect(firstUnpaid.missing).toBeGreaterThan(0);
    expect(firstUnpaid.addresses).toBeGreaterThan(0);
    expect(firstUnpaid.missing).toBeCloseTo(firstUnpaid.price - firstUnpaid.balance, 6);
    expect(topUp).toBeCloseTo(cost - balance, 6);
    expect(expiredUnpaid).toBeGreaterThan(0);
    const sums = { renewed: 0, paid: 0 };
    let gone = 0;
    for (const step of steps) {
      const { renewed, renewals } = mock.clock.advance({ days: step.days - gone }, { apiKey: "my-key" });
      gone = step.days;
      sums.renewed += renewed;
      for (const event of renewals) if (event.type === "renewed") sums.paid += event.price;
      expect(step).toMatchObject({ renewed: sums.renewed, paid: expect.closeTo(sums.paid, 6) });
    }
    expect((await forecast()).balance).toBe(days.at(-1).balance);
  });

  it("lists the events of one day", async () => {
    const mock = testApp({ world: generateWorld({ orders: 120, seed: 7 }) });
    const { body: forecast } = await request(mock).get("/__mock/forecast?days=60").expect(200);
    for (const { day, renewed } of forecast.days.slice(0, 5)) {
      const { body } = await request(mock).get(`/__mock/forecast/events?day=${day}`).expect(200);
      expect(body.events.filter(({ type }: { type: string }) => type === "renewed")).toHaveLength(renewed);
      expect(body.events.every(({ at }: { at: string }) => at.startsWith(day))).toBe(true);
    }
  });
});

describe("the past renewals of an account", () => {
  it("are what happened on the way, and what the forecast had said", async () => {
    const mock = testApp({ world: generateWorld({ orders: 120, seed: 7, balance: 150 }) });
    const get = async (path: string) =>
      (await request(mock).get(path).set("mock-api-key", "my-key").expect(200)).body;
    expect(await get("/__mock/renewals")).toMatchObject({ days: [], startBalance: null });
    const { days } = await get("/__mock/forecast?days=30");
    mock.clock.advance({ days: 30 });
    const behind = await get("/__mock/renewals");
    expect(behind.days).toEqual(days);
    expect(behind).toMatchObject({ startBalance: 150, isComplete: true });
    const [event] = mock.clock.advance({ days: 60 }, { apiKey: "my-key" }).renewals;
    const cut = Array.from({ length: 5_000 }, () => event as RenewalEvent);
    expect(historyOf("account", cut).isComplete).toBe(false);
    const { day, renewed, unpaid } = days[0];
    const { total, events } = await get(`/__mock/renewals/events?day=${day}`);
    const ofType = (wanted: string) => events.filter(({ type }: { type: string }) => type === wanted);
    expect([ofType("renewed").length, ofType("failed").length]).toEqual([renewed, unpaid]);
    expect(total).toBe(events.length);
    mock.reset();
    expect(await get("/__mock/renewals")).toMatchObject({ days: [] });
  });
});

it.each(["renewals", "forecast"])("refuses a day that no calendar has: %s", async (of) => {
  for (const day of ["2027-02-29", "2027-13-01", "2027-1-1", "garbage"]) {
    const { body } = await request(testApp()).get(`/__mock/${of}/events?day=${day}`).expect(400);
    expect(body.detail).toContain("must be a day that exists");
  }
  await request(testApp()).get(`/__mock/${of}/events?day=2028-02-29`).expect(200);
});

describe("requests for an account", () => {
  it("pass through the same rules, stand in the log, and leave queued faults to other requests", async () => {
    const mock = testApp({ world: twoAccounts });
    const call = (orderId: string) =>
      request(mock)
        .post("/__mock/operations?account=other")
        .send({
          operation: "setAutoExtend",
          request: { proxyType: "IPv4", orderIds: [orderId], rentPeriodDays: 30, autoExtend: true },
        });
    const orderId = mock.state({ account: "other" }).accounts[0]?.orders[0]?.orderId ?? "";
    const { body } = await call(orderId).expect(200);
    expect(body).toMatchObject({ id: "request-1", status: 200, answer: { success: true } });
    expect(mock.requests()).toMatchObject([
      { id: "request-1", account: "other", operation: "setAutoExtend" },
    ]);
    expect((await call("nowhere").expect(200)).body.answer.error.code).toBe(29);
    mock.faults.add({ preset: "gateway-502", times: 1 });
    mock.faults.add({ preset: "limit" });
    expect((await call(orderId).expect(200)).body).toMatchObject({ status: 200, answer: { success: true } });
    expect(mock.explain().fault).toBeNull();
    expect(mock.faults.list()).toMatchObject([{ left: 1, injected: 0 }, { injected: 0 }]);
    expect((await call("fault-gateway-502").expect(200)).body.status).toBe(502);
    const wrong = { operation: "getBalance", request: {} };
    const { body: problem } = await request(mock)
      .post("/__mock/operations?account=other")
      .send(wrong)
      .expect(400);
    expect(problem.detail).toContain("operation: ");
    expect(problem.detail).toContain('Send {"operation":"setAutoExtend","request":{...}}.');
  });

  it("need to name the account if there are several", async () => {
    const order = { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30, autoExtend: true };
    const call = { operation: "setAutoExtend", request: order };
    const mock = testApp();
    await request(mock).post("/__mock/operations").send(call).expect(200);
    const several = testApp({ world: twoAccounts });
    const { body } = await request(several).post("/__mock/operations").send(call).expect(400);
    expect(body.detail).toContain("There are several accounts: name one with ?account=ID");
    const unknown = await request(several).post("/__mock/operations").send({ operation: "foo" }).expect(400);
    expect(unknown.body.detail).toContain("The operation can't be sent: operation");
    expect(several.requests()).toEqual([]);
    await request(several)
      .post("/__mock/operations")
      .set("mock-api-key", "first-key-1")
      .send(call)
      .expect(200);
  });
});

describe("the IP addresses of an account", () => {
  const ask = async (mock: MockApp, query: string) =>
    (await request(mock).get(`/__mock/addresses?${query}`).expect(200)).body;

  it("come page by page, each once, sorted by any column", async () => {
    const mock = testApp({ world: generateWorld({ orders: 60, seed: 4 }) });
    const all = (mock.state().accounts[0]?.orders ?? []).flatMap(({ ipAddresses }) => ipAddresses);
    for (const sort of ["orderId", "endsAt", "rentPeriodDays", "renewalPrice"] as const) {
      const listed: (Record<typeof sort, string | number> & { ipAddressId: string })[] = [];
      for (let offset = 0; offset < all.length; offset += 100) {
        const page = await ask(mock, `sort=${sort}&offset=${offset}`);
        expect(page.total).toBe(all.length);
        listed.push(...page.addresses);
      }
      expect(new Set(listed.map(({ ipAddressId }) => ipAddressId)).size).toBe(all.length);
      const values = listed.map((address) => address[sort]);
      expect(values).toEqual([...values].sort((one, other) => (one < other ? -1 : one > other ? 1 : 0)));
      const [last] = (await ask(mock, `sort=${sort}&descending=true&limit=1`)).addresses;
      expect(last[sort]).toBe(values.at(-1));
    }
    const { addresses } = await ask(mock, "sort=ip&proxyType=IPv4&limit=1000");
    const numbers = addresses.map(({ ip }: { ip: string }) => Number(ip.split(".").at(-1)));
    expect(numbers.slice(0, 12)).toEqual(numbers.slice(0, 12).sort((a: number, b: number) => a - b));
  });

  it("are those that match, and one that won't be paid does not make others of its order unpaid", async () => {
    const address = { ip: "192.0.2.1", country: "DE", endsAt: "+5d", autoExtend: true };
    const ipAddresses = [
      { ...address, ipAddressId: "paid", rentPeriodDays: 30, endsAt: "+4d" },
      { ...address, ipAddressId: "unpaid", rentPeriodDays: 60 },
      { ...address, ipAddressId: "off", autoExtend: false },
      { ...address, ipAddressId: "old", endsAt: "2020-01-01T00:00:00Z" },
    ];
    const prices = { IPv4: { 30: 0.8, 60: 99 } };
    const order = { orderId: "11111", proxyType: "IPv4", ipAddresses };
    const accounts = [{ ...firstAccount, prices, rentPeriods: { IPv4: [30, 60] }, orders: [order] }];
    const mock = testApp({ world: { version: 1, accounts } as World });
    const ids = async (query: string) =>
      (await ask(mock, query)).addresses.map(({ ipAddressId }: { ipAddressId: string }) => ipAddressId);
    expect(await ids("")).toEqual(["paid", "unpaid", "off"]);
    expect(await ids("state=on")).toEqual(["paid", "unpaid"]);
    expect(await ids("state=off")).toEqual(["off"]);
    expect(await ids("state=expired")).toEqual(["old"]);
    expect(await ids("withinHours=100")).toEqual(["paid"]);
    expect(await ids("proxyType=ISP")).toEqual([]);
    expect(await ids("search=de&descending=true")).toEqual(["unpaid", "off", "paid"]);
    const { total, on, renewalPrice } = await ask(mock, "limit=1");
    expect({ total, on, renewalPrice }).toEqual({ total: 3, on: 2, renewalPrice: 99.8 });
    // An order that is off would cost something, and one of IPv6 in parts, but the sum is of those that renew.
    const other = (orderId: string, proxyType: string, states: readonly boolean[]) => {
      const addresses = states.map((autoExtend, index) => ({
        ...address,
        autoExtend,
        rentPeriodDays: 30,
        ipAddressId: `${orderId}-${index}`,
      }));
      return { orderId, proxyType, ipAddresses: addresses };
    };
    const orders = [order, other("22222", "IPv4", [false]), other("33333", "IPv6", [true, false])];
    const six = { ...prices, IPv6: { 30: 0.1 } };
    mock.putState({ version: 1, accounts: [{ ...accounts[0], prices: six, orders }] } as World);
    const { body } = await request(mock).get("/__mock/orders").expect(200);
    expect(body.orders.map((each: { renewalPrice: number }) => each.renewalPrice)).toEqual([99.8, 0.8, 0.2]);
    expect(body).toMatchObject({ on: 3, renewalPrice: 99.8 });
    expect(await ask(mock, "limit=1")).toMatchObject({ on: 3, renewalPrice: 99.8 });
  });
});

describe("an order that gets an earlier state back", () => {
  const endsAt = "+5d";
  const address = { ip: "2001:db8::1", country: "DE", endsAt };
  const six = {
    orderId: "six",
    proxyType: "IPv6" as const,
    ipAddresses: [
      { ...address, ipAddressId: "61", autoExtend: true, rentPeriodDays: 30 },
      { ...address, ipAddressId: "62", autoExtend: false, rentPeriodDays: 90 },
      {
        ...address,
        ipAddressId: "63",
        autoExtend: false,
        rentPeriodDays: 90,
        endsAt: "2020-01-01T00:00:00Z",
      },
    ],
  };
  const world = (): World => ({ version: 1, accounts: [{ ...firstAccount, orders: [six] }] });
  const restore = (mock: MockApp, ipAddresses: unknown, order = "six") =>
    request(mock).post(`/__mock/orders/${order}/restore?account=first`).send({ ipAddresses });
  const statesIn = (mock: MockApp) => mock.state().accounts[0]?.orders[0]?.ipAddresses;

  it.each(["2027-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2030-01-31T24:00:00Z", "2030-01-31T23:60:00Z"])(
    "refuses a failed renewal at a time that no calendar or clock has: %s",
    async (failedAt) => {
      const mock = testApp({ world: world() });
      const wanted = [{ ipAddressId: "61", autoExtend: false, rentPeriodDays: 90, failedAt }];
      const { detail } = (await restore(mock, wanted).expect(400)).body;
      expect(detail).toContain("ipAddresses[0].failedAt: must be a date that exists, such as");
    },
  );

  it("has it for each IP address, even where no request could switch them", async () => {
    const mock = testApp({ world: world() });
    const seen: string[] = [];
    mock.watch((event) => seen.push(event.type === "state" ? event.because : event.type));
    const wanted = [
      { ipAddressId: "61", autoExtend: false, rentPeriodDays: 90 },
      { ipAddressId: "62", autoExtend: true, rentPeriodDays: 30, failedAt: "2029-12-31T00:00:00Z" },
      { ipAddressId: "63", autoExtend: true, rentPeriodDays: 30 },
    ];
    expect((await restore(mock, wanted).expect(200)).body).toEqual({ restored: 2, expired: 1, unchanged: 0 });
    const [first, second, expired] = statesIn(mock) ?? [];
    expect(first).toMatchObject({ autoExtend: false, rentPeriodDays: 90 });
    expect(second).toMatchObject({
      autoExtend: true,
      rentPeriodDays: 30,
      failedAt: "2029-12-31T00:00:00.000Z",
    });
    expect(expired).toMatchObject({ autoExtend: false, rentPeriodDays: 90 });
    expect((await restore(mock, wanted).expect(200)).body).toEqual({ restored: 0, expired: 1, unchanged: 2 });
    expect(seen).toEqual(["change", "request", "request"]);
    expect(mock.requests()[0]).toMatchObject({
      origin: "control API",
      account: "first",
      operation: null,
      path: "/__mock/orders/six/restore?account=first",
      decided: { outcome: "done", why: "the earlier state of 2 IP addresses of order six was restored" },
      answered: { restored: 2, expired: 1, unchanged: 0 },
    });
    const changes = [
      {
        orderId: "six",
        ipAddresses: 2,
        autoExtend: { from: [true, false], to: [false, true] },
        rentPeriodDays: { from: [30, 90], to: [90, 30] },
      },
    ];
    expect([mock.explain("request-1").changes, mock.explain("request-2").changes]).toEqual([changes, []]);
  });

  it("is renewed by it when its time comes", async () => {
    const mock = testApp({ world: world() });
    const both = six.ipAddresses.slice(0, 2).map(({ ipAddressId }) => ipAddressId);
    await restore(
      mock,
      both.map((ipAddressId) => ({ ipAddressId, autoExtend: true, rentPeriodDays: 30 })),
    ).expect(200);
    const [renewal] = mock.clock.advance({ days: 6 }).renewals;
    expect(renewal).toMatchObject({ group: { orderId: "six", ipAddressIds: both } });
  });

  it("is refused without such an order or address, and stays as it was", async () => {
    const mock = testApp({ world: world() });
    const before = statesIn(mock);
    const state = { autoExtend: false, rentPeriodDays: 90 };
    await restore(mock, [{ ...state, ipAddressId: "61" }], "seven").expect(404);
    const missing = await restore(mock, [
      { ...state, ipAddressId: "61" },
      { ...state, ipAddressId: "64" },
    ]).expect(404);
    expect(missing.body.detail).toBe(
      'Order "six" has no IP address "64". GET /__mock/orders/six lists its addresses.',
    );
    const wrong = await restore(mock, [{ ipAddressId: "61" }]).expect(400);
    expect(wrong.body).toMatchObject({
      id: "mock/body",
      detail: expect.stringContaining("ipAddresses[0].autoExtend"),
    });
    expect(statesIn(mock)).toEqual(before);
  });
});

describe("a generated world", () => {
  it("replaces the state, and is refused if it cannot be", async () => {
    const mock = testApp();
    const { body } = await request(mock).post("/__mock/world").send({ orders: 12, seed: 3 }).expect(200);
    expect(body.accounts).toMatchObject([{ id: "default", orders: 12 }]);
    await request(mock).post("/__mock/world").send({ orders: 9, addresses: 3 }).expect(400);
    const wrong = { orders: 0, seed: "x" };
    const { body: problem } = await request(mock).post("/__mock/world").send(wrong).expect(400);
    expect(problem.detail).toMatch(/orders: .+; seed: .+/);
    expect(mock.state().accounts[0]?.orders).toHaveLength(12);
  });
});
