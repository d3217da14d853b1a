import { describe, expect, it, onTestFinished } from "vitest";
import {
  type AccountRef,
  ControlError,
  createMockFetch,
  defaultWorld,
  type MockControls,
  type World,
} from "../src/index.js";

/** As a test in JavaScript calls them: with anything. */
type Loose = { [Name in keyof MockControls]: LooseCall<MockControls[Name]> };
type LooseCall<Control> = Control extends (...given: never[]) => infer Result
  ? (...given: unknown[]) => Result
  : { [Name in keyof Control]: LooseCall<Control[Name]> };

const loose = () => createMockFetch() as unknown as Loose;

describe("an account for the controls", () => {
  const naming: [string, (mock: Loose, of: unknown) => unknown][] = [
    ["state", (mock, of) => mock.state(of)],
    ["putState", (mock, of) => mock.putState(mock.state(), of)],
    ["reset", (mock, of) => mock.reset(of)],
    ["faults.add", (mock, of) => mock.faults.add({ preset: "slow" }, of)],
    ["faults.remove", (mock, of) => mock.faults.remove(of)],
    ["clock.state", (mock, of) => mock.clock.state(of)],
    ["clock.toNextRenewal", (mock, of) => mock.clock.toNextRenewal(of)],
  ];

  it.each(naming)("is named to %s by its ID or its API key, and in no other way", (_, call) => {
    for (const of of ["default", null, [], {}, { account: undefined }, { account: 1 }, { apikey: "x" }])
      expect(() => call(loose(), of)).toThrow(
        /^Name .* account: \{ account: "default" \} or \{ apiKey: "any-key" \}\.$/,
      );
    expect(() => call(loose(), { apikey: "canary" })).not.toThrow("canary");
    expect(() => call(loose(), { account: "default", apiKey: "any-key" })).toThrow(/^Name /);
    expect(() => call(loose(), { account: "nobody" })).toThrow(
      'There is no account with the ID "nobody". Known: default',
    );
    expect(() => call(loose(), { apiKey: "unknown-api-key" })).toThrow(
      "This API key has no account: this API key is always refused",
    );
  });

  it.each([
    [
      { accountLimit: 0 },
      "This API key has no account: this mock has reached its limit of 0 accounts for new API keys; reset it, or raise its account limit (accountLimit, --account-limit). Use the API key of an account that exists.",
    ],
    [
      { apiKeys: ["known-key"] },
      "This API key has no account: this mock accepts only the API keys it was started with. Use an API key that the mock was started with (--api-key).",
    ],
    [
      { world: { version: 1, accounts: [{ ...defaultWorld.accounts[0], id: "mine" }] } as World },
      'This API key has no account: there is no account "default" to copy for a new API key. Use the API key of an account that exists.',
    ],
  ])("says why an API key has none, of a mock with the options %j", (options, message) => {
    expect(() => createMockFetch(options).state({ apiKey: "new-key" })).toThrow(message);
  });

  it("does not mean all accounts if its name is invalid", () => {
    const mock = loose();
    mock.faults.add({ preset: "slow" });
    for (const of of ["fault-1", {}, { id: 1 }, { id: "fault-1", account: "default" }]) {
      expect(() => mock.faults.remove(of)).toThrow(
        /Name a fault, \{ id: "fault-1" \}, or those of one account/,
      );
    }
    expect(() => mock.reset({ acount: "default" })).toThrow(RangeError);
    expect(mock.faults.list()).toHaveLength(1);
    expect(mock.faults.remove({ id: "fault-1" })).toBe(true);
  });

  it("is all accounts if it is undefined", () => {
    const mock = createMockFetch();
    const either: AccountRef = { account: "default" };
    const { accounts } = mock.state({ ...either, apiKey: undefined } as AccountRef);
    expect(mock.state(undefined).accounts).toEqual(accounts);
  });
});

describe("the clock in the same process", () => {
  it.each<[string, (mock: Loose) => unknown, string]>([
    [
      "weeks",
      ({ clock }) => clock.advance({ days: 1, weeks: 2 }),
      'advance: unknown field "weeks" (known: days, hours).',
    ],
    [
      "days in words",
      ({ clock }) => clock.advance({ days: "2" }),
      "advance.days: must be a number, not a string.",
    ],
    ["days that go back", ({ clock }) => clock.advance({ days: -1 }), "advance.days: must be at least 0."],
    [
      "no number",
      ({ clock }) => clock.advance({ days: Number.NaN }),
      "advance.days: must be a number, not NaN.",
    ],
    [
      "nothing",
      ({ clock }) => clock.advance(),
      "advance: is required (an object). An example: clock.advance({ days: 30, hours: 1 }).",
    ],
    [
      "a span in words",
      ({ clock }) => clock.advance("31d"),
      "advance: must be an object, not a string. An example: clock.advance({ days: 30, hours: 1 }).",
    ],
    [
      "no time at all",
      ({ clock }) => clock.advance({}),
      "advance must be more than 0: give days, hours or both. An example: clock",
    ],
    [
      "a year",
      ({ clock }) => clock.moveTo("2030"),
      'to: must be a date, or a date and time with its zone, such as 2030-01-31 or 2030-01-31T12:00:00Z. An example: clock.moveTo("2030-01-31T12:00:00Z").',
    ],
    ["a moment without a zone", ({ clock }) => clock.moveTo("2099-01-01T00:00:00"), "to: must be a date"],
    ["milliseconds", ({ clock }) => clock.moveTo(Date.UTC(2099)), "to: must be a string, not a number."],
    [
      "a time beyond all",
      ({ clock }) => clock.advance({ days: Number.POSITIVE_INFINITY }),
      "can't go beyond",
    ],
  ])("refuses %s, and shows how to write it", (_, call, says) => {
    const mock = loose();
    mock.clock.freeze();
    const before = mock.clock.state();
    expect(() => call(mock)).toThrow(ControlError);
    expect(() => call(mock)).toThrow(says);
    expect(mock.clock.state()).toEqual(before);
  });
});

describe("a call with what is easily guessed", () => {
  it.each<[string, (mock: Loose) => unknown, string]>([
    [
      "the name of a fault",
      ({ faults }) => faults.add("gateway-502", { times: 2 }),
      'must be an object, not a string. An example: {"preset":"gateway-502","options":{"applied":',
    ],
    ["no such name", ({ faults }) => faults.add("slwo"), 'An example: {"preset":"gateway-502","times":2}.'],
    ["the ID of a fault", ({ faults }) => faults.remove("fault-1"), 'Name a fault, { id: "fault-1" }'],
    ["no function", ({ watch }) => watch(), "watch((event) => console.log(event))"],
    ["options", ({ watch }) => watch({ account: "default" }), "Pass a function that takes each event"],
    ["a number", ({ explain }) => explain(17), 'The ID must be a string, such as "request-17"'],
  ])("is refused with an example: %s", (_, call, says) => {
    expect(() => call(loose())).toThrow(says);
  });
});

describe("a listener", () => {
  it("cannot end the mock with an error, thrown or of a promise", async () => {
    const rejected: unknown[] = [];
    const note = (error: unknown) => void rejected.push(error);
    process.on("unhandledRejection", note);
    onTestFinished(() => void process.off("unhandledRejection", note));
    const fail = () => {
      throw new Error("the listener's own");
    };
    for (const onRequest of [fail, async () => fail()]) {
      const mock = createMockFetch({ onRequest });
      mock.watch(onRequest);
      expect((await mock("http://localhost/client/api/v1/any-key/balance")).status).toBe(200);
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(rejected).toEqual([]);
  });
});

describe("a query of the log", () => {
  it.each(["requests", "verify"] as const)("is checked by %s", (name) => {
    const mock = loose();
    for (const asked of [null, "refused", { outcome: "wrong" }, { apikey: "canary" }, { apiKey: 1 }])
      expect(() => mock[name](asked)).toThrow(
        name === "verify"
          ? /^The expectation (is invalid: |must be an object)/
          : /^The query of the request log (is invalid: |must be an object)/,
      );
    expect(() => mock[name]({ apikey: "canary" })).toThrow(
      'unknown field "apikey" (did you mean "apiKey"?). An example:',
    );
    expect(() => mock[name]({ apikey: "canary" })).not.toThrow("canary");
    expect(() => mock[name]({ code: "16" })).toThrow("code: must be a number, not a string");
    expect(() => mock[name]({ account: "default", apiKey: "any-key" })).toThrow("names its account twice");
    expect(() => mock[name]({ account: "nobody" })).toThrow(
      'There is no account with the ID "nobody". Known: default',
    );
  });
});

describe("a fault for one account", () => {
  it("is refused if it is for another one as well", () => {
    const mock = loose();
    const order = { preset: "slow", match: { account: "other" } };
    expect(() => mock.faults.add(order, { account: "default" })).toThrow("two different accounts");
    for (const order of [null, "slow", { preset: "slow", match: "all" }])
      expect(() => mock.faults.add(order, { account: "default" })).toThrow(
        /^The fault (can't be added: |must be an object)/,
      );
    expect(mock.faults.list()).toEqual([]);
  });
});
