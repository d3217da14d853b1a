import { type Operation, type Probe, proxyTypes, type Rule } from "@auto-extend/core";
import { isJsonObject, type JsonObject } from "./answer.js";
import { type Envelope, expectFailure } from "./envelope.js";
import { type Orders, type ServerCase, type StepRequest, serverCase } from "./server-case.js";

/** What the cases of an operation's rules are made with. */
export interface RuleSubject {
  readonly operation: Operation;
  readonly envelope: Envelope;
  /** The valid requests, one for each proxy type that has orders. */
  readonly requests: (orders: Orders) => JsonObject[];
  /** Valid requests of two proxy types, with orders that need not exist. */
  readonly anyRequests: readonly [JsonObject, JsonObject];
}

/** One case for each probe of each rule of an operation. */
export function ruleCases(subject: RuleSubject): ServerCase[] {
  return subject.operation.rules.flatMap((rule) =>
    rule.probes.map((probe) => probeCase(subject, rule, probe)),
  );
}

/** The JSON request that an operation takes. */
export function jsonRequest(operation: Operation, body: unknown): StepRequest {
  return {
    method: operation.method,
    path: operation.path,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
}

function probeCase(subject: RuleSubject, rule: Rule, probe: Probe): ServerCase {
  const { operation, envelope } = subject;
  const { leansOn = rule.id } = probe;
  const needs = probe.needsOtherType ? "orders of two proxy types" : "an order";
  return serverCase({
    id: `${rule.id}/${probe.id}`,
    title: `refuses ${probe.title}`,
    statements: [...new Set([leansOn, rule.id]), `${operation.id}/status`, `${operation.id}/failure`],
    safety: isHarmless(probe.body(...subject.anyRequests)) ? "harmless" : "refused",
    ...(probe.needsOrders ? { needs } : {}),
    steps(orders) {
      const [valid, other] = probe.needsOrders ? subject.requests(orders) : subject.anyRequests;
      if (!valid || (probe.needsOtherType && !other)) return undefined;
      const unknownAccount = probe.apiKey !== undefined;
      return [
        {
          send: {
            ...jsonRequest(operation, probe.body(valid, other ?? {})),
            ...(probe.apiKey === undefined ? {} : { apiKey: probe.apiKey }),
          },
          expect: expectFailure(envelope, rule, {
            unknownAccount,
            // What the probe stands for is what another answer disproves.
            claims: [leansOn],
          }),
        },
      ];
    },
  });
}

/** A body is harmless if it names no proxy type that exists: the rules' probes give such a body no real order either. */
function isHarmless(body: unknown): boolean {
  return !isJsonObject(body) || !proxyTypes.some((type) => type === body.proxyType);
}
