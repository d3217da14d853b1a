import { gzipSync } from "node:zlib";
import { isApiError, isContractError, isHttpError } from "@auto-extend/client";
import { describe, expect, it, vi } from "vitest";
import { clientOf, errorOf, failure, nowhere, request, success } from "../support/fixtures.js";
import { type Script, scriptedServer } from "../support/scripted-server.js";

async function resultOf(script: Script) {
  return clientOf(await scriptedServer(script)).setAutoExtend(request);
}

function errorFor(script: Script) {
  return errorOf(resultOf(script));
}

describe("a success", () => {
  it("comes back as it came, fields of unknown meaning included", async () => {
    const body = { extra: { deep: [1, null] }, ...success };
    const result = await resultOf({ body });
    expect(JSON.stringify(result)).toBe(JSON.stringify(body));
  });

  it("may list order IDs in place of IP address IDs", async () => {
    const { ipAddressIds: _, ...rest } = success;
    const body = { ...rest, orderIds: ["11111"] };
    await expect(resultOf({ body })).resolves.toEqual(body);
  });

  it.each([
    ["compressed", { headers: { "content-encoding": "gzip" }, body: gzipSync(JSON.stringify(success)) }],
    ["with a byte order mark", { body: `\ufeff${JSON.stringify(success)}` }],
    ["with another media type", { headers: { "content-type": "text/html" }, body: success }],
    ["under HTTP 201", { status: 201, body: success }],
    ["in 16 MiB", { body: JSON.stringify(success).padEnd(16 * 1024 * 1024) }],
  ])("may come %s", async (_, script) => {
    await expect(resultOf(script)).resolves.toEqual(success);
  });

  it("may come from a platform whose answers have no stream", async () => {
    const server = await scriptedServer({ body: success });
    const streamless: typeof fetch = async (input, init) =>
      Object.defineProperty(await fetch(input, init), "body", { value: undefined });
    await expect(clientOf(server, { fetch: streamless }).setAutoExtend(request)).resolves.toEqual(success);
  });
});

describe("a failure envelope", () => {
  it("is an ApiError with everything the provider said", async () => {
    const error = await errorFor({ body: failure });
    if (!isApiError(error)) expect.fail(error.name);
    expect(error).toMatchObject({
      effect: "none",
      attempts: 1,
      status: 200,
      code: 4,
      providerMessage: "Incorrect proxy type",
      description: { known: true, grade: "reference" },
      balance: 5,
      currency: "USD",
      body: failure,
    });
    expect(error.message).toBe(
      'The provider refused the request: error 4, "Incorrect proxy type". Use IPv4, IPv6, MOBILE or ISP, in this spelling. Nothing was changed.',
    );
  });

  it("may have a code that nobody knows, and nulls", async () => {
    const body = { ...failure, balance: null, currency: null, error: { code: 4711, message: "Neu: ü" } };
    await expect(errorFor({ body })).resolves.toMatchObject({
      code: 4711,
      providerMessage: "Neu: ü",
      description: { known: false },
      balance: null,
      currency: null,
    });
  });

  it("may be as short as success and error", async () => {
    const body = { success: false, error: { code: 2, message: "Error api key" } };
    await expect(errorFor({ body })).resolves.toMatchObject({ code: 2, balance: null, currency: null, body });
  });

  it.each([
    [201, "none"],
    [302, "none"],
    [400, "none"],
    [404, "none"],
    [408, "unknown"],
    [429, "none"],
    [500, "unknown"],
    [503, "unknown"],
  ])("is an ApiError under HTTP %i as well, with effect %s", async (status, effect) => {
    const error = await errorFor({ status, body: failure });
    expect(error).toMatchObject({ name: "ApiError", effect, status, code: 4, retryAfter: null });
  });

  it.each([200, 408, 429, 503])("keeps Retry-After under HTTP %i", async (status) => {
    const error = await errorFor({ status, headers: { "retry-after": "3600" }, body: failure });
    expect(error).toMatchObject({ name: "ApiError", retryAfter: 3_600_000, attempts: 1 });
    expect(error.message).toContain("Wait 3600 s, as the server asks.");
  });

  it.each([408, 429, 500, 503])("under HTTP %i gives no advice about the request", async (status) => {
    const error = await errorFor({ status, body: failure });
    const nextStep = status === 429 ? "Try again later." : "Check listIpAddresses, or repeat the call.";
    expect(error.message).toContain(`with HTTP ${status}: error 4, "Incorrect proxy type". `);
    expect(error.message).not.toContain("in exactly this spelling");
    expect(error.message).toMatch(new RegExp(`${nextStep}$`));
  });

  it("is shortened and cleaned, however long its texts are", async () => {
    const message = `\u001b[31m\u202e${"x".repeat(700_000)}`;
    const error = await errorFor({ body: { ...failure, note: message, error: { code: 35, message } } });
    if (!isApiError(error)) expect.fail(error.name);
    expect(error.providerMessage).toBe("x".repeat(2_000));
    expect(JSON.stringify(error).length).toBeLessThan(20_000);
  });
});

describe("the message of an error", () => {
  const forged = "No\r\n2030-01-01 INFO all orders switched\n\tat provider";

  it("is on one line, whatever the texts of the answer are, and the body keeps its lines", async () => {
    const refused = await errorFor({ body: { ...failure, error: { code: 35, message: forged } } });
    expect(refused.message).toContain('"No 2030-01-01 INFO all orders switched at provider"');
    const missing = await errorFor({ status: 404, body: JSON.stringify({ detail: forged }) });
    expect(missing.message).toContain("The server says: No 2030-01-01 INFO all orders switched at provider");
    const broken = await errorFor({ body: { ...success, proxyType: forged, [forged]: 1 } });
    for (const { message } of [refused, missing, broken]) expect(message).not.toMatch(/[\r\n\t]/);
    expect(refused).toMatchObject({ body: { error: { message: forged.replace("\r", "") } } });
  });

  it("is on one line if the platform's error has several", async () => {
    const fetch = () => Promise.reject(new TypeError(forged));
    const error = await errorOf(clientOf(nowhere, { fetch }).setAutoExtend(request));
    expect(error.message).toContain(
      "No answer was received: No 2030-01-01 INFO all orders switched at provider.",
    );
  });
});

describe("an HTTP status without a failure envelope", () => {
  it.each([
    [400, "none"],
    [401, "none"],
    [404, "none"],
    [408, "unknown"],
    [413, "none"],
    [429, "none"],
    [500, "unknown"],
    [503, "unknown"],
  ])("is an HttpError for %i, with effect %s", async (status, effect) => {
    const error = await errorFor({ status, body: "<h1>No</h1>" });
    expect(error).toMatchObject({ name: "HttpError", effect, status, retryAfter: null, body: "<h1>No</h1>" });
    expect(error.message).toContain(`HTTP ${status}`);
  });

  it.each([
    [400, "See the error's body."],
    [401, "Check the API key"],
    [403, "Check the API key"],
    [404, "Check the base URL."],
    [405, "Check the base URL."],
    [413, "Send fewer IDs"],
    [429, "came without the usual answer. Nothing was changed. Try again later."],
    [502, "HTTP 502: the server or a gateway in front of it failed."],
  ])("says for %i what fits it: %s", async (status, advice) => {
    const { message } = await errorFor({ status });
    expect(message).toContain(advice);
    expect(message.includes("base URL")).toBe(advice.includes("base URL"));
  });

  it("says which pause the server asks for", async () => {
    const error = await errorFor({ status: 429, headers: { "retry-after": "7" } });
    expect(error).toMatchObject({ name: "HttpError", retryAfter: 7_000 });
    expect(error.message).toMatch(/ Wait 7 s, as the server asks\. Nothing was changed\.$/);
  });

  it.each([400, 500])("is unknown under %i where the answer reports success", async (status) => {
    const error = await errorFor({ status, body: success });
    expect(error).toMatchObject({ name: "HttpError", effect: "unknown", status });
    expect(error.message).toContain("reports success");
  });

  it("keeps only the beginning of the body", async () => {
    const error = await errorFor({ status: 404, body: "x".repeat(17 * 1024 * 1024) });
    if (!isHttpError(error)) expect.fail(error.name);
    expect(error.body).toBe("x".repeat(2_000));
  });

  it("shows the detail of a problem document, without the API key", async () => {
    const detail = `There is no such path: /client/api/v1/secret-of-somebody/extend. ${"x".repeat(500)}`;
    const { message } = await errorFor({ status: 404, body: JSON.stringify({ title: "Not Found", detail }) });
    expect(message).toContain("The server says: There is no such path: /client/api/v1/[redacted]/extend.");
    expect(message).not.toContain("x".repeat(300));
    expect(message).toMatch(/x Check the base URL\. Nothing was changed/);
    const short = await errorFor({ status: 404, body: '{"detail":"No such path"}' });
    expect(short.message).toContain("The server says: No such path Check the base URL.");
    const other = await errorFor({ status: 404, body: '{"detail":7}' });
    expect(other.message).not.toContain("The server says");
  });
});

describe("a success that disagrees", () => {
  it.each([
    ["proxyType", { ...success, proxyType: "IPv6" }],
    ["rentPeriodDays", { ...success, rentPeriodDays: 60 }],
    ["quantity", { ...success, quantity: 2 }],
    ["quantity", { ...success, quantity: "1" }],
    ["orderIds", { ...success, orderIds: ["22222"] }],
    ["error", { ...success, error: { code: 4, message: "Incorrect proxy type" } }],
    ["ipAddressIds[0]", { ...success, ipAddressIds: [1] }],
    ["proxyType", { success: true }],
  ])("at %s is a ContractError that says so: %j", async (path, body) => {
    const error = await errorFor({ body });
    if (!isContractError(error)) expect.fail(error.name);
    expect(error).toMatchObject({ effect: "reported-applied", status: 200, sent: request, body });
    expect(error.issues.map((issue) => issue.path)).toContain(path);
    expect(error.message).toContain(path);
  });
});

describe("an answer that is no envelope", () => {
  const nested = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;

  it.each([
    ["nothing", "", "The body is empty, but JSON was expected"],
    ["blanks", " \n", "The body is empty, but JSON was expected"],
    ["HTML", "<h1>Welcome</h1>", "The body is not JSON"],
    ["a part of JSON", '{"success":tr', "The body is not JSON"],
    ["bytes that are no UTF-8", Buffer.from('{"success":"\xff"}', "latin1"), "The body is not UTF-8"],
  ])("is a ContractError: %s", async (_, body, message) => {
    const error = await errorFor({ body });
    if (!isContractError(error)) expect.fail(error.name);
    expect(error).toMatchObject({ effect: "unknown", status: 200, sent: request });
    expect(error.issues).toEqual([{ path: "", message: expect.stringContaining(message) }]);
    expect(error.body).toBe(body.toString().slice(0, 2_000));
    expect(error.message).toContain("Check the base URL.");
  });

  it("is a ContractError if it is nested without end, and the error holds only the first levels", async () => {
    const error = await errorFor({ body: nested });
    if (!isContractError(error)) expect.fail(error.name);
    expect(error.issues).toEqual([{ path: "", message: "The body is nested deeper than 100 levels" }]);
    expect(JSON.stringify(error.body)).toMatch(/^\[{5,50}"\[nested deeper\]"\]{5,50}$/);
  });

  it.each([
    ["success", null],
    ["success", "yes"],
    ["success", []],
    ["success", {}],
    ["success", { ...success, success: "true" }],
    ["error", { ...failure, error: null }],
    ["error.code", { ...failure, error: { code: "4", message: "Incorrect proxy type" } }],
  ])("is a ContractError at %s: %j", async (path, body) => {
    const error = await errorFor({ body: JSON.stringify(body) });
    if (!isContractError(error)) expect.fail(error.name);
    expect(error).toMatchObject({ effect: "unknown", body });
    expect(error.issues.map((issue) => issue.path)).toEqual([path]);
  });

  it("is reported as applied where it reports success, however deep the rest", async () => {
    const error = await errorFor({ body: `{"success":true,"rest":${nested}}` });
    expect(error).toMatchObject({ name: "ContractError", effect: "reported-applied" });
  });

  it("is a ContractError beyond 16 MiB, and the rest is not read", async () => {
    let closed = false;
    const endless = new Uint8Array(1024 * 1024).fill(0x20);
    const error = await errorFor((response) => {
      const push = () => {
        while (!response.destroyed && response.write(endless));
      };
      response.on("drain", push).on("close", () => {
        closed = true;
      });
      push();
    });
    expect(error).toMatchObject({ name: "ContractError", effect: "unknown" });
    expect(error.message).toContain("The body is larger than 16 MiB");
    await vi.waitFor(() => expect(closed).toBe(true), { timeout: 60_000 });
  });
});
