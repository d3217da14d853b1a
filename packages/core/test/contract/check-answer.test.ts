import {
  type AnswerBody,
  checkAnswer,
  createRedactor,
  type Exchange,
  getBalance,
  kindOf,
  type Level,
  type Operation,
  operations,
  parseBody,
  priceExtension,
  setAutoExtend,
  specOf,
} from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import * as z from "zod/v3";
import { checkedTo, findingsOf } from "../support/check.js";

const key = "canary-key-0123456789";
const redact = createRedactor(key);
const { examples } = specOf(setAutoExtend);
const { request, success } = examples.requests.IPv4;

function check(changes: Partial<Exchange>, level: Level = "lawful", operation: Operation = setAutoExtend) {
  const exchange: Exchange = {
    request,
    status: 200,
    headers: { "content-type": "application/json" },
    body: { json: success },
    ...changes,
  };
  return checkAnswer(operation, exchange, { redact, ...checkedTo(operation, level) });
}

describe("the levels", () => {
  it.each(operations)("find nothing in the examples of $id", (operation) => {
    const { requests, failures } = specOf(operation).examples;
    for (const each of Object.values<{ request: unknown; success: unknown }>(requests)) {
      expect(findingsOf(operation, each.request, each.success, "emits")).toEqual([]);
    }
    for (const { failure } of failures) expect(findingsOf(operation, {}, failure, "emits")).toEqual([]);
  });

  it("differ for an unknown field: it is lawful, and not emitted", () => {
    const body = { json: { ...success, requestId: "1" } };
    expect(check({ body })).toEqual([]);
    expect(check({ body }, "emits")).toEqual([
      {
        part: "body",
        path: "requestId",
        message: "is an unknown field",
        level: "emits",
        statement: null,
      },
    ]);
  });

  it("differ for an unknown proxy type: a caller accepts it, and it is not lawful", () => {
    const sent = { ...request, proxyType: "IPv7" };
    const body = { json: { ...success, proxyType: "IPv7" } };
    expect(check({ request: sent, body }, "accepts")).toEqual([]);
    expect(check({ request: sent, body })).toMatchObject([
      { path: "proxyType", level: "lawful", statement: "setAutoExtend/success" },
    ]);
  });

  it("report each path once, at the most tolerant level that fails, the gravest first", () => {
    const body = { json: { ...success, requestId: "1", quantity: "1", balance: null } };
    expect(check({ body }, "emits").map(({ path, level }) => `${level} ${path}`)).toEqual([
      "accepts quantity",
      "lawful balance",
      "emits requestId",
    ]);
  });

  it.each(["success", "failure"] as const)("follow a change to accepts.%s", (kind) => {
    const json = kind === "success" ? success : examples.failure;
    const accepts = {
      ...setAutoExtend.accepts,
      [kind]: setAutoExtend.accepts[kind].extend({ currency: z.literal("EUR") }),
    };
    expect(check({ body: { json } }, "accepts")).toEqual([]);
    expect(check({ body: { json } }, "accepts", { ...setAutoExtend, accepts })).toMatchObject([
      { path: "currency", level: "accepts" },
    ]);
  });
});

describe("a body", () => {
  it.each<[AnswerBody, string]>([
    [{ problem: "is larger than 16 MiB" }, "The body is larger than 16 MiB"],
    [parseBody("<html>"), "The body is not JSON"],
    [parseBody(" \n"), "The body is empty, but JSON was expected"],
    [
      { json: JSON.parse(`${'{"a":'.repeat(150)}1${"}".repeat(150)}`) },
      "The body is nested deeper than 100 levels",
    ],
    [{ json: [] }, "must be true or false, in a JSON object"],
    [{ json: { success: "true" } }, "must be true or false, in a JSON object"],
    [{ json: null }, "must be true or false, in a JSON object"],
    [{ json: 5 }, "must be true or false, in a JSON object"],
    [{ json: "success" }, "must be true or false, in a JSON object"],
  ])("that is no envelope is of no use: %j", (body, message) => {
    expect(check({ body })).toMatchObject([{ message, level: "accepts", statement: "setAutoExtend/status" }]);
    expect(kindOf(body)).toBe(null);
  });

  it("without a required field says so in few words", () => {
    const { quantity: _, ...json } = success;
    expect(check({ body: { json } })).toMatchObject([{ path: "quantity", message: "is missing" }]);
  });

  it.each([
    ["lawful", "failure", "rentPeriodDays"],
    ["lawful", "failure", "proxyType"],
    ["emits", "success", "currency"],
  ] as const)("says so at level %s of a %s as well", (level, kind, field) => {
    const json = { ...(kind === "success" ? success : examples.failure), [field]: undefined };
    const findings = check({ body: { json } }, level);
    expect(findings).toContainEqual(expect.objectContaining({ path: field }));
    const messages = findings.filter(({ path }) => path === field).map(({ message }) => message);
    expect(messages[0]).toMatch(/^is missing$|; it is missing$/);
  });

  it("with a field of another type says what was expected", () => {
    const json = { ...success, quantity: "undefined", ipAddressIds: [7], proxyType: undefined };
    expect(check({ body: { json } }).map(({ path, message }) => `${path}: ${message}`)).toEqual([
      "proxyType: is missing",
      "quantity: Expected number, received string",
      "ipAddressIds[0]: Expected string, received number",
    ]);
    const priced = specOf(priceExtension).examples.requests.IPv4;
    const findings = findingsOf(
      priceExtension,
      priced.request,
      { ...priced.success, promoCodeStatus: "undefined" },
      "emits",
    );
    expect(findings).toMatchObject([{ path: "promoCodeStatus", level: "emits" }]);
    expect(findings[0]?.message).not.toBe("is missing");
  });

  it.each([
    ["errors", [{ code: 29, message: "Incorrect orderIds" }]],
    ["errors", { "22222": "refused" }],
    ["failedOrderIds", ["22222"]],
    ["failures", 1],
    ["rejected", "22222"],
    ["skipped", 1],
    ["pending", ["22222"]],
    ["queued", true],
    ["notSwitched", ["22222"]],
    ["orders_skipped", ["22222"]],
    ["status", "error"],
    ["Status", "FAILED"],
    ["status", "pending"],
    ["status", "partial"],
    ["state", "not applied"],
    ["done", false],
    ["not_found", 1],
  ])("that is a success and reports a failure contradicts itself: %s", (path, value) => {
    expect(check({ body: { json: { ...success, [path]: value } } })).toMatchObject([
      {
        path,
        message: "reports a failure in a success",
        level: "lawful",
        statement: "setAutoExtend/success",
      },
    ]);
  });

  it.each([
    ["results[1].success", { results: [{ success: true }, { orderId: "22222", success: false }] }],
    ["data.result.status", { data: { result: { status: "queued" } } }],
  ])("that is a success is searched for failures at any depth: %s", (path, more) => {
    const found = check({ body: { json: { ...success, ...more } } }).map((finding) => finding.path);
    expect(found).toEqual([path]);
  });

  it("of an operation that reads may name what is pending, and not what failed", () => {
    const { request, success } = specOf(getBalance).examples.requests.balance;
    const pathsWith = (more: object) =>
      findingsOf(getBalance, request, { ...success, ...more }).map(({ path }) => path);
    expect(pathsWith({ pending: 2.5, promoCodeStatus: "NOT_FOUND" })).toEqual([]);
    expect(pathsWith({ status: "error", errors: ["no balance"] })).toEqual(["status", "errors"]);
  });

  it("that names failures without having any contradicts nothing", () => {
    const json = { ...success, errors: [], failed: 0, failures: null, rejected: {}, errorMessage: "" };
    Object.assign(json, {
      skipped: 0,
      pending: "none",
      queued: false,
      status: "ok",
      results: [{ ok: true }],
    });
    expect(check({ body: { json } })).toEqual([]);
    expect(check({ body: { json: { ...examples.failure, errors: ["no"] } } })).toEqual([]);
  });

  it("of level emits is not checked unless asked for", () => {
    const json = { ...success, quantity: -1, requestId: "1" };
    expect(check({ body: { json } }, "accepts").map(({ level }) => level)).toEqual(["accepts"]);
    expect(check({ body: { json } }, "lawful").map(({ level }) => level)).toEqual(["accepts"]);
  });

  it("is compared with any request, also with one that is not an object", () => {
    for (const sent of [undefined, null, 5, "text", [], {}]) {
      expect(check({ request: sent }).map(({ path }) => path)).toEqual(["proxyType", "rentPeriodDays"]);
    }
  });

  it("is quoted up to 100 characters", () => {
    const quoteOf = (length: number) => {
      const proxyType = "x".repeat(length - 2);
      return check({ body: { json: { ...success, proxyType } } }).find(({ level }) => level === "accepts");
    };
    expect(quoteOf(100)?.message).toContain(`is "${"x".repeat(98)}"`);
    expect(quoteOf(101)?.message).toContain(`is "${"x".repeat(99)}...`);
  });

  it("that is broken is not checked for contradictions as well", () => {
    const body = { json: { ...success, quantity: "1", proxyType: "ISP" } };
    expect(check({ body }, "accepts").map(({ path }) => path)).toEqual(["quantity"]);
  });
});

describe("the transport", () => {
  it.each([
    [{ status: 503, body: { json: examples.failure } }, "lawful"],
    [{ status: 201 }, "lawful"],
    [{ status: 299 }, "lawful"],
    [{ status: 199 }, "accepts"],
    [{ status: 300 }, "accepts"],
    [{ status: 503 }, "accepts"],
    [{ status: 0, body: { problem: "is empty" } }, "accepts"],
  ] as const)("must come with status 200: %j", (changes, level) => {
    const findings = check(changes).filter(({ part }) => part === "status");
    expect(findings).toEqual([
      {
        part: "status",
        path: "",
        message: `must be 200; it is ${changes.status}`,
        level,
        statement: "setAutoExtend/status",
      },
    ]);
  });

  it.each([
    [undefined, "missing"],
    ["", "missing"],
    ["text/html", "text/html"],
    ["application/jsonp", "application/jsonp"],
  ])("must name JSON as its media type, not %j", (type, named) => {
    const headers = { "content-type": type };
    const message = `must be application/json; it is ${named}`;
    expect(check({ headers })).toEqual([
      { part: "content-type", path: "", message, level: "lawful", statement: "setAutoExtend/status" },
    ]);
    expect(check({ headers }, "accepts")).toEqual([]);
  });

  it.each(["APPLICATION/JSON; Charset=UTF-8", " application/json ;q=1", "application/json"])(
    "may write the media type in capitals, with parameters and spaces: %j",
    (type) => {
      expect(check({ headers: { "content-type": type } }, "emits")).toEqual([]);
    },
  );
});

describe("a finding", () => {
  it("holds no secret, not even half of one that is cut", () => {
    const sent = { ...request, proxyType: `${"x".repeat(90)}${key}` };
    const body = { json: { ...success, proxyType: key, [`field-${key}`]: 1, ipAddressIds: [1, key] } };
    const findings = check({ request: sent, body, headers: { "content-type": key } }, "emits");
    expect(findings.length).toBeGreaterThan(2);
    expect(JSON.stringify(findings)).not.toContain("canary");
  });

  it("is short and clean, whatever the answer holds", () => {
    const long = `\u001b[31m${"y".repeat(700_000)}`;
    const body = { json: { ...success, proxyType: long, [long]: 1 } };
    const findings = check({ body, headers: { "content-type": long } }, "emits");
    expect(findings.map(({ part }) => part)).toEqual(["body", "content-type", "body"]);
    for (const { path, message } of findings) {
      expect(path.length).toBeLessThanOrEqual(500);
      expect(message.length).toBeLessThanOrEqual(500);
      expect(path + message).not.toContain("\u001b");
    }
  });

  it("is one of 100 at most", () => {
    const more = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`field-${index}`, index]));
    expect(check({ body: { json: { ...success, ...more } } }, "emits")).toHaveLength(100);
  });

  it("is about the operation at hand", () => {
    const body = { json: { success: true, balance: "5", currencyCode: "USD", error: null } };
    expect(check({ body }, "lawful", getBalance)).toMatchObject([{ statement: "getBalance/success" }]);
  });
});
