import { type ClockMove, type ClockState, ControlError, type MockControls } from "@auto-extend/mock-server";
import fc from "fast-check";
import { expect } from "vitest";
import type { Model } from "./model.js";
import { type Happened, hour } from "./passing-time.js";
import { type Step, step } from "./step.js";
import { apiKeys, startsAt } from "./worlds.js";

export const stepsOfTime: readonly fc.Arbitrary<Step>[] = [
  advance(),
  advance(),
  moveTo(),
  toNextRenewal(),
  toNextRenewal(),
  step(fc.integer({ min: 1, max: 100 }), (hours, model) => ({
    text: `the machine's time advances by ${hours} hours`,
    run(real) {
      // A clock starts with its first use, which the model does not count.
      model.catchUp();
      real.mock.clock.state();
      model.machine += hours * hour;
      real.setMachine(model.machine);
    },
  })),
  step(fc.boolean(), (frozen, model) => ({
    text: frozen ? "the clock is frozen" : "the clock is resumed",
    run({ mock }) {
      model.catchUp();
      if (frozen) model.freeze();
      else model.resume();
      expectClock(frozen ? mock.clock.freeze() : mock.clock.resume(), model);
    },
  })),
];

function advance() {
  const span = fc.record({
    days: fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: 0, max: 4 }) },
      { weight: 1, arbitrary: fc.constantFrom(30, 45) },
    ),
    hours: fc.constantFrom(0, 0, 1, 6, 12, 18),
  });
  return step(span, ({ days, hours }, model) => ({
    text: `the clock goes ahead by ${days} days and ${hours} hours`,
    run({ mock }) {
      const span = (days * 24 + hours) * hour;
      expectPassed(() => mock.clock.advance({ days, hours }), model, span > 0 ? model.now + span : null);
    },
  }));
}

function moveTo() {
  return step(fc.integer({ min: -1, max: 16 }), (halfDays, model) => {
    const time = Date.parse(startsAt) + halfDays * 12 * hour;
    const text = new Date(time).toISOString();
    return {
      text: `the clock goes to ${text}`,
      run: ({ mock }) => expectPassed(() => mock.clock.moveTo(text), model, time),
    };
  });
}

function toNextRenewal() {
  return step(fc.option(fc.constantFrom(...apiKeys)), (apiKey, model) => ({
    text: `the clock goes to the next renewal${apiKey === null ? "" : ` of ${apiKey}`}`,
    run({ mock }) {
      const id = apiKey === null ? undefined : model.accountOf(apiKey);
      model.catchUp();
      const next = id === null ? null : model.nextRenewal(id);
      const go = () => mock.clock.toNextRenewal(apiKey === null ? undefined : { apiKey });
      expectPassed(go, model, next === null ? null : Math.max(next, model.now), id ?? undefined);
    },
  }));
}

/**
 * Compares what the mock reports of a move of its clock with the model; it refuses to move where it cannot.
 *
 * @param account the account that the mock is asked about (default: all of them).
 */
function expectPassed(go: () => ClockMove, model: Model, time: number | null, account?: string): void {
  model.catchUp();
  const before = iso(model.now);
  const happened = time === null ? null : model.goTo(time);
  if (happened === null) {
    expect(go).toThrow(ControlError);
    return;
  }
  const passed = go();
  // What nobody had asked for yet comes along, from before this way.
  const onTheWay = passed.renewals.filter(({ at }) => at > before);
  const expected = happened.filter((each) => account === undefined || each.account === account);
  expect(onTheWay.map(lineOfMock)).toEqual(expected.map(lineOfModel));
  expectClock(passed, model, account);
}

function expectClock({ now, nextRenewal }: ClockState, model: Model, account?: string): void {
  expect(now).toBe(iso(model.now));
  const next = model.nextRenewal(account);
  expect(nextRenewal).toBe(next === null ? null : iso(next));
}

function lineOfModel({ account, type, at, order, addresses, days, cents, price, outcome }: Happened): string {
  const paid = price === null ? null : price / 100;
  const end = typeof outcome === "number" ? iso(outcome) : outcome;
  return [iso(at), account, type, order, ...addresses, days, cents / 100, paid, end].join(" ");
}

function lineOfMock(event: ReturnType<MockControls["clock"]["advance"]>["renewals"][number]): string {
  const { at, account, type, group, balance } = event;
  const price = event.type === "expired" ? null : event.price;
  const end = event.type === "renewed" ? event.endsAt : event.type === "expired" ? event.because : null;
  return [
    at,
    account,
    type,
    group.orderId,
    ...group.ipAddressIds,
    group.rentPeriodDays,
    balance,
    price,
    end,
  ].join(" ");
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
