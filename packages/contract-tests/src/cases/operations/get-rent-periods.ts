import { getRentPeriods, type Issue, type ProxyType, proxyTypes } from "@auto-extend/core";
import type { JsonObject } from "../answer.js";
import { type KnownOrdersOfType, type ServerCase, serverCase } from "../case.js";
import type { Envelope } from "../expectations.js";
import { ruleCases } from "../rule-cases.js";
import { statementsOf, successStep, typeStatementsOf } from "../steps.js";

const envelope: Envelope = {
  operation: getRentPeriods,
  lawful: getRentPeriods.lawful,
  check: getRentPeriods.check,
};

/** What a server of {@link getRentPeriods} must do. */
export const getRentPeriodsCases: readonly ServerCase[] = [
  ...proxyTypes.map(successCase),
  ...ruleCases({
    envelope,
    anyRequests: [{ proxyType: "IPv4" }, { proxyType: "IPv6" }],
  }),
];

function successCase(type: ProxyType): ServerCase {
  return serverCase({
    id: `getRentPeriods/success/${type}`,
    title: `tells the rental periods of ${type}, with those that it has taken`,
    statements: [...typeStatementsOf(getRentPeriods), ...statementsOf(getRentPeriods, "success", "status")],
    safety: "harmless",
    learns: "orders",
    steps: (orders) => [
      successStep(
        envelope,
        { proxyType: type },
        { claim: "getRentPeriods/success", compare: (answer) => missingPeriod(answer, orders[type]) },
      ),
    ],
  });
}

/** A rental period with which the server took an order is one that it sells. */
function missingPeriod(answer: JsonObject, ofType: KnownOrdersOfType | undefined): Issue[] {
  const { rentPeriodDays, ipAddressIds = {} } = ofType ?? {};
  const isTaken = Object.keys(ipAddressIds).length > 0;
  if (!isTaken || (answer.rentPeriodDays as unknown[]).includes(rentPeriodDays)) return [];
  return [
    { path: "rentPeriodDays", message: `${rentPeriodDays} among them, for an order was taken with that` },
  ];
}
