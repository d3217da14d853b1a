import { memberConfig } from "../../vitest.shared.ts";

export default memberConfig({
  // As the programs run that are measured.
  built: true,
  test: {
    // Most of these tests wait for programs that wait for each other.
    maxWorkers: 2,
  },
});
