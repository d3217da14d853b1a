import { describe, expect, it } from "vitest";
import { createApp, createMockFetch, type MockServerOptions, startMockServer } from "../src/index.js";
import { createMockHandlers } from "../src/msw.js";

describe("a mock refuses the options", () => {
  it.each([
    [{ port: "x" }, "port: must be a number, not a string"],
    [{ port: 70_000 }, "port: must be at most 65535"],
    [{ host: "" }, "host: must not be empty"],
    [{ apiKeys: "canary-key-01" }, "apiKeys: must be a list, not a string"],
    [{ apiKeys: [""] }, "apiKeys[0]: must not be empty"],
    [{ logLimit: -1 }, "logLimit: must be at least 0"],
    [{ accountLimit: 1.5 }, "accountLimit: must be a whole number"],
    [{ cors: "localhost" }, "cors: must be a list"],
    [{ cors: ["http://localhost/app"] }, "cors[0]: must be an origin without a path"],
    [{ controlToken: "" }, "controlToken: must not be empty"],
    [{ controlToken: "canary\u200b" }, "controlToken: must contain only printable ASCII characters"],
    [{ now: 5 }, "now: must be a function, not a number"],
    [{ now: () => new Date() }, "now must return milliseconds since 1970"],
    [{ now: () => Number.NaN }, "now must return milliseconds since 1970"],
    [{ logLimt: 5 }, 'unknown option "logLimt" (did you mean "logLimit"?)'],
    ["http://127.0.0.1", "must be an object, not a string"],
    [null, "must be an object"],
  ])("%j", async (options, says) => {
    const made = startMockServer(options as MockServerOptions);
    await expect(made).rejects.toThrow(says);
    await expect(made).rejects.not.toThrow("canary");
  });

  it("also if now stops returning a time", async () => {
    let time = 0;
    const mock = createMockFetch({ now: () => time });
    const url = "http://127.0.0.1/client/api/v1/any-key/balance";
    expect((await mock(url)).status).toBe(200);
    time = Number.NaN;
    const answer = await mock(url);
    expect(answer.status).toBe(500);
    expect(await answer.text()).toContain("now must return milliseconds since 1970");
    time = 1;
    expect((await mock(url)).status).toBe(200);
  });

  it("of another kind of mock", () => {
    expect(() => createApp({ port: 1 } as never)).toThrow('unknown option "port"');
    expect(() => createMockFetch({ cors: [] } as never)).toThrow('unknown option "cors"');
    expect(() => createMockHandlers({ baseUrl: 1 } as never)).toThrow("baseUrl: must be a string or a list");
  });
});
