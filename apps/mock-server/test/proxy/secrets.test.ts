import type { RequestListener } from "node:http";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { createAnnouncer } from "../../src/program/announcer.js";
import { answering, asked, failure, send, startBehind, startBytes, startProxy, success } from "./behind.js";

/** API keys as real ones may be: a plain one, and one that changes when encoded. */
const keys = ["canary-9q8x7w6z5v4t", "canary/9q8x 7w6z%5b+4t"];
const login = "canaryLogin7";
const password = "canaryPass9!";

const secrets = [
  ...keys.flatMap((key) => [key, encodeURIComponent(key), JSON.stringify(key).slice(1, -1), btoa(key)]),
  // Any part that was cut out of one. None could be part of a number or a UUID, so that chance can't write it.
  "canary",
  "9q8x",
];

const urls = (key: string) => {
  const api = `/client/api/v1/${encodeURIComponent(key)}`;
  return [
    `${api}/extend/order/auto`,
    `${api}/extend/order/auto?again=${encodeURIComponent(key)}&password=${password}`,
    `${api}/ipAddress?login=${login}&password=${password}`,
    // Wrong base URLs put the key elsewhere.
    `/client/${encodeURIComponent(key)}/extend/order/auto`,
    `/client/api/${encodeURIComponent(key)}/v1/extend/order/auto`,
    `/api/v1/${encodeURIComponent(key)}/extend/order/auto`,
  ];
};

/** Servers that quote all that they were asked for, and what they know besides. */
const behinds: Record<string, RequestListener> = {
  "answers with credentials"(request, response) {
    const addresses = [{ ipAddressId: "1", authInfo: { login, password } }];
    const error = { code: 35, message: `login: ${login}, password=${password} for ${request.url}`, login };
    response.end(JSON.stringify({ ...failure, addresses, login, newPassword: password, error }));
  },
  "breaks the contract and quotes": ({ url = "" }, response) =>
    void response.end(
      JSON.stringify({
        ...success,
        proxyType: url,
        [url]: url,
        authInfo: { login, password },
        quantity: url,
      }),
    ),
  "quotes in a long text": ({ url = "" }, response) =>
    void response.end(JSON.stringify({ ...success, proxyType: `${"x".repeat(85)}${url}` })),
  "answers with a page": ({ url = "" }, response) =>
    void response
      .writeHead(502, { "content-type": `text/html; from=${url}` })
      .end(`<a href="${url}">${decodeURIComponent(url)}</a> ${login}:${password}`),
  redirects: ({ url = "" }, response) =>
    void response
      .writeHead(302, {
        location: `https://${login}:${password}@login.example/?next=${encodeURIComponent(url)}`,
      })
      .end(),
};

/** Everything that a mock shows or logs of a request. */
async function shownOf(upstream: string, ask: (url: string) => Promise<unknown>): Promise<string[]> {
  const printed: string[] = [];
  const io = { stdout: (text: string) => void printed.push(text) };
  const announcers = [createAnnouncer("pretty", io), createAnnouncer("json", io)];
  const events: unknown[] = [];
  const mock = await startProxy(upstream, {});
  mock.watch((event) => {
    events.push(event);
    for (const announcer of announcers) announcer.happened(event);
  });
  await ask(mock.url);
  const logged = mock.requests();
  const explanations = logged.map(({ id }) => mock.explain(id));
  const overHttp = await send(mock.url, { method: "GET", path: "/__mock/requests" });
  return [printed.join(""), inspect([events, logged, explanations], { depth: 20 }), overHttp.text];
}

function expectNoSecret(...texts: readonly string[]): void {
  for (const text of texts) {
    expect(text).not.toBe("");
    for (const secret of secrets) expect(text.toLowerCase()).not.toContain(secret.toLowerCase());
  }
}

const bodies = (key: string) => [
  asked,
  { ...asked, orderIds: [key], [key]: key, login, authInfo: { login, password } },
  `{"${key}`,
];

describe("API keys and credentials in forwarded requests", () => {
  for (const key of keys) {
    it.each(Object.entries(behinds))(
      `are shown nowhere: ${key}, where the server behind %s`,
      async (_, answer) => {
        const behind = await startBehind(answer);
        const own: string[] = [];
        const shown = await shownOf(behind.url, async (url) => {
          for (const path of urls(key)) {
            const requests = [
              ...bodies(key).map((body) => ({ path, body })),
              { path, headers: { "content-type": `text/${key}` } },
            ];
            for (const request of requests) {
              const { headers } = await send(url, request);
              own.push(`${headers["mock-explanation"]} ${headers["mock-drift"]}`);
            }
          }
        });
        expect(behind.got.length).toBe(20);
        expectNoSecret(...shown, ...own);
      },
    );

    it.each(["resets", "speaks no HTTP", "breaks its answer off"])(
      `are shown nowhere: ${key}, where the server behind %s`,
      async (how) => {
        const upstream = await startBytes((socket) => {
          socket.once("data", (heard) => {
            if (how === "resets") socket.resetAndDestroy();
            else if (how === "speaks no HTTP") socket.end(heard);
            else socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n${heard}`);
          });
        });
        const answers: string[] = [];
        const shown = await shownOf(upstream, async (url) => {
          for (const path of urls(key)) {
            const { text, rawHeaders } = await send(url, { path });
            answers.push(text, rawHeaders.join());
          }
        });
        expectNoSecret(...shown, ...answers);
      },
    );
  }

  it("are shown nowhere if no server listens behind", async () => {
    const [key = ""] = keys;
    const answers: string[] = [];
    const shown = await shownOf("http://127.0.0.1:1", async (url) => {
      for (const path of urls(key)) answers.push((await send(url, { path })).text);
    });
    expectNoSecret(...shown, ...answers);
  });

  it("pass to the caller untouched", async () => {
    const body = Buffer.from(JSON.stringify({ data: [{ authInfo: { login, password } }] }));
    const behind = await startBehind((_, response) => response.end(body));
    const mock = await startProxy(behind.url);
    const came = await send(mock.url, { method: "GET", path: "/client/api/v1/any-key/ipAddress" });
    expect(came.body.equals(body)).toBe(true);
  });
});

describe("the secrets of a list of IP addresses", () => {
  const url = "https://modem.example/canary-link?key=9q8x";
  const record = {
    ipAddressId: "1",
    proxyType: url,
    authInfo: { login, password, note: "canary" },
    extendInfo: { autoExtend: true, extendDays: 30 },
    rebootLink: url,
    restart_url: url,
    onDemand: `Restart it at ${url} at any time`,
    nested: { more: [url] },
    [url]: 1,
    // Under names that no credential has.
    httpsPort: password,
    country: login,
    note: `Connect as ${login} with ${encodeURIComponent(password)}.`,
    proxyUser: login,
    [password]: 1,
  };
  const list = {
    success: true,
    ipAddresses: [{ proxyType: "MOBILE", orders: [{ orderId: "1", ipAddresses: [record] }] }],
    error: null,
  };

  it("are in no log, explanation, event or header, even if the list breaks the contract", async () => {
    const behind = await startBehind(answering(list));
    let header = "";
    const shown = await shownOf(behind.url, async (base) => {
      const path = "/client/api/v1/any-key/ipAddress";
      const came = await send(base, { method: "GET", path, headers: {} });
      expect(came.text).toContain(url);
      header = `${came.headers["mock-drift"]}`;
    });
    expect(header).toContain("[emits]");
    expectNoSecret(...shown, header);
  });
});

describe("the log of a mock that forwards requests", () => {
  it("logs only method, path and status of a request outside the contract", async () => {
    const behind = await startBehind((_, response) => response.end('{"data":[]}'));
    const mock = await startProxy(behind.url);
    await send(mock.url, { path: "/client/api/v1/any-key/ipAddress?proxyType=IPv4", body: { a: 1 } });
    expect(mock.requests()).toMatchObject([
      {
        method: "POST",
        path: "/client/api/v1/[redacted]/ipAddress",
        status: 200,
        operation: null,
        sent: "",
        answered: "",
      },
    ]);
  });

  it("logs only the beginning of a long message, without half a secret", async () => {
    const [key = ""] = keys;
    const message = `${"A".repeat(1_995)}${key}${"B".repeat(700_000)}`;
    const behind = await startBehind((_, response) =>
      response.end(JSON.stringify({ ...failure, error: { code: 35, message } })),
    );
    const mock = await startProxy(behind.url);
    await send(mock.url, { path: `/client/api/v1/${key}/extend/order/auto` });
    const logged = JSON.stringify(mock.requests());
    expect(logged.length).toBeLessThan(10_000);
    expect(logged).toContain("AAA[reda [not retained: ");
    expect(logged).not.toContain("canary");
  });

  it("logs the JSON of the contract's requests, and only the length of other texts", async () => {
    const answers = [JSON.stringify(success), "<html>"];
    const behind = await startBehind((_, response) => response.end(answers.shift()));
    const mock = await startProxy(behind.url);
    await send(mock.url);
    await send(mock.url, { body: "{" });
    expect(mock.requests()).toMatchObject([
      { sent: asked, answered: success },
      {
        sent: "[not retained: 1 characters that are not JSON]",
        answered: "[not retained: 6 characters that are not JSON]",
      },
    ]);
  });
});
