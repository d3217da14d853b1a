import { expect, it } from "vitest";
import { serveAccount } from "./support/account.js";
import { runJson } from "./support/cli.js";
import { answer } from "./support/server.js";

it("shows identical notes once, and counts them at the end", async () => {
  const server = await serveAccount();
  server.account.instead = (response, { url, body }) => {
    if (!url.endsWith("/extend/order/auto")) return false;
    const { proxyType, rentPeriodDays, orderIds } = body;
    answer(response, { success: true, proxyType, rentPeriodDays, quantity: 7, orderIds, error: null });
    return true;
  };
  const argv = ["off", "111", "333", "--days", "30", "--chunk-size", "1", "--no-read-back"];
  const { notes, stderr } = await runJson([...argv, "--base-url", server.url]);
  const note = "The provider reports 7 IP addresses as switched off, and these orders have 1.";
  expect(notes).toEqual([`${note} (2 times)`]);
  expect(stderr.match(/^.*(?:note:|times).*$/gm)).toEqual([
    `note: ${note}`,
    `2 times in all: "The provider reports 7 IP addresses as switched off, and ..."`,
  ]);
});
