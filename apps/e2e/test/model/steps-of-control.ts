import { ControlError, type FaultSpec } from "@auto-extend/mock-server";
import fc from "fast-check";
import { expect } from "vitest";
import { expectSameState } from "./same-state.js";
import { type Step, step } from "./step.js";
import { fault } from "./steps-of-requests.js";
import { apiKeys, types } from "./worlds.js";

const anyKey = fc.constantFrom(...apiKeys);
const keyOrAll = fc.option(anyKey, { freq: 3 });
const renewals = fc.record({
  leadTimeHours: fc.constantFrom(0, 24, 72),
  retryHours: fc.constantFrom(null, 12, 24),
});

/** Steps that tests take beside the requests: faults, money, other worlds, resets. */
export const stepsOfControl: readonly fc.Arbitrary<Step>[] = [
  faultWaits(),
  faultWaits(),
  faultsGo(),
  putMoney(),
  putMoney(),
  putWorld(),
  putRules(),
  reset(),
  step(fc.constant(null), (_, model) => ({
    text: "the state is looked at",
    run: ({ mock }) => expectSameState(mock, model),
  })),
];

function faultWaits() {
  const drawn = fc.record({
    fault,
    times: fc.integer({ min: 1, max: 3 }),
    apiKey: keyOrAll,
    match: fc.oneof(
      fc.constant({}),
      fc.record({ autoExtend: fc.boolean() }),
      fc.record({ proxyType: fc.constantFrom(...types) }),
      fc.record({ orderId: fc.constantFrom("o1", "o2") }),
    ),
  });
  return step(drawn, ({ fault, times, apiKey, match }, model) => ({
    text: `${JSON.stringify(fault)} waits ${times} times for ${JSON.stringify(match)} of ${apiKey ?? "all"}`,
    run({ mock }) {
      const account = apiKey === null ? undefined : model.accountOf(apiKey);
      const add = () =>
        mock.faults.add({ ...fault, times, match } as FaultSpec, apiKey === null ? undefined : { apiKey });
      if (account === null) expect(add).toThrow(ControlError);
      else {
        add();
        model.waiting.push({ ...fault, account, match, left: times });
      }
    },
  }));
}

function faultsGo() {
  return step(keyOrAll, (apiKey, model) => ({
    text: `the faults of ${apiKey ?? "all"} are taken back`,
    run({ mock }) {
      const account = apiKey === null ? undefined : model.accountOf(apiKey);
      const remove = () => mock.faults.remove(apiKey === null ? undefined : { apiKey });
      if (account === null) expect(remove).toThrow(ControlError);
      else {
        const rest = model.waiting.filter((each) => account !== undefined && each.account !== account);
        expect(remove()).toBe(rest.length < model.waiting.length);
        model.waiting = rest;
      }
    },
  }));
}

function putMoney() {
  return step(
    fc.record({ apiKey: anyKey, cents: fc.integer({ min: 0, max: 900 }) }),
    ({ apiKey, cents }, model) => ({
      text: `${apiKey} has ${cents / 100} USD`,
      run({ mock }) {
        const id = model.accountOf(apiKey);
        if (id === null) {
          expect(() => mock.state({ apiKey })).toThrow(ControlError);
          return;
        }
        const { accounts, ...rest } = mock.state({ apiKey });
        mock.putState(
          { ...rest, accounts: accounts.map((each) => ({ ...each, balance: cents / 100 })) },
          { apiKey },
        );
        model.putMoney(id, cents);
      },
    }),
  );
}

function putWorld() {
  return step(fc.option(renewals), (rules, model) => ({
    text: `the world is put in again${rules ? `, with ${JSON.stringify(rules)}` : ""}`,
    run({ mock, world }) {
      const put = { ...world, renewals: rules ?? world.renewals };
      mock.putState(put);
      model.putWorld(put);
    },
  }));
}

function putRules() {
  return step(renewals, (rules, model) => ({
    text: `the state is put back, with ${JSON.stringify(rules)}`,
    run({ mock }) {
      model.catchUp();
      mock.putState({ ...mock.state(), renewals: rules });
      model.putRules(rules);
    },
  }));
}

function reset() {
  return step(keyOrAll, (apiKey, model) => ({
    text: `${apiKey ?? "all"} is reset`,
    run({ mock }) {
      const id = apiKey === null ? undefined : model.accountOf(apiKey);
      const go = () => mock.reset(apiKey === null ? undefined : { apiKey });
      if (id === null) expect(go).toThrow(ControlError);
      else {
        go();
        model.reset(id);
      }
    },
  }));
}
