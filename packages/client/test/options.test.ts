import {
  type Client,
  type ClientOptions,
  createClient,
  defaultBaseUrl,
  isRequestError,
} from "@auto-extend/client";
import { setAutoExtendByIpAddress, specOf } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { clientOf, errorOf, request } from "./support/fixtures.js";
import { scriptedServer } from "./support/scripted-server.js";

const apiKey = "canary-key";

/** The paths of what createClient finds wrong with options that the types may refuse as well. */
function problemsOf(options: Record<string, unknown>): string[] {
  try {
    createClient({ apiKey, ...options } as ClientOptions);
    return [];
  } catch (error) {
    if (!isRequestError(error)) throw error;
    return error.issues.map(({ path }) => path);
  }
}

describe("the API key", () => {
  it.each([[undefined], [""], ["."], [".."], [42], ["\ud800"], [" key"], ["key\n"]])(
    "must not be %j",
    (wrong) => {
      expect(problemsOf({ apiKey: wrong })).toEqual(["apiKey"]);
    },
  );
});

describe("the base URL", () => {
  it("is the live server by default", () => {
    expect(defaultBaseUrl).toBe("https://youproxy.io");
    expect(problemsOf({})).toEqual([]);
  });

  it.each([
    "https://api.example",
    "https://api.example:8443/prefix/",
    "http://localhost:4010",
    "http://mock.localhost",
    "http://127.0.0.1:4010",
    "http://127.9.9.9",
    "http://[::1]:4010/",
  ])("may be %s", (baseUrl) => {
    expect(problemsOf({ baseUrl })).toEqual([]);
  });

  it.each([
    "",
    "api.example",
    "/client",
    "ftp://api.example",
    "file:///etc/hosts",
    "https://user@api.example",
    "https://:secret@api.example",
    "https://api.example/?a=b",
    "https://api.example/#a",
    "https://api.example/prefix/client/api/v1",
    7,
  ])("must not be %j", (baseUrl) => {
    expect(problemsOf({ baseUrl })).toEqual(["baseUrl"]);
  });

  it.each([
    ["undefined", { baseUrl: undefined }],
    ["empty", { baseUrl: "" }],
    ["blank", { baseUrl: " \n" }],
    ["undefined in an object that others inherit from", Object.create({ baseUrl: undefined })],
    [
      "undefined by a getter",
      new (class {
        readonly apiKey = apiKey;
        get baseUrl() {
          return undefined;
        }
      })(),
    ],
  ])(
    "is an error if it is present but %s, so that nobody calls the live server by accident",
    (_, options) => {
      const given = Object.assign(options, { apiKey });
      expect(() => createClient(given as ClientOptions)).toThrow(
        "baseUrl: is empty or undefined (an unset variable?)",
      );
    },
  );

  it("is an error if it is null", () => {
    expect(problemsOf({ baseUrl: null })).toEqual(["baseUrl"]);
  });

  it.each([
    "http://api.example",
    "http://127.0.0.1.api.example",
    "http://localhost.api.example",
    "http://notlocalhost",
    "http://10.0.0.1",
    "http://[::2]",
  ])("must not be %s, unless plain http: is allowed", (baseUrl) => {
    expect(problemsOf({ baseUrl })).toEqual(["baseUrl"]);
    expect(problemsOf({ baseUrl, allowHttp: "false" })).toEqual(["baseUrl"]);
    expect(problemsOf({ baseUrl, allowHttp: true })).toEqual([]);
  });
});

describe("the other options", () => {
  it.each([
    ["timeout", { timeout: 0 }],
    ["timeout", { timeout: -1 }],
    ["timeout", { timeout: Number.NaN }],
    ["timeout", { timeout: Number.POSITIVE_INFINITY }],
    ["timeout", { timeout: 2 ** 31 }],
    ["timeout", { timeout: "30" }],
    ["retry", { retry: true }],
    ["retry", { retry: null }],
    ["retry", { retry: 3 }],
    ["retry.attempts", { retry: { attempts: 0 } }],
    ["retry.attempts", { retry: { attempts: 1.5 } }],
    ["retry.attempts", { retry: { attempts: "3" } }],
    ["retry.totalTimeout", { retry: { totalTimeout: 0 } }],
    ["retry.delay", { retry: { delay: -1 } }],
    ["retry.maxRetryAfter", { retry: { maxRetryAfter: Number.NaN } }],
    ["fetch", { fetch: "fetch" }],
    ["onEvent", { onEvent: {} }],
    ["userAgent", { userAgent: 5 }],
    ["userAgent", { userAgent: "two\nlines" }],
  ])("are refused at %s in %j", (path, options) => {
    expect(problemsOf(options)).toEqual([path]);
  });

  it("may be at their limits", () => {
    const retry = { attempts: 1, totalTimeout: 1, delay: 0, maxRetryAfter: 0 };
    expect(problemsOf({ timeout: 2 ** 31 - 1, retry })).toEqual([]);
    expect(problemsOf({ timeout: 1, retry: {} })).toEqual([]);
  });
});

describe("an option that nobody knows", () => {
  function refusalOf(options: Record<string, unknown>): string {
    try {
      createClient({ apiKey, ...options } as ClientOptions);
    } catch (error) {
      if (isRequestError(error)) return error.message;
    }
    expect.fail("It was not refused as an option.");
  }

  it.each([
    [{ baseURL: "http://127.0.0.1:9" }, "baseURL: is not an option; the options are apiKey, baseUrl,"],
    [{ base_url: "http://127.0.0.1:9" }, "base_url: is not an option; the options are apiKey, baseUrl,"],
    [
      { retries: 1 },
      "retries: is not an option; the options are apiKey, baseUrl, allowHttp, fetch, timeout,",
    ],
    [{ retry: { maxretryafter: 1 } }, "retry.maxretryafter: is not an option; the options are attempts,"],
    [
      { retry: { times: 1 } },
      "retry.times: is not an option; the options are attempts, totalTimeout, delay,",
    ],
  ])("is refused in %j, with those that exist", (options, message) => {
    expect(refusalOf(options)).toContain(message);
  });

  it("is refused for one call as well, and nothing is sent", async () => {
    const server = await scriptedServer();
    const misspelt: object = { Signal: AbortSignal.abort() };
    const error = await errorOf(clientOf(server).setAutoExtend(request, misspelt));
    expect(error).toMatchObject({ name: "RequestError", issues: [{ path: "Signal" }] });
    expect(error.message).toContain("Signal: is not an option; the options are signal");
    expect(server.requests).toEqual([]);
  });
});

describe("an option of one call that nobody knows", () => {
  it.each<[string, string, (client: Client, misspelt: object) => Promise<unknown>]>([
    [
      "setAutoExtendByIpAddress",
      "signal",
      (client, misspelt) =>
        client.setAutoExtendByIpAddress(
          specOf(setAutoExtendByIpAddress).examples.requests.IPv4.request,
          misspelt,
        ),
    ],
    ["listIpAddresses", "credentials", (client, misspelt) => client.listIpAddresses({}, misspelt)],
    ["listIpAddresses", "signal", (client, misspelt) => client.listIpAddresses(undefined, misspelt)],
    [
      "priceExtension",
      "signal",
      (client, misspelt) =>
        client.priceExtension({ proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30 }, misspelt),
    ],
    [
      "getRentPeriods",
      "signal",
      (client, misspelt) => client.getRentPeriods({ proxyType: "IPv4" }, misspelt),
    ],
    ["getBalance", "signal", (client, misspelt) => client.getBalance(misspelt)],
  ])("is refused by %s, which names %s among those that exist", async (_, meant, call) => {
    const server = await scriptedServer();
    const misspelt = meant.toUpperCase();
    const error = await errorOf(call(clientOf(server), { [misspelt]: true }));
    expect(error).toMatchObject({ name: "RequestError", issues: [{ path: misspelt }] });
    expect(error.message).toMatch(
      new RegExp(`${misspelt}: is not an option; the options are .*\\b${meant}\\b`),
    );
    expect(server.requests).toEqual([]);
  });

  it("is that of another call as well", async () => {
    const server = await scriptedServer();
    const foreign: object = { credentials: true };
    const error = await errorOf(clientOf(server).getBalance(foreign));
    expect(error.message).toContain("credentials: is not an option; the options are signal");
    expect(server.requests).toEqual([]);
  });
});

describe("options that are wrong", () => {
  it("are all named at once, and none is quoted", () => {
    const secret = "https://youproxy.io/client/api/v1/canary-key?canary-key";
    const wrong = { apiKey: "", baseUrl: secret, timeout: "canary-key", userAgent: "canary-key\nx" };
    expect(problemsOf(wrong)).toEqual(["apiKey", "baseUrl", "baseUrl", "timeout", "userAgent"]);
    // @ts-expect-error the types refuse it as well
    expect(() => createClient(wrong)).toThrow(/^(?!.*canary-key)The call is not valid/s);
  });

  it("are refused where they are no object", () => {
    // @ts-expect-error the types refuse it as well
    expect(() => createClient()).toThrow(/must be an object, as in createClient\({ apiKey }\)/);
  });
});
