import request from "supertest";
import { describe, expect, it } from "vitest";
import { presets } from "../../src/index.js";
import { send, testApp, twoAccounts } from "./mock.js";

describe("adding a fault", () => {
  it("queues it, and returns it", async () => {
    const mock = testApp();
    const { body } = await request(mock)
      .post("/__mock/faults")
      .send({ preset: "gateway-502", times: 2 })
      .expect(201);
    expect(body).toMatchObject({ id: "fault-1", preset: "gateway-502", left: 2, injected: 0, match: {} });
    expect((await send(mock)).status).toBe(502);
    expect((await request(mock).get("/__mock/faults")).body).toEqual({
      faults: [{ ...body, left: 1, injected: 1 }],
    });
    expect((await send(mock)).status).toBe(502);
    expect((await send(mock)).status).toBe(200);
    await request(mock).delete("/__mock/faults/fault-1").expect(404);
  });

  it("shows the chosen options, in the queue and in the log of the request", async () => {
    const mock = testApp();
    const options = { ms: 1, jitter: 0 };
    const { body } = await request(mock).post("/__mock/faults").send({ preset: "slow", options }).expect(201);
    expect(body.options).toEqual(options);
    await send(mock);
    await request(mock).delete("/__mock/faults");
    await send(mock, { prefer: "fault=slow; ms=1" });
    await send(mock, { prefer: "fault=html-200" });
    const { body: log } = await request(mock).get("/__mock/requests");
    expect(log.requests.map(({ fault }: { fault: { triggers: unknown } }) => fault.triggers)).toEqual([
      [{ name: "slow", by: "queue", id: "fault-1", options }],
      [{ name: "slow", by: "header", options: { ms: 1 } }],
      [{ name: "html-200", by: "header" }],
    ]);
  });

  it("is for one account only if it is narrowed to it, by ID or by API key", async () => {
    const mock = testApp({ world: twoAccounts });
    const order = { preset: "gateway-502", match: { autoExtend: true } };
    const byId = await request(mock).post("/__mock/faults?account=first").send(order).expect(201);
    expect(byId.body.match).toEqual({ account: "first", autoExtend: true });
    const byKey = await request(mock)
      .post("/__mock/faults")
      .set("mock-api-key", "other-key-1")
      .send({ preset: "gateway-504" })
      .expect(201);
    expect(byKey.body.match).toEqual({ account: "other" });
    expect((await send(mock, { apiKey: "first-key-1" })).status).toBe(502);
    expect((await send(mock, { apiKey: "other-key-1" })).status).toBe(504);
  });

  it("is refused without a body", async () => {
    await request(testApp()).post("/__mock/faults").expect(400);
  });
});

describe("queued faults", () => {
  const waiting = async () => {
    const mock = testApp({ world: twoAccounts });
    for (const match of [{}, { account: "first" }, { account: "other" }]) {
      await request(mock).post("/__mock/faults").send({ preset: "slow", match }).expect(201);
    }
    const list = async (query = "") =>
      (await request(mock).get(`/__mock/faults${query}`)).body.faults.map(({ id }: { id: string }) => id);
    return { mock, list };
  };

  it("are removed one by one", async () => {
    const { mock, list } = await waiting();
    await request(mock).delete("/__mock/faults/fault-2").expect(204);
    await request(mock).delete("/__mock/faults/fault-2").expect(404);
    expect(await list()).toEqual(["fault-1", "fault-3"]);
  });

  it("cannot be removed by another account", async () => {
    const { mock, list } = await waiting();
    await request(mock).delete("/__mock/faults/fault-2?account=other").expect(404);
    await request(mock).delete("/__mock/faults/fault-2").set("mock-api-key", "other-key-1").expect(404);
    expect(await list()).toHaveLength(3);
  });

  it("are removed together, all or those of an account", async () => {
    const { mock, list } = await waiting();
    await request(mock).delete("/__mock/faults").set("mock-api-key", "first-key-1").expect(204);
    expect(await list()).toEqual(["fault-1", "fault-3"]);
    await request(mock).delete("/__mock/faults").expect(204);
    expect(await list()).toEqual([]);
  });
});

describe("the presets", () => {
  it("are listed with all their options", async () => {
    const { body } = await request(testApp()).get("/__mock/faults/presets").expect(200);
    expect(body.presets).toEqual(presets.map(({ fault: _, ...preset }) => preset));
  });
});

it.each([
  [{ preset: "error", code: 29 }, '{"preset":"error","options":{"code":35}}'],
  [{ preset: "slow", ms: 5, times: 2 }, '{"preset":"slow","options":{"ms":1000,"jitter":0}}'],
])(
  "an option beside its preset is refused, and the message shows where it belongs: %j",
  async (spec, example) => {
    const { status, body } = await request(testApp()).post("/__mock/faults").send(spec);
    expect(status).toBe(400);
    expect(body.detail).toContain(`An example: ${example}.`);
    expect(body.detail).toContain(`Give ${spec.preset === "error" ? "code" : "ms"} in options.`);
    await request(testApp()).post("/__mock/faults").send(JSON.parse(example)).expect(201);
  },
);
