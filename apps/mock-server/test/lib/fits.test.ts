import { type Operation, operations, specOf } from "@auto-extend/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod/v3";
import { surelyAccepts } from "../../src/lib/fits.js";
import { ask, on, testEngine } from "../support/call.js";

const answersOf = (operation: Operation) => [operation.accepts, operation.lawful, specOf(operation).emits];
const schemas = operations.flatMap((operation: Operation) =>
  answersOf(operation).flatMap(({ success, failure }) => [success, failure]),
);

describe("the fast check of a schema", () => {
  it("never takes what the schema refuses", () => {
    const envelope = fc.record(
      {
        success: fc.boolean(),
        proxyType: fc.constantFrom("IPv4", "SOCKS", null),
        rentPeriodDays: fc.oneof(fc.constantFrom(0, 30, 0.5, -1), fc.constant([30])),
        quantity: fc.constantFrom(0, 1, 1.5, "1", Number.NaN),
        ipAddressIds: fc.array(fc.oneof(fc.string(), fc.integer()), { maxLength: 2 }),
        balance: fc.constantFrom(5, null, "5", Number.POSITIVE_INFINITY),
        currency: fc.constantFrom("USD", "", null),
        currencyCode: fc.constantFrom("USD", null),
        price: fc.constantFrom(1, -1),
        error: fc.oneof(
          fc.constant(null),
          fc.record({ code: fc.integer(), message: fc.string() }, { requiredKeys: [] }),
        ),
        extra: fc.anything(),
      },
      { requiredKeys: ["success"] },
    );
    fc.assert(
      fc.property(fc.constantFrom(...schemas), fc.oneof(envelope, fc.anything()), (schema, value) => {
        if (surelyAccepts(schema, value)) expect(schema.safeParse(value).success).toBe(true);
      }),
      { seed: 1, numRuns: 3_000 },
    );
  });

  it.each(operations)("decides the usual answers without parsing: $id", (operation) => {
    const { json } = ask(testEngine(), operation, {
      ...on,
      ipAddressIds: ["1111111111111111111"],
    });
    expect(json.success).toBe(true);
    expect(surelyAccepts(specOf(operation).emits.success, json)).toBe(true);
    const failure = ask(testEngine(), operation, {}, { apiKey: "unknown-api-key" }).json;
    for (const answers of answersOf(operation)) expect(surelyAccepts(answers.failure, failure)).toBe(true);
  });

  it("leaves unknown kinds of schemas to the schema", () => {
    for (const schema of [
      z.string().email(),
      z.number().multipleOf(2),
      z.union([z.string(), z.null()]),
      z.any(),
    ]) {
      expect(surelyAccepts(schema, "a@b.example")).toBe(false);
    }
    expect(surelyAccepts(z.object({ a: z.string() }).catchall(z.string()), { a: "b" })).toBe(false);
    expect(surelyAccepts(z.object({ a: z.string() }), { a: "b" })).toBe(false);
  });

  it.each<[string, z.ZodTypeAny, unknown[], unknown[]]>([
    ["a whole number in a range", z.number().int().min(1).max(3), [1, 3], [0, 4, 1.5, "1", Number.NaN]],
    ["a finite number", z.number().finite(), [0, -1e308], [Infinity, -Infinity, null]],
    ["any number", z.number(), [0.5, Infinity], ["0", undefined]],
    ["a text of a length", z.string().min(2), ["ab"], ["a", 22, null]],
    ["a text with a pattern", z.string().regex(/^a+$/), ["a", "aa"], ["", "ab", 1]],
    ["a switch", z.boolean(), [true, false], [0, "true", null]],
    ["null", z.null(), [null], [undefined, 0, ""]],
    ["one value", z.literal(0), [0], [false, "0", null]],
    ["one of several", z.enum(["a", "b"]), ["a", "b"], ["c", null, 0]],
    ["a value or null", z.string().nullable(), ["a", null], [undefined, 1]],
    ["a value or nothing", z.string().optional(), ["a", undefined], [null, 1]],
    [
      "a list of a size",
      z.array(z.string()).min(1).max(2),
      [["a"], ["a", "b"]],
      [[], ["a", "b", "c"], [1], "ab"],
    ],
    [
      "an object with no other fields",
      z.object({ a: z.string(), b: z.null().optional() }).strict(),
      [{ a: "1" }, { a: "1", b: null }],
      [{ a: "1", c: 1 }, { b: null }, { a: 1 }, null, ["1"], "a"],
    ],
    [
      "an object with others",
      z.object({ a: z.string() }).passthrough(),
      [{ a: "1", c: 1 }],
      [{ c: 1 }, null],
    ],
  ])("decides %s at once, as the schema does", (_title, schema, accepted, refused) => {
    for (const value of accepted) expect([value, surelyAccepts(schema, value)]).toEqual([value, true]);
    for (const value of refused) {
      expect([value, surelyAccepts(schema, value)]).toEqual([value, false]);
      expect(schema.safeParse(value).success).toBe(false);
    }
  });

  it("leaves a list of one exact length, and a pattern that remembers where it stopped, to the schema", () => {
    expect(surelyAccepts(z.array(z.string()).length(1), ["a"])).toBe(false);
    for (const flag of ["g", "y"]) {
      const schema = z.string().regex(new RegExp("a", flag));
      expect([surelyAccepts(schema, "a"), surelyAccepts(schema, "a")]).toEqual([false, false]);
    }
    expect(surelyAccepts(z.coerce.string(), "a")).toBe(false);
    expect(surelyAccepts(z.coerce.number(), 1)).toBe(false);
    expect(surelyAccepts(z.coerce.boolean(), true)).toBe(false);
  });

  it("refuses unknown fields of a strict object", () => {
    const schema = z.object({ a: z.string(), b: z.string().optional() }).strict();
    expect(surelyAccepts(schema, { a: "1" })).toBe(true);
    expect(surelyAccepts(schema, { a: "1", b: "2" })).toBe(true);
    expect(surelyAccepts(schema, { a: "1", c: "2" })).toBe(false);
    expect(surelyAccepts(schema, { b: "2" })).toBe(false);
  });
});
