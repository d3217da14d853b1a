import { getBalance } from "@auto-extend/core";
import { type ServerCase, serverCase } from "../case.js";
import type { Envelope } from "../expectations.js";
import { ruleCases } from "../rule-cases.js";
import { statementsOf, successStep } from "../steps.js";

/** What is lawful to answer to {@link getBalance}. */
export const balanceEnvelope: Envelope = {
  operation: getBalance,
  lawful: getBalance.lawful,
  check: getBalance.check,
};

/** What a server of {@link getBalance} must do. */
export const getBalanceCases: readonly ServerCase[] = [
  serverCase({
    id: "getBalance/success",
    title: "tells the balance and its currency",
    statements: statementsOf(getBalance, "success", "status"),
    safety: "harmless",
    steps: () => [successStep(balanceEnvelope, {})],
  }),
  ...ruleCases({ envelope: balanceEnvelope, anyRequests: [{}, {}] }),
];
