import { describe, expect, it } from "vitest";
import {
  createRedactor,
  credentialRedactor,
  redacted,
  withoutCredentials,
  withoutCredentialsInText,
} from "../../src/index.js";

describe("a value without credentials", () => {
  it("has lost what stands in fields with the names of such, at any depth", () => {
    const value = {
      ipAddresses: [
        {
          ipAddressId: "1",
          authInfo: { login: "canary", password: "canary" },
          extendInfo: { autoExtend: true },
        },
      ],
      login: "canary",
      newPassword: "canary",
      "auth-key": 5,
      access_token: ["canary"],
    };
    expect(withoutCredentials(value)).toEqual({
      ipAddresses: [{ ipAddressId: "1", authInfo: redacted, extendInfo: { autoExtend: true } }],
      login: redacted,
      newPassword: redacted,
      "auth-key": redacted,
      access_token: redacted,
    });
  });

  it("has lost the link that restarts a modem, and every URL in an unknown field of such a record", () => {
    const record = {
      ipAddressId: "1",
      mobileOperator: "Operator",
      rotationTime: 5,
      rebootLink: "https://modem.example/r?t=canary",
      authInfo: { login: "canary", password: "canary" },
      note: "see https://modem.example/x/canary, then wait",
      more: { anything: ["http://canary.example"], "http://canary.example/": 1 },
    };
    expect(withoutCredentials({ list: [record], site: "https://youproxy.io/help" })).toEqual({
      list: [
        {
          ipAddressId: "1",
          mobileOperator: "Operator",
          rotationTime: 5,
          rebootLink: redacted,
          authInfo: redacted,
          note: `see ${redacted} then wait`,
          more: { anything: [redacted], [redacted]: 1 },
        },
      ],
      site: "https://youproxy.io/help",
    });
  });

  it("has lost every URL of a record without other credentials, and of the order around it", () => {
    const page = "https://modem.example/r?t=canary";
    const record = { ipAddressId: "1", mobileOperator: "Operator", switchPage: page };
    expect(
      withoutCredentials({ orders: [{ orderId: "2", panel: page, ips: [record] }], site: page }),
    ).toEqual({
      orders: [
        {
          orderId: "2",
          panel: redacted,
          ips: [{ ipAddressId: "1", mobileOperator: "Operator", switchPage: redacted }],
        },
      ],
      site: page,
    });
  });

  it.each(["rebootLink", "reboot_link", "resetUrl", "rotationLink", "changeIpLink"])(
    "has lost the value of %s, which stands in a record without other credentials",
    (name) => {
      expect(withoutCredentials({ ipAddressId: "1", [name]: "https://modem.example/canary" })).toEqual({
        ipAddressId: "1",
        [name]: redacted,
      });
    },
  );

  it.each([
    ...["user", "pwd", "cookie", "session", "sessionId", "apiKey", "access_key", "privateKey"],
    ...["rebootKey", "rebootCode", "changeIpUri"],
    ...["proxyPass", "userPasswd", "newLogin", "ftp_pwd", "user-token", "myApiKey"],
  ])("has lost the value of %s in a value and in a text", (name) => {
    expect(withoutCredentials({ ipAddressId: "1", [name]: "canary" })).toEqual({
      ipAddressId: "1",
      [name]: redacted,
    });
    expect(withoutCredentialsInText(`{"${name}": "canary`)).toBe(`{"${name}": "${redacted}`);
  });

  it.each([
    ["modem.example/r?t=canary", redacted],
    ["restart with modem.example:8080/r/canary now", `restart with ${redacted} now`],
    ["198.51.100.7/reboot/canary", redacted],
    ["[2001:db8::7]/reboot?t=canary", redacted],
    ["restart with [2001:db8::7]:8080/canary now", `restart with ${redacted} now`],
    ["2001:db8::7/reboot/canary", redacted],
    ["2001:0:4136:e378:8000:63bf:3fff:fdd2?t=canary", redacted],
    ["data:text/plain;base64,canary", redacted],
    ["see data%3Atext%2Fplain%2Ccanary", `see ${redacted}`],
    ["blob:canary", redacted],
    ["canary:canary@[2001:db8::7]:8000", `${redacted}@[2001:db8::7]:8000`],
    ["[2001:db8::7]:8000:canary:canary", `[2001:db8::7]:8000:${redacted}`],
    ["modem.example?t=canary", redacted],
    ["//modem.example/canary", redacted],
    ["https%3A%2F%2Fmodem.example%2Fr%3Ft%3Dcanary", redacted],
    ["to=http%253a%252f%252fmodem.example%252fcanary", redacted],
    ["198.51.100.7:8000:canary:canary", `198.51.100.7:8000:${redacted}`],
    ["proxy.example:8000:canary:ca:na/ry", redacted],
    ["proxy.example:8000@canary:canary", `proxy.example:8000@${redacted}`],
    ["canary:canary@proxy.example:8000", `${redacted}@proxy.example:8000`],
    ["canary:canary:198.51.100.7:8000", `${redacted}:198.51.100.7:8000`],
    ["198.51.100.7:8000;canary;canary", `198.51.100.7:8000;${redacted}`],
    ["198.51.100.7;8000;canary;canary", `198.51.100.7;8000;${redacted}`],
    ["198.51.100.7 8000 canary canary", `198.51.100.7 8000 ${redacted}`],
    ["proxy.example:8000 canary canary", `proxy.example:8000 ${redacted}`],
    ["/reboot/canary", redacted],
    ["../reboot/canary", redacted],
    ["GET /reboot/canary now", `GET ${redacted} now`],
  ])("has lost the credential in an unknown field of a record with others: %s", (note, expected) => {
    const record = { ipAddressId: "1", authInfo: { login: "canary" }, note, [note]: 1 };
    expect(withoutCredentials(record)).toEqual({
      ipAddressId: "1",
      authInfo: redacted,
      note: expected,
      [expected]: 1,
    });
  });

  it("keeps what only resembles such a credential", () => {
    const harmless = {
      ip: "198.51.100.7",
      ipv6: "2001:0:4136:e378:8000:63bf:3fff:fdd2",
      network: "192.0.2.0/24",
      ipv6Network: "2001:db8::/32",
      ipv6Endpoint: "[2001:db8::7]:8000",
      time: "12:30:45/60",
      data: "data: 5",
      endpoint: "proxy.example:8000",
      date: "31.01.2030 12:00:00",
      iso: "2030-01-31T12:00:00.000+02:00",
      protocol: "HTTPS/SOCKS5",
      version: "1.2.3.4",
    };
    expect(withoutCredentials({ authInfo: { login: "canary" }, ...harmless })).toEqual({
      authInfo: redacted,
      ...harmless,
    });
  });

  it("is looked for in long texts without trying every combination", () => {
    const texts = [
      "a.".repeat(500_000),
      "1.".repeat(500_000),
      "a:".repeat(500_000),
      "a".repeat(1_000_000),
      "[:".repeat(500_000),
      "::".repeat(500_000),
    ];
    for (const text of texts)
      expect(withoutCredentials({ login: "x", text })).toEqual({ login: redacted, text });
  });

  it("is a copy, and what it was made of is as it was", () => {
    const value = { authInfo: { login: "canary" }, list: [{ country: "DE" }] };
    const before = structuredClone(value);
    expect(withoutCredentials(value)).not.toBe(value);
    expect(value).toEqual(before);
  });

  it.each([
    { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30, autoExtend: true },
    { compass: 1, classname: "x", passed: true, loginsCount: null },
    { authInfo: null, password: null },
    [1, "text", null, true],
    null,
    5,
  ])("is the same where there are none: %j", (value) => {
    expect(withoutCredentials(value)).toEqual(value);
  });

  it("has none in its texts and in the names of its fields either", () => {
    expect(withoutCredentials({ "password=canary": "//user:canary@host/" })).toEqual({
      [`password=${redacted}`]: `//${redacted}@host/`,
    });
  });
});

describe("a text without credentials", () => {
  it.each([
    ["login: canary, country: DE", `login: ${redacted}, country: DE`],
    ["?proxyType=IPv4&password=canary&x=1", `?proxyType=IPv4&password=${redacted}&x=1`],
    ['{"password":"canary","x":1}', `{"password":"${redacted}","x":1}`],
    ['{"rebootLink":"https://m.example/?t=canary&x=1"}', `{"rebootLink":"${redacted}"}`],
    ["rebootLink: https://m.example/?t=canary&u=canary,1 next", `rebootLink: ${redacted} next`],
    ["http://user:canary@host/path", `http://${redacted}@host/path`],
  ])("has lost what it names as such: %s", (text, expected) => {
    expect(withoutCredentialsInText(text)).toBe(expected);
  });

  it.each([
    "the balance is 5 USD",
    "https://youproxy.io/client/api/v1/{apiKey}/balance",
    "passed on: the server behind answered",
  ])("is the same where it names none: %s", (text) => {
    expect(withoutCredentialsInText(text)).toBe(text);
  });
});

describe("an answer with records that is not whole JSON", () => {
  const list = JSON.stringify({
    success: true,
    IPv4: [
      {
        orderId: "1",
        ips: [
          {
            ipAddressId: "2",
            authInfo: { login: "canary", password: "canary" },
            changeIp: "https://modem.example/r?t=canary",
          },
        ],
      },
    ],
  });

  it.each([
    ["cut off", list.slice(0, -4)],
    ["with a page around it", `<pre>${list}</pre>`],
    ["with a call around it", `answered(${list});`],
    ["with a number that JSON does not have", list.replace("true", "NaN")],
  ])("has lost its credentials and URLs: %s", (_, text) => {
    const { text: clean } = credentialRedactor(createRedactor("some-api-key"));
    expect(clean(text)).not.toContain("canary");
    expect(clean(text)).toContain('"ipAddressId":"2"');
  });
});

describe("a text that lists credentials", () => {
  it.each([
    ['{"auth":["canary","canary"],"quantity":1', `{"auth":${redacted},"quantity":1`],
    ['{"auth":["canary","can', `{"auth":${redacted}`],
    ['{"auth":["canary","can]ary"],"quantity":1', `{"auth":${redacted},"quantity":1`],
    ['{"authInfo":{"login":"canary","key":"canary"},"quantity":1', `{"authInfo":${redacted},"quantity":1`],
    ['{"proxy":"198.51.100.7 8000 canary canary","qu', `{"proxy":"198.51.100.7 8000 ${redacted}","qu`],
    ["one\n198.51.100.7:8000 canary canary\nthree", `one\n198.51.100.7:8000 ${redacted}\nthree`],
  ])("has lost them: %s", (text, expected) => {
    expect(withoutCredentialsInText(text)).toBe(expected);
  });

  it.each([
    "connect ECONNREFUSED 127.0.0.1:4010 after 3 attempts",
    "127.0.0.1:4010 refused",
    "from 01/02/2030 on, N/A",
  ])("keeps what is no credential: %s", (text) => {
    expect(withoutCredentialsInText(text)).toBe(text);
  });
});
