import { getRentPeriods, type Issue, type ProxyType, proxyTypes } from "@auto-extend/core";
import type { KnownOrder, ServerCase } from "../case.js";
import type { JsonObject } from "../expectations.js";
import { ruleCases } from "../rule-cases.js";
import { caseOf, successStep, typeStatementsOf } from "../steps.js";

export const getRentPeriodsCases: readonly ServerCase[] = [
  ...proxyTypes.map(successCase),
  ...ruleCases({
    operation: getRentPeriods,
    anyRequest: { proxyType: "IPv4" },
  }),
];

function successCase(type: ProxyType): ServerCase {
  return caseOf(getRentPeriods, {
    name: `success/${type}`,
    title: `returns the rental periods of ${type}, including one for which the server prices orders`,
    about: ["success", "status"],
    also: typeStatementsOf(getRentPeriods),
    learns: "orders",
    steps(orders) {
      const compare = (answer: JsonObject) => missingPeriod(answer, type, orders);
      return [successStep(getRentPeriods, { proxyType: type }, { claim: "getRentPeriods/success", compare })];
    },
  });
}

/** A rental period for which the server prices an order is one that it sells. */
function missingPeriod(answer: JsonObject, type: ProxyType, orders: readonly KnownOrder[]): Issue[] {
  const order = orders.find(({ proxyType, isPriced }) => isPriced && proxyType === type);
  if (!order || (answer.rentPeriodDays as unknown[]).includes(order.rentPeriodDays)) return [];
  const message = `must include ${order.rentPeriodDays}, because the server prices orders for that period`;
  return [{ path: "rentPeriodDays", message }];
}
