import { getRentPeriods, type Issue, type ProxyType, proxyTypes } from "@auto-extend/core";
import { type KnownOrdersOfType, type ServerCase, serverCase } from "../case.js";
import type { JsonObject } from "../expectations.js";
import { ruleCases } from "../rule-cases.js";
import { statementsOf, successStep, typeStatementsOf } from "../steps.js";

/** The cases of {@link getRentPeriods}. */
export const getRentPeriodsCases: readonly ServerCase[] = [
  ...proxyTypes.map(successCase),
  ...ruleCases({
    operation: getRentPeriods,
    anyRequests: [{ proxyType: "IPv4" }, { proxyType: "IPv6" }],
  }),
];

function successCase(type: ProxyType): ServerCase {
  const claim = "getRentPeriods/success";
  return serverCase({
    id: `${claim}/${type}`,
    title: `returns the rental periods of ${type}, including one for which the server prices orders`,
    statements: [...typeStatementsOf(getRentPeriods), ...statementsOf(getRentPeriods, "success", "status")],
    safety: "harmless",
    learns: "orders",
    steps: (orders) => [
      successStep(
        getRentPeriods,
        { proxyType: type },
        { claim, compare: (answer) => missingPeriod(answer, orders[type]) },
      ),
    ],
  });
}

/** A rental period for which the server prices an order is one that it sells. */
function missingPeriod(answer: JsonObject, ofType: KnownOrdersOfType | undefined): Issue[] {
  const { rentPeriodDays, priced = [] } = ofType ?? {};
  if (priced.length === 0 || (answer.rentPeriodDays as unknown[]).includes(rentPeriodDays)) return [];
  const message = `must have ${rentPeriodDays} in it, because the server prices orders for that period`;
  return [{ path: "rentPeriodDays", message }];
}
