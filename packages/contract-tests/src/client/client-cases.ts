import { badInputCases } from "./bad-input-cases.js";
import { brokenAnswerCases } from "./broken-answer-cases.js";
import type { ClientCase } from "./client-case.js";
import { httpCases } from "./http-cases.js";
import { lostAnswerCases } from "./lost-answer-cases.js";
import { refusalCases } from "./refusal-cases.js";
import { successCases } from "./success-cases.js";

/** Every case that a client is held to: what comes back, and what its caller must learn from it. */
export const clientCases: readonly ClientCase[] = [
  ...successCases,
  ...refusalCases,
  ...brokenAnswerCases,
  ...httpCases,
  ...lostAnswerCases,
  ...badInputCases,
];
