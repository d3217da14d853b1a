import { kindOf, operations, setAutoExtend, specOf } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { arbitraryOf } from "../support/arbitrary.js";
import { findingsOf } from "../support/check.js";
import { fc } from "../support/fuzz.js";

const sets = operations.flatMap((operation) => {
  const { id, lawful, accepts } = operation;
  const { emits } = specOf(operation);
  return (["success", "failure"] as const).map((kind) => ({
    id,
    kind,
    emits: emits[kind],
    lawful: lawful[kind],
    accepts: accepts[kind],
    otherKind: accepts[kind === "success" ? "failure" : "success"],
  }));
});

describe.each(sets)("a $kind of $id", ({ kind, emits, lawful, accepts, otherKind }) => {
  it("is lawful if it is emitted, and stays as it is", () => {
    fc.assert(
      fc.property(arbitraryOf(emits), (answer) => {
        expect(emits.parse(answer)).toEqual(answer);
        expect(lawful.parse(answer)).toEqual(answer);
      }),
    );
  });

  it("is accepted if it is lawful, with all of its unknown fields, and never taken for the other kind", () => {
    fc.assert(
      fc.property(arbitraryOf(lawful), (answer) => {
        expect(lawful.parse(answer)).toEqual(answer);
        expect(accepts.parse(answer)).toEqual(answer);
        expect(kindOf({ json: answer })).toBe(kind);
        expect(otherKind.safeParse(answer).success).toBe(false);
      }),
    );
  });
});

it("finds nothing wrong with the newer answer of a switch, which lists order IDs", () => {
  const newer = arbitraryOf(setAutoExtend.lawful.success.omit({ ipAddressIds: true }).passthrough());
  fc.assert(
    fc.property(newer, fc.uniqueArray(fc.string()), (answer, orderIds) => {
      const { proxyType, rentPeriodDays } = answer as Record<string, unknown>;
      const full = { ...(answer as object), quantity: orderIds.length, orderIds, ipAddressIds: undefined };
      const request = { proxyType, rentPeriodDays, orderIds };
      expect(findingsOf(setAutoExtend, request, full)).toEqual([]);
    }),
  );
});
