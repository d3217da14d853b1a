import { memberConfig } from "../../vitest.shared.ts";

export default memberConfig({
  floor: 95,
  test: { typecheck: { enabled: true, tsconfig: "tsconfig.test-d.json" } },
});
