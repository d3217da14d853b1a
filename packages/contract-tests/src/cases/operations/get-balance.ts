import { getBalance } from "@auto-extend/core";
import { type ServerCase, serverCase } from "../case.js";
import { ruleCases } from "../rule-cases.js";
import { statementsOf, successStep } from "../steps.js";

/** The cases of {@link getBalance}. */
export const getBalanceCases: readonly ServerCase[] = [
  serverCase({
    id: "getBalance/success",
    title: "returns the balance and its currency",
    statements: statementsOf(getBalance, "success", "status"),
    safety: "harmless",
    steps: () => [successStep(getBalance, {})],
  }),
  ...ruleCases({ operation: getBalance, anyRequests: [{}, {}] }),
];
