import { memberConfig } from "../../vitest.shared.ts";

export default memberConfig({ test: { testTimeout: 30_000 } });
