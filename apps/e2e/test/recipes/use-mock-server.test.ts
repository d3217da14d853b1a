import { startMockServer } from "@auto-extend/mock-server";
import { type TestHooks, useMockServer } from "@auto-extend/mock-server/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";

const order = { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30, autoExtend: true };
const send = (url: string) =>
  fetch(`${url}/client/api/v1/any-key/extend/order/auto`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(order),
  });

function manualHooks() {
  const nothing = async () => {};
  const call = { before: nothing, beforeEach: nothing, after: nothing };
  const hooks: TestHooks = {
    before: (run) => Object.assign(call, { before: run }),
    beforeEach: (run) => Object.assign(call, { beforeEach: run }),
    after: (run) => Object.assign(call, { after: run }),
  };
  return { call, hooks };
}

describe("a mock server that hooks start and close", () => {
  it("can do all that a server can do which was started by hand", async () => {
    const { call, hooks } = manualHooks();
    const mock = useMockServer(hooks, { apiKeys: ["any-key"] });
    const started = await startMockServer({ apiKeys: ["any-key"] });
    await call.before();
    try {
      const kinds = (server: object) =>
        Object.keys(started).map((name) => [name, typeof Reflect.get(server, name)]);
      expect(kinds(mock)).toEqual(kinds(started));
      expect(mock.url).not.toBe(started.url);
      expect(mock.state()).toMatchObject({
        accounts: [{ id: "default" }, { id: expect.stringMatching(/^account-[0-9a-f]{12}$/) }],
      });
    } finally {
      await Promise.all([call.after(), started.close()]);
    }
  });

  it("starts again if its hooks are called again, as in watch mode", async () => {
    const { call, hooks } = manualHooks();
    const mock = useMockServer(hooks);
    for (const _ of ["first", "second"]) {
      await call.before();
      await send(mock.url);
      expect(mock.requests()).toHaveLength(1);
      await call.beforeEach();
      expect(mock.requests()).toEqual([]);
      await call.after();
    }
  });

  it("says where it can be used if it is used too early or too late", async () => {
    const { call, hooks } = manualHooks();
    const mock = useMockServer(hooks);
    const early =
      /mock\.url is not available, .* is not running. It starts before the first test .* Use it inside a test/;
    expect(() => mock.url).toThrow(early);
    expect(() => {
      const { requests } = mock;
      requests();
    }).toThrow("mock.requests is not available");
    await call.before();
    const { url } = mock;
    await call.after();
    expect(() => mock.url).toThrow(early);
    await expect(send(url)).rejects.toThrow();
  });

  it("can be awaited and printed before it runs", async () => {
    const mock = useMockServer(manualHooks().hooks);
    expect(await mock).toBe(mock);
    expect(String(mock)).toBe("[object Object]");
  });

  it("fails only in the first hook if it can't start", async () => {
    const { call, hooks } = manualHooks();
    const other = await startMockServer();
    onTestFinished(() => other.close());
    const mock = useMockServer(hooks, { port: other.port });
    await expect(call.before()).rejects.toMatchObject({ code: "EADDRINUSE" });
    await call.beforeEach();
    expect(() => mock.url).toThrow("the server could not start: see the error of the hook before all tests");
    await call.after();
  });
});

const outer = useMockServer({ before: beforeAll, beforeEach, after: afterAll });
let innerUrl = "";

describe("a mock server of a describe", () => {
  const inner = useMockServer({ before: beforeAll, beforeEach, after: afterAll });

  it("is not that of its file", async () => {
    await Promise.all([send(inner.url), send(inner.url), send(outer.url)]);
    expect([inner.requests().length, outer.requests().length]).toEqual([2, 1]);
    innerUrl = inner.url;
  });

  it("is the same in the next test, and both are reset", () => {
    expect(inner.url).toBe(innerUrl);
    expect([inner.requests(), outer.requests()]).toEqual([[], []]);
  });
});

it("is closed after its describe, when that of the file still runs", async () => {
  await expect(send(innerUrl)).rejects.toThrow();
  expect((await send(outer.url)).status).toBe(200);
});
