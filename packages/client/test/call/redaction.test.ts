import type { ClientEvent, ErrorName } from "@auto-extend/client";
import { describe, expect, it } from "vitest";
import { expectNoKey, shownBy } from "../support/channels.js";
import { apiKey, clientOf, errorOf, failure, nowhere, request, success } from "../support/fixtures.js";
import { rawServer } from "../support/raw-server.js";
import { type Script, scriptedServer } from "../support/scripted-server.js";

const encoded = encodeURIComponent(apiKey);
const url = `https://api.example/client/api/v1/${encoded}/extend/order/auto`;
// As a server might give away the key that it was called with.
const revealing = `${apiKey} ${url} ${encodeURIComponent(url)}`;

describe("the API key", () => {
  it("does not show in a client", () => {
    expectNoKey(shownBy(clientOf(nowhere)), apiKey);
    expectNoKey(shownBy(Object.values(clientOf(nowhere))), apiKey);
  });

  it.each<[ErrorName, string, Script]>([
    ["ApiError", "its message", { body: { ...failure, error: { code: 2, message: revealing } } }],
    [
      "ApiError",
      "other fields",
      { body: { ...failure, currency: revealing, [revealing]: [{ [revealing]: revealing }] } },
    ],
    ["HttpError", "its body", { status: 404, body: revealing }],
    ["HttpError", "a body cut in the middle of it", { status: 404, body: "x".repeat(1_990) + revealing }],
    ["HttpError", "a redirect", { status: 302, headers: { location: url } }],
    ["ContractError", "its text", { body: revealing }],
    ["ContractError", "a field that is quoted", { body: { ...success, proxyType: revealing } }],
    ["ContractError", "a field that is cut", { body: { ...success, proxyType: "x".repeat(90) + apiKey } }],
    ["ContractError", "order IDs", { body: { ...success, orderIds: [revealing] } }],
    ["ContractError", "the names of fields", { body: { success: "maybe", [revealing]: 1 } }],
  ])("is not shown in the %s of a server that repeats it in %s", async (name, _, script) => {
    const events: ClientEvent[] = [];
    const client = clientOf(await scriptedServer(script), { onEvent: (event) => void events.push(event) });
    const error = await errorOf(client.setAutoExtend(request));
    expect(error.name).toBe(name);
    expect(shownBy(error)).toContain("[redacted]");
    expectNoKey(shownBy(error), apiKey);
    expectNoKey(shownBy(events), apiKey);
    expectNoKey(events.map(shownBy).join(), apiKey);
    // A part of it, as a cut in the middle would leave, is as bad.
    expect(shownBy(error)).not.toContain("canary");
  });

  it("does not show in the errors of the platform", async () => {
    const inner = Object.assign(new Error(`inner ${revealing}`), {
      code: `code ${revealing}`,
      input: revealing,
    });
    const thrown = new TypeError(`Failed to parse URL from ${url}`, {
      cause: new AggregateError([inner], revealing),
    });
    thrown.name = revealing;
    const failing = () => Promise.reject(thrown);
    const error = await errorOf(clientOf(nowhere, { fetch: failing }).setAutoExtend(request));
    expect(error.name).toBe("NetworkError");
    expectNoKey(shownBy(error), apiKey);
    expect(thrown.message).toContain(encoded);
  });

  it("does not show in the error of a refused connection, a lost answer or a timeout", async () => {
    const closed = await scriptedServer();
    await closed.close();
    const cut = await rawServer((socket) => socket.end());
    const silent = await rawServer(() => {});
    const names: string[] = [];
    for (const server of [closed, cut, silent]) {
      const error = await errorOf(clientOf(server, { timeout: 500 }).setAutoExtend(request));
      names.push(error.name);
      expectNoKey(shownBy(error), apiKey);
    }
    expect(names).toEqual(["NetworkError", "NetworkError", "TimeoutError"]);
  });

  it("does not show in the error of a request that holds it", async () => {
    const wrong = { ...request, [apiKey]: apiKey, proxyType: apiKey };
    // @ts-expect-error the types refuse it as well
    const error = await errorOf(clientOf(nowhere).setAutoExtend(wrong));
    expect(error.name).toBe("RequestError");
    expectNoKey(shownBy(error), apiKey);
  });

  it("does not show in what was sent, where it was taken for an order ID", async () => {
    const server = await scriptedServer({ body: success });
    const error = await errorOf(
      clientOf(server).setAutoExtend({ ...request, orderIds: [apiKey], rentPeriodDays: 60 }),
    );
    expect(error).toMatchObject({ name: "ContractError", sent: { orderIds: ["[redacted]"] } });
    expectNoKey(shownBy(error), apiKey);
  });

  it("does not show where it hides how an answer disagrees", async () => {
    const server = await scriptedServer({ body: { ...success, orderIds: [encoded] } });
    const error = await errorOf(clientOf(server).setAutoExtend({ ...request, orderIds: [apiKey] }));
    expect(error).toMatchObject({
      name: "ContractError",
      issues: [{ path: "orderIds", message: expect.stringContaining("in the answer but not requested") }],
    });
    expectNoKey(shownBy(error), apiKey);
  });

  it("does not show in the host of a redirect", async () => {
    const plain = "canarykey0123456789";
    const server = await scriptedServer({ status: 302, headers: { location: `https://${plain}.example/` } });
    const error = await errorOf(clientOf(server, { apiKey: plain }).setAutoExtend(request));
    expect(error.message).toContain("A redirect was not followed");
    expectNoKey(shownBy(error), plain);
  });

  it("does not show by its place, though it is too short to be found by its value", async () => {
    const server = await scriptedServer({ status: 404, body: "See /client/api/v2/k3y/extend/order/auto" });
    const prefixed = { url: `${server.url}/gateway` };
    const error = await errorOf(clientOf(prefixed, { apiKey: "k3y" }).setAutoExtend(request));
    expect(server.requests[0]?.url).toBe("/gateway/client/api/v1/k3y/extend/order/auto");
    expectNoKey(shownBy(error), "k3y");
  });

  it("stays in a success, which is given back as it came", async () => {
    const body = { ...success, echo: revealing };
    await expect(clientOf(await scriptedServer({ body })).setAutoExtend(request)).resolves.toEqual(body);
  });
});
