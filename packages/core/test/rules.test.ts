import {
  catalogued,
  impossibleOrderId,
  operations,
  proxyTypes,
  setAutoExtend,
  weakerGrade,
} from "@auto-extend/core";
import { describe, expect, it } from "vitest";

const valid = setAutoExtend.examples.byType.IPv4.request;
const other = setAutoExtend.examples.byType.IPv6.request;

const probes = operations.flatMap(({ rules }) =>
  rules.flatMap((rule) => rule.probes.map((probe) => ({ rule, probe, name: `${rule.name}/${probe.id}` }))),
);

describe("the rules", () => {
  it("are tried in the order API key, proxy type, order ids, rental period, autoExtend", () => {
    expect(setAutoExtend.rules.map(({ name, code }) => [name, code])).toEqual([
      ["api-key", 2],
      ["proxy-type", 4],
      ["order-ids", 29],
      ["rental-period", 11],
      ["auto-extend", 35],
    ]);
  });

  it("are no surer than the error code they answer with", () => {
    for (const { code, grade } of setAutoExtend.rules) {
      expect(weakerGrade(grade, catalogued(code).grade)).toBe(grade);
    }
  });
});

describe("the probes", () => {
  it("have names of their own", () => {
    const names = probes.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(probes)(
    "$name differs from the request that it is made from, and leaves that as it is",
    ({ probe }) => {
      const before = structuredClone(valid);
      expect(probe.body(valid, other)).not.toEqual(valid);
      expect(valid).toEqual(before);
    },
  );

  it.each(probes.filter(({ probe }) => !probe.needsOrders))(
    "$name names nothing that a server can act on",
    ({ probe }) => {
      const body = probe.body(valid, other);
      const { proxyType, orderIds } = { ...(body as Record<string, unknown>) };
      const typeExists = proxyTypes.some((type) => type === proxyType);
      const existing = [orderIds].flat().filter((id) => id === valid.orderIds[0] || id === other.orderIds[0]);
      expect(typeExists && existing.length > 0, JSON.stringify(body)).toBe(false);
    },
  );

  it("lean on statements that there are, and that are no surer than their rule", () => {
    const statements = new Map(setAutoExtend.statements.map(({ id, grade }) => [id as string, grade]));
    const leaning = probes.filter(({ probe }) => probe.leansOn !== undefined);
    expect(leaning.length).toBeGreaterThan(0);
    for (const { rule, probe } of leaning) {
      const grade = statements.get(probe.leansOn ?? "");
      expect(grade && weakerGrade(rule.grade, grade), probe.id).toBe(grade);
    }
  });

  it("include one that names an order that does not exist, and nothing else is wrong with it", () => {
    const unknown = probes.find(({ name }) => name === "order-ids/unknown")?.probe.body(valid, other);
    expect(unknown).toEqual({ ...valid, orderIds: [impossibleOrderId] });
  });
});
