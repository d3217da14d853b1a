import { checkAutoExtendAnswer, proxyTypes, setAutoExtend } from "@auto-extend/core";
import { expect, it } from "vitest";
import { fc } from "../support/fuzz.js";

const { emits, accepts } = setAutoExtend;

const id = fc.string({ minLength: 1 });
const money = fc.double({ noNaN: true, noDefaultInfinity: true });
const error = fc.record({ code: fc.integer(), message: fc.string({ minLength: 1 }) });

const emittedSuccess = fc
  .record({
    proxyType: fc.constantFrom(...proxyTypes),
    rentPeriodDays: fc.integer({ min: 1 }),
    ipAddressIds: fc.array(id),
    balance: money,
    currency: id,
  })
  .map((fields) => ({
    ...fields,
    success: true as const,
    quantity: fields.ipAddressIds.length,
    error: null,
  }));

const emittedFailure = fc
  .record({ balance: fc.option(money), currency: fc.option(id), error })
  .map((fields) => ({ ...setAutoExtend.examples.failure, ...fields, ipAddressIds: [] }));

it("accepts every success that is emitted, as it is", () => {
  fc.assert(
    fc.property(emittedSuccess, (answer) => {
      expect(emits.success.parse(answer)).toEqual(answer);
      expect(accepts.success.parse(answer)).toEqual(answer);
      expect(checkAutoExtendAnswer(answer, answer)).toEqual([]);
    }),
  );
});

it("accepts every failure that is emitted, as it is", () => {
  fc.assert(
    fc.property(emittedFailure, (answer) => {
      expect(emits.failure.parse(answer)).toEqual(answer);
      expect(accepts.failure.parse(answer)).toEqual(answer);
      expect(checkAutoExtendAnswer({}, answer)).toEqual([]);
    }),
  );
});

it("accepts the newer shape of every success, with fields that nobody knows yet", () => {
  const known = new Set([...Object.keys(accepts.success.shape), "__proto__"]);
  const more = fc.dictionary(
    fc.string().filter((name) => !known.has(name)),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(emittedSuccess, fc.uniqueArray(id), more, (emitted, orderIds, unknown) => {
      const { ipAddressIds: _, ...rest } = emitted;
      const newer = { ...unknown, ...rest, orderIds };
      expect(accepts.success.parse(newer)).toEqual(newer);
      expect(checkAutoExtendAnswer({ ...emitted, orderIds }, newer)).toEqual([]);
    }),
  );
});

it("takes no success for a failure, and no failure for a success", () => {
  fc.assert(
    fc.property(emittedSuccess, emittedFailure, (success, failure) => {
      expect(accepts.failure.safeParse(success).success).toBe(false);
      expect(accepts.success.safeParse(failure).success).toBe(false);
    }),
  );
});
