import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { controlsOf } from "../../src/controls.js";
import { parseClockCommand } from "../../src/engine/time/schemas.js";
import { isoDate, parseDate } from "../../src/lib/dates.js";
import { testEngine } from "../support/call.js";

const impossible = [
  "2027-02-29T00:00:00Z",
  "2100-02-29T00:00:00Z",
  "2030-04-31T12:00:00Z",
  "2030-02-30T12:00:00+02:00",
  "2030-01-32T00:00:00Z",
  "2030-13-01T00:00:00Z",
  "2030-00-10T00:00:00Z",
  "2030-01-00T00:00:00Z",
  "2030-01-31T24:00:00Z",
  "2030-01-31T12:60:00Z",
];

describe("a date that no calendar has", () => {
  it.each(impossible)("is not read as another: %s", (text) => {
    expect(parseDate(text)).toBeNaN();
  });

  it.each(impossible)("is refused wherever a date is read: %s", (text) => {
    const engine = testEngine();
    const mock = controlsOf(engine);
    const [account] = engine.state().accounts;
    const [order] = account?.orders ?? [];
    const [address] = order?.ipAddresses ?? [];
    const worlds = [
      { startsAt: text },
      { accounts: [{ ...account, orders: [{ ...order, endsAt: text }] }] },
      { accounts: [{ ...account, orders: [{ ...order, ipAddresses: [{ ...address, endsAt: text }] }] }] },
      { accounts: [{ ...account, orders: [{ ...order, ipAddresses: [{ ...address, failedAt: text }] }] }] },
    ];
    for (const world of worlds) {
      const whole = { version: 1, accounts: [account], ...world };
      expect(() => engine.putState(whole)).toThrow(/At: (?:is not a date that exists|must be a)/);
      expect(() => testEngine({ world: whole })).toThrow("At: ");
    }
    expect(() => parseClockCommand({ to: text })).toThrow("to:");
    expect(() => mock.clock.moveTo(text)).toThrow("to:");
  });
});

it("every date that exists is read unchanged", () => {
  const time = fc.integer({
    min: Date.parse("0000-01-01T00:00:00Z"),
    max: Date.parse("9999-12-31T23:59:59Z"),
  });
  fc.assert(
    fc.property(time, (at) => parseDate(isoDate(at)) === at),
    { seed: 1 },
  );
  expect(parseDate("2028-02-29T00:00:00Z")).toBe(Date.UTC(2028, 1, 29));
  expect(parseDate("0004-02-29T00:00:00Z")).toBe(Date.parse("0004-02-29T00:00:00Z"));
  expect(parseDate("2030-01-31T23:30:00-01:00")).toBe(Date.UTC(2030, 1, 1, 0, 30));
});
