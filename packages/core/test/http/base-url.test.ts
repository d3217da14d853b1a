import { baseUrlIssues, parseBaseUrl } from "@auto-extend/core";
import { describe, expect, it, onTestFinished, vi } from "vitest";

const strict = { allowHttp: false };

describe("a base URL", () => {
  it.each([
    "https://youproxy.io",
    "https://youproxy.io:8443/a/path/",
    "http://127.0.0.1:4010",
    "http://localhost",
    "http://[::1]:4010",
  ])("may be %s", (text) => {
    expect(baseUrlIssues(text, strict)).toEqual([]);
  });

  it.each<[unknown, RegExp]>([
    ["youproxy.io", /^must be a valid http\(s\) URL/],
    ["", /^must be a valid http\(s\) URL/],
    ["ftp://youproxy.io", /^must be a valid http\(s\) URL/],
    [undefined, /^must be a valid http\(s\) URL/],
    [new URL("https://youproxy.io"), /^must be a valid http\(s\) URL/],
    ["https://you proxy.io", /^must be a valid http\(s\) URL/],
    ["https://you\nproxy.io", /^must be a valid http\(s\) URL/],
    ["https:youproxy.io", /^must be a valid http\(s\) URL/],
    ["https://youproxy.io:secret", /^must be a valid http\(s\) URL/],
    ["https://youproxy.io\\secret", /^must be a valid http\(s\) URL/],
    ["https://youproxy.io:99999", /^must be a valid http\(s\) URL/],
    ["https://1.2.3.4.5", /^must be a valid http\(s\) URL/],
    ["https://you<proxy>.io", /^must be a valid http\(s\) URL/],
    ["https://[::1::2]", /^must be a valid http\(s\) URL/],
    ["http://127.1", /anyone on the network path can read the API key/],
    ["https://localhost\\@youproxy.io", /user name or password/],
    ["https://me@youproxy.io", /user name or password/],
    ["https://:secret@youproxy.io", /user name or password/],
    ["https://youproxy.io/?key=secret", /query or fragment/],
    ["https://youproxy.io/#secret", /query or fragment/],
    ["https://youproxy.io/client/api/v1/secret", /must not contain \/client\/api/],
    ["https://youproxy.io/prefix/client/api", /must not contain \/client\/api/],
    ["http://youproxy.io", /anyone on the network path can read the API key/],
    ["http://127.0.0.1.example", /anyone on the network path can read the API key/],
  ])("may not be %s, and it is not repeated", (text, message) => {
    const issues = baseUrlIssues(text, strict);
    expect(issues).toEqual([{ path: "baseUrl", message: expect.stringMatching(message) }]);
    expect(JSON.stringify(issues)).not.toContain("secret");
  });

  it("is checked and taken apart on a platform whose URL has no parts, such as older React Native", () => {
    onTestFinished(() => void vi.unstubAllGlobals());
    vi.stubGlobal("URL", class {});
    expect(baseUrlIssues("http://me@api.example/?a", strict)).toHaveLength(3);
    expect(parseBaseUrl("https://youproxy.io/a/")).toMatchObject({ href: "https://youproxy.io/a" });
  });

  it("gets an issue for everything that is wrong with it", () => {
    expect(baseUrlIssues("http://me@api.example/?a", strict)).toHaveLength(3);
  });

  it("gets an issue that names the setting as its reader knows it", () => {
    const [issue] = baseUrlIssues("http://api.example", { ...strict, setting: "--allow-http" });
    expect(issue?.message).toMatch(/\(--allow-http allows it anyway\)$/);
  });

  it("may be plain http elsewhere where that is allowed", () => {
    expect(baseUrlIssues("http://api.example", { allowHttp: true })).toEqual([]);
  });

  it.each([
    ["HTTPS://YouProxy.io", { href: "https://youproxy.io", host: "youproxy.io", isLoopback: false }],
    ["https://api.example//a//", { href: "https://api.example//a", host: "api.example", isLoopback: false }],
    [
      " https://bücher.example ",
      { href: "https://bücher.example", host: "bücher.example", isLoopback: false },
    ],
    ["http://[::1]:4010/", { href: "http://[::1]:4010", host: "[::1]:4010", isLoopback: true }],
  ])("%s is taken apart", (text, parts) => {
    expect(parseBaseUrl(text)).toEqual(parts);
  });
});
