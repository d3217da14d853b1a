import { memberConfig } from "../../vitest.shared.ts";

export default memberConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // These run longest, and at the end alone: then both halves of a small machine should be at work.
    maxWorkers: "100%",
    projects: [
      { extends: true, test: { name: "workspace", exclude: ["test/packed/**"] } },
      {
        extends: true,
        // The setup takes long, and only these tests need it. Most of their work is done by one compiler or program at a
        // time, so two files at once suit a machine of two processors.
        test: {
          name: "packed",
          exclude: ["test/!(packed)/**"],
          globalSetup: "test/packed/setup.ts",
          // A full type check by an old TypeScript takes a minute on a machine that is busy with other tests.
          testTimeout: 180_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
