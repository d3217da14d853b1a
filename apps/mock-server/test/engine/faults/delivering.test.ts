import { describe, expect, it } from "vitest";
import type { Fault } from "../../../src/engine/faults/fault.js";
import { presets } from "../../../src/engine/faults/presets.js";
import { headerPairs } from "../../../src/lib/headers.js";
import { accountIdOf, call, on, testEngine, testNow } from "../../support/call.js";

/** Sends a request with a fault. @returns its reply, and whether it was carried out. */
function met(fault: Fault, body: unknown = on) {
  const engine = testEngine();
  engine.faults.add({ fault });
  const reply = call(engine, body);
  const isOn = engine.state(accountIdOf("test-key-1")).accounts[0]?.orders[0]?.ipAddresses[0]?.autoExtend;
  return { ...reply, isOn, entry: engine.requests()[0] };
}

describe("an answer with something else", () => {
  it("refuses with any code, and does nothing", () => {
    const { json, isOn, entry } = met({ answer: { code: 77, message: "Not today" } });
    expect(json).toMatchObject({
      success: false,
      quantity: 0,
      balance: 5,
      error: { code: 77, message: "Not today" },
    });
    expect(isOn).toBe(false);
    expect(entry?.decided).toMatchObject({ outcome: "refused", code: 77, statement: "fault/fault-1" });
    expect(met({ answer: { code: 16 } }).json.error.message).toBe("Insufficient funds on balance");
    expect(met({ answer: { code: 78 } }).json.error.message).toBe("Error 78");
  });

  it("is not said to prevent a request that is carried out all the same", () => {
    const engine = testEngine();
    for (const preset of ["insufficient-funds", "lost-answer"]) engine.faults.add({ preset, times: 1 });
    call(engine, on);
    for (const entry of [engine.requests()[0], met({ answer: { code: 16 }, applied: true }).entry]) {
      expect(entry?.decided.why).toMatch(/; a fault changed the answer to error 16$/);
    }
  });

  it("reports no account if the API key is refused", () => {
    expect(met({ answer: { code: 2 } }).json).toMatchObject({ balance: null, currency: null });
  });

  it("drifts in its data: fields are set, dropped, or change by a name", () => {
    const fault: Fault = {
      answer: { merge: { balance: null, more: [1] }, drift: "orderids", drop: ["currency"] },
    };
    const { json, isOn } = met(fault);
    expect(json).toMatchObject({ success: true, balance: null, more: [1], orderIds: ["11111"] });
    expect(json).not.toHaveProperty("ipAddressIds");
    expect(json).not.toHaveProperty("currency");
    expect(isOn).toBe(true);
    expect(met(fault, { ...on, orderIds: ["99999"] }).json).not.toHaveProperty("more");
  });

  it("is logged with the fields that were changed, added or removed, and what they were without the fault", () => {
    const altered = (fault: Fault, body?: unknown) => met(fault, body).entry?.fault?.altered;
    expect(altered({ answer: { merge: { balance: null, more: [1] }, drop: ["currency"] } })).toEqual([
      { path: "balance", usual: 5 },
      { path: "currency", usual: "USD" },
      { path: "more" },
    ]);
    const unknown = { code: 35, message: "Unknown error" };
    expect(altered({ answer: { code: 35, of: "failure", drift: "error-code" } })).toEqual([
      { path: "error.code", usual: 35 },
    ]);
    expect(altered({ answer: { code: 35, of: "failure", drift: "error-null" } })).toEqual([
      { path: "error", usual: unknown },
    ]);
    expect(altered({ http: { body: "<html>" } })).toEqual([
      { path: "", usual: expect.objectContaining({ success: true, quantity: 1 }) },
    ]);
    const body = Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`more${index}`, index]));
    expect(altered({ answer: { merge: body } })).toHaveLength(50);
    for (const fault of [{ delay: { ms: 1 } }, { answer: { code: 35 } }])
      expect(met(fault).entry?.fault).not.toHaveProperty("altered");
  });

  it("can drift in a refusal", () => {
    const refused = { ...on, orderIds: ["99999"] };
    const drift = { merge: { error: null, proxyType: "IPv4" }, drop: ["currency"] };
    for (const of of ["failure", "both"] as const) {
      const { json, isOn } = met({ answer: { ...drift, of } }, refused);
      expect(json).toMatchObject({ success: false, error: null, proxyType: "IPv4", balance: 5 });
      expect(json).not.toHaveProperty("currency");
      expect(isOn).toBe(false);
    }
    expect(met({ answer: { ...drift, of: "failure" } }).json).toMatchObject({
      success: true,
      currency: "USD",
    });
    expect(met({ answer: { ...drift, of: "both" } }).json).not.toHaveProperty("currency");
    expect(met({ answer: { ...drift, of: "success" } }, refused).json.error).toMatchObject({ code: 29 });
    expect(met({ answer: { ...drift, of: "both" } }, null).json).toMatchObject({
      success: false,
      error: null,
    });
  });

  it.each([
    ["drift-error-text", "Unknown error"],
    ["drift-error-code", { code: "35", message: "Unknown error" }],
    ["drift-error-null", null],
  ])("drifts in the error of its own refusal: %s", (preset, error) => {
    const engine = testEngine();
    engine.faults.add({ preset });
    expect(call(engine, on).json).toMatchObject({ success: false, quantity: 0, error });
    expect(engine.requests()[0]?.decided).toMatchObject({ outcome: "refused", statement: `fault/${preset}` });
  });

  it("can be a refusal although the request was carried out", () => {
    const { json, isOn, entry } = met({ answer: { code: 3 }, applied: true });
    expect(json).toMatchObject({ success: false, error: { code: 3 } });
    expect(isOn).toBe(true);
    expect(entry?.decided.outcome).toBe("done");
  });

  it("may be any JSON", () => {
    for (const body of [null, 0, "text", [], {}]) expect(met({ answer: { body } }).json).toEqual(body);
  });
});

describe("an answer with another status or body", () => {
  it("carries out nothing from 300 on, unless `applied` is set", () => {
    expect(met({ http: { status: 502 } }).isOn).toBe(false);
    expect(met({ http: { status: 502 } }).entry?.decided).toMatchObject({
      outcome: "faulted",
      statement: "fault/fault-1",
    });
    expect(met({ http: { status: 502 }, applied: true }).isOn).toBe(true);
    expect(met({ http: { status: 202 } }).isOn).toBe(true);
    expect(met({ http: { status: 200 }, applied: false }).isOn).toBe(false);
  });

  it("has the headers that it is to have, and the mock's own", () => {
    const { headers, body } = met({
      http: { headers: { "content-type": "text/x", server: "nginx" }, body: "x" },
    });
    expect(headers).toMatchObject({
      "content-type": "text/x",
      server: "nginx",
      "mock-request-id": "request-1",
    });
    expect(body).toBe("x");
  });

  it("has one date: that of the fault, or of the mock's clock", () => {
    const dates = (fault: Fault) => {
      const engine = testEngine();
      engine.faults.add({ fault });
      const { headers } = engine.handle({
        method: "POST",
        target: "/client/api/v1/some-key/extend/order/auto",
        headers: { "content-type": "application/json" },
        body: new TextEncoder().encode(JSON.stringify(on)),
      });
      return headerPairs(headers).flatMap(([name, value]) => (name === "date" ? [value] : []));
    };
    expect(dates({ http: { headers: { date: "yesterday" } } })).toEqual(["yesterday"]);
    expect(dates({ http: { status: 500 } })).toEqual([new Date(testNow).toUTCString()]);
  });

  it.each([204, 205, 304])("has no body under a status without a body: %s", (status) => {
    const { body, entry } = met({ http: { status }, applied: true });
    expect(body).toBe("");
    expect(entry).toMatchObject({ status, answered: "" });
  });

  it("says when to come back, in seconds or as a date by the mock's clock, never too early", () => {
    expect(met({ http: { status: 429, retryAfter: 3 } }).headers["retry-after"]).toBe("3");
    const { headers } = met({ http: { status: 429, retryAfter: 3, retryAfterDate: true } });
    expect(headers["retry-after"]).toBe(new Date(testNow + 3_000).toUTCString());
  });
});

describe("a lost answer", () => {
  it("was carried out or not, without a difference for the caller", () => {
    const [done, undone] = [met({ lose: "answer" }), met({ lose: "request" })];
    expect([done.isOn, undone.isOn]).toEqual([true, false]);
    expect(done.delivery).toEqual(undone.delivery);
    expect(done.entry).toMatchObject({ status: null, answered: null, decided: { outcome: "done" } });
    expect(undone.entry).toMatchObject({ status: null, decided: { outcome: "faulted" } });
  });

  it("ends the connection as `cut` says, and closes it otherwise", () => {
    for (const lose of ["answer", "request"] as const) {
      const { delivery: manner, isOn } = met({ lose, cut: { how: "hang" } });
      expect(manner?.ending).toEqual({ how: "hang", at: "before" });
      expect(isOn).toBe(lose === "answer");
      expect(met({ lose }).delivery?.ending).toEqual({ how: "close", at: "before" });
    }
    expect(met({ lose: "answer", http: { status: 500 } }).isOn).toBe(true);
  });

  it("stays lost if a later fault would cut it", () => {
    const ending = (preset: string, waiting: string) => {
      const engine = testEngine();
      engine.faults.add({ preset: waiting });
      const headers = { "content-type": "application/json", prefer: `fault=${preset}` };
      return call(engine, on, { headers }).delivery?.ending.how;
    };
    expect(ending("lost-answer", "drip")).toBe("close");
    expect(ending("drip", "lost-answer")).toBe("drip");
  });
});

describe("a cut", () => {
  it("is logged, and the request is carried out", () => {
    const { isOn, entry } = met({ cut: { how: "reset", at: "middle" } });
    expect(isOn).toBe(true);
    expect(entry).toMatchObject({
      status: 200,
      fault: { delivered: "the connection was reset in the middle of the answer" },
    });
    expect(met({ cut: { how: "hang" } }).entry?.status).toBeNull();
  });

  it("truncates to a whole that is half", () => {
    const whole = call(testEngine(), on).body;
    expect(met({ cut: { how: "truncate" } }).body).toBe(whole.slice(0, Math.floor(whole.length / 2)));
  });
});

describe("a delay", () => {
  const delays = (fault: Fault, seed = 1, count = 200) => {
    const engine = testEngine({ logLimit: 0 });
    engine.faults.add({ fault, seed });
    return Array.from({ length: count }, () => call(engine, on).delivery?.delay ?? 0);
  };

  it("is as long as it says, with jitter in both directions, and never negative", () => {
    expect(new Set(delays({ delay: { ms: 40 } }, 1, 5))).toEqual(new Set([40]));
    const some = delays({ delay: { ms: 40, jitter: 10 } });
    expect(Math.min(...some)).toBeGreaterThanOrEqual(30);
    expect(Math.max(...some)).toBeLessThanOrEqual(50);
    expect(new Set(some).size).toBeGreaterThan(180);
    expect(Math.min(...delays({ delay: { ms: 5, jitter: 100 } }))).toBe(0);
  });

  it("keeps to its percentiles", () => {
    const sorted = delays({ delay: { p50: 100, p95: 400, p99: 1_500 } }).sort((a, b) => a - b);
    expect(sorted[100]).toBeGreaterThan(90);
    expect(sorted[100]).toBeLessThan(125);
    expect(sorted[190]).toBeGreaterThan(340);
    expect(sorted[190]).toBeLessThan(700);
    expect(sorted.at(-1)).toBeLessThanOrEqual(2_250);
    expect(delays({ delay: { p50: 100 } }, 1, 50).every((delay) => delay <= 150)).toBe(true);
  });

  it("is the same again for the same seed", () => {
    const fault: Fault = { delay: { p50: 100, p95: 400 } };
    expect(delays(fault, 7, 20)).toEqual(delays(fault, 7, 20));
    expect(delays(fault, 7, 20)).not.toEqual(delays(fault, 8, 20));
  });
});

it("faults strike requests that never reach the rules, but none without an operation", () => {
  const engine = testEngine();
  engine.faults.add({ preset: "gateway-502" });
  expect(call(engine, "{").status).toBe(502);
  expect(call(engine, on, { path: "/client/api/v1/some-key/nowhere" }).status).toBe(404);
});

it("a channel that does not support a fault says so, and nothing is carried out", () => {
  for (const name of ["reset", "gzip"]) {
    const engine = testEngine();
    engine.faults.add({ preset: name });
    const { status, body } = engine.handle({
      method: "POST",
      target: "/client/api/v1/some-key/extend/order/auto",
      headers: { "content-type": "application/json" },
      body: new TextEncoder().encode(JSON.stringify(on)),
      unsupported: new Set(["reset", "gzip"]),
    });
    expect(status).toBe(501);
    expect(body).toContain(`it can't do ${name}`);
    expect(JSON.stringify(engine.state())).not.toContain('"autoExtend":true');
  }
});

it("every preset is described, and no two have one name", () => {
  expect(new Set(presets.map(({ name }) => name)).size).toBe(presets.length);
  for (const { name, description, options } of presets) {
    expect(name).toMatch(/^[a-z][a-z0-9-]+$/);
    expect(description).toMatch(/\.$/);
    for (const option of options) expect(option.description.length).toBeGreaterThan(3);
  }
});
