import { type Operation, type Probe, proxyTypes, type Rule, specOf } from "@auto-extend/core";
import { gradeOf, type KnownOrder, type ServerCase, serverCase } from "./case.js";
import { expectFailure, type JsonObject } from "./expectations.js";
import { requestOf, statementsOf } from "./steps.js";

export interface RuleSubject {
  readonly operation: Operation;
  /** Valid requests, one for each proxy type that has orders, if the operation names orders or IP addresses. */
  readonly requests?: (orders: readonly KnownOrder[]) => JsonObject[];
  /** Valid requests of two proxy types, whose orders need not exist. */
  readonly anyRequests: readonly [JsonObject, JsonObject];
  /** A valid request with all IP addresses of an IPv6 order that has several. */
  readonly severalAddresses?: (orders: readonly KnownOrder[]) => JsonObject | undefined;
  readonly learns?: ServerCase["learns"];
}

export function ruleCases(subject: RuleSubject): ServerCase[] {
  return specOf(subject.operation).rules.flatMap((rule) =>
    rule.probes.map((probe) => probeCase(subject, rule, probe)),
  );
}

function probeCase(subject: RuleSubject, rule: Rule, probe: Probe): ServerCase {
  const { operation, anyRequests, learns } = subject;
  const { dependsOn = rule.id } = probe;
  const safety = isHarmless(subject, probe) ? "harmless" : "refused";
  const leaves = { change: null, claims: refusalClaims(operation, dependsOn) };
  return serverCase({
    id: `${rule.id}/${probe.id}`,
    title: `refuses ${probe.title}`,
    statements: [
      ...new Set([
        ...[dependsOn, rule.id, ...statementsOf(operation, "status", "failure")],
        // A probe with a stronger grade would lose it.
        ...(safety === "refused" && gradeOf(dependsOn) === "assumed" ? leaves.claims : []),
      ]),
    ],
    safety,
    ...(probe.needsOrders && { needs: needsOf(probe) }),
    ...(probe.needsOrders && learns && { learns }),
    steps(orders) {
      const [valid, other] = probe.needsOrders ? validRequests(subject, probe, orders) : anyRequests;
      if (!valid || (probe.needsOtherType && !other)) return undefined;
      const send = requestOf(operation, probe.request(valid, other ?? {}));
      return [
        {
          send: { ...send, ...(probe.apiKey !== undefined && { apiKey: probe.apiKey }) },
          // Another answer contradicts what the probe depends on.
          expect: expectFailure(rule, { claims: [dependsOn], unknownAccount: probe.apiKey !== undefined }),
          ...(safety === "refused" && { leaves }),
        },
      ];
    },
  });
}

/** The statements that a refused call contradicts if it switches something anyway. */
function refusalClaims(operation: Operation, dependsOn: string): string[] {
  const [allOrNothing] = statementsOf(operation, "all-or-nothing");
  return dependsOn === allOrNothing ? [dependsOn] : statementsOf(operation, "refusal-changes-nothing");
}

function needsOf(probe: Probe): string {
  if (probe.needsSeveralAddresses) return "an IPv6 order with several IP addresses";
  return probe.needsOtherType ? "orders of two proxy types" : "an order";
}

function validRequests(
  { requests, severalAddresses }: RuleSubject,
  probe: Probe,
  orders: readonly KnownOrder[],
): (JsonObject | undefined)[] {
  return probe.needsSeveralAddresses ? [severalAddresses?.(orders)] : (requests?.(orders) ?? []);
}

/** A request of an operation that changes something is harmless if it names neither a proxy type nor anything else that exists. */
function isHarmless({ operation, anyRequests }: RuleSubject, probe: Probe): boolean {
  if (!operation.changes) return true;
  const request = probe.request(...anyRequests) as JsonObject | null;
  const namesType = proxyTypes.some((type) => type === request?.proxyType);
  return !namesType && !probe.needsOrders;
}
