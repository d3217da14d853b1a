import { unknownApiKey } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { accountIdOf, call, off, on, testEngine, testNow } from "../../support/call.js";

describe("API keys", () => {
  it("each get an account of their own, made of the default one", () => {
    const engine = testEngine();
    expect(call(engine, on, { apiKey: "first-key" }).headers["mock-account"]).toBe(accountIdOf("first-key"));
    expect(call(engine, off, { apiKey: "other-key" }).headers["mock-account"]).toBe(accountIdOf("other-key"));
    const switched = engine
      .state()
      .accounts.map(({ id, orders }) => [id, orders[0]?.ipAddresses[0]?.autoExtend]);
    expect(switched).toEqual([
      ["default", false],
      [accountIdOf("first-key"), true],
      [accountIdOf("other-key"), false],
    ]);
  });

  it("are refused when they are not among those that the mock was started with", () => {
    const engine = testEngine({ apiKeys: ["known-key"] });
    expect(call(engine, on, { apiKey: "known-key" }).json.success).toBe(true);
    const { json, headers } = call(engine, on, { apiKey: "other-key" });
    expect(json.error.code).toBe(2);
    expect(headers["mock-explanation"]).toContain("only the API keys it was started with");
  });

  it("are refused when the world has no default account to copy", () => {
    const [account] = testEngine().state().accounts;
    const world = { version: 1, accounts: [{ ...account, id: "mine", apiKey: "my-own-key" }] };
    const engine = testEngine({ world });
    expect(call(engine, on, { apiKey: "my-own-key" }).headers["mock-account"]).toBe("mine");
    expect(call(engine, on, { apiKey: "other-key" }).json.error.code).toBe(2);
    expect(() => testEngine({ world, apiKeys: ["new-key"] })).toThrow('"default"');
  });

  it("are refused once the mock has reached its limit of accounts", () => {
    const engine = testEngine({ accountLimit: 1 });
    call(engine, on, { apiKey: "first-key" });
    expect(call(engine, on, { apiKey: "other-key" }).json.error.code).toBe(2);
    expect(call(engine, on, { apiKey: "first-key" }).json.success).toBe(true);
    engine.reset();
    expect(call(engine, on, { apiKey: "other-key" }).json.success).toBe(true);
  });

  it("include one without an account", () => {
    expect(call(testEngine(), on, { apiKey: unknownApiKey }).json.error.code).toBe(2);
    expect(() => testEngine({ apiKeys: [unknownApiKey] })).toThrow("choose another");
    const accounts = testEngine()
      .state()
      .accounts.map((account) => ({ ...account, apiKey: unknownApiKey }));
    expect(() => testEngine({ world: { version: 1, accounts } })).toThrow("accounts[0].apiKey");
  });

  it("may need encoding in the path", () => {
    const engine = testEngine({ apiKeys: ["a/b c%"] });
    expect(call(engine, on, { apiKey: "a/b c%" }).json.success).toBe(true);
  });
});

describe("reset", () => {
  it("goes back to the starting world, and forgets requests and accounts", () => {
    const engine = testEngine();
    const start = engine.state();
    call(engine, on);
    engine.reset();
    expect(engine.state()).toEqual(start);
    expect(engine.requests()).toEqual([]);
  });

  it("of one account does not affect the others", () => {
    const engine = testEngine();
    call(engine, on, { apiKey: "first-key" });
    call(engine, on, { apiKey: "other-key" });
    engine.reset(accountIdOf("first-key"));
    const switched = engine.state().accounts.map(({ orders }) => orders[0]?.ipAddresses[0]?.autoExtend);
    expect(switched).toEqual([false, false, true]);
    expect(engine.requests().map(({ account }) => account)).toEqual([accountIdOf("other-key")]);
  });

  it("makes the default account a template again, whose spans count from the present", () => {
    let time = testNow;
    const engine = testEngine({ now: () => time });
    call(engine, on, { account: "default" });
    expect(engine.isTemplate("default")).toBe(false);
    const dayMs = 86_400_000;
    time += 400 * dayMs;
    engine.putState({ version: 1, accounts: [{ ...engine.state().accounts[0], balance: 1 }] }, "default");
    engine.reset("default");
    expect(engine.isTemplate("default")).toBe(true);
    time += 40 * dayMs;
    expect(call(engine, on, { apiKey: "new-key" }).json).toMatchObject({ success: true, balance: 5 });
  });

  it("drops an account that was put in later", () => {
    const engine = testEngine();
    const { accounts } = engine.state();
    engine.putState({ version: 1, accounts: [...accounts, { ...accounts[0], id: "later" }] });
    engine.reset("later");
    expect(engine.has("later")).toBe(false);
  });
});

describe("state", () => {
  it("is returned as it was put in, and the rules use it", () => {
    const engine = testEngine();
    const state = engine.state();
    for (const account of state.accounts) Object.assign(account, { balance: 7.5, currency: "EUR" });
    engine.putState(state);
    expect(engine.state()).toEqual(state);
    expect(call(engine, on, { apiKey: "new-key" }).json).toMatchObject({ balance: 7.5, currency: "EUR" });
    engine.reset();
    expect(call(engine, on, { apiKey: "new-key" }).json).toMatchObject({ balance: 5, currency: "USD" });
    engine.putState({ version: 1, accounts: state.accounts.map((account) => ({ ...account, id: "mine" })) });
    expect(call(engine, on, { apiKey: "other-key" }).json.error.code).toBe(2);
  });

  it("of one account can be put in by itself", () => {
    const engine = testEngine();
    call(engine, on);
    const state = engine.state(accountIdOf("test-key-1"));
    for (const account of state.accounts) account.balance = 1.25;
    engine.putState(state, accountIdOf("test-key-1"));
    expect(call(engine, on).json.balance).toBe(1.25);
    expect(engine.state("default").accounts[0]?.balance).toBe(5);
    expect(() => engine.putState(state, "default")).toThrow('must be "default"');
  });

  it("leaves API keys with their accounts, and forgets those of removed accounts", () => {
    const engine = testEngine();
    call(engine, on, { apiKey: "first-key" });
    call(engine, on, { apiKey: "other-key" });
    const { accounts } = engine.state();
    engine.putState({ version: 1, accounts: accounts.filter(({ id }) => id !== accountIdOf("other-key")) });
    expect(engine.callerOf("first-key").accountId).toBe(accountIdOf("first-key"));
    expect(call(engine, on, { apiKey: "other-key" }).json.ipAddressIds).toHaveLength(1);
  });

  it("can be continued by another engine, which finds the accounts of all keys without having stored any", () => {
    const { accounts } = testEngine().state();
    const mine = { ...accounts[0], id: "mine", apiKey: "my-own-secret-key" };
    const earlier = testEngine({ world: { version: 1, accounts: [...accounts, mine] } });
    call(earlier, on, { apiKey: "first-key" });
    call(earlier, on, { apiKey: "my-own-secret-key" });
    const saved = JSON.parse(JSON.stringify(earlier.save()));
    expect(JSON.stringify(saved)).not.toMatch(/first-key|secret/);
    const engine = testEngine({ saved });
    expect(engine.callerOf("first-key").accountId).toBe(accountIdOf("first-key"));
    expect(engine.callerOf("my-own-secret-key").accountId).toBe("mine");
    expect(engine.state()).toEqual(earlier.state());
  });

  it("can be continued with the template in use, or still unused", () => {
    const dayMs = 86_400_000;
    for (const [account, nextRenewal] of [
      ["default", "2030-01-31T00:00:00.000Z"],
      [accountIdOf("first-key"), null],
    ] as const) {
      const earlier = testEngine();
      earlier.callerOf("first-key");
      call(earlier, on, { account });
      const saved = JSON.parse(JSON.stringify(earlier.save()));
      const engine = testEngine({ saved, now: () => testNow + dayMs });
      expect(engine.time.state("default").nextRenewal).toBe(nextRenewal);
      expect(engine.isTemplate("default")).toBe(nextRenewal === null);
    }
  });

  it("is not opened by a key of an earlier run that is no longer known", () => {
    const earlier = testEngine();
    call(earlier, on, { apiKey: "first-key" });
    const engine = testEngine({ saved: earlier.save(), apiKeys: ["known-key"] });
    expect(engine.callerOf("first-key").accountId).toBeNull();
    expect(engine.callerOf("known-key").accountId).toBe(accountIdOf("known-key"));
  });

  it("accepts an API key for an account, and never shows it", () => {
    const engine = testEngine();
    const { accounts } = engine.state();
    const mine = { ...accounts[0], id: "mine", apiKey: "my-own-secret-key" };
    engine.putState({ version: 1, accounts: [...accounts, mine] });
    expect(call(engine, on, { apiKey: "my-own-secret-key" }).headers["mock-account"]).toBe("mine");
    expect(JSON.stringify(engine.state())).not.toContain("my-own-secret-key");
  });

  it("is unchanged if the new world has problems", () => {
    const engine = testEngine();
    const before = engine.state();
    expect(() => engine.putState({ version: 2 })).toThrow("version");
    expect(engine.state()).toEqual(before);
  });

  it("is a copy", () => {
    const engine = testEngine();
    const [account] = engine.state().accounts;
    if (account) account.balance = 0;
    expect(engine.state().accounts[0]?.balance).toBe(5);
  });
});
