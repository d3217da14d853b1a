import { operations } from "./contract/operations.js";
import { transportErrors } from "./contract/transport-errors.js";
import { errorCodes } from "./error-codes.js";
import type { Statement } from "./evidence.js";
import { proxyTypeInfo } from "./proxy-types.js";
import { renewalStatements } from "./renewals/settings.js";

/** Everything the contract claims of the provider, each with its id, grade and source: what a server can contradict. */
export function allStatements(): Statement[] {
  return [
    ...operations.flatMap((operation) => [...operation.statements, ...operation.rules]),
    ...errorCodes,
    ...renewalStatements,
    ...Object.values(transportErrors),
    ...Object.values(proxyTypeInfo).map(({ wire, rentPeriods }) => ({
      id: `rent-periods/${wire}`,
      claim: `The provider sells ${rentPeriods.days.join(", ")} days for ${wire}.`,
      grade: rentPeriods.grade,
      source: rentPeriods.source,
    })),
  ].map(({ id, claim, grade, source }) => ({ id, claim, grade, source }));
}
