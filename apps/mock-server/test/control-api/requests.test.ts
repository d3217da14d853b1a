import request from "supertest";
import { describe, expect, it } from "vitest";
import { accountIdOf } from "../support/call.js";
import { send, testApp } from "./mock.js";

/** A mock that was asked for something of every kind. */
async function busyMock() {
  const mock = testApp();
  await send(mock, { apiKey: "first-key-1" });
  await send(mock, { apiKey: "first-key-1", orderIds: ["22222", "11111"], autoExtend: false });
  await send(mock, { apiKey: "other-key-1", proxyType: "IPv6" });
  await send(mock, { apiKey: "other-key-1", rentPeriodDays: 7 });
  await send(mock, { apiKey: "other-key-1", prefer: "fault=gateway-502" });
  await send(mock, { apiKey: "other-key-1", prefer: "fault=lost-answer" }).catch(() => {});
  await request(mock).post("/client/api/v1/other-key-1/extend").send({});
  const ids = async (query: string) => {
    const { body } = await request(mock).get(`/__mock/requests${query}`).expect(200);
    return body.requests.map(({ id }: { id: string }) => Number(id.replace("request-", "")));
  };
  return { mock, ids };
}

describe("the requests in the log", () => {
  it.each([
    ["?code=11", [4]],
    ["?status=null", [6]],
    ["?orderIds=11111,22222", [2]],
    ["?orderIds=22222&orderIds=11111", [2]],
    ["?autoExtend=true&proxyType=IPv4&outcome=done", [1, 6]],
    ["?limit=1&outcome=done", [6]],
    [`?account=${accountIdOf("first-key-1")}&limit=1`, [2]],
  ])("are those that match %s", async (query, expected) => {
    const { ids } = await busyMock();
    expect(await ids(query)).toEqual(expected);
  });

  it("are those after a request, and say whether any is missing", async () => {
    const { mock, ids } = await busyMock();
    expect(await ids("?after=request-5")).toEqual([6, 7]);
    expect(await ids("?after=request-5&outcome=done")).toEqual([6]);
    expect(await ids("?after=request-99")).toEqual([1, 2, 3, 4, 5, 6, 7]);
    const ask = async (query: string) => (await request(mock).get(`/__mock/requests${query}`)).body;
    const { run } = (await request(mock).get("/__mock/health")).body;
    expect(await ask("?after=request-7")).toEqual({
      ...{ requests: [], run, isComplete: true },
      ...{ clears: 0, dropped: 0 },
    });
    expect(await ask("?after=request-99")).toMatchObject({ run, isComplete: false });
    expect((await request(testApp()).get("/__mock/requests")).body.run).not.toBe(run);
    await request(mock).post("/__mock/reset");
    await send(mock);
    expect(await ids("?after=request-7")).toEqual([8]);
    expect(await ask("?after=request-7")).toMatchObject({ run, isComplete: false, clears: 1 });
  });

  it("are the newest, and it says how many older ones are gone", async () => {
    const mock = testApp({ logLimit: 2 });
    for (const apiKey of ["one", "two", "two"]) await send(mock, { apiKey });
    const dropped = async (query: string) =>
      (await request(mock).get(`/__mock/requests${query}`)).body.dropped;
    expect(await dropped("")).toBe(1);
    expect(await dropped(`?account=${accountIdOf("two")}`)).toBe(0);
  });

  it.each([
    ["?code=eleven", "code: must be a number"],
    ["?code=", "code: "],
    ["?autoExtend=yes", "autoExtend: "],
    ["?rentPeriodDays=0x1E", "rentPeriodDays: "],
    ["?orderId=1&orderId=2", "orderId: "],
    ["?limit=0", "limit: "],
    [`?acount=${accountIdOf("first-key-1")}`, 'did you mean "account"?'],
  ])("cannot be selected by %s, and the answer says what is wrong", async (query, named) => {
    const { body } = await request(testApp()).get(`/__mock/requests${query}`).expect(400);
    expect(body.detail).toContain(named);
  });
});

describe("the explanation of a request", () => {
  it("says what was tried, decided and changed, as JSON and as text", async () => {
    const { mock } = await busyMock();
    const { body, headers } = await request(mock).get("/__mock/requests/request-1").expect(200);
    expect(headers["content-type"]).toContain("application/json");
    expect(body).toEqual(JSON.parse(JSON.stringify(mock.explain("request-1"))));
    expect(body.changes).toMatchObject([{ orderId: "11111", autoExtend: { from: [false], to: [true] } }]);
    const text = await request(mock).get("/__mock/requests/request-1").set("accept", "text/plain");
    expect(text.headers["content-type"]).toContain("text/plain");
    expect(text.text).toBe(`${body.text}\n`);
  });

  it("is JSON for a client that accepts anything", async () => {
    const { mock } = await busyMock();
    const { body } = await request(mock).get("/__mock/requests/request-1").set("accept", "*/*");
    expect(body.id).toBe("request-1");
  });

  it("is that of the last request, of all or of an account", async () => {
    const { mock } = await busyMock();
    expect((await request(mock).get("/__mock/requests/last")).body.id).toBe("request-7");
    expect(
      (await request(mock).get(`/__mock/requests/last?account=${accountIdOf("first-key-1")}`)).body.id,
    ).toBe("request-2");
  });

  it("is missing for requests that the log does not have, and for those of another account", async () => {
    const { mock } = await busyMock();
    const missing = await request(mock).get("/__mock/requests/request-99").expect(404);
    expect(missing.body.detail).toContain("keeps only the most recent requests");
    await request(mock)
      .get(`/__mock/requests/request-1?account=${accountIdOf("other-key-1")}`)
      .expect(404);
    await request(mock).get("/__mock/requests/request-1").set("mock-api-key", "other-key-1").expect(404);
    const none = await request(testApp()).get("/__mock/requests/last").expect(404);
    expect(none.body.detail).toContain("Send one first");
  });
});
