import { describe, expect, it } from "vitest";
import { summarizeMemory } from "../../src/soak/soak.mjs";

/** Samples of a soak of 100 seconds, at a rate of answers per second. */
function samples(rate: number, megabytesAt: (second: number) => number) {
  return Array.from({ length: 100 }, (_, second) => ({
    answers: rate * second,
    rssMb: megabytesAt(second),
  }));
}

describe("the memory of a soak", () => {
  it("is flat if it grows during the warm-up only", () => {
    const summary = summarizeMemory(samples(5_000, (second) => Math.min(150, 100 + 5 * second)));
    expect(summary).toMatchObject({ first: 150, last: 150, isLongEnough: true, isFlat: true });
  });

  it("is not flat if it grows by more than a tenth and 16 MB afterwards", () => {
    const summary = summarizeMemory(samples(5_000, (second) => 100 + second));
    expect(summary).toMatchObject({ isLongEnough: true, isFlat: false, most: 199 });
  });

  it("is not judged before the mock has given enough answers", () => {
    const summary = summarizeMemory(samples(500, (second) => 100 + second));
    expect(summary).toMatchObject({ isLongEnough: false, isFlat: true });
  });
});
