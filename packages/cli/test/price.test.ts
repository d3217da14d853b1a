import { describe, expect, it } from "vitest";
import { address, serveAccount } from "./support/account.js";
import { runCli, runJson } from "./support/cli.js";
import { answer } from "./support/server.js";

describe("price", () => {
  it("finds type and period by itself, and tells price and balance after", async () => {
    const server = await serveAccount();
    const { exitCode, stdout } = await runCli(["price", "111", "222", "--base-url", server.url]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe("2 orders of type IPv4, 30 days: 2.40 USD\nBalance: 5.00 USD, after it 2.60 USD\n");
    expect(server.paths()).toEqual(["ipAddress", "calculate/extend/order"]);
  });

  it("asks for one price where type and days are given", async () => {
    const server = await serveAccount();
    const argv = ["price", "111", "--type", "IPv4", "--days", "60", "--base-url", server.url];
    expect((await runCli(argv)).stdout).toContain("1.50 USD");
    expect(server.paths()).toEqual(["calculate/extend/order"]);
  });

  it("adds up what is of several types and periods, and warns where the sum is more than there is", async () => {
    const server = await serveAccount({ balance: 3 });
    const { result, stderr } = await runJson(["price", "222", "333", "555", "--base-url", server.url]);
    expect(result).toMatchObject({
      price: 3.9,
      balance: 3,
      balanceAfter: -0.9,
      currency: "USD",
      warnings: [{ code: 16 }],
      groups: [
        { proxyType: "IPv4", rentPeriodDays: 30, orderIds: ["222"], price: 1.6 },
        { proxyType: "IPv4", rentPeriodDays: 60, orderIds: ["333"], price: 1.5 },
        { proxyType: "ISP", rentPeriodDays: 30, orderIds: ["555"], price: 0.8 },
      ],
    });
    expect(stderr).not.toContain("error");
    const { stdout } = await runCli(["price", "222", "333", "555", "--base-url", server.url]);
    expect(stdout).toContain("Together: 3.90 USD\n");
    expect(stdout).toContain("Warning: an extension would fail now: Insufficient funds");
  });

  it("says that the addresses of an order have several periods, and which one it prices", async () => {
    const server = await serveAccount();
    server.account.orders["222"]?.addresses.push(address("23", { days: 60 }));
    const { result, notes } = await runJson(["price", "222", "--base-url", server.url]);
    expect(notes).toEqual([expect.stringContaining("(60 days): the whole order is priced for 30.")]);
    expect(result).toMatchObject({ price: 2.4 });
    const { notes: none } = await runJson(["price", "222", "--days", "60", "--base-url", server.url]);
    expect(none).toEqual([]);
  });

  it("says how to do without a list that can't be read", async () => {
    const server = await serveAccount({
      instead(response, { url }) {
        if (!url.includes("/ipAddress")) return false;
        answer(response, {});
        return true;
      },
    });
    const { exitCode, stderr } = await runCli(["price", "111", "--base-url", server.url]);
    expect(exitCode).toBe(4);
    expect(stderr).toContain("price wants --type and --days");
    expect(stderr).toContain("auto-extend doctor tells what differs");
  });

  it("passes on the promo code, and what became of it", async () => {
    const server = await serveAccount({
      instead(response, { url, body }) {
        if (!url.endsWith("/calculate/extend/order")) return false;
        expect(body).toMatchObject({ promoCode: "SPRING" });
        response.setHeader("content-type", "application/json");
        response.end(
          JSON.stringify({ success: true, price: 0.7, discount: 10, promoCodeStatus: "OK", warnings: null }),
        );
        return true;
      },
    });
    const { stdout } = await runCli(["price", "111", "--promo-code", "SPRING", "--base-url", server.url]);
    expect(stdout).toBe(
      "1 order of type IPv4, 30 days: 0.70, discount: 10, promo code: OK\nThe provider did not tell the balance.\n",
    );
  });

  it.each([
    [["999"], 2, "Order 999 is not in the list"],
    [["997", "998", "996", "995"], 2, "The orders 997, 998, 996 and 1 more are not in the list"],
    [["555", "--type", "IPv4"], 2, "Order 555 is of type ISP, not IPv4."],
    [["111", "--days", "45"], 1, "error 11"],
    [["NUMBER-112233"], 2, "order number"],
  ])("%j ends with %i and says why", async (argv, exitCode, message) => {
    const server = await serveAccount();
    const ended = await runCli(["price", ...argv, "--base-url", server.url]);
    expect(ended.exitCode).toBe(exitCode);
    expect(ended.stderr).toContain(message);
  });
});

describe("balance and periods", () => {
  it("tell the balance with its currency", async () => {
    const server = await serveAccount({ balance: 25.03 });
    expect((await runCli(["balance", "--base-url", server.url])).stdout).toBe("25.03 USD\n");
    const { result } = await runJson(["balance", "--base-url", server.url]);
    expect(result).toEqual({ balance: 25.03, currency: "USD" });
  });

  it("tell the periods of one type, or of all four", async () => {
    const server = await serveAccount();
    expect((await runCli(["periods", "isp", "--base-url", server.url])).stdout).toBe(
      "TYPE  DAYS\nISP   30, 60\n",
    );
    const { result } = await runJson(["periods", "--base-url", server.url]);
    expect(result).toEqual({
      periods: ["IPv4", "IPv6", "MOBILE", "ISP"].map((proxyType) => ({
        proxyType,
        rentPeriodDays: [30, 60],
      })),
    });
    server.account.prices = {};
    expect((await runCli(["periods", "isp", "--base-url", server.url])).stdout).toContain("none");
  });
});
