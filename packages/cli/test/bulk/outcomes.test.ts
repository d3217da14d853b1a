import type { BulkChunk } from "@auto-extend/client";
import { describe, expect, it } from "vitest";
import { applyRecord, type ChunkRecord, recordOf } from "../../src/bulk/chunk-record.js";
import { createOutcomes, createReasons } from "../../src/bulk/outcomes.js";

const refused = (message: string) => ({ name: "refused", code: 29, message }) as const;

describe("the outcomes of a group", () => {
  it("know each id by its place, and add up at any time", () => {
    const outcomes = createOutcomes(3, createReasons());
    outcomes.set(0, { name: "changed", code: null, message: "" });
    outcomes.set(2, refused("no"));
    expect([outcomes.at(0), outcomes.at(1), outcomes.at(2)]).toEqual([
      { name: "changed", code: null, message: "" },
      { name: "not-tried", code: null, message: "" },
      refused("no"),
    ]);
    expect(outcomes.counts()).toEqual({ changed: 1, refused: 1, unknown: 0, notTried: 1, duplicates: 0 });
    expect([0, 1, 2].map(outcomes.isSettled)).toEqual([true, false, true]);
    expect(outcomes.open()).toBe(1);
  });

  it("are open where a refusal may pass, and settled where the order is not there or its id is none", () => {
    const outcomes = createOutcomes(4, createReasons());
    for (const [place, code] of [2, 25, 29, null].entries()) {
      outcomes.set(place, { name: "refused", code, message: "" });
    }
    expect([0, 1, 2, 3].map(outcomes.isSettled)).toEqual([false, false, true, true]);
    expect(outcomes.open()).toBe(2);
    outcomes.set(1, { name: "changed", code: null, message: "" });
    expect(outcomes.open()).toBe(1);
  });

  it("keep unknown what is refused after it, unless there is no such order", () => {
    const outcomes = createOutcomes(2, createReasons());
    for (const place of [0, 1]) outcomes.set(place, { name: "unknown", code: null, message: "a timeout" });
    outcomes.set(0, { name: "refused", code: 25, message: "locked" });
    outcomes.set(1, refused("no"));
    expect(outcomes.at(0)).toMatchObject({ name: "unknown", message: expect.stringContaining("locked") });
    expect(outcomes.at(1)).toEqual(refused("no"));
  });

  it("keep unknown what was not tried again", () => {
    const outcomes = createOutcomes(1, createReasons());
    const unknown = { name: "unknown", code: null, message: "a timeout" } as const;
    outcomes.set(0, unknown);
    outcomes.set(0, { name: "not-tried", code: null, message: "" });
    expect(outcomes.at(0)).toEqual(unknown);
    outcomes.set(0, { name: "changed", code: null, message: "" });
    expect(outcomes.counts()).toMatchObject({ changed: 1, unknown: 0 });
  });

  it("keep many different messages, long ones cut, and then one for the rest: memory is bounded", () => {
    const outcomes = createOutcomes(20_010, createReasons());
    for (let place = 0; place < 20_010; place++)
      outcomes.set(place, refused(`order ${place} ${"x".repeat(2000)}`));
    expect(outcomes.at(5).message).toMatch(/^order 5 x+$/);
    expect(outcomes.at(5).message).toHaveLength(1000);
    expect(outcomes.at(20_009)).toEqual(refused("(one message of too many to keep them all)"));
    expect(outcomes.counts()).toMatchObject({ refused: 20_010 });
  });
});

describe("the record of a chunk", () => {
  const taken = ["1", "2", "1", "3"].map((orderId, place) => ({
    place: place < 2 ? place : place + 5,
    orderId,
  }));
  const told: BulkChunk = {
    type: "chunk",
    ...{ index: 0, proxyType: "IPv4", rentPeriodDays: 30, given: 4, duplicates: 1, quantity: 1, calls: 2 },
    changed: ["1"],
    unconfirmed: [],
    refused: [{ orderId: "2", code: 29, message: "no", error: null }],
    unknown: [],
    ...{ notTried: [], unsent: [], assumedPeriod: [] },
  };
  const record = recordOf(told, { group: 0, taken, redact: (text) => text });

  it("has orders of an answer that counts too few as unknown, and says so", () => {
    const finding = {
      part: "body",
      path: "quantity",
      level: "lawful",
      statement: "setAutoExtend/every-order-counts",
      message: "is 1, but 2 orders were requested",
    } as const;
    const unconfirmed = ["1", "3"].map((orderId) => ({ orderId, finding }));
    const chunk = { ...told, changed: [], unconfirmed };
    const message = "The answer's quantity is 1, but 2 orders were requested.";
    expect(recordOf(chunk, { group: 0, taken, redact: (text) => text })).toMatchObject({
      changed: [],
      unknown: [
        { place: 0, orderId: "1", code: null, message },
        { place: 8, orderId: "3", code: null, message },
      ],
    });
  });

  it("has ranges of places, and what is not told of is unknown", () => {
    expect(record).toMatchObject({
      places: [
        [0, 1],
        [7, 8],
      ],
      changed: ["1"],
      refused: [{ place: 1, orderId: "2", code: 29, message: "no" }],
      unknown: [{ place: 8, orderId: "3", code: null, message: "The run broke off." }],
      duplicates: [{ place: 7, orderId: "1" }],
    });
    const outcomes = createOutcomes(9, createReasons());
    expect(applyRecord(record, outcomes)).toBe(true);
    expect(outcomes.counts()).toEqual({ changed: 1, refused: 1, unknown: 1, notTried: 5, duplicates: 1 });
  });

  it.each<[string, Partial<ChunkRecord>]>([
    ["it is about places that there are not", { places: [[8, 11]] }],
    ["its ranges run backwards", { places: [[3, 0]] }],
    ["it has more ids than places", { changed: ["1", "9"] }],
  ])("changes nothing where %s", (_, wrong) => {
    const outcomes = createOutcomes(9, createReasons());
    expect(applyRecord({ ...record, ...wrong }, outcomes)).toBe(false);
    expect(outcomes.counts()).toMatchObject({ notTried: 9 });
  });
});
