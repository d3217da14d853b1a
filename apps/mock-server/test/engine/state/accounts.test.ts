import { unknownApiKey } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { call, off, on, testEngine } from "../../support/call.js";

describe("API keys", () => {
  it("each get an account of their own, made of the default one", () => {
    const engine = testEngine();
    expect(call(engine, on, { apiKey: "first-key" }).headers["mock-account"]).toBe("account-1");
    expect(call(engine, off, { apiKey: "other-key" }).headers["mock-account"]).toBe("account-2");
    const switched = engine
      .state()
      .accounts.map(({ id, orders }) => [id, orders[0]?.ipAddresses[0]?.autoExtend]);
    expect(switched).toEqual([
      ["default", false],
      ["account-1", true],
      ["account-2", false],
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

  it("are refused once the mock has made as many accounts as it may", () => {
    const engine = testEngine({ accountLimit: 1 });
    call(engine, on, { apiKey: "first-key" });
    expect(call(engine, on, { apiKey: "other-key" }).json.error.code).toBe(2);
    expect(call(engine, on, { apiKey: "first-key" }).json.success).toBe(true);
    engine.reset();
    expect(call(engine, on, { apiKey: "other-key" }).json.success).toBe(true);
  });

  it("have one that nobody has", () => {
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

  it("of one account leaves the others alone", () => {
    const engine = testEngine();
    call(engine, on, { apiKey: "first-key" });
    call(engine, on, { apiKey: "other-key" });
    engine.reset("account-1");
    const switched = engine.state().accounts.map(({ orders }) => orders[0]?.ipAddresses[0]?.autoExtend);
    expect(switched).toEqual([false, false, true]);
    expect(engine.requests().map(({ account }) => account)).toEqual(["account-2"]);
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
  it("that was put in is what comes out, and what the rules go by", () => {
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
    const state = engine.state("account-1");
    for (const account of state.accounts) account.balance = 1.25;
    engine.putState(state, "account-1");
    expect(call(engine, on).json.balance).toBe(1.25);
    expect(engine.state("default").accounts[0]?.balance).toBe(5);
    expect(() => engine.putState(state, "default")).toThrow('must be "default"');
  });

  it("keeps API keys with the accounts they had, and forgets those of accounts that are gone", () => {
    const engine = testEngine();
    call(engine, on, { apiKey: "first-key" });
    call(engine, on, { apiKey: "other-key" });
    const { accounts } = engine.state();
    engine.putState({ version: 1, accounts: accounts.filter(({ id }) => id !== "account-2") });
    expect(engine.accountOf("first-key")).toBe("account-1");
    expect(call(engine, on, { apiKey: "other-key" }).json.ipAddressIds).toHaveLength(1);
  });

  it("is opened by no key of an account that is gone, whoever has its id now", () => {
    const remembered = new Map<string, string>();
    const memory = {
      find: (apiKey: string) => remembered.get(apiKey),
      note: (apiKey: string, id: string) => void remembered.set(apiKey, id),
      opens: (id: string) => [...remembered.values()].includes(id),
      retain(isThere: (id: string) => boolean) {
        for (const [apiKey, id] of remembered) if (!isThere(id)) remembered.delete(apiKey);
      },
    };
    const engine = testEngine({ memory });
    call(engine, on, { apiKey: "first-key" });
    engine.putState(engine.state("default"));
    expect(engine.accountOf("other-key")).toBe("account-1");
    expect(engine.accountOf("first-key")).toBe("account-2");
  });

  it("is not opened by a key of an earlier run that is not known any more", () => {
    const memory = { find: () => "account-1", note: () => {}, opens: () => true, retain: () => {} };
    const earlier = testEngine();
    call(earlier, on, { apiKey: "first-key" });
    const engine = testEngine({ memory, saved: earlier.save(), apiKeys: ["known-key"] });
    expect(engine.accountOf("first-key")).toBeNull();
    expect(engine.accountOf("known-key")).toBe("account-1");
  });

  it("takes an API key for an account, and never gives it back", () => {
    const engine = testEngine();
    const { accounts } = engine.state();
    const mine = { ...accounts[0], id: "mine", apiKey: "my-own-secret-key" };
    engine.putState({ version: 1, accounts: [...accounts, mine] });
    expect(call(engine, on, { apiKey: "my-own-secret-key" }).headers["mock-account"]).toBe("mine");
    expect(JSON.stringify(engine.state())).not.toContain("my-own-secret-key");
  });

  it("stays as it was when what is put in has problems", () => {
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
