import { inspect } from "node:util";
import { createRedactor, fillPath, redacted, setAutoExtend } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { fc } from "../support/fuzz.js";

/** How programs write a key down; each can be applied to what another wrote. */
const writers = [
  plain,
  json,
  asciiJson,
  inspected,
  slashesEscaped,
  encodeURIComponent,
  encodedInLowerCase,
  formEncoded,
  byUrlParser,
];
const writer = fc.constantFrom(...writers);

const character = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(..."abcXYZ0189-_.~") },
  { weight: 2, arbitrary: fc.constantFrom(..."!\"#$%&'()*+,/:;<=>?@[\\]^`{|}") },
  { weight: 1, arbitrary: fc.constantFrom("\u0301", "ß", "ж", "字", "\u{1f600}") },
);
const apiKey = (minLength: number) =>
  fc.string({ unit: character, minLength, maxLength: 40 }).filter((text) => !/\s/.test(text));

describe("any API key from 8 characters on", () => {
  it("is found in every spelling, and in a spelling of a spelling", () => {
    fc.assert(
      fc.property(apiKey(8), writer, writer, fc.string(), (key, first, second, around) => {
        const written = second(first(key));
        const text = createRedactor(key).text(`${around}${written}${around}`);
        expect(text).not.toContain(written);
        expect(text).toContain(redacted);
      }),
    );
  });

  it("is found anywhere in a value, which stays as it was", () => {
    fc.assert(
      fc.property(apiKey(8), fc.jsonValue(), (key, rest) => {
        const value = { rest, list: [key, { [key]: `Bearer ${key}` }] };
        const before = structuredClone(value);
        const shown = JSON.stringify(createRedactor(key).value(value));
        expect(value).toEqual(before);
        expect(shown).not.toContain(json(key));
      }),
    );
  });
});

describe("any API key of any length", () => {
  it("is found in the path of a request, without being known", () => {
    const parameter = apiKey(1).filter((key) => key !== "." && key !== "..");
    fc.assert(
      fc.property(parameter, fc.constantFrom("", "https://youproxy.io"), (key, origin) => {
        const url = `${origin}${fillPath(setAutoExtend.path, { apiKey: key })}`;
        const safe = `${origin}/client/api/v1/${redacted}/extend/order/auto`;
        const { text } = createRedactor();
        expect(text(`POST '${url}' failed`)).toBe(`POST '${safe}' failed`);
        expect(text(JSON.stringify({ url }))).toBe(JSON.stringify({ url: safe }));
        expect(text(`/login?next=${encodeURIComponent(url)}`)).toBe(
          `/login?next=${encodeURIComponent(safe).replace(encodeURIComponent(redacted), redacted)}`,
        );
      }),
    );
  });
});

it("leaves texts alone that have no key in them, and its own results too", () => {
  const redactor = createRedactor("a-key-that-no-text-has");
  fc.assert(
    fc.property(fc.string({ maxLength: 100 }), (text) => {
      expect(redactor.text(text)).toBe(text);
    }),
  );
  const once = redactor.text("/client/api/v1/a-key-that-no-text-has/balance");
  expect(redactor.text(once)).toBe(once);
});

function plain(text: string): string {
  return text;
}

function json(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function asciiJson(text: string): string {
  return json(text).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function inspected(text: string): string {
  return inspect(text).slice(1, -1);
}

function slashesEscaped(text: string): string {
  return text.replaceAll("/", "\\/");
}

function encodedInLowerCase(text: string): string {
  return encodeURIComponent(text).replace(/%../g, (octet) => octet.toLowerCase());
}

function formEncoded(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1);
}

/** Encodes no more than a URL's fragment must have encoded. */
function byUrlParser(text: string): string {
  return new URL(`http://host/#${text}`).hash.slice(1);
}
