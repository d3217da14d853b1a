import { isRequestError } from "@auto-extend/client";
import { proxyTypes, type SetAutoExtendRequest, setAutoExtend, specOf } from "@auto-extend/core";
import { afterEach, describe, expect, it, vi } from "vitest";
import { clientOf, errorOf, nowhere, request, success } from "../support/fixtures.js";
import { scriptedServer } from "../support/scripted-server.js";

describe("what is sent", () => {
  it.each(proxyTypes)("is the documented request for %s", async (type) => {
    const example = specOf(setAutoExtend).examples.requests[type];
    const server = await scriptedServer({ body: example.success });
    await clientOf(server, { apiKey: "some-key" }).setAutoExtend(example.request);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({
      method: "POST",
      url: "/client/api/v1/some-key/extend/order/auto",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(example.request),
    });
  });

  it("has the API key as one encoded part of the path", async () => {
    const server = await scriptedServer({ body: success });
    await clientOf(server, { apiKey: "../a b?c#d/ü" }).setAutoExtend(request);
    expect(server.requests[0]?.url).toBe("/client/api/v1/..%2Fa%20b%3Fc%23d%2F%C3%BC/extend/order/auto");
  });

  it.each(["/prefix", "/prefix/", "/prefix//"])("keeps the path %s of the base URL", async (path) => {
    const server = await scriptedServer({ body: success });
    await clientOf({ url: server.url + path }, { apiKey: "some-key" }).setAutoExtend(request);
    expect(server.requests[0]?.url).toBe("/prefix/client/api/v1/some-key/extend/order/auto");
  });

  it("names the user agent that was given", async () => {
    const server = await scriptedServer({ body: success });
    await clientOf(server, { userAgent: "shop/1.0" }).setAutoExtend(request);
    expect(server.requests[0]?.headers["user-agent"]).toBe("shop/1.0");
  });

  it("is what the request was at the time of the call", async () => {
    const server = await scriptedServer({ body: success });
    const changing: SetAutoExtendRequest = { ...request, orderIds: ["11111"] };
    const call = clientOf(server).setAutoExtend(changing);
    changing.orderIds.push("22222");
    changing.autoExtend = false;
    await call;
    expect(JSON.parse(server.requests[0]?.body ?? "")).toEqual(request);
  });

  it("may come from a frozen request", async () => {
    const server = await scriptedServer({ body: success });
    const frozen = Object.freeze({ ...request, orderIds: Object.freeze(["11111"]) });
    await expect(clientOf(server).setAutoExtend(frozen)).resolves.toEqual(success);
  });
});

describe("how it is sent", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("keeps cookies, caches, referrers and redirects out of it", async () => {
    const server = await scriptedServer({ body: success });
    const sent: unknown[] = [];
    const watching: typeof fetch = (input, init) => {
      sent.push(init);
      return fetch(input, init);
    };
    await clientOf(server, { fetch: watching }).setAutoExtend(request);
    expect(sent).toEqual([
      expect.objectContaining({
        credentials: "omit",
        cache: "no-store",
        referrerPolicy: "no-referrer",
        redirect: "manual",
      }),
    ]);
  });

  it("leaves out what the platform does not know", async () => {
    const server = await scriptedServer({ body: success });
    const sent: unknown[] = [];
    const poor: typeof fetch = (input, init) => {
      sent.push(init);
      return fetch(input, init);
    };
    vi.stubGlobal("Request", class {});
    await clientOf(server, { fetch: poor }).setAutoExtend(request);
    expect(sent).toHaveLength(1);
    for (const setting of ["credentials", "cache", "referrerPolicy"])
      expect(sent[0]).not.toHaveProperty(setting);
  });

  it("uses the platform's fetch of the moment where none was given", async () => {
    const server = await scriptedServer({ body: success });
    const client = clientOf(server);
    const platform = vi.fn(fetch);
    vi.stubGlobal("fetch", platform);
    await client.setAutoExtend(request);
    expect(platform).toHaveBeenCalledOnce();
  });
});

describe("a request that is not valid", () => {
  it("is refused with everything that is wrong, and not sent", async () => {
    const server = await scriptedServer({ body: success });
    const wrong = {
      proxyType: "ipv4",
      orderIds: ["NUMBER-112233", ""],
      rentPeriodDays: "30",
      autoextend: true,
    };
    // @ts-expect-error the types refuse it as well
    const error = await errorOf(clientOf(server).setAutoExtend(wrong));
    expect(error).toMatchObject({ name: "RequestError", effect: "none", attempts: 0, request: null });
    if (!isRequestError(error)) expect.fail(error.name);
    expect(error.issues.map(({ path }) => path).sort()).toEqual([
      "autoExtend",
      "autoextend",
      "orderIds[0]",
      "orderIds[1]",
      "proxyType",
      "rentPeriodDays",
    ]);
    expect(error.message).toContain("orderIds[0]: is an order number");
    expect(error.message).toContain("autoextend: is not a field of the request; its fields are proxyType,");
    expect(server.requests).toEqual([]);
  });

  it.each([null, undefined, "11111", []])("is refused where it is %j", async (wrong) => {
    const server = await scriptedServer({ body: success });
    // @ts-expect-error the types refuse it as well
    const error = await errorOf(clientOf(server).setAutoExtend(wrong));
    expect(error.name).toBe("RequestError");
    expect(error.message).toContain("The request must be an object with proxyType, orderIds,");
    expect(server.requests).toEqual([]);
  });

  it.each([
    ["null", null],
    ["a signal", new AbortController().signal],
    ["true", true],
  ])("is not sent if its options are %s", async (_, options) => {
    const server = await scriptedServer({ body: success });
    // @ts-expect-error the types refuse most of it
    const error = await errorOf(clientOf(server).setAutoExtend(request, options));
    expect(error.message).toContain("The options must be an object, as in { signal }");
    // @ts-expect-error the types refuse most of it
    expect(await errorOf(clientOf(server).listIpAddresses({}, options))).toMatchObject({
      name: "RequestError",
    });
    expect(server.requests).toEqual([]);
  });

  it("is summed up in the message where much is wrong", async () => {
    const orderIds = Array.from({ length: 1_000 }, () => "");
    const error = await errorOf(clientOf(nowhere).setAutoExtend({ ...request, orderIds }));
    if (!isRequestError(error)) expect.fail(error.name);
    expect(error.issues).toHaveLength(1_000);
    expect(error.message).toMatch(/and 990 more\.$/);
  });
});
