import { getBalance, listIpAddresses } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import type { MockEvent } from "../../../src/engine/log/events.js";
import { explain } from "../../../src/engine/log/explanation.js";
import { excerpt } from "../../../src/engine/log/redaction.js";
import { generateWorld } from "../../../src/engine/state/world-generator.js";
import { ask, testEngine } from "../../support/call.js";

const headers = (fault: string) => ({ prefer: `fault=${fault}` });

describe("the credentials that the mock makes up", () => {
  it("are in its own log as they were sent, since they open nothing", () => {
    const engine = testEngine();
    const events: MockEvent[] = [];
    engine.events.watch((event) => void events.push(event));
    const { json } = ask(engine, listIpAddresses, {});
    expect(JSON.stringify(json)).toMatch(/mock-password-\w+/);
    expect(engine.requests()[0]?.answered).toEqual(json);
    expect(explain(engine.lastRequest() ?? expect.unreachable()).answered).toEqual(json);
    expect(events).toMatchObject([{ type: "request", request: { answered: json } }]);
  });
});

describe("a long list in the log", () => {
  it("is retained up to its hundredth item, with the number of other items at each level", () => {
    const engine = testEngine({ world: generateWorld({ orders: 1_000, addresses: 5_000, seed: 5 }) });
    ask(engine, listIpAddresses, {});
    const text = JSON.stringify(engine.requests()[0]?.answered);
    expect(text.match(/"ipAddressId":/g)?.length).toBeLessThan(100);
    expect(text.match(/"ipAddressId":/g)?.length).toBeGreaterThan(50);
    expect(text).toMatch(/"\[not retained: \d+ more\]"\]\}/);
    expect(text.length).toBeLessThan(40_000);
  });

  it("is retained up to a bound, even if a fault has cut it", () => {
    const engine = testEngine({ world: generateWorld({ orders: 1_000, addresses: 5_000, seed: 5 }) });
    const { body } = ask(engine, listIpAddresses, {}, { headers: headers("truncated") });
    const text = String(engine.requests()[0]?.answered);
    expect(text.length).toBeLessThan(25_000);
    expect(text).toContain(`[not retained: ${body.length - 20_000} more characters]`);
  });

  it("does not push other requests out of the log", () => {
    const engine = testEngine({ world: generateWorld({ orders: 2_000, addresses: 20_000, seed: 6 }) });
    ask(engine, getBalance, {});
    // Their 8 MB each would be more than the log takes.
    for (let count = 0; count < 5; count += 1) ask(engine, listIpAddresses, {});
    expect(engine.requests()).toHaveLength(6);
    expect(engine.droppedRequests()).toBe(0);
  });
});

describe("an excerpt", () => {
  it("has the first items, also of nested lists, and can note the rest", () => {
    const value = { a: [[1, 2], [3, 4, 5], [6]], b: [7], c: "text" };
    expect(excerpt(value, 4)).toEqual({
      a: [[1, 2], ["[not retained: 3 more]"], "[not retained: 1 more]"],
      b: ["[not retained: 1 more]"],
      c: "text",
    });
    expect(excerpt(value)).toEqual(value);
  });

  it("reaches no bottom that is too deep for the stack", () => {
    const deep = JSON.parse(`${"[".repeat(20_000)}${"]".repeat(20_000)}`);
    expect(JSON.stringify(excerpt(deep))).toContain("nested too deep");
  });
});
