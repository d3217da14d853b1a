import { expect, it } from "vitest";
import { measureEngine } from "../../src/speed/engine.mjs";
import { loads } from "../../src/speed/servers.mjs";

// Node 26 stringifies in less time than older versions, and the engine gains less from that.
const allowance = Number.parseInt(process.versions.node, 10) >= 26 ? 1.25 : 1;
const attempts = 3;

// Usually the multiple is 5 to 6.5 for a switch, and 6.5 to 8 for the mixed load.
it.each([
  ["setAutoExtend", 7.8],
  ["mixed", 10.8],
])("the engine takes no more than so many times the processor time of its JSON: %s, %d", (name, bound) => {
  const requests = loads.find((load) => load.name === name)?.requests ?? [];
  let least = Number.POSITIVE_INFINITY;
  // What else the machine does can only add to a round, so the quickest of many short ones count.
  for (let attempt = 0; attempt < attempts && least > bound * allowance; attempt += 1) {
    const { engine, json } = measureEngine({ requests, rounds: 100, count: requests.length });
    least = Math.min(least, Math.min(...engine) / Math.min(...json));
  }
  expect(least).toBeLessThan(bound * allowance);
  // Less than its JSON would mean that something else was measured.
  expect(least).toBeGreaterThan(1);
});
