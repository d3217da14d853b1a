import { describe, expect, it } from "vitest";
import { presets } from "../../../src/engine/faults/presets.js";
import { preferredFaults } from "../../../src/engine/faults/requested-faults.js";
import { accountIdOf, call, off, on, testEngine } from "../../support/call.js";

const json = { "content-type": "application/json" };
const prefer = (text: string) => ({ headers: { ...json, prefer: text } });

describe("a fault requested by header", () => {
  it("strikes only that request", () => {
    const engine = testEngine();
    const { status, headers, json: answer } = call(engine, on, prefer("fault=insufficient-funds"));
    expect({ status, code: answer.error.code }).toEqual({ status: 200, code: 16 });
    expect(headers["preference-applied"]).toBe("fault=insufficient-funds");
    expect(headers["mock-explanation"]).toContain("insufficient-funds (by header)");
    expect(call(engine, on).json.success).toBe(true);
  });

  it("takes options, and several faults at once", () => {
    const reply = call(testEngine(), on, prefer('fault=slow+gateway-502; ms="20"; applied=true'));
    expect(reply.status).toBe(502);
    expect(reply.delivery).toMatchObject({ delay: 20, ending: { how: "whole" } });
    expect(reply.body).toContain("<h1>502 Bad Gateway</h1>");
  });

  it("is found among other preferences, and the first one counts", () => {
    expect(preferredFaults('respond-async, wait=10; x="a,b;c", fault=slow; ms=5, fault=hang')).toMatchObject({
      faults: [{ name: "slow", by: "header", fault: { delay: { ms: 5, jitter: 0 } } }],
      none: false,
    });
    expect(preferredFaults("respond-async; note=default").faults).toEqual([]);
    expect(preferredFaults('FAULT = "slow"').faults[0]?.name).toBe("slow");
    expect(preferredFaults("fault=slow, @=").faults[0]?.name).toBe("slow");
    expect(preferredFaults("fault=none")).toMatchObject({ faults: [], none: true });
    for (const text of ["", " ", ";;", ",", "=", '"', "wait"])
      expect(preferredFaults(text).faults).toEqual([]);
  });

  it.each([
    "fault:slow",
    "fault slow",
    "faults=slow",
    "fault=slow +lost-answer",
    "fault=error; code=29; message=hello world",
    "respond-async; fault=slow",
    'fault="slow',
  ])("that is misspelled is refused: %s", (text) => {
    const { status, json: answer } = call(testEngine(), on, prefer(text));
    expect(status).toBe(400);
    expect(answer.detail).toContain("Write it like one of these: fault=slow; ms=500");
  });

  it.each([
    ["fault=slwo", 'Unknown preset "slwo". Did you mean "slow"?'],
    ["fault", "No preset is named. The command npx"],
    ["fault=slow; sm=5", 'The preset "slow" has no option "sm". Did you mean "ms"?'],
    ["fault=slow; ms=soon", 'The option "ms" of the preset "slow" must be a whole number from 0 to 600000.'],
    ["fault=reset; at=noon", "must be one of before, middle, after"],
    ["fault=reset; applied=maybe", "must be true or false"],
    ["fault=redirect; status=304", "must be one of 301, 302, 303, 307, 308"],
    ["fault=latency; p50=900", "delay: must grow: p95 must be at least p50"],
    ["fault=redirect; to=caf\u00e9", "http.headers.location: must be plain ASCII on one line"],
    ["fault=empty; x=1", 'The preset "empty" has no options.'],
  ])("that cannot be injected (%s) is refused, and nothing is done", (text, says) => {
    const engine = testEngine();
    const { status, json: answer } = call(engine, on, prefer(text));
    expect(status).toBe(400);
    expect(answer.detail).toContain(says);
    expect(engine.state(accountIdOf("test-key-1")).accounts[0]?.orders[0]?.ipAddresses[0]?.autoExtend).toBe(
      false,
    );
    expect(engine.requests()[0]?.decided).toMatchObject({ outcome: "problem", statement: "mock/fault" });
  });
});

it.each([
  ["UTF-8, as curl sends it", "\u00c3\u00a9puis\u00c3\u00a9 \u00e2\u0082\u00ac", "\u00e9puis\u00e9 \u20ac"],
  ["Latin-1, as browsers send it", "\u00e9puis\u00e9", "\u00e9puis\u00e9"],
])("a header is read as it was meant: %s", (_, sent, meant) => {
  const engine = testEngine();
  const reply = call(engine, on, prefer(`fault=error; message="${sent}"`));
  expect(reply.json.error).toMatchObject({ message: meant });
  expect(engine.requests()[0]?.sentHeaders.prefer).toBe(`fault=error; message="${meant}"`);
});

describe("a fault requested by a magic order ID", () => {
  it("strikes, and the order is there, of whatever type, and forgotten", () => {
    const engine = testEngine();
    for (const proxyType of ["IPv4", "IPv6", "MOBILE", "ISP"]) {
      const reply = call(engine, { ...on, proxyType, orderIds: ["fault-slow:ms=7"] });
      expect(reply.delivery?.delay).toBe(7);
      expect(reply.json).toMatchObject({ success: true, quantity: 1, ipAddressIds: ["fault-slow:ms=7-1"] });
    }
    expect(JSON.stringify(engine.state())).not.toContain("fault-");
  });

  it("does not affect the other orders of the request", () => {
    const engine = testEngine();
    const { json: answer, delivery: manner } = call(engine, {
      ...on,
      orderIds: ["11111", "fault-lost-answer"],
    });
    expect(manner?.ending).toEqual({ how: "close", at: "before" });
    expect(answer.quantity).toBe(2);
    expect(engine.state(accountIdOf("test-key-1")).accounts[0]?.orders[0]?.ipAddresses[0]?.autoExtend).toBe(
      true,
    );
  });

  it("can have an option whose value contains an equals sign", () => {
    const orderIds = ["fault-redirect:status=302,to=https://login.example/?next=a&b=c"];
    const { status, headers } = call(testEngine(), { ...on, orderIds });
    expect(status).toBe(302);
    expect(headers).toMatchObject({ location: "https://login.example/?next=a&b=c" });
  });

  it.each([
    ['fault-error:code=29,message="a, b"', { code: 29, message: "a, b" }],
    ['fault-error:message="say \\"no\\"",code=7', { code: 7, message: 'say "no"' }],
    ['fault-error:message=a "quote" inside', { code: 35, message: 'a "quote" inside' }],
  ])("can have an option whose value is in quotes, such as one with a comma: %s", (id, error) => {
    expect(call(testEngine(), { ...on, orderIds: [id] }).json).toMatchObject({ success: false, error });
  });

  it.each([
    ["fault-error:message=a,b"],
    ['fault-error:message="a, b'],
    ['fault-error:message="a" b'],
    ["fault-slow:"],
    ["fault-slow:ms=5,"],
  ])("says how to write options, if they can't be read: %s", (id) => {
    const { status, json } = call(testEngine(), { ...on, orderIds: [id] });
    expect(status).toBe(400);
    expect(json.detail).toContain('a value with a comma in quotes, such as message="a, b"');
  });

  it.each([["fault-nonsense"], ["fault-slow:ms"], ["fault-slow:sm=1"], ["fault-"]])(
    "that cannot be injected is refused: %s",
    (id) => {
      expect(call(testEngine(), { ...on, orderIds: [id] }).status).toBe(400);
    },
  );

  it("is not recognized anywhere else", () => {
    expect(call(testEngine(), { ...on, note: "fault-hang" }).json.success).toBe(true);
    expect(call(testEngine(), { ...on, orderIds: "fault-hang" }).json.error.code).toBe(29);
  });
});

it("an API key that looks like a fault is an API key like any other", () => {
  const engine = testEngine();
  const { json: answer, headers } = call(engine, on, { apiKey: "fault-hang" });
  expect(answer.success).toBe(true);
  expect(headers["mock-account"]).toBe(accountIdOf("fault-hang"));
  expect(testEngine({ apiKeys: ["known-key"] }).callerOf("fault-hang").accountId).toBeNull();
});

describe("queued faults", () => {
  it("strike a number of requests", () => {
    const engine = testEngine();
    engine.faults.add({ preset: "gateway-502", times: 2 });
    expect([1, 2, 3].map(() => call(engine, on).status)).toEqual([502, 502, 200]);
    expect(engine.faults.list()).toEqual([]);
  });

  it("strike all requests until they are removed", () => {
    const engine = testEngine();
    const { id } = engine.faults.add({ preset: "gateway-502" });
    call(engine, on);
    expect(engine.faults.list()).toMatchObject([{ id, injected: 1, left: null }]);
    expect(engine.faults.remove({ id })).toBe(true);
    expect(engine.faults.remove({ id })).toBe(false);
    expect(call(engine, on).status).toBe(200);
  });

  it("strike a seeded share: the same requests for the same seed", () => {
    const injected = (seed: number) => {
      const engine = testEngine();
      engine.faults.add({ preset: "gateway-502", share: 0.3, seed });
      return Array.from({ length: 100 }, () => call(engine, on).status === 502);
    };
    const first = injected(7);
    expect(injected(7)).toEqual(first);
    expect(injected(8)).not.toEqual(first);
    const count = first.filter(Boolean).length;
    expect(count).toBeGreaterThan(20);
    expect(count).toBeLessThan(40);
  });

  it.each([
    [{ account: accountIdOf("other-key") }, [200, 502, 200, 200]],
    [{ proxyType: "IPv6" as const }, [200, 200, 502, 200]],
    [{ orderId: "22222" }, [200, 200, 200, 502]],
    [{ autoExtend: false }, [200, 200, 200, 502]],
    [{ operation: "setAutoExtend" }, [502, 502, 502, 502]],
  ])("strike only what they are for: %j", (match, statuses) => {
    const engine = testEngine();
    // Now there are the two accounts.
    for (const apiKey of ["test-key-1", "other-key"]) call(engine, on, { apiKey });
    engine.faults.add({ preset: "gateway-502", match });
    const requests = [
      call(engine, on),
      call(engine, on, { apiKey: "other-key" }),
      call(engine, { ...on, proxyType: "IPv6", orderIds: ["33333"] }),
      call(engine, { ...off, orderIds: ["11111", "22222"] }),
    ];
    expect(requests.map(({ status }) => status)).toEqual(statuses);
  });

  it("give way to faults of the request itself, primitive by primitive, and to fault=none", () => {
    const engine = testEngine();
    engine.faults.add({ preset: "slow", options: { ms: 50 } });
    engine.faults.add({ preset: "gateway-502" });
    const reply = call(engine, on, prefer("fault=slow; ms=5"));
    expect(reply.status).toBe(502);
    expect(reply.delivery?.delay).toBe(5);
    const spared = call(engine, on, prefer("fault=none"));
    expect(spared.status).toBe(200);
    expect(spared.headers["preference-applied"]).toBe("fault=none");
    const unreadable = call(engine, on, prefer('note="fault=none"'));
    expect(unreadable.status).toBe(400);
    expect(unreadable.headers).not.toHaveProperty("preference-applied");
  });

  it("are removed by a reset, those of one account by a reset of that account", () => {
    const engine = testEngine();
    call(engine, on);
    engine.faults.add({ preset: "empty", match: { account: accountIdOf("test-key-1") } });
    engine.faults.add({ preset: "gateway-502" });
    engine.reset(accountIdOf("test-key-1"));
    expect(engine.faults.list().map(({ preset }) => preset)).toEqual(["gateway-502"]);
    engine.reset();
    expect(engine.faults.list()).toEqual([]);
    // Whoever still has the ID of one that is gone must not remove another.
    expect(engine.faults.add({ preset: "empty" }).id).toBe("fault-3");
  });

  it("are frozen for the request: nothing leaks into another, or into the specification", () => {
    const engine = testEngine();
    const order = { fault: { http: { status: 503, headers: { "x-one": "1" } } } };
    engine.faults.add(order);
    order.fault.http.headers["x-one"] = "2";
    const first = call(engine, on);
    expect(first.headers["x-one"]).toBe("1");
    const [waiting] = engine.faults.list();
    expect(Object.isFrozen(waiting?.fault.http?.headers)).toBe(true);
    expect(Object.isFrozen(waiting?.options)).toBe(true);
  });

  it.each([
    [{}, "Say which fault"],
    [{ preset: "nonsense" }, 'Unknown preset "nonsense"'],
    [{ options: { ms: 1 }, fault: { lose: "answer" } }, "Options need a preset, but none is named"],
    [{ preset: "slow", times: 0 }, "times"],
    [{ preset: "slow", share: 2 }, "share: must be at most 1"],
    [{ preset: "slow", share: 0 }, "share: must be more than 0"],
    [{ preset: "slow", options: { ms: null } }, "options.ms: must be a string or a number or true or false"],
    [{ preset: "slow", match: { order: "1" } }, 'match: unknown field "order" (did you mean "orderId"?)'],
    [{ preset: "slow", match: { operation: "other" } }, "match.operation: must be one of setAutoExtend"],
    [
      { preset: "slow", match: { account: "account-9" } },
      "no account has the ID of match.account. GET /__mock/accounts lists the IDs.",
    ],
    [{ fault: { http: { status: 1_000 } } }, "fault.http.status"],
    [{ fault: { explode: true } }, "fault"],
    [{ fault: { http: { headers: { "bad name": "x" } } } }, "must be the name of a header"],
    [{ fault: { http: { headers: { "content-length": "3" } } } }, "can't be set: the server sets it itself"],
    [{ fault: { http: { headers: { trailer: "x" } } } }, "can't be set"],
    [
      { fault: { http: { headers: { "mock-request-id": "x" } } } },
      "can't be set: it is one of the mock's own headers",
    ],
    [{ fault: { http: { headers: { "preference-applied": "x" } } } }, "can't be set"],
    [{ fault: { http: { headers: { "x-one": "a\nb" } } } }, "must be plain ASCII"],
    [null, "The fault must be an object, not null. An example: "],
    [[], "The fault must be an object, not a list."],
    [{ preset: "" }, "No preset is named."],
    [{ preset: "slwo", msec: 5 }, 'unknown field "msec"'],
    [{ preset: "slwo", msec: 5 }, 'Unknown preset "slwo". Did you mean "slow"?'],
    [{ preset: "slow", match: "all" }, "match"],
    [{ preset: "slow", options: { m: 1 } }, 'no option "m"'],
    [{ preset: "slow", time: 2 }, "time"],
    [{ preset: "slow", delay: 500 }, 'An example: {"preset":"slow","options":{"ms":1000,"jitter":0}}.'],
    [{ preset: "error", options: 29 }, '{"preset":"error","options":{"code":35}}.'],
    [{ preset: "lost-answer", retryAfter: 3 }, '"times":2}. This preset has no options.'],
    [{ preset: "error:29" }, 'Unknown preset "error:29"'],
    [
      { preset: "slow", match: { operation: "getBalance", orderId: "11111" } },
      "requests of getBalance have no orderIds",
    ],
  ])("are refused as %j", (order, says) => {
    const engine = testEngine();
    expect(() => engine.faults.add(order)).toThrow(says);
    expect(engine.faults.list()).toEqual([]);
  });
});

it("every preset can be requested in each way, by name and with all its options", () => {
  for (const { name, options } of presets) {
    const engine = testEngine({ elapsed: () => 0 });
    const given = Object.fromEntries(options.map((option) => [option.name, option.default]));
    const spelled = Object.entries(given).filter(([, value]) => value !== "");
    // A limit is met by the second request.
    const explained = (...[body, sent]: [body: unknown, sent?: ReturnType<typeof prefer>]) => {
      call(engine, body, sent);
      return call(engine, body, sent).headers["mock-explanation"];
    };
    engine.faults.add({ preset: name, options: given });
    expect(explained(on)).toContain(`${name} (by queue)`);
    engine.faults.remove();
    const header = `fault=${name}${spelled.map(([option, value]) => `; ${option}="${value}"`).join("")}`;
    expect(explained(on, prefer(header))).toContain(`${name} (by header)`);
    expect(explained({ ...on, orderIds: [`fault-${name}`] })).toContain(`${name} (by order ID)`);
  }
});
