import request from "supertest";
import { describe, expect, it } from "vitest";
import type { MockApp } from "../../src/index.js";
import { accountIdOf } from "../support/call.js";
import { send, testApp } from "./mock.js";

const verify = (mock: MockApp, expected: unknown, query = "") =>
  request(mock)
    .post(`/__mock/verify${query}`)
    .set("content-type", "application/json")
    .send(JSON.stringify(expected));

async function usedMock() {
  const mock = testApp();
  await send(mock, { apiKey: "first-key-1" });
  await send(mock, { apiKey: "other-key-1", rentPeriodDays: 7 });
  return mock;
}

describe("a request log that is compared with an expectation", () => {
  it("passes with 200", async () => {
    const { body } = await verify(await usedMock(), { orderIds: ["11111"], autoExtend: true, times: 2 });
    expect(body).toEqual({ found: 2, expected: "exactly 2", text: expect.any(String) });
  });

  it("fails with a problem with status 409 that shows the nearest requests", async () => {
    const response = await verify(await usedMock(), { orderIds: ["11111"], rentPeriodDays: 60 });
    expect(response.status).toBe(409);
    expect(response.headers["content-type"]).toBe("application/problem+json");
    const problem = JSON.parse(response.text);
    expect(problem).toMatchObject({
      status: 409,
      title: "Conflict",
      found: 0,
      expected: "at least 1",
      nearest: [
        { id: "request-1", differences: [{ field: "rentPeriodDays", expected: 60, actual: 30 }] },
        {},
      ],
    });
    expect(problem.detail).toContain("rentPeriodDays was 30, expected 60");
  });

  it("is that of one account, by its ID in query or body, or by its API key", async () => {
    const mock = await usedMock();
    expect(
      (await verify(mock, { times: 1, outcome: "done" }, `?account=${accountIdOf("first-key-1")}`)).status,
    ).toBe(200);
    expect(
      (await verify(mock, { times: 0, outcome: "done", account: accountIdOf("other-key-1") })).status,
    ).toBe(200);
    expect((await verify(mock, { times: 1 }).set("mock-api-key", "other-key-1")).status).toBe(200);
    expect((await verify(mock, {}).set("mock-api-key", "other-key-1")).status).toBe(400);
    expect(
      (
        await verify(
          mock,
          { times: 1, account: accountIdOf("first-key-1") },
          `?account=${accountIdOf("first-key-1")}`,
        )
      ).status,
    ).toBe(200);
  });

  it("refuses an expectation that names two accounts, and one that is a list", async () => {
    for (const [expected, why] of [
      [{ account: accountIdOf("other-key-1") }, "names its account twice"],
      [[], "must be an object, not a list"],
    ] as const) {
      const response = await verify(await usedMock(), expected, `?account=${accountIdOf("first-key-1")}`);
      expect(response.status).toBe(400);
      expect(JSON.parse(response.text).detail).toContain(why);
    }
  });

  it("does not pass for an unknown account, whatever is expected", async () => {
    const mock = await usedMock();
    expect((await verify(mock, { account: "nobody", times: 0 })).status).toBe(404);
    expect((await verify(mock, { times: 0 }, "?account=nobody")).status).toBe(404);
  });
});
