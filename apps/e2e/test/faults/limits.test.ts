import { type MockServer, startMockServer } from "@auto-extend/mock-server";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let mock: MockServer;
beforeAll(async () => {
  mock = await startMockServer();
});
afterAll(() => mock.close());

const request = { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30, autoExtend: false };

async function post(apiKey: string) {
  const { status, headers } = await fetch(`${mock.url}/client/api/v1/${apiKey}/extend/order/auto`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  });
  return { status, retryAfter: headers.get("retry-after") };
}

describe("a limit", () => {
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
    mock.faults.add({ preset: "limit-at-once", options: { "at-once": 2 } }, { apiKey });
    const together = await Promise.all(Array.from({ length: 5 }, () => post(apiKey)));
    expect(together.map(({ status }) => status).sort()).toEqual([200, 200, 429, 429, 429]);
    expect((await post(apiKey)).status).toBe(200);
  });
});
