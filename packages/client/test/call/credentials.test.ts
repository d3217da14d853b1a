import type { ClientEvent, ErrorName } from "@auto-extend/client";
import { listIpAddresses, setAutoExtend, specOf } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { expectNoKey, shownBy } from "../support/channels.js";
import { apiKey, clientOf, errorOf, nowhere } from "../support/fixtures.js";
import { rawServer } from "../support/raw-server.js";
import { type RelatedOperation, reading, switching } from "../support/related-operations.js";
import { type Script, scriptedServer } from "../support/scripted-server.js";

const login = "canary-login-one";
const password = "canary-password-two";
const authInfo = { login, password };
const record = { ipAddressId: "1", orderId: "2", authInfo };
const body = { success: true, list: [record] };
const unreadable = { ipAddressId: null, orderId: "2", authInfo };
/** As a server might name them in a text. */
const leak = `login: ${login}, password=${password} http://${login}:${password}@192.0.2.1/`;
const failure = specOf(listIpAddresses).examples.failure;

/** A list as text, cut off `left` characters before the end of the password. */
function cutList(left: number): string {
  const text = JSON.stringify(body);
  return text.slice(0, text.indexOf(password) + password.length - left);
}

/** A text in which the password stands across the end of what errors keep. */
const acrossTheCut = `${"x".repeat(1_975)} password=${password}`;

const switchingOrders: RelatedOperation = {
  ...switching,
  name: "setAutoExtend",
  send: (client) => client.setAutoExtend(specOf(setAutoExtend).examples.requests.IPv4.request),
};

describe("the credentials of proxies", () => {
  it("are not in the result of a call", async () => {
    const server = await scriptedServer({ body });
    const events: ClientEvent[] = [];
    const onEvent = (event: ClientEvent) => void events.push(event);
    const result = await clientOf(server, { onEvent }).listIpAddresses();
    expect(result.answer).toEqual({ success: true, list: [{ ...record, authInfo: "[redacted]" }] });
    expectNoCredentials(result, events);
  });

  it("are in the answer of a call that asks for them, and in nothing else", async () => {
    const server = await scriptedServer({ body });
    const events: ClientEvent[] = [];
    const onEvent = (event: ClientEvent) => void events.push(event);
    const client = clientOf(server, { onEvent });
    const { answer, ...rest } = await client.listIpAddresses({}, { credentials: true });
    expect(answer).toEqual(body);
    expectNoCredentials(rest, events);
  });

  it.each([false, undefined, "true", 1])("are not asked for by %j", async (credentials) => {
    const server = await scriptedServer({ body });
    // @ts-expect-error the types refuse some of them as well
    expectNoCredentials(await clientOf(server).listIpAddresses({}, { credentials }));
  });

  it("are not in the paths of records that could not be read", async () => {
    const server = await scriptedServer({
      body: { ...body, [`login=${login}`]: [unreadable], [apiKey]: [unreadable] },
    });
    const { unread } = await clientOf(server).listIpAddresses();
    expect(unread.map(({ path }) => path)).toEqual(["login=[redacted]", "[redacted][0].ipAddressId"]);
  });

  it.each<[ErrorName, string, Script]>([
    ["ApiError", "its message", { body: { ...failure, error: { code: 35, message: leak } } }],
    ["ApiError", "a refusal that lists them", { body: { ...failure, list: [record], currency: leak } }],
    ["HttpError", "a list under HTTP 500", { status: 500, body }],
    [
      "HttpError",
      "a list under HTTP 502 with a URL that nothing names as secret",
      { status: 502, body: { list: [{ ...record, restart: "https://modem/canary-login?k=1" }] } },
    ],
    ["HttpError", "a success under HTTP 404", { status: 404, body: { ...body, detail: leak } }],
    ["HttpError", "a problem's detail", { status: 400, body: { detail: leak } }],
    [
      "HttpError",
      "a detail cut in the middle of it",
      { status: 400, body: { detail: `${"x".repeat(280)} password=${password}` } },
    ],
    ["HttpError", "a text cut in the middle of it", { status: 502, body: acrossTheCut }],
    [
      "HttpError",
      "the place of a redirect",
      { status: 302, headers: { location: `http://${login}:${password}@a` } },
    ],
    ["ContractError", "a text cut in the middle of it", { body: acrossTheCut }],
    ["ContractError", "a list that breaks off after it", { body: cutList(0) }],
    ["ContractError", "a list that breaks off within it", { body: cutList(3) }],
    [
      "ContractError",
      "a list that is no UTF-8",
      { body: Buffer.from(`${JSON.stringify(body)}\xff`, "latin1") },
    ],
    ["ContractError", "records none of which can be read", { body: { ...body, list: [unreadable] } }],
    ["ContractError", "a list without success", { body: { ...body, success: "yes" } }],
    ["ContractError", "the names of fields", { body: { success: true, [leak]: 1, more: leak } }],
  ])("are not in the %s for %s", async (name, _, script) => {
    const server = await scriptedServer(script);
    const events: ClientEvent[] = [];
    const client = clientOf(server, { onEvent: (event) => void events.push(event) });
    const error = await errorOf(client.listIpAddresses({}, { credentials: true }));
    expect(error.name).toBe(name);
    expectNoCredentials(error, events);
  });

  it("are not in the errors of the platform", async () => {
    const inner = Object.assign(new Error(leak), { code: `password=${password}` });
    const thrown = new TypeError(`fetch failed for ${leak}`, { cause: inner });
    const failing = () => Promise.reject(thrown);
    const error = await errorOf(clientOf(nowhere, { fetch: failing }).listIpAddresses());
    expect(error.name).toBe("NetworkError");
    expectNoCredentials(error);
  });

  it("are not in the error of an answer that breaks off", async () => {
    const server = await rawServer((socket) =>
      socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n${cutList(3)}`),
    );
    const error = await errorOf(clientOf(server).listIpAddresses());
    expect(error.name).toBe("NetworkError");
    expectNoCredentials(error);
  });

  it("are not in the error of a request that holds them", async () => {
    const wrong: object = { [`password=${password}`]: 1 };
    const error = await errorOf(clientOf(nowhere).listIpAddresses(wrong));
    expect(error.name).toBe("RequestError");
    expectNoCredentials(error);
  });

  it("are hidden like the API key", async () => {
    const server = await scriptedServer({
      body: { ...failure, error: { code: 35, message: `${apiKey} ${leak}` } },
    });
    const error = await errorOf(clientOf(server).listIpAddresses());
    expectNoKey(shownBy(error), apiKey);
    expectNoCredentials(error);
  });

  // A faulty server may send records in any answer.
  describe.each([switchingOrders, switching, ...reading])("of $name", ({ send }) => {
    const link = "https://modem.example/canary-login?k=1";
    const records = { 0: [{ ...record, restart: link, proxyPass: password }] };
    it.each<[ErrorName, Script]>([
      ["ApiError", { body: { ...failure, error: { code: 29, message: leak, records }, records } }],
      ["HttpError", { status: 500, body: { success: true, records } }],
      ["ContractError", { body: { success: "yes", error: null, records, [leak]: leak } }],
      ["ContractError", { body: cutList(3) }],
    ])("are not in the %s and its events", async (name, script) => {
      const server = await scriptedServer(script);
      const events: ClientEvent[] = [];
      const onEvent = (event: ClientEvent) => void events.push(event);
      const error = await errorOf(send(clientOf(server, { onEvent })));
      expect(error.name).toBe(name);
      expectNoCredentials(error, events);
    });
  });
});

/** No part of them either, as a cut in the middle would leave. */
function expectNoCredentials(...values: unknown[]): void {
  for (const shown of values
    .flatMap((value) => (Array.isArray(value) ? [value, ...value] : [value]))
    .map(shownBy)) {
    expect(shown).not.toMatch(/canary-(login|password)|canary-l|canary-p/);
  }
}
