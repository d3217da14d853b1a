import { type MockServer, presets, startMockServer } from "@auto-extend/mock-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { faultOutcomes } from "../../scripts/docs/fault-outcomes.mjs";
import { meet } from "./meet.js";

let mock: MockServer;
beforeAll(async () => {
  mock = await startMockServer();
});
afterAll(() => mock.close());

it("the table of outcomes has every preset, and no other", () => {
  expect(Object.keys(faultOutcomes)).toEqual(presets.map(({ name }) => name));
});

describe("our client, where a fault stays, meets", () => {
  it.each(Object.entries(faultOutcomes))(
    "%s",
    async (preset, { took: [least, most], time: _, once: _once, options = {}, ...expected }) => {
      const apiKey = `stays-${preset}`;
      mock.faults.add({ preset, options }, { apiKey });
      const { met, took } = await meet(mock, apiKey);
      expect(met).toEqual(expected);
      expect(took).toBeGreaterThanOrEqual(least);
      expect(took).toBeLessThanOrEqual(most);
      expect(mock.requests({ apiKey, fault: preset })).toHaveLength(met.attempts);
    },
  );
});

describe("our client, where a fault strikes once, meets", () => {
  it.each(Object.entries(faultOutcomes))("%s", async (preset, { once, options: usual = {} }) => {
    const apiKey = `strikes-once-${preset}`;
    // Longer than the client waits: as it stands, the answer would be waited for.
    const options = preset === "slow" ? { ms: 5_000 } : usual;
    mock.faults.add({ preset, options, times: 1 }, { apiKey });
    expect((await meet(mock, apiKey)).met).toEqual(once);
    expect(mock.faults.list().filter(({ left }) => left !== null)).toEqual([]);
  });
});

describe("a limit", () => {
  const request = { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30, autoExtend: false };

  async function post(apiKey: string, prefer = "") {
    const { status, headers } = await fetch(`${mock.url}/client/api/v1/${apiKey}/extend/order/auto`, {
      method: "POST",
      headers: { "content-type": "application/json", prefer },
      body: JSON.stringify(request),
    });
    return { status, retryAfter: headers.get("retry-after") };
  }

  it("lets so many requests a second through, and says when to come back", async () => {
    const apiKey = "limited-key";
    mock.faults.add({ preset: "limit", options: { "per-second": 3, seconds: 2 } }, { apiKey });
    const answers = [];
    for (let count = 0; count < 5; count += 1) answers.push(await post(apiKey));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
    expect(answers.at(-1)?.retryAfter).toBe("2");
    await new Promise((resolve) => setTimeout(resolve, 1_050));
    expect((await post(apiKey)).status).toBe(200);
  });

  it("lets so many requests at once through", async () => {
    const apiKey = "busy-key";
    mock.faults.add({ fault: { limit: { atOnce: 2 }, delay: { ms: 100 } } }, { apiKey });
    const together = await Promise.all(Array.from({ length: 5 }, () => post(apiKey)));
    expect(together.map(({ status }) => status).sort()).toEqual([200, 200, 429, 429, 429]);
    expect((await post(apiKey)).status).toBe(200);
  });
});
