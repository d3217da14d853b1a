import { expect, it } from "vitest";
import { canMeasureMemory, measureMemory } from "../../src/bulk/memory.mjs";

// `npm run bulk -- --memory` does the same with a million.
it.runIf(canMeasureMemory)(
  "100,000 orders take CLI and client less than 100 MB more than a few",
  async () => {
    const peaks = await measureMemory(100_000);
    for (const megabytes of Object.values(peaks)) {
      expect(Number.isNaN(megabytes)).toBe(false);
      expect(megabytes).toBeLessThan(100);
    }
  },
  240_000,
);
