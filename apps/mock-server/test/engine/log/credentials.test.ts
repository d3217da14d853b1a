import { getBalance, listIpAddresses, operations } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { presets } from "../../../src/engine/faults/presets.js";
import { explain } from "../../../src/engine/log/explanation.js";
import { excerpt } from "../../../src/engine/log/log-redaction.js";
import { createAnnouncer } from "../../../src/program/announcer.js";
import { generateWorld } from "../../../src/program/world-generator.js";
import { ask, testEngine } from "../../support/call.js";

const isSecret = /mock-(?:login|password)/;
const headers = (fault: string) => ({ prefer: `fault=${fault}` });

describe("the credentials of proxies", () => {
  it("leave in the answer, and are in no log, event, story, line or state", () => {
    const printed: string[] = [];
    const io = { stdout: (text: string) => void printed.push(text) };
    const announcers = [createAnnouncer("pretty", io), createAnnouncer("json", io)];
    const events: unknown[] = [];
    const engine = testEngine();
    engine.events.watch((event) => {
      events.push(event);
      for (const { happened } of announcers) happened(event);
    });
    expect(ask(engine, listIpAddresses, {}).body).toMatch(isSecret);
    const story = explain(engine.lastRequest() ?? expect.unreachable());
    const told = JSON.stringify([engine.requests(), events, story, printed, engine.state(), engine.save()]);
    expect(told).not.toMatch(isSecret);
    expect(printed.join("")).toContain("listIpAddresses");
    expect(engine.requests()[0]?.answered).toMatchObject({
      success: true,
      ipAddresses: [
        { orders: [{ ipAddresses: [{ country: "DE", authInfo: "[redacted]" }] }, {}] },
        {},
        {},
        {},
      ],
    });
  });

  it.each(presets.map(({ name }) => name))("are in no log where the fault %s strikes", (name) => {
    const engine = testEngine({ world: generateWorld({ orders: 50, seed: 2 }) });
    const { status } = ask(engine, listIpAddresses, {}, { headers: headers(name) });
    expect(engine.requests()).toHaveLength(1);
    expect(JSON.stringify(engine.requests())).not.toMatch(isSecret);
    expect(status).toBeGreaterThan(0);
  });

  it("are not taken for such in what was sent, but a password in a query is", () => {
    const engine = testEngine();
    ask(engine, listIpAddresses, { proxyType: "IPv4", password: "canary 1", login: "canary" });
    expect(engine.requests()[0]?.sent).toEqual({
      proxyType: "IPv4",
      password: "[redacted]",
      login: "[redacted]",
    });
    expect(JSON.stringify(engine.requests())).not.toContain("canary");
  });

  it("are all that is left out of small answers, and nothing is of operations without them", () => {
    const engine = testEngine();
    const { json } = ask(engine, listIpAddresses, {});
    const shown = JSON.stringify(json).replaceAll(/"authInfo":\{[^}]*\}/g, '"authInfo":"[redacted]"');
    expect(engine.requests()[0]?.answered).toEqual(JSON.parse(shown));
    ask(engine, getBalance, {});
    expect(engine.requests()[1]?.answered).toEqual({
      success: true,
      balance: 5,
      currencyCode: "USD",
      error: null,
    });
    expect(operations.filter(({ hasCredentials }) => hasCredentials).map(({ id }) => id)).toEqual([
      "listIpAddresses",
    ]);
  });
});

describe("a long list in the log", () => {
  it("is kept up to its hundredth item, and says how many more there were at each level", () => {
    const engine = testEngine({ world: generateWorld({ orders: 1_000, addresses: 5_000, seed: 5 }) });
    ask(engine, listIpAddresses, {});
    const text = JSON.stringify(engine.requests()[0]?.answered);
    expect(text.match(/"ipAddressId":/g)?.length).toBeLessThan(100);
    expect(text.match(/"ipAddressId":/g)?.length).toBeGreaterThan(50);
    expect(text).toMatch(/"\[not kept: \d+ more\]"\]\}/);
    expect(text.length).toBeLessThan(40_000);
  });

  it("is kept up to a bound as well where a fault has cut it", () => {
    const engine = testEngine({ world: generateWorld({ orders: 1_000, addresses: 5_000, seed: 5 }) });
    const { body } = ask(engine, listIpAddresses, {}, { headers: headers("truncated") });
    const text = String(engine.requests()[0]?.answered);
    expect(text.length).toBeLessThan(25_000);
    expect(text).toContain(`[not kept: ${body.length - 20_000} more characters]`);
  });

  it("does not push other requests out of the log", () => {
    const engine = testEngine({ world: generateWorld({ orders: 2_000, addresses: 20_000, seed: 6 }) });
    ask(engine, getBalance, {});
    // Their 8 MB each would be more than the log takes.
    for (let count = 0; count < 6; count += 1) ask(engine, listIpAddresses, {});
    expect(engine.requests()).toHaveLength(7);
    expect(engine.droppedRequests()).toBe(0);
  });
});

describe("an excerpt", () => {
  it("keeps the first items, those of lists within lists counted, and notes the rest where it is to", () => {
    const value = { a: [[1, 2], [3, 4, 5], [6]], b: [7], c: "text" };
    expect(excerpt(value, { items: 4, noted: true })).toEqual({
      a: [[1, 2], ["[not kept: 3 more]"], "[not kept: 1 more]"],
      b: ["[not kept: 1 more]"],
      c: "text",
    });
    expect(excerpt(value, { items: 4, noted: false })).toEqual({ a: [[1, 2], []], b: [], c: "text" });
    expect(excerpt(value, { items: 100, noted: true })).toEqual(value);
  });

  it("reaches no bottom that is too deep for the stack", () => {
    const deep = JSON.parse(`${"[".repeat(20_000)}${"]".repeat(20_000)}`);
    expect(JSON.stringify(excerpt(deep, { items: 100, noted: true }))).toContain("nested too deep");
  });
});
