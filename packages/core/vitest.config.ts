import { memberConfig } from "../../vitest.shared.ts";

export default memberConfig({
  floor: 95,
  test: { testTimeout: 30_000, typecheck: { enabled: true, tsconfig: "tsconfig.test-d.json" } },
});
