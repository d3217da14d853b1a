import { getBalance } from "@auto-extend/core";
import type { ServerCase } from "../case.js";
import { ruleCases } from "../rule-cases.js";
import { caseOf, successStep } from "../steps.js";

export const getBalanceCases: readonly ServerCase[] = [
  caseOf(getBalance, {
    name: "success",
    title: "returns the balance and its currency",
    steps: () => [successStep(getBalance, {})],
  }),
  ...ruleCases({ operation: getBalance, anyRequest: {} }),
];
