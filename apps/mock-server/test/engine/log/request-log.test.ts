import { describe, expect, it } from "vitest";
import { accountIdOf, call, on, testEngine } from "../../support/call.js";

const key = "canary-key-0123456789";

describe("the request log", () => {
  it("says what was received, decided and sent, and why", () => {
    const engine = testEngine();
    const reply = call(engine, { ...on, extra: 1, orderIds: ["99999"] });
    expect(engine.requests()).toEqual([
      {
        id: reply.headers["mock-request-id"],
        at: "2030-01-01T00:00:00.000Z",
        arrivedAt: "2030-01-01T00:00:00.000Z",
        durationMs: 0,
        origin: "client",
        account: accountIdOf("test-key-1"),
        operation: "setAutoExtend",
        method: "POST",
        path: "/client/api/v1/[redacted]/extend/order/auto",
        sent: { ...on, extra: 1, orderIds: ["99999"] },
        sentHeaders: { "content-type": "application/json" },
        decided: {
          outcome: "refused",
          statement: "setAutoExtend/rule/order-ids",
          code: 29,
          why: 'orderIds[0]: this account has no order "99999"',
          issues: [
            {
              path: "orderIds[0]",
              message: 'this account has no order "99999"',
              expected: 'a running order of type IPv4, such as "11111"',
            },
          ],
          satisfied: 2,
          ignored: ['"extra"'],
        },
        fault: null,
        status: 200,
        answered: reply.json,
        headers: { "content-type": "application/json" },
      },
    ]);
  });

  it("retains only the last requests", () => {
    const engine = testEngine({ logLimit: 3 });
    for (let count = 0; count < 10; count += 1) call(engine, on);
    expect(engine.requests().map(({ id }) => id)).toEqual(["request-8", "request-9", "request-10"]);
    const none = testEngine({ logLimit: 0 });
    call(none, on);
    expect(none.requests()).toEqual([]);
  });

  it("can be read and cleared for one account", () => {
    const engine = testEngine();
    call(engine, on, { apiKey: "first-key" });
    call(engine, on, { apiKey: "other-key" });
    expect(engine.requests(accountIdOf("other-key"))).toHaveLength(1);
    engine.clearRequests(accountIdOf("other-key"));
    expect(engine.requests().map(({ account }) => account)).toEqual([accountIdOf("first-key")]);
    engine.clearRequests();
    expect(engine.requests()).toEqual([]);
  });

  it("retains no more of long texts than it shows", () => {
    const engine = testEngine();
    const long = "x".repeat(1_000_000);
    const fields = Object.fromEntries(
      Array.from({ length: 50 }, (_, index) => [`${index}${long.slice(0, 1_000)}`, 1]),
    );
    call(engine, { ...on, orderIds: [long], ...fields });
    const [entry] = engine.requests();
    expect(JSON.stringify(entry?.decided).length).toBeLessThan(1_500);
    expect(entry?.decided.ignored).toHaveLength(10);
  });

  it("is not disturbed by a watcher that throws", () => {
    const engine = testEngine({
      onRequest: () => {
        throw new Error("the watcher's own");
      },
    });
    expect(call(engine, on).json.success).toBe(true);
  });

  it("numbers requests from 1 again after a reset", () => {
    const engine = testEngine();
    expect(call(engine, on).headers["mock-request-id"]).toBe("request-1");
    engine.reset();
    expect(call(engine, on).headers["mock-request-id"]).toBe("request-1");
  });

  it("calls onRequest with the same entries", () => {
    const entries: unknown[] = [];
    const engine = testEngine({ onRequest: (entry) => entries.push(entry) });
    call(engine, on);
    expect(entries).toEqual(engine.requests());
  });
});

describe("an API key", () => {
  const requests: [string, () => unknown][] = [
    ["in a body", () => ({ ...on, orderIds: [key], [key]: key })],
    ["in broken JSON", () => `{"${key}"`],
    ["cut off in broken JSON", () => `{"a":${key}`],
    ["in a body of the wrong type", () => key],
  ];

  it.each(requests)("%s appears in no log, header or problem", (name, body) => {
    const entries: unknown[] = [];
    const engine = testEngine({ onRequest: (entry) => entries.push(entry) });
    const headers = { "content-type": name.includes("type") ? `text/${key}` : "application/json" };
    const reply = call(engine, body(), { apiKey: key, headers });
    const refusals = reply.status === 200 ? [] : [reply.body];
    expect(
      JSON.stringify([engine.requests(), entries, engine.state(), reply.headers, refusals]),
    ).not.toContain(key);
    expect(engine.requests()).toHaveLength(1);
  });

  it("stays out of the log when the beginning of the path is missing", () => {
    const engine = testEngine();
    call(engine, on, { path: `/api/v1/${key}/extend/order/auto` });
    expect(JSON.stringify(engine.requests())).not.toContain("canary");
  });

  it("stays out of the log when the path is unknown", () => {
    const engine = testEngine();
    call(engine, on, { path: `/client/api/v1/${key}/extend/${key}?key=${key}` });
    call(engine, on, { path: `/client/api/v1/${key}/extend/order/auto?key=${key}`, method: "GET" });
    expect(engine.requests().map(({ path }) => path)).toEqual([
      "/client/api/v1/[redacted]/extend/[redacted]?key=[redacted]",
      "/client/api/v1/[redacted]/extend/order/auto?key=[redacted]",
    ]);
  });
});

it("shows that the API key of a path is empty", () => {
  const engine = testEngine();
  call(engine, undefined, { method: "GET", path: "/client/api/v1//balance" });
  call(engine, undefined, { method: "GET", path: "/client/api/v1//canary-key-01/balance" });
  expect(engine.requests().map(({ path }) => path)).toEqual([
    "/client/api/v1//balance",
    "/client/api/v1//[redacted]/balance",
  ]);
});
