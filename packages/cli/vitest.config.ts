import { memberConfig } from "../../vitest.shared.ts";

export default memberConfig({ test: { setupFiles: "test/support/setup.ts" } });
