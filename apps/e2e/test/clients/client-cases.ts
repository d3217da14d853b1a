import { operations } from "@auto-extend/core";
import type { ClientCase } from "./case.js";
import { operationCases, specialCases } from "./operation-cases.js";
import { switchCases } from "./switch-cases.js";

export const clientCases: readonly ClientCase[] = [
  ...operations.flatMap(operationCases),
  ...switchCases,
  ...specialCases,
];
