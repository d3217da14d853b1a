import type { ClientEvent } from "@auto-extend/client";
import { describe, expect, it } from "vitest";
import { clientOf, errorOf } from "../support/fixtures.js";
import { reading, relatedOperations, switching } from "../support/related-operations.js";
import { type Script, scriptedServer } from "../support/scripted-server.js";

const hangUp: Script = (response) => response.destroy();
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

  it("keeps the error of a refusal whose other fields are of no use", async () => {
    const refusal = { success: false, balance: "5", currency: 7, error: { code: 35, message: "?" } };
    const server = await scriptedServer({ body: refusal });
    await expect(errorOf(send(clientOf(server)))).resolves.toMatchObject({
      name: "ApiError",
      effect: "none",
      code: 35,
      balance: null,
      currency: null,
      body: refusal,
    });
  });
});

describe("what only reads", () => {
  const [{ send, success } = expect.fail("nothing only reads")] = reading;
  const oneGone: Script[] = [hangUp, { status: 404 }];
  const tryAgain = "Nothing was changed. Try again later.";

  it.each([
    { after: "a lost answer", ends: "NetworkError", scripts: [hangUp], next: tryAgain },
    {
      after: "a success under HTTP 500",
      ends: "HttpError",
      scripts: [{ status: 500, body: success }],
      next: tryAgain,
    },
    {
      after: "a success without its data",
      ends: "ContractError",
      scripts: [{ body: { success: true } }],
      next: "See the error's body. Nothing was changed.",
    },
    {
      after: "an attempt whose end is not known",
      ends: "HttpError",
      scripts: oneGone,
      next: "Check the base URL. Nothing was changed.",
    },
  ])("has changed nothing after $after, and says what to do next", async ({ ends, scripts, next }) => {
    const server = await scriptedServer(...scripts);
    const retry = scripts.length > 1 ? { delay: 1 } : false;
    const error = await errorOf(send(clientOf(server, { retry })));
    expect(error).toMatchObject({ name: ends, effect: "none", attempts: scripts.length });
    expect(error.message.endsWith(next), error.message).toBe(true);
  });

  it("is not what switches: there, an attempt whose end is not known stays so", async () => {
    const server = await scriptedServer(...oneGone);
    const error = await errorOf(switching.send(clientOf(server, { retry: { delay: 1 } })));
    expect(error).toMatchObject({ name: "HttpError", status: 404, effect: "unknown", attempts: 2 });
  });
});

describe("priceExtension", () => {
  it("sends a promo code where there is one, and none where it is undefined", async () => {
    const server = await scriptedServer({ body: reading[1]?.success });
    await clientOf(server).priceExtension({ ...priced, promoCode: "SPRING" });
    await clientOf(server).priceExtension({ ...priced, promoCode: undefined });
    expect(server.requests.map(({ body }) => JSON.parse(body))).toEqual([
      { ...priced, promoCode: "SPRING" },
      priced,
    ]);
  });
});
