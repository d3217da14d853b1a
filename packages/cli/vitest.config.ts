import { memberConfig } from "../../vitest.shared.ts";

export default memberConfig({ test: { testTimeout: 20_000, setupFiles: "test/support/setup.ts" } });
