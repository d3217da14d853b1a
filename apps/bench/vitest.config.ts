import { memberConfig } from "../../vitest.shared.ts";

export default memberConfig({
  test: {
    // Most of these tests wait for programs that wait for each other.
    maxWorkers: 2,
  },
});
