import { createRedactor, redacted, unknownApiKey } from "@auto-extend/core";
import { describe, expect, it } from "vitest";

const key = "k3y-0123456789abcdef";
const { text, value } = createRedactor(key);

describe("in a text", () => {
  it("redacts a known key wherever it stands", () => {
    expect(text(`key ${key}, again ${key}.`)).toBe(`key ${redacted}, again ${redacted}.`);
  });

  it.each([
    ["in a path of the API", "GET /client/api/v1/abc/balance", `GET /client/api/v1/${redacted}/balance`],
    ["at the end of a path", "/client/api/v1/abc", `/client/api/v1/${redacted}`],
    ["before a query", "/client/api/v1/abc?x=1", `/client/api/v1/${redacted}?x=1`],
    ["in an unknown version", "/client/api/v22/abc/new", `/client/api/v22/${redacted}/new`],
    ["in another case", "/Client/API/V1/abc/balance", `/Client/API/V1/${redacted}/balance`],
    ["behind doubled slashes", "/client//api/v1//abc/balance", `/client//api/v1//${redacted}/balance`],
    ["without a slash ahead", "client/api/v1/abc/balance", `client/api/v1/${redacted}/balance`],
    ["in escaped JSON", String.raw`\/client\/api\/v1\/abc\/x`, String.raw`\/client\/api\/v1\/${redacted}\/x`],
    [
      "with a slash of its own",
      "/client/api/v1/a%2Fb/extend/order/auto",
      `/client/api/v1/${redacted}/extend/order/auto`,
    ],
    [
      "in a query of a redirect",
      "?next=%2Fclient%2Fapi%2Fv1%2Fabc%2Fbalance",
      `?next=%2Fclient%2Fapi%2Fv1%2F${redacted}%2Fbalance`,
    ],
    [
      "where the beginning of the path is missing",
      "https://youproxy.io/api/v1/abc/extend/order/auto",
      `https://youproxy.io/api/v1/${redacted}/extend/order/auto`,
    ],
    [
      "in a query of a query",
      "?next=%252Fclient%252Fapi%252Fv1%252Fabc%252Fbalance",
      `?next=%252Fclient%252Fapi%252Fv1%252F${redacted}%252Fbalance`,
    ],
  ])("redacts a key that nobody knows %s", (_, given, safe) => {
    expect(createRedactor().text(given)).toBe(safe);
  });

  it("leaves the key that no account has, but for its place", () => {
    const given = `${unknownApiKey}: /client/api/v1/${unknownApiKey}/balance`;
    expect(createRedactor(unknownApiKey).text(given)).toBe(
      `${unknownApiKey}: /client/api/v1/${redacted}/balance`,
    );
  });

  it("leaves the name of the parameter in a path template", () => {
    expect(text("/client/api/v1/{apiKey}/balance")).toBe("/client/api/v1/{apiKey}/balance");
  });

  it("redacts every key of a path, however many paths there are", () => {
    expect(text("/client/api/v1/one/x /client/api/v1/two/y")).toBe(
      `/client/api/v1/${redacted}/x /client/api/v1/${redacted}/y`,
    );
  });

  it("redacts a key with a quote in it whole, in a path as well", () => {
    expect(createRedactor("ab'cdefgh").text("/client/api/v1/ab'cdefgh/balance")).toBe(
      `/client/api/v1/${redacted}/balance`,
    );
  });

  it("leaves no part of a key standing that begins with another key", () => {
    const both = createRedactor("12345678", "1234567890");
    expect(both.text("1234567890 12345678")).toBe(`${redacted} ${redacted}`);
  });

  it("takes a short key for a word outside of paths", () => {
    expect(createRedactor("orders").text("two orders at /client/api/v1/orders/x")).toBe(
      `two orders at /client/api/v1/${redacted}/x`,
    );
  });

  it("takes the characters of a key as they are, not as a pattern", () => {
    expect(createRedactor("a.c.e.g.").text("abcdefgh")).toBe("abcdefgh");
  });

  it("finds a key with a run of backslashes, escaped twice or encoded, and no shorter run", () => {
    const slashes = String.raw`ab\\cdefgh`;
    const redactor = createRedactor(slashes);
    const escaped = JSON.stringify(slashes).slice(1, -1);
    const twice = JSON.stringify(escaped).slice(1, -1);
    for (const written of [
      slashes,
      escaped,
      twice,
      encodeURIComponent(slashes),
      encodeURIComponent(escaped),
    ]) {
      expect(redactor.text(`(${written})`), written).toBe(`(${redacted})`);
    }
    const shorter = String.raw`ab\\cdefgh`.replace(/\\/, "");
    expect(redactor.text(shorter)).toBe(shorter);
    const longer = `ab${"\\".repeat(4 * 4 + 1)}cdefgh`;
    expect(redactor.text(longer)).toBe(longer);
  });

  it("finds a key by value from 8 characters on", () => {
    expect(createRedactor("1234567").text("1234567")).toBe("1234567");
    expect(createRedactor("12345678").text("12345678")).toBe(redacted);
  });

  it("finds a quote that is escaped up to three times, and as a unicode escape", () => {
    const redactor = createRedactor('ab"cdefgh');
    for (const before of ["", "\\", "\\\\", "\\\\\\", "%5C", "%255C"]) {
      expect(redactor.text(`ab${before}"cdefgh`), before).toBe(redacted);
    }
    expect(redactor.text(String.raw`ab\u0022cdefgh`)).toBe(redacted);
    expect(redactor.text("ab%22cdefgh ab%2522cdefgh")).toBe(`${redacted} ${redacted}`);
    const four = `ab${"\\".repeat(4)}"cdefgh`;
    expect(redactor.text(four)).toBe(four);
  });

  it.each([
    ["backslashes", "\\"],
    ["percent signs", "%25"],
    ["encoded slashes", "%2F"],
    ["paths without an end", "client/api/v1/"],
  ])("is quick about a hundred thousand characters of %s", (_, part) => {
    const strange = createRedactor(`${part.repeat(6)}"x"`, key);
    // Processor time, since the machine may be busy with other work.
    const start = process.cpuUsage();
    strange.text(part.repeat(100_000 / part.length));
    expect(process.cpuUsage(start).user / 1_000_000).toBeLessThan(10);
  });
});

describe("in a value", () => {
  it("redacts strings and names at any depth, as a copy", () => {
    const given = { url: `/x/${key}`, list: [key, 1, null, true], [key]: { deep: undefined } };
    expect(value(given)).toEqual({
      url: `/x/${redacted}`,
      list: [redacted, 1, null, true],
      [redacted]: { deep: undefined },
    });
    expect(given.list[0]).toBe(key);
  });

  it("redacts whole what is nested deeper than a stack reaches", () => {
    const depth = 100_000;
    const copy = value(JSON.parse(`${"[".repeat(depth)}"${key}"${"]".repeat(depth)}`));
    expect(JSON.stringify(copy)).toBe(`${"[".repeat(500)}"${redacted}"${"]".repeat(500)}`);
  });

  it("copies lists and objects down to a depth of 500", () => {
    const nested = (levels: number) => {
      let input: unknown = key;
      for (let level = 0; level < levels; level++) input = level % 2 === 0 ? [input] : { input };
      return JSON.stringify(value(input));
    };
    expect(nested(499)).toContain(`["${redacted}"]`);
    expect(nested(500)).toContain(`["${redacted}"]`);
    expect(nested(501)).not.toContain(`["${redacted}"]`);
    expect(nested(501)).toContain(`"${redacted}"`);
  });

  it("returns a copy that can be changed like any other", () => {
    const copy = value<Record<string, unknown>>({ a: 1, b: 2 });
    copy.a = 3;
    delete copy.b;
    expect(copy).toEqual({ a: 3 });
  });

  it("keeps a field named __proto__ a field", () => {
    const copy = value(JSON.parse(`{"__proto__": {"admin": "${key}"}}`));
    expect(JSON.stringify(copy)).toBe(`{"__proto__":{"admin":"${redacted}"}}`);
    expect(copy.admin).toBeUndefined();
  });
});
