import { memberConfig } from "../../vitest.shared.ts";

export default memberConfig({ floor: 95, covered: ["src/engine/**/*.ts"] });
