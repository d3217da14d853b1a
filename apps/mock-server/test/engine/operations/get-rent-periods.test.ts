import { getBalance, getRentPeriods, proxyTypes } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { ask, testEngine } from "../../support/call.js";

/** The default world whose account is sold other rental periods. */
function selling(rentPeriods: object) {
  const world = structuredClone(testEngine().state());
  return testEngine({
    world: { ...world, accounts: world.accounts.map((account) => ({ ...account, rentPeriods })) },
  });
}

describe("the rental periods", () => {
  it("are those of the account for the type, in the order of its world", () => {
    const engine = selling({ IPv4: [360, 30, 90], MOBILE: [30] });
    const days = proxyTypes.map(
      (proxyType) => ask(engine, getRentPeriods, { proxyType }).json.rentPeriodDays,
    );
    expect(days).toEqual([[360, 30, 90], [], [30], []]);
    expect(engine.requests().map(({ decided }) => decided.why)).toEqual([
      "the account can buy 360, 30, 90 days for IPv4",
      "the account can buy no rental period for IPv6",
      "the account can buy 30 days for MOBILE",
      "the account can buy no rental period for ISP",
    ]);
  });

  it("have the reference's shape", () => {
    expect(ask(testEngine(), getRentPeriods, { proxyType: "IPv4" }).body).toBe(
      '{"success":true,"rentPeriodDays":[30],"error":null}',
    );
    expect(ask(testEngine(), getRentPeriods, { proxyType: "x" }).body).toBe(
      '{"success":false,"rentPeriodDays":[],"error":{"code":4,"message":"Incorrect proxy type"}}',
    );
  });
});

describe("the balance", () => {
  it("has the reference's shape", () => {
    expect(ask(testEngine(), getBalance, {}).body).toBe(
      '{"success":true,"balance":5,"currencyCode":"USD","error":null}',
    );
    expect(ask(testEngine(), getBalance, {}, { apiKey: "unknown-api-key" }).body).toBe(
      '{"success":false,"balance":null,"currencyCode":null,"error":{"code":2,"message":"Error api key"}}',
    );
  });
});
