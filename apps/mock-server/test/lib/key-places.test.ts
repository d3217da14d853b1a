import { operations } from "@auto-extend/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hideKeysInFields, hideKeysInPath, hideKeysInQuery } from "../../src/lib/key-places.js";
import { call, on, testEngine } from "../support/call.js";

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
    ["/short/ipAddress", "/[redacted]/ipAddress"],
    ["/a-wrong/base/client/api", "/a-wrong/base/client/api"],
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
    ["?monkey=1&author=2&turkey=3", "?monkey=1&author=2&turkey=3"],
    ["?apiKey=&keyboard=qwerty", "?apiKey=&keyboard=qwerty"],
    ["", ""],
  ])("shows no API key: %s", (query, shown) => {
    expect(hideKeysInQuery(query).shown).toBe(shown);
  });
});

it("fields that are named like an API key lose their value, and others keep it", () => {
  expect(hideKeysInFields({ apiKey: key, token: "t", proxyType: "IPv4" })).toEqual({
    apiKey: "[redacted]",
    token: "[redacted]",
    proxyType: "IPv4",
  });
  for (const value of [null, "text", [key], 1]) expect(hideKeysInFields(value)).toBe(value);
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
});
