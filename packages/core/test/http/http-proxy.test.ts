import { proxyFor } from "@auto-extend/core";
import { describe, expect, it } from "vitest";

const proxy = "http://proxy.example:3128/";
const https = "https://api.example";
const http = "http://api.example";

describe("the HTTP proxy for a server", () => {
  it.each<[string, Record<string, string>, string | null]>([
    [https, { HTTPS_PROXY: proxy }, "HTTPS_PROXY"],
    [https, { HTTP_PROXY: proxy }, null],
    [http, { HTTP_PROXY: proxy, HTTPS_PROXY: "http://other.example" }, "HTTP_PROXY"],
    [https, { https_proxy: proxy, HTTPS_PROXY: "http://other.example" }, "https_proxy"],
    [https, { https_proxy: "", HTTPS_PROXY: proxy }, "HTTPS_PROXY"],
    [https, { HTTPS_PROXY: proxy, ALL_PROXY: "http://other.example" }, "HTTPS_PROXY"],
    [https, { ALL_PROXY: proxy }, "ALL_PROXY"],
    [http, { HTTPS_PROXY: "", all_proxy: proxy }, "all_proxy"],
    [https, {}, null],
    ["http://127.0.0.1:4010", { HTTP_PROXY: proxy, ALL_PROXY: proxy }, null],
    ["http://[::1]:4010", { HTTP_PROXY: proxy }, null],
    ["no URL", { HTTP_PROXY: proxy, ALL_PROXY: proxy }, null],
  ])("of %s with %j is that of %s", (href, env, variable) => {
    expect(proxyFor(href, env)).toEqual(variable === null ? null : { variable, url: proxy });
  });

  it.each<[string, string | null]>([
    ["proxy.example:3128", "http://proxy.example:3128/"],
    ["HTTPS://me:pass%25word@proxy.example", "https://me:pass%25word@proxy.example/"],
    ...["socks5://proxy.example", "http://", "a proxy:3128", "http://proxy.example/path"].map(
      (text): [string, null] => [text, null],
    ),
    ["http://me:p%zz@proxy.example", null],
    ["http://proxy.example:99999", null],
  ])("is read from %s", (text, url) => {
    expect(proxyFor(https, { HTTPS_PROXY: text })).toEqual({ variable: "HTTPS_PROXY", url });
  });

  it.each<[string, string]>([
    ["*", https],
    ["other.example, *", https],
    ["api.example", https],
    ["API.Example.", https],
    ["example", https],
    [".example", https],
    ["*.example", https],
    [".api.example", https],
    ["other.example,,  api.example", https],
    ["api.example:443", https],
    ["api.example:080", http],
    ["bücher.example", "https://bücher.example"],
    ["192.0.2.7", "https://192.0.2.7"],
    ["192.0.2.7:8443", "https://192.0.2.7:8443"],
    ["192.0.0.0/16", "https://192.0.2.7"],
    ["192.0.2.6/31", "https://192.0.2.7"],
    ["0.0.0.0/0", "https://192.0.2.7"],
    ["2001:DB8:0::1", "https://[2001:db8::1]"],
    ["[2001:db8::1]", "https://[2001:db8::1]"],
    ["[2001:db8::1]:443", "https://[2001:db8::1]"],
    ["2001:db8::/32", "https://[2001:db8:1::443]"],
    ["::ffff", "https://[::ffff]"],
  ])("is not used with NO_PROXY=%s for %s", (list, href) => {
    const env = { HTTPS_PROXY: proxy, HTTP_PROXY: proxy };
    expect(proxyFor(href, { ...env, NO_PROXY: list })).toBeNull();
    expect(proxyFor(href, { ...env, no_proxy: list, NO_PROXY: "other.example" })).toBeNull();
  });

  it.each<[string, string]>([
    ["", https],
    [",", https],
    ["[]", https],
    ["/8", "https://192.0.2.7"],
    ["other.example", https],
    ["pi.example", https],
    ["www.api.example", https],
    ["api.example:80", https],
    ["a*.example", https],
    ["*.", https],
    ["2.7", "https://192.0.2.7"],
    ["192.0.2.70", "https://192.0.2.7"],
    ["192.0.2.0/33", "https://192.0.2.7"],
    ["192.0.2.0/", "https://192.0.2.7"],
    ["192.0.2.7/x", "https://192.0.2.7"],
    ["10.0.0.0/8", "https://192.0.2.7"],
    ["0.0.0.0/0", "https://[2001:db8::1]"],
    ["2001:db8::2", "https://[2001:db8::1]"],
    ["[2001:db8::1]:80", "https://[2001:db8::1]"],
    ["2001:db8::/32", "https://[2001:db9::1]"],
    ["[", "https://[2001:db9::1]"],
  ])("is used with NO_PROXY=%s for %s", (list, href) => {
    expect(proxyFor(href, { HTTPS_PROXY: proxy, NO_PROXY: list })).toEqual({
      variable: "HTTPS_PROXY",
      url: proxy,
    });
  });
});
