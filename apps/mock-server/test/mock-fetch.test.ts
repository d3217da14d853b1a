import { describe, expect, it } from "vitest";
import { createApp, createMockFetch, startMockServer } from "../src/index.js";
import { on, testNow } from "./call.js";

const url = "https://youproxy.io/client/api/v1/any-key/extend/order/auto";
const post = (body: string | Uint8Array) => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body,
});

describe("a mock fetch", () => {
  it("answers as the server does, with no server, and can be asked what it saw", async () => {
    const mock = createMockFetch({ now: () => testNow });
    const answer = await mock(url, post(JSON.stringify(on)));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.headers.get("date")).toBe("Tue, 01 Jan 2030 00:00:00 GMT");
    expect(await answer.text()).toContain('"ipAddressIds":["1111111111111111111"]');
    expect(mock.requests()).toMatchObject([{ sent: on, decided: { outcome: "done" } }]);
    expect(mock.state({ apiKey: "any-key" }).accounts[0]?.orders[0]?.ipAddresses[0]?.autoExtend).toBe(true);
    mock.reset();
    expect(mock.requests()).toEqual([]);
  });

  it("takes a Request, a URL or a text, and any host", async () => {
    const mock = createMockFetch();
    const body = JSON.stringify(on);
    const answers = [
      await mock(new Request(url, post(body))),
      await mock(new URL(url), post(body)),
      await mock("http://localhost/client/api/v1/any-key/extend/order/auto?x=1", post(body)),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  });

  it.each([
    ["a body above 2 MiB", url, post(new Uint8Array(2 * 1024 * 1024 + 1)), 413],
    ["no JSON", url, post("{"), 400],
    ["another method", url, {}, 405],
    ["another path", "https://youproxy.io/elsewhere", post("{}"), 404],
  ])("answers %s as the server does", async (_, to, init, status) => {
    expect((await createMockFetch()(to, init)).status).toBe(status);
  });

  it("refuses an option that there is not, as every mock does", async () => {
    const misspelled = { apiKey: ["my-key"] } as object;
    expect(() => createMockFetch(misspelled)).toThrow(
      "no option apiKey of a mock. There are: world, apiKeys",
    );
    expect(() => createApp(misspelled)).toThrow("no option apiKey");
    await expect(startMockServer(misspelled)).rejects.toThrow("no option apiKey");
  });

  it("does nothing for a caller who is gone", async () => {
    const mock = createMockFetch();
    const reason = new Error("gone");
    const signal = AbortSignal.abort(reason);
    await expect(mock(url, { ...post(JSON.stringify(on)), signal })).rejects.toBe(reason);
    expect(mock.requests()).toEqual([]);
  });
});
