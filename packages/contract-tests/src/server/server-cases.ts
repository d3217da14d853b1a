import { setAutoExtend } from "@auto-extend/core";
import type { ServerCase } from "./server-case.js";
import { harmlessRequest, setAutoExtendCases } from "./set-auto-extend-cases.js";
import { transportCases } from "./transport-cases.js";

/** Every case that a server is held to: the successes, the rules, the transport errors. */
export const serverCases: readonly ServerCase[] = [
  ...setAutoExtendCases,
  ...transportCases(setAutoExtend, harmlessRequest),
];
