import { createRedactor, operations, setAutoExtend, specOf, transportErrors } from "@auto-extend/core";
import { afterEach, describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod/v3";
import { createFaultPlanner } from "../../src/engine/faults/plan.js";
import { apply, deliver, record } from "../../src/engine/handle.js";
import { createEvents, type MockEvent } from "../../src/engine/log/events.js";
import { createRequestLog } from "../../src/engine/log/request-log.js";
import { decide } from "../../src/engine/operations/decide.js";
import { findOperation } from "../../src/engine/operations/index.js";
import { readInput } from "../../src/engine/read-input.js";
import { Accounts } from "../../src/engine/state/accounts.js";
import { createStore } from "../../src/engine/state/store.js";
import { defaultWorld, readWorld } from "../../src/engine/state/world.js";
import { createRenewals } from "../../src/engine/time/renewals.js";
import type { Caller, EngineRequest, Exchange, Resolution } from "../../src/engine/types.js";
import { accountIdOf, call, off, on, testEngine, testNow } from "../support/call.js";

const target = "/client/api/v1/test-key-1/extend/order/auto";
const json = { "content-type": "application/json" };
const now = new Date(testNow).toISOString();

/** The parts of an engine without the engine. */
function testParts() {
  const world = readWorld(defaultWorld);
  const store = createStore(() => {});
  const log = createRequestLog(10);
  const events = createEvents(log);
  const renewals = createRenewals(store, events, world.renewals);
  const accounts = new Accounts({ world, apiKeys: [], accountLimit: 10, store, renewals }, testNow);
  const faults = createFaultPlanner({ elapsed: () => 0, hasAccount: () => true });
  return { store, events, renewals, accounts, log, faults, now: () => testNow + 1 };
}

function requestOf(body: unknown, headers: EngineRequest["headers"] = json): EngineRequest {
  return { method: "POST", target, headers, body: new TextEncoder().encode(JSON.stringify(body)) };
}

const caller = (accountId: string | null): Caller => ({
  accountId,
  keyIssue:
    accountId === null
      ? { part: "path", path: "apiKey", message: "nobody knows it", expected: "" }
      : undefined,
  redactor: createRedactor("test-key-1"),
});

/** A request after its first four steps, as a plain value. */
function exchangeOf(body: unknown, changes: Partial<Exchange> = {}): Exchange {
  const request = requestOf(body);
  return {
    number: 7,
    receivedAt: testNow,
    arrivedAt: testNow,
    request,
    route: findOperation("POST", target),
    caller: caller("default"),
    input: { text: JSON.stringify(body), value: body, problem: undefined },
    plan: null,
    release: undefined,
    problem: undefined,
    ...changes,
  };
}

describe("step 1, findOperation", () => {
  it.each(operations)("finds $id by method and path, and hides the API key", ({ id, method, path }) => {
    const route = findOperation(method, `${path.replace("{apiKey}", "a%2Fkey")}?x=1`);
    expect(route.operation?.id).toBe(id);
    expect(route.apiKey).toBe("a/key");
    expect(route.shownTarget).toBe(`${path.replace("{apiKey}", "[redacted]")}?x=1`);
  });

  it("says which method a path takes, or which paths there are", () => {
    expect(findOperation("GET", target).problem).toMatchObject({
      error: transportErrors.methodNotAllowed,
      issue: { part: "method", message: "only POST is allowed", expected: "POST" },
      headers: ["allow", "POST"],
    });
    for (const path of [`${target}s`, "/api/v1/test-key-1/extend/order/auto", "/extend/order/auto"])
      expect(findOperation("POST", path).problem?.issue).toEqual({
        part: "path",
        path: "",
        message: 'the nearest path is "POST /client/api/v1/{apiKey}/extend/order/auto"',
        expected: "POST /client/api/v1/{apiKey}/extend/order/auto",
      });
    for (const path of ["/extend", "/client/api/v1/key-1/key-2", "/client/api/v1/key-1/no/such"])
      expect(findOperation("GET", path).problem).toMatchObject({
        remark: expect.stringContaining("the known ones are POST /client/api/v1/"),
        issue: { part: "path", message: "no operation has this path" },
      });
  });

  it.each([
    ["", "the API key in the path is empty"],
    ["a/b", "a slash in the API key must be written as %2F"],
    ["%zz", "the API key in the path is not valid URL encoding"],
  ])("says what is wrong with the API key %j in a path", (apiKey, message) => {
    expect(findOperation("POST", target.replace("test-key-1", apiKey)).problem).toMatchObject({
      error: transportErrors.notFound,
      issue: { part: "path", path: "apiKey", message, expected: "" },
    });
  });

  it("says that a path has no API key", () => {
    expect(findOperation("GET", "/client/api/v1/balance").problem?.issue?.message).toBe(
      "the path has no API key",
    );
  });
});

describe("step 2, identify", () => {
  it("gives a new API key a copy of the default account, and finds it again", () => {
    const { accounts, store } = testParts();
    const route = findOperation("POST", target);
    const first = accounts.identify(route, undefined, testNow);
    expect(first.accountId).toBe(accountIdOf("test-key-1"));
    expect(store.get(first.accountId ?? "")?.balance).toBe(5);
    expect(accounts.identify(route, undefined, testNow + 1)).toEqual(first);
    expect(first.redactor.text("test-key-1")).toBe("[redacted]");
  });

  it("brings the account to the present", () => {
    const { accounts, renewals, store } = testParts();
    const route = findOperation("POST", target);
    const { accountId } = accounts.identify(route, undefined, testNow);
    const changed = store.switchOrders(accountId ?? "", [
      { orderId: "11111", runningAt: now, autoExtend: true, rentPeriodDays: 30 },
    ]);
    renewals.switched(accountId ?? "", changed);
    accounts.identify(route, undefined, testNow + 31 * 86_400_000);
    expect(store.get(accountId ?? "")?.balance).toBe(4.2);
  });

  it("takes an account that the channel has identified, and looks at no API key", () => {
    const { accounts } = testParts();
    const route = findOperation("POST", target);
    expect(accounts.identify(route, "default", testNow).accountId).toBe("default");
    expect(accounts.identify(route, null, testNow)).toMatchObject({ accountId: null, keyIssue: undefined });
    const unknown = accounts.identify(route, "nobody", testNow);
    expect(unknown).toMatchObject({
      accountId: null,
      keyIssue: { path: "apiKey", message: 'there is no account "nobody"' },
    });
  });

  it("makes the account of a new API key for a wrong method, but none for a wrong path", () => {
    const { accounts, store } = testParts();
    const route = findOperation("POST", "/canary-key-01/extend");
    const { accountId, redactor } = accounts.identify(route, undefined, testNow);
    expect(accountId).toBeNull();
    expect(redactor.text("canary-key-01")).toBe("[redacted]");
    expect(store.ids()).toEqual(["default"]);
    const accountBy = (method: string) =>
      accounts.identify(findOperation(method, target), undefined, testNow).accountId;
    expect(accountBy("PUT")).toBe(accountIdOf("test-key-1"));
    expect(accountBy("POST")).toBe(accountIdOf("test-key-1"));
    // An account of this name would belong to nobody.
    const nameless = findOperation("PUT", target.replace("test-key-1", "balance"));
    expect(accounts.identify(nameless, undefined, testNow).accountId).toBeNull();
  });
});

describe("step 3, readInput", () => {
  it("reads a body as JSON, and of a GET the query", () => {
    expect(readInput(requestOf(on), setAutoExtend)).toEqual({
      text: JSON.stringify(on),
      value: on,
      problem: undefined,
    });
    const get = { ...requestOf(on), target: "/x?proxyType=IPv4&proxyType=IPv6&a=%20" };
    expect(readInput(get, { method: "GET" }).value).toEqual({ proxyType: "IPv4", a: " " });
    expect(readInput({ ...requestOf(on), body: "too-large" }, setAutoExtend).problem?.error.status).toBe(413);
  });
});

describe("step 4, plan", () => {
  const planner = () => createFaultPlanner({ elapsed: () => 0, hasAccount: () => true });
  const planning = (prefer: string | undefined) => ({
    request: requestOf(on, { ...json, prefer }),
    route: findOperation("POST", target),
    caller: caller("default"),
    input: { text: JSON.stringify(on), value: on, problem: undefined },
  });

  it("plans nothing for nearly all requests, and what a header asks for", () => {
    expect(planner().plan(planning(undefined))).toEqual({ plan: null, problem: undefined });
    const { plan } = planner().plan(planning("fault=slow; ms=5"));
    expect(plan).toMatchObject({ delay: 5, triggers: [{ name: "slow", by: "header" }] });
    expect(Object.isFrozen(plan)).toBe(true);
  });

  it("returns a problem for a fault that cannot be injected", () => {
    expect(planner().plan(planning("fault=nope")).problem?.error).toMatchObject({
      id: "mock/fault",
      status: 400,
    });
    const unsupported = new Set(["gzip" as const]);
    const { request, ...rest } = planning("fault=gzip");
    const { problem } = planner().plan({ request: { ...request, unsupported }, ...rest });
    expect(problem?.error).toMatchObject({ id: "mock/fault-needs-socket", status: 501 });
  });
});

describe("step 5, decide", () => {
  const account = () => testParts().store.get("default");

  it("returns the finished answer and the changes, and changes nothing", () => {
    const { store } = testParts();
    const before = store.view();
    const resolution = decide(exchangeOf(on), store.get("default"), now);
    expect(resolution.decision).toMatchObject({
      outcome: "done",
      satisfied: 5,
      statement: null,
      ignored: [],
    });
    expect(JSON.parse(String(resolution.answer.body))).toEqual(
      specOf(setAutoExtend).examples.requests.IPv4.success,
    );
    expect(resolution.switches).toMatchObject([{ orderId: "11111", autoExtend: true }]);
    expect(store.view()).toEqual(before);
  });

  it("refuses by the first broken rule", () => {
    const { decision, switches } = decide(
      exchangeOf({ ...on, orderIds: ["x"], autoExtend: 1 }),
      account(),
      now,
    );
    expect(decision).toMatchObject({ outcome: "refused", code: 29, satisfied: 2 });
    expect(switches).toEqual([]);
    const unknown = decide(exchangeOf(on, { caller: caller(null) }), undefined, now);
    expect(unknown.decision).toMatchObject({ code: 2, satisfied: 0, why: "nobody knows it" });
  });

  it("answers a problem that an earlier step found", () => {
    const exchange = exchangeOf(on, { problem: { error: transportErrors.malformedJson } });
    const { decision, answer } = decide(exchange, account(), now);
    expect([decision.outcome, answer.status]).toEqual(["problem", 400]);
  });
});

describe("the mock's own answers", () => {
  const { accepts, lawful } = setAutoExtend;
  const { emits } = specOf(setAutoExtend);
  afterEach(() => {
    Object.assign(setAutoExtend, { accepts, lawful });
    Object.assign(specOf(setAutoExtend), { emits });
  });

  it.each(["accepts", "lawful", "emits"] as const)(
    "are checked against what the contract says at that moment: %s",
    (level) => {
      expect(call(testEngine(), on).json.success).toBe(true);
      const success = z.object({ success: z.literal(true), surcharge: z.number() }).passthrough();
      const holder: object = level === "emits" ? specOf(setAutoExtend) : setAutoExtend;
      Object.assign(holder, { [level]: { ...{ accepts, lawful, emits }[level], success } });
      const { status, json: answer } = call(testEngine(), on);
      expect(status).toBe(500);
      expect(answer.detail).toContain("surcharge");
      expect(call(testEngine(), { ...on, orderIds: ["x"] }).json.error.code).toBe(29);
    },
  );

  it("are checked for contradictions that no schema can express, and nothing is changed then", () => {
    const { check } = setAutoExtend;
    onTestFinished(() => void Object.assign(setAutoExtend, { check }));
    const contradiction = { path: "quantity", message: "for test-key-1 is wrong", level: "lawful" as const };
    Object.assign(setAutoExtend, { check: () => [contradiction] });
    const engine = testEngine();
    const { status, json: answer } = call(engine, on);
    expect([status, answer.detail]).toEqual([
      500,
      expect.stringContaining("quantity: for [redacted] is wrong"),
    ]);
    expect(engine.state(accountIdOf("test-key-1")).accounts[0]?.orders[0]?.ipAddresses[0]?.autoExtend).toBe(
      false,
    );
  });
});

describe("step 6, apply", () => {
  it("commits changes, and returns only what changed", () => {
    const parts = testParts();
    const exchange = exchangeOf(on);
    const resolution = decide(exchange, parts.store.get("default"), now);
    const applied = apply(parts, exchange, resolution);
    expect(applied.exchange).toBe(exchange);
    expect(applied.changed).toMatchObject([{ change: { orderId: "11111" } }]);
    expect(parts.store.get("default")?.orders.get("11111")?.ipAddresses[0]?.autoExtend).toBe(true);
    expect(apply(parts, exchange, resolution).changed).toEqual([]);
    expect(apply(parts, exchange, { ...resolution, switches: [] }).changed).toEqual([]);
  });

  it("takes back the faults that changed nothing, so that a later request gets them", () => {
    const parts = testParts();
    parts.faults.queue.add({ preset: "drift-quantity", times: 1 });
    const exchange = exchangeOf({ ...on, orderIds: ["nobody-has-it"] });
    const { plan } = parts.faults.plan(exchange);
    expect(parts.faults.queue.list()).toEqual([]);
    const resolution = decide({ ...exchange, plan }, parts.store.get("default"), now);
    const applied = apply(parts, { ...exchange, plan }, resolution);
    expect(applied.exchange.plan).toBeNull();
    expect(parts.faults.queue.list()).toMatchObject([{ preset: "drift-quantity", left: 1, injected: 0 }]);
  });

  it("hides other API keys from the texts about a refused request", () => {
    const parts = testParts();
    parts.accounts.callerOf("another-key-2", testNow);
    const exchange = exchangeOf({ ...on, orderIds: ["another-key-2"] });
    const resolution = decide(exchange, parts.store.get("default"), now);
    const { redactor } = apply(parts, exchange, resolution).exchange.caller;
    expect(redactor.text("test-key-1 another-key-2")).toBe("[redacted] [redacted]");
    const accepted = { ...resolution.decision, outcome: "done" } as const;
    expect(apply(parts, exchange, { ...resolution, decision: accepted }).exchange).toBe(exchange);
  });
});

describe("step 7, deliver", () => {
  const resolution = (exchange: Exchange): Resolution =>
    decide(exchange, testParts().store.get("default"), now);

  it("adds the headers that every reply has", () => {
    const exchange = exchangeOf({ ...off, extra: 1 });
    const { status, headers, delivery } = deliver(exchange, resolution(exchange));
    expect([status, delivery]).toEqual([200, undefined]);
    expect(headers).toEqual([
      "content-type",
      "application/json",
      "date",
      "Tue, 01 Jan 2030 00:00:00 GMT",
      "mock-request-id",
      "request-7",
      "mock-explanation",
      'auto-extend is off for 1 IP address of IPv4 order "11111"; ignored fields: "extra"',
      "mock-account",
      "default",
    ]);
  });

  it("applies the faults to the answer", () => {
    const planner = createFaultPlanner({ elapsed: () => 0, hasAccount: () => true });
    const request = requestOf(on, { ...json, prefer: "fault=gateway-502+slow; ms=3" });
    const { plan } = planner.plan({ ...exchangeOf(on), request });
    const exchange = exchangeOf(on, { plan });
    const { status, body, delivery } = deliver(exchange, resolution(exchange));
    expect([status, delivery?.delay]).toEqual([502, 3]);
    expect(body).toContain("502 Bad Gateway");
  });
});

describe("step 8, record", () => {
  it("logs the exchange, and publishes it and what changed only if somebody watches", () => {
    const parts = testParts();
    const exchange = exchangeOf(on);
    const resolution = decide(exchange, parts.store.get("default"), now);
    const reply = deliver(exchange, resolution);
    const { changed } = apply(parts, exchange, resolution);
    expect(record(parts, exchange, { resolution, changed, reply })).toBe(reply);
    const events: MockEvent[] = [];
    parts.events.watch((event) => void events.push(event));
    expect(events).toEqual([]);
    record(parts, exchange, { resolution, changed, reply });
    record(parts, exchange, { resolution, changed: [], reply });
    expect(parts.log.list()).toHaveLength(3);
    const request = { type: "request", request: { id: "request-7", sent: on } };
    const change = { type: "change", request: "request-7", changes: [{ orderId: "11111" }] };
    expect(events).toMatchObject([change, request, request]);
  });

  it("logs how long an answer took once it was sent, unless it leaves at once", () => {
    const parts = testParts();
    const exchange = exchangeOf(on);
    const resolution = decide(exchange, parts.store.get("default"), now);
    const took = () => parts.log.list().map(({ durationMs }) => durationMs);
    const reply = deliver(exchange, resolution);
    record(parts, exchange, { resolution, changed: [], reply });
    const delivery = { delay: 5, gzip: null, ending: { how: "whole" } } as const;
    const sent = record(parts, exchange, { resolution, changed: [], reply: { ...reply, delivery } });
    expect(took()).toEqual([1, null]);
    sent.release?.();
    expect(took()).toEqual([1, 1]);
  });
});
