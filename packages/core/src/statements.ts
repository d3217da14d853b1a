import { errorCodes } from "./contract/error-codes.js";
import type { Statement } from "./contract/evidence.js";
import { operations, specOf } from "./contract/operations/registry.js";
import { proxyTypeInfo } from "./contract/proxy-types.js";
import { transportErrors } from "./contract/transport-errors.js";
import { renewalStatements } from "./renewals/settings.js";

/** Everything that the contract claims of the provider, each with its id, grade and source. A server can contradict it. */
export function allStatements(): Statement[] {
  return [
    ...operations.flatMap((operation) => [...specOf(operation).statements, ...specOf(operation).rules]),
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
