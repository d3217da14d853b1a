import { describe, expect, it } from "vitest";
import { controlsOf } from "../../../src/controls.js";
import { type Clock, createClock } from "../../../src/engine/time/clock.js";
import { parseClockCommand } from "../../../src/engine/time/schemas.js";
import { isoDate, lastTimestamp, maxPeriodDays } from "../../../src/lib/dates.js";
import { accountIdOf, call, off, on, testEngine, testNow } from "../../support/call.js";

const day = 86_400_000;

/** A world of one account with the key "my-key": order a, two addresses, on, ends on day 10; order b, off, on day 5. */
function world(more: object = {}) {
  const address = (id: string, autoExtend: boolean) => ({
    ipAddressId: id,
    ip: "192.0.2.1",
    country: "DE",
    autoExtend,
  });
  return {
    version: 1,
    startsAt: "2030-01-01T00:00:00Z",
    ...more,
    accounts: [
      {
        id: "mine",
        apiKey: "my-key",
        balance: 10,
        currency: "USD",
        rentPeriods: { IPv4: [30] },
        prices: { IPv4: { 30: 1.1 } },
        orders: [
          {
            orderId: "a",
            proxyType: "IPv4",
            endsAt: "+10d",
            ipAddresses: [address("a1", true), address("a2", true)],
          },
          { orderId: "b", proxyType: "IPv4", endsAt: "+5d", ipAddresses: [address("b1", false)] },
        ],
      },
    ],
  };
}

const mine = { apiKey: "my-key" };
const ask = (orderId: string, autoExtend = true) => ({ ...on, orderIds: [orderId], autoExtend });

describe("the clock", () => {
  it("runs with the machine's time, from the world's start on", () => {
    let machine = 1_000;
    const clock = createClock(() => machine, testNow);
    expect(clock.now()).toBe(testNow);
    machine += 500;
    expect(clock.now()).toBe(testNow + 500);
    clock.moveTo(testNow + day);
    machine += 500;
    expect(clock.now()).toBe(testNow + day + 500);
  });

  it("stops while it is frozen, can be moved, and runs again from there", () => {
    let machine = 0;
    const clock = createClock(() => machine, null);
    clock.freeze();
    machine += 500;
    expect(clock.now()).toBe(0);
    clock.moveTo(day);
    expect(clock.now()).toBe(day);
    clock.resume();
    machine += 500;
    expect(clock.now()).toBe(day + 500);
  });

  it("stops at the start of its world if it is frozen before anybody read it", () => {
    let machine = 0;
    const clock = createClock(() => machine, testNow);
    clock.freeze();
    machine += 500;
    expect(clock.now()).toBe(testNow);
  });

  it("goes back only by a reset, even if the machine's time goes back", () => {
    let machine = 5_000;
    const clock = createClock(() => machine, null);
    expect(clock.now()).toBe(5_000);
    machine = 1_000;
    expect(clock.now()).toBe(5_000);
    expect(() => clock.moveTo(4_000)).toThrow(
      "can't go back to 1970-01-01T00:00:04.000Z: it is at 1970-01-01T00:00:05.000Z",
    );
    clock.moveTo(9_000);
    expect(clock.now()).toBe(9_000);
    clock.reset(null);
    expect(clock.now()).toBe(1_000);
  });

  it("follows the machine's time if that is set back by far, as long as it shows it", () => {
    const setBack = (by: number, prepare: (clock: Clock) => void) => {
      let machine = testNow;
      const clock = createClock(() => machine, null);
      prepare(clock);
      const before = clock.now();
      machine -= by;
      return clock.now() - before;
    };
    expect(setBack(60_000, () => {})).toBe(0);
    expect(setBack(60_001, () => {})).toBe(-60_001);
    expect(setBack(day, (clock) => clock.moveTo(testNow + 1))).toBe(0);
    expect(setBack(day, (clock) => clock.freeze())).toBe(0);
    expect(setBack(day, (clock) => clock.restore({ ahead: 1, frozenAt: null }))).toBe(0);
    expect(setBack(day, (clock) => clock.restore({ ahead: 0, frozenAt: testNow }))).toBe(0);
  });
});

describe("as time passes", () => {
  it("orders are renewed and paid, or end", () => {
    const engine = testEngine({ world: world() });
    expect(engine.time.state().nextRenewal).toBe("2030-01-11T00:00:00.000Z");
    const passed = engine.time.move({ advance: { days: 10 } });
    expect(passed.renewals).toMatchObject([
      { account: "mine", type: "expired", because: "off", group: { orderId: "b" } },
      { account: "mine", type: "renewed", price: 2.2, balance: 7.8, group: { orderId: "a" } },
    ]);
    const [account] = engine.state("mine").accounts;
    expect(account?.balance).toBe(7.8);
    expect(account?.orders[0]?.ipAddresses.map(({ endsAt }) => endsAt)).toEqual(
      Array.from({ length: 2 }, () => "2030-02-10T00:00:00.000Z"),
    );
  });

  it("an order that has ended is refused, and says since when", () => {
    const engine = testEngine({ world: world() });
    engine.time.move({ advance: { days: 5 } });
    const { json, headers } = call(engine, ask("b"), mine);
    expect(json.error.code).toBe(29);
    expect(headers["mock-explanation"]).toContain('order "b" expired at 2030-01-06T00:00:00.000Z');
  });

  it("what is switched in time counts", () => {
    const engine = testEngine({ world: world() });
    engine.time.move({ advance: { days: 4, hours: 23 } });
    call(engine, ask("b"), mine);
    call(engine, ask("a", false), mine);
    const { renewals } = engine.time.move({ advance: { days: 6 } });
    expect(renewals).toMatchObject([
      { type: "renewed", group: { orderId: "b" } },
      { type: "expired", group: { orderId: "a" } },
    ]);
    const early = testEngine({ world: world({ renewals: { leadTimeHours: 48 } }) });
    call(early, ask("b"), mine);
    expect(early.time.move({ advance: { days: 3 } }).renewals).toMatchObject([
      { type: "renewed", at: "2030-01-04T00:00:00.000Z", group: { orderId: "b" } },
    ]);
  });

  it("a renewal without a price is unpaid", () => {
    const unsold = world();
    for (const account of unsold.accounts) Object.assign(account, { prices: {} });
    expect(testEngine({ world: unsold }).time.move({ advance: { days: 10 } }).renewals).toContainEqual(
      expect.objectContaining({ type: "failed", price: null, balance: 10 }),
    );
  });

  it("failed renewals are tried again if the world says so, and succeed once there is money", () => {
    const poor = world({ renewals: { leadTimeHours: 48, retryHours: 12 } });
    for (const account of poor.accounts) account.balance = 1;
    const engine = testEngine({ world: poor });
    engine.time.move({ advance: { days: 8 } });
    const state = engine.state("mine");
    expect(state.accounts[0]?.orders[0]?.ipAddresses[0]?.failedAt).toBe("2030-01-09T00:00:00.000Z");
    call(engine, ask("a", true), mine);
    const { text, changedOrders } = controlsOf(engine).explain();
    expect(text).toContain("Changed:  order a (2 IP addresses): the failed renewal is attempted again");
    expect(changedOrders).toBe(1);
    for (const account of state.accounts) account.balance = 3;
    engine.putState(state, "mine");
    expect(engine.time.move({ advance: { days: 1 } }).renewals).toMatchObject([
      { type: "renewed", at: "2030-01-09T12:00:00.000Z", balance: 0.8 },
    ]);
    expect(engine.state("mine").accounts[0]?.orders[0]?.ipAddresses[0]?.failedAt ?? null).toBeNull();
  });

  it("advances to the next renewal", () => {
    const engine = testEngine({ world: world() });
    const passed = engine.time.move({ toNextRenewal: true });
    expect(passed.now).toBe("2030-01-11T00:00:00.000Z");
    expect(passed.renewals.at(-1)).toMatchObject({ type: "renewed" });
  });

  it("says what to do if no renewal is due: after a failed renewal, of part of an IPv6 order, without an account", () => {
    const poor = world({ renewals: { leadTimeHours: 48 } });
    for (const account of poor.accounts) {
      account.balance = 0;
      const [a, b] = account.orders;
      if (a && b) account.orders = [a, { ...a, ...b, proxyType: "IPv6", endsAt: "+30d" }];
      const [address] = b?.ipAddresses ?? [];
      if (address) account.orders[1]?.ipAddresses.push({ ...address, ipAddressId: "b2", autoExtend: true });
    }
    const engine = testEngine({ world: poor });
    engine.time.move({ advance: { days: 8 } });
    const says = "No renewal is due: no account in use has auto-extend on";
    expect(() => engine.time.move({ toNextRenewal: true })).toThrow(says);
    expect(() => testEngine().time.move({ toNextRenewal: true })).toThrow(says);
  });

  it("knows the next renewal after any switch, renewal, put, reset or copy", () => {
    const engine = testEngine({ world: world() });
    const next = (account?: string) => engine.time.state(account).nextRenewal?.slice(0, 10);
    const switches: [string, boolean, string | undefined][] = [
      ["b", true, "2030-01-06"],
      ["a", false, "2030-01-06"],
      ["a", true, "2030-01-06"],
      ["b", false, "2030-01-11"],
      ["a", false, undefined],
      ["b", true, "2030-01-06"],
      ["a", true, "2030-01-06"],
    ];
    for (const [order, isOn, expected] of switches) {
      call(engine, ask(order, isOn), mine);
      expect(next()).toBe(expected);
    }
    expect(engine.time.move({ toNextRenewal: true }).nextRenewal).toBe("2030-01-11T00:00:00.000Z");
    engine.time.move({ advance: { days: 5 } });
    expect(next()).toBe("2030-02-05");
    const [account] = engine.state().accounts;
    engine.putState({ version: 1, accounts: [{ ...account, id: "default", orders: [account?.orders[0]] }] });
    expect(next()).toBeUndefined();
    call(engine, ask("a"), { apiKey: "new-key" });
    expect(next(accountIdOf("new-key"))).toBe("2030-02-10");
    call(engine, ask("a", false), { apiKey: "new-key" });
    expect(next(accountIdOf("new-key"))).toBeUndefined();
    engine.reset();
    expect(next()).toBe("2030-01-11");
  });

  it("is remembered for each account: what happened last, up to 5,000 events, in order", () => {
    const engine = testEngine({ world: world() });
    expect(engine.renewalsOf("mine")).toEqual([]);
    const seen = [engine.time.move({ advance: { days: 5 } }), engine.time.move({ advance: { days: 5 } })].map(
      ({ renewals }) => renewals.map(({ account: _, ...event }) => event),
    );
    expect(engine.renewalsOf("mine")).toEqual(seen.flat());
    engine.time.move({ advance: { hours: 1 } });
    expect(engine.renewalsOf("mine")).toEqual(seen.flat());

    const [account] = world().accounts;
    const address = {
      ipAddressId: "d1",
      ip: "192.0.2.1",
      country: "DE",
      autoExtend: true,
      rentPeriodDays: 1,
    };
    const daily = { orderId: "d", proxyType: "IPv4", endsAt: "+1d", ipAddresses: [address] };
    const prices = { rentPeriods: { IPv4: [1] }, prices: { IPv4: { 1: 0.01 } }, orders: [daily] };
    const busy = testEngine({ world: { ...world(), accounts: [{ ...account, ...prices, balance: 100 }] } });
    for (let thousands = 0; thousands < 6; thousands += 1) busy.time.move({ advance: { days: 1_000 } });
    const retained = busy.renewalsOf("mine").map(({ at }) => Date.parse(at));
    expect(retained).toHaveLength(5_000);
    // The oldest 1,000 of 6,000 were dropped.
    expect([retained[0], retained.at(-1)]).toEqual([testNow + 1_001 * day, testNow + 6_000 * day]);
    expect(retained).toEqual(retained.slice().sort((one, other) => one - other));
  });

  it("changes nothing where it only seemed due", () => {
    let now = testNow;
    let changes = 0;
    const engine = testEngine({
      world: world({ renewals: { leadTimeHours: 24 } }),
      now: () => now,
      onChange() {
        changes += 1;
      },
    });
    engine.state();
    // Order b has expired by then, and the next that is due is the renewal of order a.
    now += 6 * day;
    call(engine, ask("a", false), mine);
    const before = changes;
    now += 3.5 * day;
    engine.state();
    expect(changes).toBe(before);
    now += day;
    engine.state();
    expect(changes).toBeGreaterThan(before);
  });

  it("is forgotten together with its account", () => {
    const engine = testEngine({ world: world() });
    const others = world().accounts.map((account) => ({ ...account, id: "other", apiKey: "other-key" }));
    const removals = [() => engine.reset("other"), () => engine.reset(), () => engine.putState(world())];
    for (const remove of removals) {
      engine.putState({ version: 1, accounts: others }, "other");
      engine.time.move({ advance: { days: 10 } });
      expect(engine.renewalsOf("other")).not.toEqual([]);
      remove();
      expect(engine.renewalsOf("other")).toEqual([]);
    }
  });

  it("is reported for all accounts, or for one of them", () => {
    const [account] = world().accounts;
    const other = { ...account, id: "other", apiKey: "other-key" };
    const both = { ...world(), accounts: [account, { ...other, orders: other.orders?.slice(1) }] };
    const engine = testEngine({ world: both });
    expect(engine.time.state("other").nextRenewal).toBeNull();
    expect(engine.time.state("mine").nextRenewal).toBe("2030-01-11T00:00:00.000Z");
    expect(() => engine.time.move({ toNextRenewal: true }, "other")).toThrow(
      "No renewal is due: this account does not have auto-extend on",
    );
    const ofOne = engine.time.move({ advance: { days: 5, hours: 0 } }, "other");
    expect(ofOne).toMatchObject({ nextRenewal: null, renewed: 0, expired: 1 });
    const ofAll = engine.time.move({ advance: { days: 6, hours: 0 } });
    expect(ofAll).toMatchObject({ nextRenewal: "2030-02-10T00:00:00.000Z", renewed: 1, expired: 0 });
  });

  it("passes by itself as the machine's does, request by request", () => {
    let machine = testNow;
    const engine = testEngine({ world: world({ startsAt: undefined }), now: () => machine });
    machine += 10 * day;
    expect(call(engine, ask("b"), mine).json.error.code).toBe(29);
    expect(call(engine, ask("a", false), mine).json.balance).toBe(7.8);
    expect(call(engine, ask("a", false), mine).headers.date).toBe("Fri, 11 Jan 2030 00:00:00 GMT");
  });

  it("gives the same result in one step and in many", () => {
    const [once, often] = [testEngine({ world: world() }), testEngine({ world: world() })];
    once.time.move({ advance: { days: 365 } });
    for (let hours = 0; hours < 365 * 24; hours += 73)
      often.time.move({ advance: { hours: Math.min(73, 365 * 24 - hours) } });
    expect(often.state()).toEqual(once.state());
  });

  it("an account that is made for a new API key is as the world begins, whatever time it is", () => {
    const engine = testEngine();
    call(engine, on);
    engine.time.move({ advance: { days: 400 } });
    expect(call(engine, { ...off, orderIds: ["22222"] }).json.error.code).toBe(29);
    const { json, headers } = call(engine, off, { apiKey: "late-key" });
    expect(json.success).toBe(true);
    const [account] = engine.state(headers["mock-account"]).accounts;
    expect(account?.orders[0]?.ipAddresses[0]?.endsAt).toBe("2031-03-07T00:00:00.000Z");
    expect(engine.time.move({ advance: { days: 30 } }).renewals.map((event) => event.account)).not.toContain(
      "default",
    );
  });

  it("a default account with an API key is an ordinary account, and is copied in its current state", () => {
    const own = world();
    const engine = testEngine({
      world: { ...own, accounts: own.accounts.map((each) => ({ ...each, id: "default" })) },
    });
    engine.time.move({ advance: { days: 10 } });
    expect(engine.state("default").accounts[0]?.balance).toBe(7.8);
    expect(call(engine, ask("a", false), { apiKey: "late-key" }).json.balance).toBe(7.8);
    expect(call(engine, ask("b"), { apiKey: "late-key" }).json.error.code).toBe(29);
  });

  it("starts exactly when the world says", () => {
    let machine = 1_000.5;
    const engine = testEngine({ world: world(), now: () => (machine += 3) });
    expect(engine.state("mine").accounts[0]?.orders[0]?.ipAddresses[0]?.endsAt).toBe(
      "2030-01-11T00:00:00.000Z",
    );
    engine.reset();
    expect(engine.state("mine").accounts[0]?.orders[0]?.ipAddresses[0]?.endsAt).toBe(
      "2030-01-11T00:00:00.000Z",
    );
  });

  it("a reset goes back: clock, ends and balance", () => {
    const engine = testEngine({ world: world() });
    const start = engine.state();
    expect(engine.time.move({ freeze: true }).frozen).toBe(true);
    expect(engine.time.move({ resume: true }).frozen).toBe(false);
    engine.time.move({ freeze: true });
    engine.time.move({ advance: { days: 100 } });
    expect(engine.state()).not.toEqual(start);
    engine.reset();
    expect(engine.state()).toEqual(start);
    expect(engine.time.state()).toMatchObject({ now: "2030-01-01T00:00:00.000Z", frozen: false });
  });

  it("refuses commands that make no sense, and does not move", () => {
    const { time } = testEngine({ world: world() });
    for (const by of [{}, { days: 0 }, { days: -1 }, { hours: Number.NaN }])
      expect(() => parseClockCommand({ advance: by })).toThrow("advance");
    expect(() => time.move({ to: isoDate(testNow - day) })).toThrow("can't go back");
    expect(() => time.state("nobody")).toThrow('No time passes for account "nobody"');
    expect(time.state().now).toBe("2030-01-01T00:00:00.000Z");
  });

  it("reads dates, and times with a time zone, in all forms of ISO 8601", () => {
    for (const to of [
      "2030-01-31",
      "2030-01-31T12:00Z",
      "2030-01-31T12:00:00.125Z",
      "2030-01-31T12:00:00+05:30",
    ])
      expect(parseClockCommand({ to })).toEqual({ to });
  });

  it.each<[unknown, string]>([
    [
      { to: "2030-01-31T12:00" },
      "to: must be a date, or a date and time with its zone, such as 2030-01-31 or",
    ],
    [{ to: "2030-02-30T00:00:00Z" }, "to: is not a date that exists."],
    [{ to: "tomorrow" }, 'An example: {"to":"2030-01-31T12:00:00Z"}.'],
    [
      {},
      'exactly one of {"advance":{"days":30,"hours":1}}, {"to":"2030-01-31T12:00:00Z"}, {"toNextRenewal":true}, {"freeze":true} and {"resume":true}.',
    ],
  ])("says how to write a command in place of %j", (sent, says) => {
    expect(() => parseClockCommand(sent)).toThrow(says);
  });

  it("stops at its last time, and the state can still be put in again", () => {
    const lasting = world({ renewals: { leadTimeHours: maxPeriodDays * 24 } });
    for (const account of lasting.accounts) {
      Object.assign(account, { prices: { IPv4: { [maxPeriodDays]: 0 } } });
      for (const address of account.orders.flatMap(({ ipAddresses }) => ipAddresses))
        Object.assign(address, { rentPeriodDays: maxPeriodDays });
    }
    const engine = testEngine({ world: lasting });
    engine.time.move({ to: isoDate(lastTimestamp) });
    for (const cause of ["renewed on the way", "reset there"]) {
      if (cause === "reset there") engine.reset("mine");
      const state = engine.state();
      expect(state.accounts[0]?.orders[0]?.ipAddresses[0]?.endsAt).toMatch(/^9[01]\d\d-/);
      engine.putState(state);
      expect(engine.state()).toEqual(state);
      const saved = JSON.parse(JSON.stringify(engine.save()));
      expect(testEngine({ world: lasting, saved }).state()).toEqual(state);
    }
    expect(call(engine, ask("a", false), mine).headers.date).toBe("Wed, 01 Jan 9000 00:00:00 GMT");
    for (const beyond of [lastTimestamp + 1, Date.UTC(9999, 11, 31)])
      expect(() => engine.time.move({ to: isoDate(beyond) })).toThrow(
        "can't go beyond 9000-01-01T00:00:00.000Z",
      );
    expect(() => engine.time.move({ advance: { days: 9e9 } })).toThrow("can't go beyond");
  });

  it("stops at its last time while the machine's time continues", () => {
    let machine = 0;
    const clock = createClock(() => machine, lastTimestamp);
    machine += day;
    expect(clock.now()).toBe(lastTimestamp);
  });

  it("a year over 20,000 addresses takes seconds at most", () => {
    const orders = Array.from({ length: 2_000 }, (_, index) => ({
      orderId: `o${index}`,
      proxyType: "IPv4",
      endsAt: `+${(index % 30) + 1}d`,
      ipAddresses: Array.from({ length: 10 }, (_, place) => ({
        ipAddressId: `${index}-${place}`,
        ip: "192.0.2.1",
        country: "DE",
        autoExtend: true,
      })),
    }));
    const large = world();
    const engine = testEngine({
      world: {
        ...large,
        accounts: large.accounts.map((account) => ({ ...account, balance: 900_000_000, orders })),
      },
    });
    // Processor time does not depend on how busy the machine is.
    const before = process.cpuUsage();
    const { renewals } = engine.time.move({ advance: { days: 365 } });
    const took = process.cpuUsage(before).user / 1_000;
    console.info(`A year over 20,000 addresses: ${Math.round(took)} ms, ${renewals.length} events.`);
    expect(renewals.length).toBeGreaterThan(24_000);
    // Alone it takes a fifth of a second; with coverage counted, a multiple of that.
    expect(took).toBeLessThan(5_000);
  });
});
