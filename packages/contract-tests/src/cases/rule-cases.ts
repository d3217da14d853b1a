import { type Operation, type Probe, proxyTypes, type Rule, specOf } from "@auto-extend/core";
import { gradeOf, type KnownOrder, type ServerCase, type Step, serverCase } from "./case.js";
import { expectFailure, type JsonObject } from "./expectations.js";
import { leaving, requestOf, statementsOf } from "./steps.js";

export interface RuleSubject {
  readonly operation: Operation;
  /** Valid requests, one for each proxy type that has orders, if the operation names orders or IP addresses. */
  readonly requests?: (orders: readonly KnownOrder[]) => JsonObject[];
  /** A valid request whose orders need not exist. */
  readonly anyRequest: JsonObject;
  /** The same with all IP addresses of an IPv6 order that has several, if there is one. */
  readonly severalAddresses?: (orders: readonly KnownOrder[]) => JsonObject[];
  readonly learns?: ServerCase["learns"];
}

export function ruleCases(subject: RuleSubject): ServerCase[] {
  return specOf(subject.operation).rules.flatMap((rule) =>
    rule.probes.map((probe) => probeCase(subject, rule, probe)),
  );
}

function probeCase(subject: RuleSubject, rule: Rule, probe: Probe): ServerCase {
  const { operation, learns } = subject;
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
      const valid = validRequests(subject, probe, orders);
      if (valid.length === 0 || (probe.needsOtherType && valid.length === 1)) return undefined;
      const steps = valid.map((request, index): Step => {
        const other = valid[(index + 1) % valid.length] ?? request;
        const send = requestOf(operation, probe.request(request, other));
        return {
          send: { ...send, ...(probe.apiKey !== undefined && { apiKey: probe.apiKey }) },
          // Another answer contradicts what the probe depends on.
          expect: expectFailure(rule, { claims: [dependsOn], unknownAccount: probe.apiKey !== undefined }),
        };
      });
      return safety === "refused" ? leaving(leaves, steps) : steps;
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

/** One for each proxy type that has orders, if the probe needs any. Where nothing can change, that of one type is enough. */
function validRequests(
  { operation, requests, severalAddresses, anyRequest }: RuleSubject,
  probe: Probe,
  orders: readonly KnownOrder[],
): readonly JsonObject[] {
  if (!probe.needsOrders) return [anyRequest];
  const all = (probe.needsSeveralAddresses ? severalAddresses : requests)?.(orders) ?? [];
  return operation.changes || probe.needsOtherType ? all : all.slice(0, 1);
}

/** A request of an operation that changes something is harmless if it names neither a proxy type nor anything else that exists. */
function isHarmless({ operation, anyRequest }: RuleSubject, probe: Probe): boolean {
  if (!operation.changes) return true;
  const request = probe.request(anyRequest, anyRequest) as JsonObject | null;
  const namesType = proxyTypes.some((type) => type === request?.proxyType);
  return !namesType && !probe.needsOrders;
}
