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
        // What is set up here takes long, and only these tests need it.
        test: { name: "packed", exclude: ["test/!(packed)/**"], globalSetup: "test/packed/setup.ts" },
      },
    ],
  },
});
