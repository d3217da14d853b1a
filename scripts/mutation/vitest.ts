import { fileURLToPath } from "node:url";
import type { ViteUserConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { skipped } from "./skipped.ts";

/** Settings for the many short runs of Stryker, which reads their results itself; none outside of it. */
export function mutationSettings(): NonNullable<ViteUserConfig["test"]> {
  if (process.env.STRYKER_MUTATOR_WORKER === undefined) return {};
  return {
    reporters: [{}],
    typecheck: { enabled: false },
    exclude: skipped.files,
    setupFiles: [fileURLToPath(new URL("setup.ts", import.meta.url))],
    sequence: { sequencer: QuickestFirst },
  };
}

/** A run ends at the first failure, so the tests that take long come last. */
class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).reverse();
  }
}
