import {
  getBalance,
  getRentPeriods,
  listIpAddresses,
  type Operation,
  type OperationSpec,
  operations,
  priceExtension,
  proxyTypes,
  setAutoExtend,
  setAutoExtendByIpAddress,
  specOf,
} from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { presets } from "../../../src/engine/faults/presets.js";
import type { ServedOperation } from "../../../src/engine/types.js";
import { ask, call, on, targetOf, testEngine } from "../../support/call.js";

const { autoExtend: _, ...priced } = on;
const requests: Record<ServedOperation["id"], object> = {
  setAutoExtend: on,
  setAutoExtendByIpAddress: {
    proxyType: "IPv4",
    ipAddressIds: ["1111111111111111111"],
    rentPeriodDays: 30,
    autoExtend: true,
  },
  listIpAddresses: { proxyType: "IPv4" },
  priceExtension: priced,
  priceExtensionByIpAddress: {
    proxyType: "IPv4",
    ipAddressIds: ["1111111111111111111"],
    rentPeriodDays: 30,
  },
  getRentPeriods: { proxyType: "IPv4" },
  getBalance: {},
};

/** By header; a POST comes as JSON, too. */
const headers = (fault: string) => ({ "content-type": "application/json", prefer: `fault=${fault}` });
const allPairs = presets.flatMap((preset) =>
  operations.map((operation) => ({ preset, name: preset.name, operation, id: operation.id })),
);
const appliesTo = ({ preset, id }: (typeof allPairs)[number]) => preset.operations?.includes(id) ?? true;
/** A fault that does not depend on the fields of an answer spoils a short one and a list like any other. */
const isSample = ({ preset, id }: (typeof allPairs)[number]) =>
  preset.operations?.includes(id) ?? (id === "setAutoExtend" || id === "listIpAddresses");
const plainAnswers = new Map<string, ReturnType<typeof ask>>();
function plainly(operation: ServedOperation) {
  const plain = plainAnswers.get(operation.id) ?? ask(testEngine(), operation, requests[operation.id]);
  plainAnswers.set(operation.id, plain);
  return plain;
}

/** The same with every number as text. */
const asText = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, part) => (typeof part === "number" ? String(part) : part));

describe("a preset", () => {
  it.each(allPairs.filter(isSample))(
    "makes another answer of one of its operations: $name, $id",
    ({ preset, operation, id }) => {
      const engine = testEngine();
      // Two at once, or two within a second, is what a limit is about.
      if (preset.name.startsWith("limit"))
        ask(engine, operation, requests[id], { headers: headers(preset.name) });
      const reply = ask(engine, operation, requests[id], { headers: headers(preset.name) });
      const plain = plainly(operation);
      const { delivery: manner } = reply;
      const isAnother =
        reply.status !== plain.status ||
        reply.body !== plain.body ||
        reply.headers["content-type"] !== plain.headers["content-type"] ||
        (manner !== undefined && (manner.delay > 0 || manner.gzip !== null || manner.ending.how !== "whole"));
      expect(isAnother).toBe(true);
      expect(engine.requests().at(-1)?.fault?.triggers).toEqual([{ name: preset.name, by: "header" }]);
      expect(engine.requests().at(-1)?.decided.outcome).not.toBe("problem");
    },
  );

  it.each(allPairs.filter((each) => !appliesTo(each)))(
    "is refused where the answer has nothing of what it changes: $name, $id",
    ({ name, operation, id }) => {
      const engine = testEngine();
      const { status, json } = ask(engine, operation, requests[id], { headers: headers(name) });
      expect(status).toBe(501);
      expect(json.detail).toContain(`The preset "${name}" would do nothing to ${id}`);
      expect(json.detail).toContain("Use it with setAutoExtend");
      expect(() => engine.faults.add({ preset: name, match: { operation: id } })).toThrow("would do nothing");
    },
  );

  it("names its operations, unless it applies to all", () => {
    const narrow = presets.flatMap(({ name, operations: of }) => (of ? [[name, of.join(" ")]] : []));
    expect(Object.fromEntries(narrow)).toEqual({
      "drift-orderids": "setAutoExtend",
      "drift-missing":
        "setAutoExtend setAutoExtendByIpAddress priceExtension priceExtensionByIpAddress getBalance",
      "drift-quantity": "setAutoExtend setAutoExtendByIpAddress",
      "drift-proxy-type":
        "setAutoExtend setAutoExtendByIpAddress listIpAddresses priceExtension priceExtensionByIpAddress",
    });
  });

  it.each(
    allPairs.filter(
      (each) => /^drift-(?!error)/.test(each.name) && each.name !== "drift-fields" && appliesTo(each),
    ),
  )(
    "that drifts changes fields of the answer, and adds none of another: $name, $id",
    ({ name, operation, id }) => {
      const altered = ask(testEngine(), operation, requests[id], { headers: headers(name) }).json;
      const plain = plainly(operation).json;
      const added = Object.keys(altered).filter((field) => !(field in plain));
      expect(added).toEqual(name === "drift-orderids" ? ["orderIds"] : []);
      expect(altered).not.toEqual(plain);
      if (name !== "drift-number-strings") return;
      for (const [field, value] of Object.entries(plain)) {
        expect(altered[field]).toEqual(asText(value));
      }
    },
  );

  it("adds only fields that no operation has: drift-fields", () => {
    const known = new Set(
      operations.flatMap((operation) => Object.keys(specOf(operation).emits.success.shape)),
    );
    for (const operation of operations) {
      const { json } = ask(testEngine(), operation, requests[operation.id], {
        headers: headers("drift-fields"),
      });
      expect(json).toMatchObject(plainly(operation).json);
      const added = Object.keys(json).filter((field) => !(field in plainly(operation).json));
      expect(added.length).toBeGreaterThan(0);
      for (const field of added) expect(known).not.toContain(field);
    }
  });

  it("names another of the four proxy types, whichever was asked for: drift-proxy-type", () => {
    for (const proxyType of proxyTypes) {
      const orderIds = { IPv4: ["11111"], IPv6: ["33333"], MOBILE: ["44444"], ISP: ["55555"] }[proxyType];
      const sent = { ...on, proxyType, orderIds };
      const { json } = ask(testEngine(), setAutoExtend, sent, { headers: headers("drift-proxy-type") });
      expect(proxyTypes).toContain(json.proxyType);
      expect(json.proxyType).not.toBe(proxyType);
    }
  });

  const drifting = presets.filter(({ name }) => /^drift-(?!error)/.test(name)).map(({ name }) => name);
  const refused = { ...on, orderIds: ["99999"] };

  it.each(drifting)(
    "is refused if the answer of a refused request has nothing that it changes: %s",
    (name) => {
      const engine = testEngine();
      engine.faults.add({ preset: "slow", times: 2 });
      const reply = ask(engine, setAutoExtend, refused, { headers: headers(name) });
      expect([reply.status, reply.delivery]).toEqual([501, undefined]);
      expect(reply.json.detail).toBe(
        `The preset "${name}" would do nothing: the answer to this request, which is refused, has nothing that it changes.`,
      );
      expect(reply.headers).not.toHaveProperty("preference-applied");
      expect(reply.headers["mock-explanation"]).not.toContain("faults:");
      expect(engine.faults.list()).toMatchObject([{ preset: "slow", left: 2, injected: 0 }]);
      expect(engine.requests()[0]?.fault).toBeNull();
    },
  );

  it.each(drifting)("is not used up by a request that is refused anyway: %s", (name) => {
    const engine = testEngine();
    engine.faults.add({ preset: "unknown-error", match: { orderId: "77777" } });
    engine.faults.add({ preset: name, times: 1 });
    engine.faults.add({ preset: "slow", times: 1 });
    const reply = ask(engine, setAutoExtend, refused);
    expect(reply.json).toEqual(ask(testEngine(), setAutoExtend, refused).json);
    expect(reply.headers["mock-explanation"]).toMatch(/; faults: slow \(by queue\)$/);
    expect(engine.faults.list().map(({ preset }) => preset)).toEqual(["unknown-error", name]);
    expect(engine.faults.list()[1]).toMatchObject({ left: 1, injected: 0 });
    expect(ask(engine, setAutoExtend, on).json).not.toEqual(plainly(setAutoExtend).json);
    expect(engine.faults.list()).toHaveLength(1);
  });

  it.each([
    ["drift-error-text", "Incorrect orderIds"],
    ["drift-error-code", { code: "29", message: "Incorrect orderIds" }],
    ["drift-error-null", null],
  ])("drifts in the error with which a request is refused anyway: %s", (name, error) => {
    const engine = testEngine();
    const { json } = ask(engine, setAutoExtend, refused, { headers: headers(name) });
    expect(json).toEqual({ ...ask(testEngine(), setAutoExtend, refused).json, error });
    expect(engine.requests()[0]?.decided).toMatchObject({ outcome: "refused", code: 29 });
    expect(ask(engine, setAutoExtend, on, { headers: headers(name) }).json.success).toBe(false);
    expect(JSON.stringify(engine.state())).not.toContain('"autoExtend":true');
  });

  it("waits for a request of one of its operations, and is not used up by others", () => {
    const engine = testEngine();
    engine.faults.add({ preset: "drift-quantity", times: 1 });
    for (const operation of [getBalance, listIpAddresses, getRentPeriods, priceExtension]) {
      expect(ask(engine, operation, requests[operation.id]).body).toBe(plainly(operation).body);
    }
    expect(engine.faults.list()[0]).toMatchObject({ left: 1, injected: 0 });
    expect(ask(engine, setAutoExtendByIpAddress, requests.setAutoExtendByIpAddress).json).toMatchObject({
      quantity: 1,
      ipAddressIds: [],
    });
    expect(engine.faults.list()).toEqual([]);
  });
});

describe("a refusal that a fault demands", () => {
  it.each(operations)("is the failure of its operation: $id", (operation) => {
    const { json } = ask(testEngine(), operation, requests[operation.id], {
      headers: headers("unknown-error"),
    });
    const { examples }: OperationSpec = specOf(operation);
    expect(json).toEqual(examples.failures.find(({ code }) => code === 35)?.failure);
    expect(specOf(operation).emits.failure.safeParse(json).success).toBe(true);
  });

  it.each(operations)("can have any code and message: $id", (operation: Operation) => {
    const engine = testEngine();
    engine.faults.add({
      fault: { answer: { code: 77, message: "Not today" } },
      match: { operation: operation.id },
    });
    const { json } = ask(engine, operation, requests[operation.id as ServedOperation["id"]]);
    expect(json).toMatchObject({ success: false, error: { code: 77, message: "Not today" } });
    expect(specOf(operation).emits.failure.safeParse(json).success).toBe(true);
  });
});

describe("a queued fault", () => {
  it("is matched by what a query says", () => {
    const engine = testEngine();
    engine.faults.add({ preset: "gateway-502", match: { proxyType: "IPv6" } });
    expect(ask(engine, getRentPeriods, { proxyType: "IPv4" }).status).toBe(200);
    expect(ask(engine, getRentPeriods, { proxyType: "IPv6" }).status).toBe(502);
  });

  it("prevents the answer to a query, and changes nothing", () => {
    const engine = testEngine();
    engine.faults.add({ preset: "lost-request" });
    ask(engine, listIpAddresses, {});
    expect(engine.requests()[0]).toMatchObject({
      status: null,
      answered: null,
      decided: { outcome: "faulted" },
    });
  });
});

describe("magic order IDs", () => {
  it("have a price, as any order with one IP address", () => {
    const engine = testEngine();
    const { json } = ask(engine, priceExtension, { ...priced, orderIds: ["fault-slow:ms=5", "22222"] });
    expect(json).toMatchObject({ success: true, price: 2.4 });
    expect(engine.requests()[0]?.fault?.triggers).toEqual([
      { name: "slow", by: "order ID", options: { ms: 5 } },
    ]);
  });

  it("are not recognized where the contract has no order IDs: neither in an unknown field nor in a query", () => {
    const engine = testEngine();
    const stray = { ...requests.setAutoExtendByIpAddress, orderIds: ["fault-slow"] };
    expect(ask(engine, setAutoExtendByIpAddress, stray).json.success).toBe(true);
    expect(ask(engine, getBalance, { orderIds: "fault-slow" }).json.success).toBe(true);
    const ids = { ...requests.setAutoExtendByIpAddress, ipAddressIds: ["fault-slow-1"] };
    expect(ask(engine, setAutoExtendByIpAddress, ids).json.error.code).toBe(24);
    expect(engine.requests().every(({ fault }) => fault === null)).toBe(true);
  });

  it("do not hide the IP addresses of the account", () => {
    const engine = testEngine();
    const path = targetOf(setAutoExtend);
    call(engine, { ...on, orderIds: ["fault-slow:ms=1", "11111"] }, { path });
    expect(JSON.stringify(engine.state())).not.toContain("fault-");
    expect(ask(engine, listIpAddresses, {}).body).not.toContain("fault-");
  });
});
