import { isLoopback } from "@auto-extend/core";
import { expect, it } from "vitest";

it.each([
  "localhost",
  "LOCALHOST",
  "api.localhost",
  "127.0.0.1",
  "127.255.0.3",
  "::1",
  "[::1]",
  "::ffff:127.0.0.1",
  new URL("http://[::ffff:127.0.0.1]").hostname,
])("knows that %s is this machine", (hostname) => {
  expect(isLoopback(hostname)).toBe(true);
});

it.each([
  "youproxy.io",
  "localhost.example",
  "notlocalhost",
  "127.0.0.1.example",
  "128.0.0.1",
  "10.0.0.1",
  "0.0.0.0",
  "::",
  "[::ffff:a00:1]",
  "7f00::7f00:1",
  "",
])("takes %o for another machine", (hostname) => {
  expect(isLoopback(hostname)).toBe(false);
});
