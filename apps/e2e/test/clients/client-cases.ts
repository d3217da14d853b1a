import { operations, setAutoExtend } from "@auto-extend/core";
import { badInputCases } from "./bad-input-cases.js";
import { brokenAnswerCases } from "./broken-answer-cases.js";
import type { ClientCase } from "./client-case.js";
import { companionCases } from "./companion-cases.js";
import { httpCases } from "./http-cases.js";
import { ipAddressListCases } from "./ip-address-list-cases.js";
import { lostAnswerCases } from "./lost-answer-cases.js";
import { operationCases } from "./operation-cases.js";
import { refusalCases } from "./refusal-cases.js";
import { successCases } from "./success-cases.js";

/** The operations beside the one that switches orders, which has cases of its own. */
const companions = operations.filter(({ id }) => id !== setAutoExtend.id);

/** Every case that a client is held to: what comes back, and what its caller must learn from it. */
export const clientCases: readonly ClientCase[] = [
  ...successCases,
  ...refusalCases,
  ...brokenAnswerCases,
  ...httpCases,
  ...lostAnswerCases,
  ...badInputCases,
  ...companions.flatMap(operationCases),
  ...companionCases,
  ...ipAddressListCases,
];
