import {
  type Example,
  type OperationRequest,
  operations,
  type ProxyType,
  proxyTypes,
  type Rule,
  requireErrorCode,
  type Statement,
  specOf,
  weakerGrade,
} from "@auto-extend/core";
import { describe, expect, it } from "vitest";

/** For each operation, a request that would succeed and one of another proxy type. */
const requests: Record<string, { valid: OperationRequest; other: OperationRequest }> = Object.fromEntries(
  operations.map((operation) => {
    const { id } = operation;
    const { examples } = specOf(operation);
    const named = examples.requests as Readonly<Record<string, Example | undefined>>;
    // What has no requests of two types takes any.
    const [any] = Object.values<Example>(examples.requests);
    const requestOf = (type: ProxyType) => (named[type] ?? any)?.request as OperationRequest;
    return [id, { valid: requestOf("IPv4"), other: requestOf("IPv6") }];
  }),
);

const all = operations.flatMap(({ id }) =>
  (specOf({ id }).rules as readonly Rule[]).flatMap((rule) =>
    rule.probes.map((probe) => {
      const { valid, other } = requests[id] as { valid: OperationRequest; other: OperationRequest };
      return {
        rule,
        probe,
        statements: specOf({ id }).statements as readonly Statement[],
        valid,
        other,
        name: `${rule.id}/${probe.id}`,
      };
    }),
  ),
);

describe("the rules", () => {
  it("are tried in the order API key, proxy type, what is named, rental period, autoExtend", () => {
    const order = operations.map(({ id }) => [
      id,
      specOf({ id }).rules.map(({ name, code }) => `${name} ${code}`),
    ]);
    expect(Object.fromEntries(order)).toEqual({
      setAutoExtend: ["api-key 2", "proxy-type 4", "order-ids 29", "rental-period 11", "auto-extend 35"],
      setAutoExtendByIpAddress: [
        "api-key 2",
        "proxy-type 4",
        "ip-addresses 24",
        "whole-orders 28",
        "rental-period 11",
        "auto-extend 35",
      ],
      listIpAddresses: ["api-key 2", "proxy-type 4"],
      priceExtension: ["api-key 2", "proxy-type 4", "order-ids 29", "rental-period 11"],
      priceExtensionByIpAddress: ["api-key 2", "proxy-type 4", "ip-addresses 24", "rental-period 11"],
      getRentPeriods: ["api-key 2", "proxy-type 4"],
      getBalance: ["api-key 2"],
    });
  });

  it("are no surer than the error code they answer with", () => {
    for (const { code, grade } of operations.flatMap(
      (operation): readonly Rule[] => specOf(operation).rules,
    )) {
      expect(weakerGrade(grade, requireErrorCode(code).grade)).toBe(grade);
    }
  });
});

describe("the probes", () => {
  it("have names of their own, and each rule has one", () => {
    const names = all.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const rules = operations.flatMap((operation): readonly Rule[] => specOf(operation).rules);
    expect(new Set(all.map(({ rule }) => rule.id)).size).toBe(rules.length);
  });

  it.each(all.filter(({ probe }) => probe.apiKey === undefined && !probe.needsSeveralAddresses))(
    "$name differs from the request that it is made from, and leaves that as it is",
    ({ probe, valid, other }) => {
      const before = structuredClone(valid);
      expect(probe.request(valid, other)).not.toEqual(valid);
      expect(valid).toEqual(before);
    },
  );

  it.each(all.filter(({ probe }) => !probe.needsOrders))(
    "$name names nothing that a server can act on",
    ({ probe, valid, other }) => {
      const sent = probe.request(valid, other);
      const { proxyType, orderIds, ipAddressIds } = { ...(sent as OperationRequest) };
      const typeExists = proxyTypes.some((type) => type === proxyType);
      const there = [valid, other].flatMap((request) => [request.orderIds, request.ipAddressIds].flat());
      const existing = [orderIds, ipAddressIds].flat().filter((id) => id !== undefined && there.includes(id));
      expect(typeExists && existing.length > 0, JSON.stringify(sent)).toBe(false);
    },
  );

  it("lean on statements that there are, and that are no surer than their rule", () => {
    const leaning = all.filter(({ probe }) => probe.dependsOn !== undefined);
    expect(leaning.length).toBeGreaterThan(0);
    for (const { rule, probe, statements } of leaning) {
      const grade = statements.find(({ id }) => id === probe.dependsOn)?.grade;
      expect(grade && weakerGrade(rule.grade, grade), probe.id).toBe(grade);
    }
  });
});
