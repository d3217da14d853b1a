import { memberConfig } from "../../vitest.shared.ts";

export default memberConfig();
