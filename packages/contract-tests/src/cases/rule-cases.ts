import { type Probe, proxyTypes, type Rule, specOf } from "@auto-extend/core";
import { isJsonObject, type JsonObject } from "./answer.js";
import { type KnownOrders, type ServerCase, serverCase } from "./case.js";
import { type Envelope, expectFailure } from "./expectations.js";
import { requestOf } from "./request.js";

/** What the cases of an operation's rules are made with. */
export interface RuleSubject {
  readonly envelope: Envelope;
  /** The valid requests, one for each proxy type that has what they need, where the operation names orders. */
  readonly requests?: (orders: KnownOrders) => JsonObject[];
  /** Valid requests of two proxy types, with orders that need not exist. */
  readonly anyRequests: readonly [JsonObject, JsonObject];
  /** A valid request with all IP addresses of an IPv6 order of several, where the operation takes those. */
  readonly severalAddresses?: (orders: KnownOrders) => JsonObject | undefined;
  /** What must be learned of orders before they can be named; see {@link ServerCase}. */
  readonly learns?: ServerCase["learns"];
}

/** One case for each probe of each rule of an operation. */
export function ruleCases(subject: RuleSubject): ServerCase[] {
  return specOf(subject.envelope.operation).rules.flatMap((rule) =>
    rule.probes.map((probe) => probeCase(subject, rule, probe)),
  );
}

function probeCase(subject: RuleSubject, rule: Rule, probe: Probe): ServerCase {
  const { envelope, anyRequests, learns } = subject;
  const { operation } = envelope;
  const { dependsOn = rule.id } = probe;
  return serverCase({
    id: `${rule.id}/${probe.id}`,
    title: `refuses ${probe.title}`,
    statements: [...new Set([dependsOn, rule.id]), `${operation.id}/status`, `${operation.id}/failure`],
    safety: isHarmless(subject, probe) ? "harmless" : "refused",
    ...(probe.needsOrders ? { needs: needsOf(probe) } : {}),
    ...(probe.needsOrders && learns ? { learns } : {}),
    steps(orders) {
      const [valid, other] = probe.needsOrders ? validRequests(subject, probe, orders) : anyRequests;
      if (!valid || (probe.needsOtherType && !other)) return undefined;
      const unknownAccount = probe.apiKey !== undefined;
      return [
        {
          send: {
            ...requestOf(operation, probe.request(valid, other ?? {})),
            ...(probe.apiKey === undefined ? {} : { apiKey: probe.apiKey }),
          },
          expect: expectFailure(envelope, rule, {
            unknownAccount,
            // What the probe stands for is what another answer disproves.
            claims: [dependsOn],
          }),
        },
      ];
    },
  });
}

function needsOf(probe: Probe): string {
  if (probe.needsSeveralAddresses) return "an IPv6 order with several IP addresses";
  return probe.needsOtherType ? "orders of two proxy types" : "an order";
}

function validRequests(
  { requests, severalAddresses }: RuleSubject,
  probe: Probe,
  orders: KnownOrders,
): (JsonObject | undefined)[] {
  return probe.needsSeveralAddresses ? [severalAddresses?.(orders)] : (requests?.(orders) ?? []);
}

/** Where the operation changes something, a request is harmless if it names no proxy type and nothing else that exists. */
function isHarmless({ envelope, anyRequests }: RuleSubject, probe: Probe): boolean {
  if (!envelope.operation.changes) return true;
  const request = probe.request(...anyRequests);
  const namesType = isJsonObject(request) && proxyTypes.some((type) => type === request.proxyType);
  return !namesType && !probe.needsOrders;
}
