import { describe, expect, it } from "vitest";
import type { MockEvent } from "../../../src/engine/log/events.js";
import { explain } from "../../../src/engine/log/explanation.js";
import type { Logged } from "../../../src/engine/log/request-log.js";
import { accountIdOf, call, off, on, testEngine, testNow } from "../../support/call.js";

const key = "canary-key-0123456789";

describe("the request log", () => {
  it.each([
    [
      "a repeated field",
      '{"autoExtend":true, "autoExtend":false}',
      'Repeated, and only the last one counts: "autoExtend".',
    ],
    [
      "a JSON string",
      '"{\\"autoExtend\\":true}"',
      "The body is a JSON string: it was encoded twice, or is in quotes.",
    ],
    [
      "a long number",
      '{"orderIds":[12345678901234567890]}',
      "Numbers or the order of fields were written in another way.",
    ],
  ])("keeps %s as it was sent", (_, body, note) => {
    const engine = testEngine();
    call(engine, body);
    const [entry] = engine.requests();
    expect(entry).toMatchObject({ sentText: body.replace(", ", ","), sentNote: note });
    expect(explain(engine.request("request-1") as Logged).text).toContain(
      `Input:    ${entry?.sentText}\n          ${note}`,
    );
  });

  it("keeps a body once if its value says it all, however it is spelled", () => {
    const engine = testEngine();
    for (const body of [
      null,
      [],
      "{ not JSON",
      JSON.stringify(on, null, 2),
      '{"proxyType": "\\u0049Pv4\\/"}',
    ])
      call(engine, body);
    for (const entry of engine.requests()) expect(Object.keys(entry)).not.toContain("sentText");
  });

  it("says what it has not read of a body, or cannot show", () => {
    const engine = testEngine();
    const target = `/client/api/v1/${key}/extend/order/auto`;
    const headers = { "content-type": "application/json" };
    engine.handle({
      method: "POST",
      target,
      headers: { ...headers, "content-length": "3000000" },
      body: "too-large",
    });
    engine.handle({ method: "POST", target, headers, body: "too-large" });
    call(engine, Uint8Array.of(0x7b, 0xff));
    call(engine, Uint8Array.of(0x1f, 0x8b), { headers: { ...headers, "content-encoding": "gzip" } });
    call(engine, "{}", { method: "GET", path: `/client/api/v1/${key}/ipAddress?proxyType=IPv4` });
    expect(engine.requests().map(({ sent, sentNote }) => [sent, sentNote])).toEqual([
      ["", "The body was not read: it has 3000000 bytes."],
      ["", "The body was not read: it has more than 2097152 bytes."],
      ["{\ufffd", 'The body is not UTF-8: of its 2 bytes, those that are no text are shown as "\ufffd".'],
      [
        "\u001f\ufffd",
        'The body is not UTF-8: of its 2 bytes, those that are no text are shown as "\ufffd".',
      ],
      [{ proxyType: "IPv4" }, "A body of 2 bytes was ignored: a GET takes a query."],
    ]);
  });

  it("does not show an API key that only the text of a body has", () => {
    const engine = testEngine();
    const escaped = key.replace("c", "\\u0063");
    const bodies = [
      `{"a":"${escaped}","a":1}`,
      `{"apiKey":{"x":"another-secret"},"apiKey":null}`,
      `{"a":["token","another-secret"],"a":1}`,
      JSON.stringify(JSON.stringify({ apiKey: "another-secret", note: key })),
    ];
    for (const body of bodies) call(engine, body, { apiKey: key });
    const shown = JSON.stringify(engine.requests());
    expect(shown).not.toMatch(/another-secret|canary|\\u0063/);
    expect(shown).toContain("is named like an API key");
    expect(engine.requests()[0]?.sentText).toBe('{"a":"[redacted]","a":1}');
  });

  it("says which fields later rules would refuse too", () => {
    const engine = testEngine();
    call(engine, { ...on, orderIds: "11111", rentPeriodDays: 30, autoExtend: "true" });
    call(engine, { proxyType: "IPv4" });
    const later = engine.requests().map(({ decided }) => decided.later?.map(({ path }) => path));
    expect(later).toEqual([["autoExtend"], ["rentPeriodDays", "autoExtend"]]);
    call(engine, { ...on, orderIds: ["nope"] });
    expect(Object.keys(engine.requests()[2]?.decided ?? {})).not.toContain("later");
  });

  it("says how long an answer took when it has left, or its connection was closed", () => {
    let now = testNow;
    const engine = testEngine({ now: () => now, logLimit: 2 });
    const took = () => engine.requests().map(({ durationMs }) => durationMs);
    const [slow, hanging] = ["fault=slow; ms=50", "fault=hang"].map((prefer) =>
      call(engine, on, { headers: { "content-type": "application/json", prefer } }),
    );
    expect(took()).toEqual([null, null]);
    now += 70;
    slow?.release?.();
    expect(took()).toEqual([70, null]);
    // The log has written another request over it meanwhile.
    for (const _ of "12") call(engine, on);
    hanging?.release?.();
    expect(took()).toEqual([0, 0]);
  });

  it("has no body of an answer to HEAD, which has none", () => {
    const engine = testEngine();
    call(engine, "", { method: "HEAD" });
    expect(engine.requests()[0]).toMatchObject({ status: 405, answered: "" });
  });

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
        answerHeaders: { "content-type": "application/json" },
      },
    ]);
  });

  it("retains only the last requests", () => {
    const engine = testEngine({ logLimit: 3 });
    for (let count = 0; count < 10; count += 1) call(engine, on);
    expect(engine.requests().map(({ id }) => id)).toEqual(["request-8", "request-9", "request-10"]);
  });

  it("returns each request with its own texts, however often it was written around", () => {
    const seen: unknown[] = [];
    const engine = testEngine({ logLimit: 50, onRequest: (entry) => seen.push(entry) });
    const letters = ["x", "\u00fc", "\u20ac", "\u{1f600}", "\ufeff", "\ud800"];
    for (let count = 0; count < 1_000; count += 1) {
      const noise = (letters[count % letters.length] ?? "").repeat((count * 7) % 2_000);
      const body = count % 11 === 0 ? `\ufeff\ufeff${noise}` : { ...on, orderIds: [`${count}`], noise };
      call(engine, body, { apiKey: `key-${count % 3}` });
      if (count % 400 === 399) engine.clearRequests(accountIdOf("key-1"));
    }
    expect(engine.requests()).toEqual(seen.slice(-50));
  });

  it("retains none if its limit is 0, and watchers still get each", () => {
    const seen: unknown[] = [];
    const engine = testEngine({ logLimit: 0, onRequest: ({ sent }) => seen.push(sent) });
    for (const orderIds of [["11111"], ["22222"]]) call(engine, { ...on, orderIds });
    expect(engine.requests()).toEqual([]);
    expect(seen).toEqual([
      { ...on, orderIds: ["11111"] },
      { ...on, orderIds: ["22222"] },
    ]);
  });

  it("has the events of its requests for those who watch later, and knows which are gone", () => {
    const engine = testEngine({ logLimit: 2, onRequest: () => {} });
    const later = (after: number) => {
      const sent: unknown[] = [];
      const watcher = (event: MockEvent) => event.type === "request" && sent.push(event.request.sent);
      engine.events.watch(watcher, { after })();
      return [sent, engine.events.hasAllAfter(after)];
    };
    const missing = (id: string) => ({ ...on, orderIds: [id] });
    for (const id of ["1", "2", "3"]) call(engine, missing(id), { apiKey: `key-of-${id}` });
    expect(later(0)).toEqual([[missing("2"), missing("3")], false]);
    expect(later(1)).toEqual([[missing("2"), missing("3")], true]);
    expect(engine.events.hasAllAfter(0, accountIdOf("key-of-2"))).toBe(true);
    engine.clearRequests(accountIdOf("key-of-2"));
    expect(later(1)).toEqual([[missing("3")], false]);
    expect(later(2)).toEqual([[missing("3")], true]);
    engine.clearRequests();
    for (const id of ["4", "5"]) call(engine, missing(id));
    expect(later(2)).toEqual([[missing("4"), missing("5")], false]);
  });

  it("has no later events of requests if it retains none, not even of the last after it was cleared", () => {
    const engine = testEngine({ logLimit: 0, onRequest: () => {} });
    call(engine, on, { apiKey: "first-key" });
    engine.clearRequests(accountIdOf("other-key"));
    call(engine, off, { apiKey: "other-key" });
    const sent: unknown[] = [];
    engine.events.watch((event) => event.type === "request" && sent.push(event.request.sent), { after: 0 });
    expect(sent).toEqual([off]);
    expect(engine.events.hasAllAfter(0)).toBe(false);
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

  it("gives no two requests the same ID, also after a reset, and counts how often requests were removed", () => {
    const engine = testEngine();
    expect(call(engine, on).headers["mock-request-id"]).toBe("request-1");
    engine.reset();
    expect(call(engine, on).headers["mock-request-id"]).toBe("request-2");
    engine.clearRequests("default");
    expect([engine.request("request-1"), engine.clears()]).toEqual([undefined, 2]);
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

it("shows that the API key of a path is empty or missing", () => {
  const engine = testEngine();
  call(engine, undefined, { path: "/client/api/v1/extend/order/auto" });
  call(engine, undefined, { method: "GET", path: "/client/api/v1//balance" });
  call(engine, undefined, { method: "GET", path: "/client/api/v1//canary-key-01/balance" });
  expect(engine.requests().map(({ path }) => path)).toEqual([
    "/client/api/v1/extend/order/auto",
    "/client/api/v1//balance",
    "/client/api/v1//[redacted]/balance",
  ]);
});
