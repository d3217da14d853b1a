import { operations } from "@auto-extend/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { explain } from "../../../src/engine/log/explanation.js";
import { hideKeysInBody, hideKeysInPath, hideKeysInQuery } from "../../../src/engine/log/hide-keys.js";
import { defaultWorld } from "../../../src/engine/state/world.js";
import { call, on, testEngine } from "../../support/call.js";

const key = "k3y-0123456789ab";

describe("a path that matches no operation", () => {
  it.each([
    [`/${key}/balance`, "/[redacted]/balance"],
    [`/client/v1/${key}/extend/order/auto`, "/client/v1/[redacted]/extend/order/auto"],
    [`/client/api/${key}/extend/order/auto`, "/client/api/[redacted]/extend/order/auto"],
    [`/client/api/v1/${key}/extend/order`, "/client/api/v1/[redacted]/extend/order"],
    [`/client/api/v2/${key}`, "/client/api/v2/[redacted]"],
    [`/${key}`, "/[redacted]"],
    ["/client/api/v1/short/balances", "/client/api/v1/[redacted]/balances"],
    ["/balance/kk1", "/balance/[redacted]"],
    ["/extend/order/auto/kk1", "/extend/order/auto/[redacted]"],
    ["/client/api/latest/kk1/x", "/client/api/[redacted]/[redacted]/[redacted]"],
    ["/client/api/v1/kk1/getBalance", "/client/api/v1/[redacted]/getBalance"],
    ["/client/api/v2/kk1/auto-extend/on", "/client/api/v2/[redacted]/auto-extend/on"],
    [`/client/api/v1/users/${key}`, "/client/api/v1/[redacted]/[redacted]"],
    ["/client/api/v1/balances/secretkey", "/client/api/v1/balances/[redacted]"],
    ["/client/api/v1/extend/kk1", "/client/api/v1/extend/[redacted]"],
    ["/client/api/v1/extend/order/auto", "/client/api/v1/extend/order/auto"],
    ["/client/api/v1//balance", "/client/api/v1//balance"],
    ["/client/api/v1//kk1/balance", "/client/api/v1//[redacted]/balance"],
    ["/short/ipAddress", "/[redacted]/ipAddress"],
    ["/a-wrong/base/client/api", "/a-wrong/base/client/api"],
    [`/x;apiKey=${key}`, "/x;apiKey=[redacted]"],
    [`/x;${key};v=1/y`, "/x;[redacted];v=1/y"],
    ["/favicon.ico", "/favicon.ico"],
    ["/", "/"],
  ])("shows no API key, but the rest of the path: %s", (path, shown) => {
    expect(hideKeysInPath(path).shown).toBe(shown);
  });

  it("shows no key in any place before or after a word of the contract", () => {
    const words = [
      "client",
      "api",
      "v1",
      "v7",
      ...new Set(operations.flatMap(({ path }) => path.split("/").slice(5, 6))),
    ];
    const secret = fc
      .stringMatching(/^[a-z0-9]{3,40}$/)
      .filter((text) => !words.includes(text) && !/^v\d+$/.test(text));
    fc.assert(
      fc.property(secret, fc.constantFrom(...words), (text, word) => {
        const isPrefix = /^(?:client|api|v\d+)$/.test(word);
        const path = isPrefix ? `/${word}/${text}/x` : `/x/${text}/${word}`;
        const { shown, keys } = hideKeysInPath(path);
        expect(shown.split("/")).not.toContain(text);
        expect(keys).toContain(text);
      }),
      { seed: 1 },
    );
  });
});

describe("a query", () => {
  it.each([
    [`?apiKey=${key}`, "?apiKey=[redacted]"],
    [`?a=1&api_key=${key}&b=2`, "?a=1&api_key=[redacted]&b=2"],
    [`?key=${key}&proxyType=IPv4`, "?key=[redacted]&proxyType=IPv4"],
    [`?%61piKey=${key}`, "?%61piKey=[redacted]"],
    [`?apiKey[]=${key}&filter[api_key]=${key}`, "?apiKey[]=[redacted]&filter[api_key]=[redacted]"],
    [`?a=1;apiKey=${key};b=2`, "?a=1;apiKey=[redacted];b=2"],
    [`?userApiKey=${key}&client_secret=${key}`, "?userApiKey=[redacted]&client_secret=[redacted]"],
    [`?${key}`, "?[redacted]"],
    [`?proxyType=IPv4&${key}&x`, "?proxyType=IPv4&[redacted]&x"],
    [`?apikey:${key}`, "?apikey:[redacted]"],
    [`?apikey%3A${key}&a=12:30`, "?apikey%3A[redacted]&a=12:30"],
    [`?u=http://host/client/api/v1/${key}/balance`, "?u=http://host/client/api/v1/[redacted]/balance"],
    [
      `?u=${encodeURIComponent(`http://host/client/api/v1/${key}/balance`)}`,
      "?u=http://host/client/api/v1/[redacted]/balance",
    ],
    ["?path=/client/api/v1/kk1/balance&b=a/b", "?path=/client/api/v1/[redacted]/balance&b=a/b"],
    [`?api=${key}&access=${key}&k=${key}`, "?api=[redacted]&access=[redacted]&k=[redacted]"],
    ["?verbose&a=b", "?verbose&a=b"],
    ["?monkey=1&author=2&turkey=3", "?monkey=1&author=2&turkey=3"],
    ["?apiKey=&keyboard=qwerty", "?apiKey=&keyboard=qwerty"],
    ["", ""],
  ])("shows no API key: %s", (query, shown) => {
    expect(hideKeysInQuery(query).shown).toBe(shown);
  });
});

describe("a body", () => {
  it("loses the values of fields that are named like an API key, and keeps the others", () => {
    expect(hideKeysInBody({ apiKey: key, token: "t", proxyType: "IPv4", monkey: 1, auth: null })).toEqual({
      apiKey: "[redacted]",
      token: "[redacted]",
      proxyType: "IPv4",
      monkey: 1,
      auth: null,
    });
    for (const value of ["text", ["11111", key], 1, true]) expect(hideKeysInBody(value)).toEqual(value);
  });

  it.each([
    ["nested fields", { account: { settings: [{ "x-api-key": key }] } }],
    ["a list of keys", { apiKeys: [key, key] }],
    ["a field with more inside", { api_key: { value: [key] } }],
    ["a pair of a name and a value", { headers: [{ name: "apiKey", value: key }] }],
    ["a pair in a list", { headers: [["Authorization", `Bearer ${key}`]] }],
    ["JSON as text", { body: JSON.stringify({ apiKey: key }) }],
    ["JSON as text in JSON as text", { body: JSON.stringify({ body: JSON.stringify({ apiKey: key }) }) }],
    ["a URL as text", { url: `https://provider.example/balance?apiKey=${key}` }],
    ["a path", { a: `/${key}/balance` }],
    ["a URL in a text", { a: `GET http://host/client/api/v1/${key}/balance` }],
    ["a field with a short name", { api: key, access: key, k: key }],
    ["a field named __proto__", JSON.parse(`{"__proto__":{"apiKey":"${key}"}}`)],
  ])("shows no API key in %s", (_, body) => {
    expect(JSON.stringify(hideKeysInBody(body))).not.toContain(key);
  });

  it.each([
    ["a form", `proxyType=IPv4&apiKey=${key}`],
    ["a form that begins with it", `api_key=${key}&x=1`],
    ["a form with an encoded name", `a=1&%61piKey=${key}`],
    ["a form with encoded JSON", `data=${encodeURIComponent(JSON.stringify({ apiKey: key }))}`],
    ["a form with brackets", `keys[0]=${key}&auth%5Bkey%5D=${key}`],
    ["a multipart form", `--b\r\nContent-Disposition: form-data; name="apiKey"\r\n\r\n${key}\r\n--b--`],
    ["a multipart form with a type", `name="apiKey"\r\nContent-Type: text/plain\r\n\r\n${key}\r\n--b--`],
    ["XML", `<extend><apiKey>${key}</apiKey></extend>`],
    ["XML attributes", `<extend api-key='${key}'/><param name="apiKey">${key}</param>`],
    ["YAML", `apiKey: ${key}\nproxyType: IPv4`],
    ["JSON that breaks off", `{"orderIds":["11111"],"apiKey":"${key}`],
    ["JSON with comments", `{"apiKey" : "${key}", // mine\n"apiKeys": ["${key}"]}`],
    ["JavaScript", `{ providerKey: '${key}' }`],
    ["headers", `Authorization: Bearer ${key}`],
  ])("shows no API key in %s", (_, text) => {
    const shown = hideKeysInBody(text);
    expect(shown).not.toContain(key);
    expect(shown).toContain("[redacted]");
  });

  it.each([
    ["a word", "key".repeat(200_000)],
    ["blanks", `key${" ".repeat(600_000)}`],
    ["quotes", `key${'"'.repeat(600_000)}`],
    ["an open list", `key=${"[".repeat(600_000)}`],
    ["lines", `key"${"\n".repeat(600_000)}`],
    ["ampersands", "&key".repeat(150_000)],
    ["slashes", "/key/".repeat(150_000)],
    ["semicolons", "key;".repeat(150_000)],
  ])("of a megabyte is searched in linear time, or this would time out: %s", (_, text) => {
    expect(String(hideKeysInBody(text)).length).toBeLessThanOrEqual(text.length);
  });
});

describe("an API key in the wrong place", () => {
  it.each([
    ["GET", `/${key}/balance`],
    ["POST", `/client/v1/${key}/extend/order/auto`],
    ["POST", `/client/api/${key}/extend/order/auto`],
    ["GET", `/client/api/v1/other-key/balance?apiKey=${key}`],
    ["GET", `/client/api/v1/other-key/balance?key=short`],
    ["POST", `/client/api/v1/other-key/extend/order/auto?api-key=${key}`],
    ["GET", `/balance?apiKey=${key}`],
  ])("is in no log, event, explanation or answer: %s %s", (method, path) => {
    const engine = testEngine();
    const events: unknown[] = [];
    engine.events.watch((event) => void events.push(event));
    const body = { ...on, orderIds: [key] };
    const { headers, text } = { ...call(engine, body, { method, path }), text: "" };
    const published = JSON.stringify([headers, text, events, engine.requests()]);
    expect(published).not.toContain(key);
    expect(published).not.toContain("short");
    expect(events.length).toBeGreaterThan(0);
  });

  it.each([
    ["an order ID", { ...on, orderIds: ["provider-key"] }, "/extend/order/auto"],
    ["the name of a field", { ...on, "provider-key": 1 }, "/extend/order/auto"],
    ["the value of an unknown field", { ...on, note: "is provider-key right?" }, "/extend/order/auto"],
    ["a query", on, "/extend/order/auto?note=provider-key"],
    ["an unknown path", on, "/provider-key"],
    ["a text that is not JSON", "provider-key", "/extend/order/auto"],
  ])("is in no log, event, explanation or answer if another request has used it: in %s", (_, body, path) => {
    const engine = testEngine();
    call(engine, on, { apiKey: "provider-key" });
    const events: unknown[] = [];
    engine.events.watch((event) => void events.push(event));
    const { headers } = call(engine, body, { path: `/client/api/v1/any-key${path}` });
    const logged = engine.lastRequest();
    expect(JSON.stringify([headers, events, logged && explain(logged)])).not.toContain("provider-key");
    expect(events.length).toBeGreaterThan(0);
  });

  it("is not in the log if only a state file knows it, by its hash", () => {
    const engine = testEngine();
    const logged = () => {
      const next = testEngine({ saved: engine.save() });
      call(next, { ...on, orderIds: [key] }, { apiKey: "other" });
      return JSON.stringify(next.requests());
    };
    expect(logged()).toContain(key);
    call(engine, on, { apiKey: key });
    expect(logged()).not.toContain(key);
  });

  it("is in no event about an order whose ID it is", () => {
    const orders = Array.from({ length: 30 }, (_, index) => ({
      ...{ orderId: `${key}${index}`, proxyType: "IPv4", endsAt: "+30d" },
      ipAddresses: [{ ipAddressId: `${1_000 + index}`, ip: "192.0.2.1", country: "DE" }],
    }));
    const [account] = defaultWorld.accounts;
    const engine = testEngine({ world: { ...defaultWorld, accounts: [{ ...account, orders }] } });
    const events: unknown[] = [];
    engine.events.watch((event) => void events.push(event));
    // The log retains the changes of 20 orders, so that those of more take another way.
    for (const ids of [orders.slice(0, 1), orders]) {
      call(engine, { ...on, orderIds: ids.map(({ orderId }) => orderId) }, { apiKey: key });
    }
    expect(JSON.stringify(events)).toContain('"changes":[{"orderId":"[redacted]0"');
    expect(JSON.stringify(events)).not.toContain(key);
  });

  it.each([
    ["application/json", JSON.stringify({ ...on, account: { apiKey: key } })],
    [
      "application/json",
      JSON.stringify({ ...on, account: { apiKey: key } }).replace("apiKey", "api\\u004bey"),
    ],
    ["application/x-www-form-urlencoded", `apiKey=${key}&autoExtend=true`],
  ])("is in no log, event, explanation or answer if it stands in a body of type %s", (type, body) => {
    const engine = testEngine();
    const events: unknown[] = [];
    engine.events.watch((event) => void events.push(event));
    const { headers, body: answer } = call(engine, body, { headers: { "content-type": type } });
    const logged = engine.lastRequest();
    const published = JSON.stringify([headers, answer, events, engine.requests(), logged && explain(logged)]);
    expect(published).not.toContain(key);
    expect(published).toContain("[redacted]");
  });

  it("is not in the log of its own request, if an escape hides it there", () => {
    const engine = testEngine();
    const body = JSON.stringify({ ...on, note: key }).replace("k3y", "\\u006b3y");
    expect(JSON.parse(body).note).toBe(key);
    call(engine, body, { apiKey: key });
    expect(engine.requests()[0]?.sent).toEqual({ ...on, note: "[redacted]" });
  });
});
