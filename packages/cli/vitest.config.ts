import { memberConfig } from "../../vitest.shared.ts";

// Some calls here are repeated with the pauses that a user would wait.
export default memberConfig({ test: { testTimeout: 20_000 } });
