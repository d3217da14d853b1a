import { allStatements, operations, type Rule, specOf, transportErrors } from "@auto-extend/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatServerReport, runServerCases, serverCases } from "../../src/index.js";
import { type ReferenceServer, startReferenceServer } from "../support/reference-server.js";

let server: ReferenceServer;

beforeAll(async () => {
  server = await startReferenceServer();
});

afterAll(() => server.close());

describe("serverCases", () => {
  it("all pass against a server that does what the contract says", async () => {
    const report = await runServerCases({ baseUrl: server.url, apiKey: "any-key" });
    expect(formatServerReport(report)).toMatch(new RegExp(`\n${serverCases.length} passed\n$`));
    expect(report).toMatchObject({ failed: 0, skipped: 0, contradicted: [], notRestored: [] });
    expect(report.cases.filter(({ unchecked }) => unchecked !== null)).toEqual([]);
    // Every order was switched.
    for (const order of ["11111", "22222", "33333", "44444", "55555", "66666"]) {
      expect(server.switched).toContain(`${order} on`);
      expect(server.switched).toContain(`${order} off`);
    }
  });

  it("speak of several IP addresses in the plural", () => {
    const titles = serverCases.map(({ title }) => title);
    expect(titles).toContain("switches IP addresses of IPv4 on and off");
    expect(titles).toContain("switches orders of IPv4 on and off");
  });

  it("have unique IDs", () => {
    const ids = serverCases.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("test every probe of every rule, every statement and every kind of transport error", () => {
    const ids = serverCases.map(({ id }) => id);
    const probes = operations
      .flatMap((operation): readonly Rule[] => specOf(operation).rules)
      .flatMap((rule) => rule.probes.map((probe) => `${rule.id}/${probe.id}`));
    expect(ids).toEqual(expect.arrayContaining(probes));
    const probed = new Set(serverCases.flatMap(({ statements }) => statements));
    expect([...probed]).toEqual(
      expect.arrayContaining([
        ...Object.values(transportErrors).map(({ id }) => id),
        ...operations.flatMap((operation) => specOf(operation).statements.map(({ id }) => id)),
      ]),
    );
  });

  it("are harmless if they only ask for information, whatever they name", () => {
    const safetyOf = (id: string) => serverCases.find((serverCase) => serverCase.id === id)?.safety;
    expect(safetyOf("getBalance/success")).toBe("harmless");
    expect(safetyOf("priceExtension/rule/order-ids/one-bad")).toBe("harmless");
    expect(safetyOf("listIpAddresses/success")).toBe("harmless");
    expect(safetyOf("listIpAddresses/extend-info")).toBe("changes");
    expect(safetyOf("setAutoExtendByIpAddress/rule/proxy-type/unknown")).toBe("harmless");
    expect(safetyOf("setAutoExtendByIpAddress/rule/api-key/unknown")).toBe("harmless");
    expect(safetyOf("setAutoExtendByIpAddress/rule/api-key/good-orders")).toBe("refused");
    expect(safetyOf("setAutoExtendByIpAddress/rule/ip-addresses/unknown")).toBe("refused");
    expect(safetyOf("setAutoExtendByIpAddress/rule/whole-orders/part-of-order")).toBe("refused");
    expect(safetyOf("transport/method-not-allowed/getBalance/POST")).toBe("refused");
  });

  it("have the weakest grade of the statements that they test", () => {
    const grades = new Map(allStatements().map(({ id, grade }) => [id, grade]));
    const gradeOf = (id: string) => serverCases.find((serverCase) => serverCase.id === id)?.grade;
    expect(gradeOf("setAutoExtend/rule/proxy-type/unknown")).toBe("reference");
    expect(gradeOf("setAutoExtend/rule/rental-period/zero")).toBe(grades.get("error-code/11"));
    expect(gradeOf("setAutoExtend/rule-order/order-ids")).toBe("assumed");
  });
});
