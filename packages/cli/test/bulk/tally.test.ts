import type { BulkChunk } from "@auto-extend/client";
import { describe, expect, it } from "vitest";
import { Plan } from "../../src/orders/plan.js";
import { isFinished, type Outcome, type OutcomeRecord, recordOf, Tally } from "../../src/switching/tally.js";

/** The tally of a group of orders, none of them tried. */
function tallyOf(count: number): Tally {
  const plan = new Plan();
  const target = { proxyType: "IPv4", rentPeriodDays: 30, autoExtend: false } as const;
  for (let place = 0; place < count; place++) plan.add(target, `id-${place}`, null);
  return new Tally(plan.groups);
}

const nothing: OutcomeRecord = {
  ...{ at: "", group: 0, changed: [], refused: [], unknown: [], differs: [], notTried: [] },
  ...{ quantity: 0, calls: 0 },
};
const refusedAt = (place: number, code: number | null, message = "no"): OutcomeRecord => ({
  ...nothing,
  refused: [{ code, message, places: [[place, place]] }],
});

describe("the tally of a run", () => {
  it("knows each order by its place, and adds up at any time", () => {
    const tally = tallyOf(3);
    expect(tally.apply({ ...nothing, changed: [[0, 0]], quantity: 2, calls: 1 })).toBe(true);
    expect(tally.apply(refusedAt(2, 29))).toBe(true);
    const [group] = tally.groups;
    expect([0, 1, 2].map((place) => group?.at(place).name)).toEqual(["changed", "notTried", "refused"]);
    expect(tally.counts()).toMatchObject({ changed: 1, differs: 0, refused: 1, unknown: 0, notTried: 1 });
    expect({ finished: tally.finished(), quantity: tally.quantity }).toEqual({ finished: 2, quantity: 2 });
  });

  it("takes a refusal as final if the order does not exist or its ID is not valid, and as temporary otherwise", () => {
    const tally = tallyOf(4);
    for (const [place, code] of [2, 25, 29, null].entries()) tally.apply(refusedAt(place, code));
    expect([0, 1, 2, 3].map((place) => isFinished(tally.groups[0]?.at(place) as Outcome))).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  it("keeps an unknown outcome that is refused or not tried later, unless there is no such order", () => {
    const tally = tallyOf(3);
    // Begun by two runs, the first of which broke off.
    for (const at of ["1", "2"]) tally.begin({ at, group: 0, begun: [[0, 2]] });
    tally.apply(refusedAt(0, 25, "locked"));
    tally.apply(refusedAt(1, 29));
    tally.apply({ ...nothing, notTried: [[2, 2]] });
    const [group] = tally.groups;
    expect(group?.at(0)).toMatchObject({ name: "unknown", message: expect.stringContaining("locked") });
    expect([1, 2].map((place) => group?.at(place).name)).toEqual(["refused", "unknown"]);
    tally.apply({ ...nothing, changed: [[0, 2]] });
    expect(tally.counts()).toMatchObject({ changed: 3, unknown: 0 });
  });

  it("refuses records of orders that it does not have, and stays as it was", () => {
    const tally = tallyOf(2);
    expect(tally.apply({ ...nothing, changed: [[1, 2]] })).toBe(false);
    expect(tally.apply({ ...nothing, group: 1 })).toBe(false);
    expect(tally.begin({ at: "", group: 0, begun: [[5, 6]] })).toBe(false);
    expect(tally.counts()).toMatchObject({ notTried: 2 });
  });

  it("keeps many different messages, and one for the rest: memory is bounded", () => {
    const tally = tallyOf(20_010);
    const refused = Array.from(
      { length: 20_010 },
      (_, place) => refusedAt(place, 29, `order ${place}`).refused,
    );
    tally.apply({ ...nothing, refused: refused.flat() });
    expect(tally.groups[0]?.at(5).message).toBe("order 5");
    expect(tally.groups[0]?.at(20_009).message).toBe("(one of too many different messages)");
    expect(tally.counts()).toMatchObject({ refused: 20_010 });
  });
});

it("the record of a chunk has each reason once, without secrets, and cut to what a ledger can hold", () => {
  const message = `no such order, key-12345 ${"x".repeat(5_000)}`;
  const chunk: BulkChunk = {
    ...{ type: "chunk", index: 0, proxyType: "IPv4", rentPeriodDays: 30, given: 5, duplicates: 0 },
    ...{ changed: ["4"], unconfirmed: [], unknown: [], notTried: [], unsent: [], assumedPeriod: [] },
    ...{ quantity: 1, ipAddressIds: [], answers: [], calls: 3 },
    refused: ["0", "1", "3"].map((orderId) => ({ orderId, code: 29, message, error: null })),
  };
  const redact = (text: string) => text.replaceAll("key-12345", "[redacted]");
  const record = recordOf(chunk, { group: 0, placeOf: Number, redact });
  expect(record).toMatchObject({ changed: [[4, 4]], quantity: 1, calls: 3 });
  expect(record.refused).toHaveLength(1);
  expect(record.refused[0]).toMatchObject({
    code: 29,
    places: [
      [0, 1],
      [3, 3],
    ],
  });
  expect(record.refused[0]?.message).toMatch(/^no such order, \[redacted\] x+$/);
  expect(record.refused[0]?.message).toHaveLength(500);
});
