import { type Issue, type ProxyType, proxyTypes } from "@auto-extend/core";
import type { JsonObject } from "./answer.js";
import { type KnownOrders, type ServerCase, serverCase } from "./case.js";
import type { Envelope } from "./expectations.js";
import { ofEachType, statementsOf, successStep, typeStatementsOf } from "./steps.js";

/** An operation that switches auto-extend of what it names. */
export interface SwitchSubject {
  readonly envelope: Envelope;
  /** The field that names what is switched. */
  readonly ids: "orderIds" | "ipAddressIds";
  /** What it names, for people. */
  readonly named: string;
  /** What must be learned of orders before it can be named; see {@link ServerCase}. */
  readonly learns?: ServerCase["learns"];
  /** A request that succeeds and switches something of a proxy type off; `undefined` where there is nothing of it. */
  readonly offRequest: (orders: KnownOrders, type: ProxyType) => JsonObject | undefined;
}

/** For each proxy type that has something to switch, the request that switches it off. */
export function offRequests({ offRequest }: SwitchSubject, orders: KnownOrders): JsonObject[] {
  return ofEachType((type) => offRequest(orders, type));
}

/** One case for each proxy type: on, and off again. */
export function switchSuccessCases(subject: SwitchSubject): ServerCase[] {
  const { envelope, named } = subject;
  const { operation } = envelope;
  return proxyTypes.map((type) =>
    serverCase({
      id: `${operation.id}/success/${type}`,
      title: `switches ${named}s of ${type} on, and off again`,
      statements: [
        ...typeStatementsOf(operation),
        ...statementsOf(operation, "success", "quantity", "status", "off"),
      ],
      ...common(subject),
      needs: `an order of ${type}`,
      steps(orders) {
        const off = subject.offRequest(orders, type);
        const claim = `${operation.id}/off`;
        return (
          off && [successStep(envelope, { ...off, autoExtend: true }), successStep(envelope, off, { claim })]
        );
      },
    }),
  );
}

/** That what is listed twice counts once. */
export function duplicatesCase(subject: SwitchSubject): ServerCase {
  const { envelope, ids, named } = subject;
  const { operation } = envelope;
  return serverCase({
    id: `${operation.id}/duplicates`,
    title: `counts an ${named} once that is listed twice`,
    statements: statementsOf(operation, "duplicates", "success", "status"),
    ...common(subject),
    needs: "an order",
    steps(orders) {
      const [once] = offRequests(subject, orders);
      if (!once) return undefined;
      const listed = once[ids] as string[];
      return [
        successStep(envelope, once),
        successStep(
          envelope,
          { ...once, [ids]: [...listed, ...listed] },
          { claim: `${operation.id}/duplicates`, compare: sameIpAddresses },
        ),
      ];
    },
  });
}

/** What all cases that switch something have in common. */
function common({ learns }: SwitchSubject): Pick<ServerCase, "safety" | "learns"> {
  return { safety: "changes", ...(learns ? { learns } : {}) };
}

/** The success must be about the IP addresses of the earlier ones together: as many, and the same where listed. */
export function sameIpAddresses(answer: JsonObject, earlier: readonly JsonObject[]): Issue[] {
  const quantity = earlier.reduce((sum, part) => sum + Number(part.quantity), 0);
  if (answer.quantity !== quantity) {
    return [{ path: "quantity", message: `${quantity}, as in the requests before` }];
  }
  const wanted = earlier.flatMap(listedIpAddressIds).sort();
  const listed = listedIpAddressIds(answer).sort();
  if (listed.join() === wanted.join()) return [];
  return [
    { path: "ipAddressIds", message: `${JSON.stringify(wanted)} in any order, as in the requests before` },
  ];
}

/** The ids of the IP addresses that an answer lists; none where it lists none. */
export function listedIpAddressIds(answer: JsonObject): unknown[] {
  return Array.isArray(answer.ipAddressIds) ? [...answer.ipAddressIds] : [];
}
