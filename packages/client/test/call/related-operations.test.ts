import type { ServerResponse } from "node:http";
import { type ClientEvent, isApiError, isRequestError } from "@auto-extend/client";
import { describe, expect, it } from "vitest";
import { clientOf, errorOf } from "../support/fixtures.js";
import { rawServer } from "../support/raw-server.js";
import { reading, relatedOperations, switching } from "../support/related-operations.js";
import { type Script, scriptedServer } from "../support/scripted-server.js";

const hangUp: Script = (response) => response.destroy();
const ipv6 = { proxyType: "IPv6", rentPeriodDays: 30, autoExtend: false } as const;
const priced = { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30 } as const;

describe.each(relatedOperations)("$name", ({ name, send, success, failure, target, body }) => {
  const method = body === null ? "GET" : "POST";

  it(`sends a ${method} with what was asked in its place, and nothing more`, async () => {
    const server = await scriptedServer({ body: success });
    await send(clientOf(server, { apiKey: "some-key", userAgent: "shop/1.0" }));
    expect(server.requests).toHaveLength(1);
    const [{ headers, ...sent } = expect.fail("nothing was sent")] = server.requests;
    expect(sent).toEqual({
      method,
      url: `/client/api/v1/some-key${target}`,
      body: body === null ? "" : JSON.stringify(body),
    });
    expect(headers).toMatchObject({ accept: "application/json", "user-agent": "shop/1.0" });
    expect(headers["content-type"]).toBe(body === null ? undefined : "application/json");
    if (body === null) {
      expect(headers).not.toHaveProperty("content-length");
      expect(headers).not.toHaveProperty("transfer-encoding");
    }
  });

  it("names itself in events and errors, with its query but without the API key", async () => {
    const server = await scriptedServer({ body: failure });
    const events: ClientEvent[] = [];
    const error = await errorOf(send(clientOf(server, { onEvent: (event) => void events.push(event) })));
    const request = { method, url: `${server.url}/client/api/v1/[redacted]${target}` };
    expect(error.request).toEqual(request);
    expect(events.map(({ type }) => type)).toEqual(["attempt", "answer", "failure"]);
    for (const event of events) expect(event).toMatchObject({ operation: name, ...request, attempt: 1 });
  });

  it("throws a refusal as an ApiError with code and message", async () => {
    const refused = { ...failure, error: { code: 2, message: "Error api key" } };
    const server = await scriptedServer({ body: refused });
    const error = await errorOf(send(clientOf(server, { retry: {} })));
    if (!isApiError(error)) expect.fail(error.name);
    expect(error).toMatchObject({ code: 2, providerMessage: "Error api key", effect: "none", body: refused });
    expect(error.message).toMatch(/Nothing was changed\.$/);
  });

  it("is retried after transient failures", async () => {
    const server = await scriptedServer({ status: 503 }, hangUp, { body: success });
    await send(clientOf(server, { retry: { delay: 1 } }));
    expect(server.requests.map(({ url }) => url)).toEqual(Array(3).fill(server.requests[0]?.url));
  });

  it("rejects with the caller's own reason after an abort", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const server = await rawServer(() => controller.abort(reason));
    await expect(send(clientOf(server), { signal: controller.signal })).rejects.toBe(reason);
  });

  it("is a ContractError where the answer is no envelope", async () => {
    const server = await scriptedServer({ body: [] });
    await expect(errorOf(send(clientOf(server)))).resolves.toMatchObject({ name: "ContractError" });
  });
});

describe("what only reads", () => {
  const oneGone: Script[] = [hangUp, { status: 404 }];

  // Any of them will do for most: all take the same way, and differ only in their success.
  it.each(
    reading.flatMap(({ name, send, success }, index) =>
      [
        { after: "a lost answer", ends: "NetworkError", scripts: [hangUp] },
        { after: "an answer that breaks off", ends: "NetworkError", scripts: [breakOff] },
        { after: "no answer in time", ends: "TimeoutError", scripts: [() => {}] },
        { after: "HTTP 500", ends: "HttpError", scripts: [{ status: 500 }] },
        { after: "a redirect", ends: "HttpError", scripts: [{ status: 302 }] },
        {
          after: "a success under HTTP 500",
          ends: "HttpError",
          scripts: [{ status: 500, body: success }],
        },
        { after: "HTML", ends: "ContractError", scripts: [{ body: "<h1>Welcome</h1>" }] },
        {
          after: "a success without its data",
          ends: "ContractError",
          scripts: [{ body: { success: true } }],
        },
        { after: "an attempt whose end is not known", ends: "HttpError", scripts: oneGone },
      ]
        .filter(({ after }) => index === 0 || after.startsWith("a success"))
        .map((each) => ({ name, send, ...each })),
    ),
  )("has changed nothing: $name after $after", async ({ send, ends, scripts }) => {
    const server = await scriptedServer(...scripts);
    const retry = scripts.length > 1 ? { delay: 1 } : false;
    const error = await errorOf(
      send(clientOf(server, { retry, timeout: ends === "TimeoutError" ? 50 : 5_000 })),
    );
    expect(error).toMatchObject({ name: ends, effect: "none", attempts: scripts.length });
    expect(error.message).toMatch(/Nothing was changed\.$/);
  });

  it("is not what switches: there, an attempt whose end is not known stays so", async () => {
    const server = await scriptedServer(...oneGone);
    const error = await errorOf(switching.send(clientOf(server, { retry: { delay: 1 } })));
    expect(error).toMatchObject({ name: "HttpError", status: 404, effect: "unknown", attempts: 2 });
  });
});

describe("setAutoExtendByIpAddress", () => {
  it("gives back the provider's answer as received", async () => {
    const body = { ...switching.success, more: [1] };
    const server = await scriptedServer({ body });
    await expect(switching.send(clientOf(server))).resolves.toEqual(body);
  });

  it("is refused with error 28 for a part of an IPv6 order", async () => {
    const body = { ...switching.failure, error: { code: 28, message: "All of them" } };
    const server = await scriptedServer({ body });
    const call = clientOf(server).setAutoExtendByIpAddress({ ...ipv6, ipAddressIds: ["1"] });
    const error = await errorOf(call);
    expect(error).toMatchObject({ name: "ApiError", code: 28, balance: 5, currency: "USD" });
    expect(error.message).toContain("Switch the whole order by its order ID.");
  });

  it.each([
    ["ipAddressIds", { ipAddressIds: ["2"] }],
    ["quantity", { quantity: 2, ipAddressIds: ["1", "2"] }],
  ])("is a ContractError where the answer has other IP addresses in %s", async (path, changed) => {
    const server = await scriptedServer({ body: { ...switching.success, ...changed } });
    const call = clientOf(server).setAutoExtendByIpAddress({ ...ipv6, ipAddressIds: ["1"] });
    const error = await errorOf(call);
    expect(error).toMatchObject({ name: "ContractError", effect: "reported-applied" });
    expect(error.message).toContain(path);
  });

  it("refuses a request that lists none, and sends nothing", async () => {
    const server = await scriptedServer();
    const error = await errorOf(clientOf(server).setAutoExtendByIpAddress({ ...ipv6, ipAddressIds: [] }));
    if (!isRequestError(error)) expect.fail(error.name);
    expect(error.issues.map(({ path }) => path)).toEqual(["ipAddressIds"]);
    expect(server.requests).toEqual([]);
  });
});

describe("priceExtension", () => {
  it("gives back price and warnings as they came", async () => {
    const warnings = [{ code: 16, message: "Insufficient funds on balance", more: 1 }];
    const body = { ...reading[1]?.success, price: 8.3, warnings, more: null };
    const server = await scriptedServer({ body });
    await expect(clientOf(server).priceExtension(priced)).resolves.toEqual(body);
  });

  it("sends a promo code where there is one, and none where it is undefined", async () => {
    const server = await scriptedServer({ body: reading[1]?.success });
    await clientOf(server).priceExtension({ ...priced, promoCode: "SPRING" });
    await clientOf(server).priceExtension({ ...priced, promoCode: undefined });
    expect(server.requests.map(({ body }) => JSON.parse(body))).toEqual([
      { ...priced, promoCode: "SPRING" },
      priced,
    ]);
  });

  it("is a ContractError where the price is for another proxy type", async () => {
    const server = await scriptedServer({ body: { ...reading[1]?.success, proxyType: "ISP" } });
    const error = await errorOf(clientOf(server).priceExtension(priced));
    expect(error).toMatchObject({ name: "ContractError", effect: "none", issues: [{ path: "proxyType" }] });
  });
});

describe("getRentPeriods", () => {
  it("gives back the periods as they came", async () => {
    const body = { success: true, rentPeriodDays: [7, 30], more: {} };
    const server = await scriptedServer({ body });
    await expect(clientOf(server).getRentPeriods({ proxyType: "ISP" })).resolves.toEqual(body);
  });

  it("refuses a request without a proxy type, and sends nothing", async () => {
    const server = await scriptedServer();
    // @ts-expect-error the types refuse it as well
    const error = await errorOf(clientOf(server).getRentPeriods({}));
    expect(error.message).toContain("proxyType: is missing");
    expect(server.requests).toEqual([]);
  });
});

describe("getBalance", () => {
  it("gives back balance and currency code as they came", async () => {
    const body = { success: true, balance: -0.5, currencyCode: "EUR", error: null, more: "yes" };
    const server = await scriptedServer({ body });
    await expect(clientOf(server).getBalance()).resolves.toEqual(body);
  });

  it("takes no balance from a refusal that is no number", async () => {
    const body = { success: false, balance: "5", currency: 7, error: { code: 35, message: "?" } };
    const server = await scriptedServer({ body });
    await expect(errorOf(clientOf(server).getBalance())).resolves.toMatchObject({
      name: "ApiError",
      balance: null,
      currency: null,
      body,
    });
  });
});

function breakOff(response: ServerResponse): void {
  response.writeHead(200, { "content-length": "100" }).write("{", () => response.destroy());
}
