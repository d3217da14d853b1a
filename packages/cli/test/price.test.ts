import { describe, expect, it } from "vitest";
import { address, serveAccount } from "./support/account.js";
import { runCli, runJson } from "./support/cli.js";
import { answer } from "./support/server.js";

describe("price", () => {
  it("finds type and period by itself, and shows the price and the balance after it", async () => {
    const server = await serveAccount();
    const { exitCode, stdout } = await runCli(["price", "111", "222", "--base-url", server.url]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      [
        "Type  Days  Orders  Addresses  Already on  Each renewal",
        "IPv4    30       2          3           0      2.40 USD",
        "Balance: 5.00 USD, 2.60 USD after one renewal of these 2 orders.",
        "",
      ].join("\n"),
    );
    expect(server.paths()).toEqual(["ipAddress", "calculate/extend/order"]);
  });

  it("shows what is on already also where type and days are given, and does without the list then", async () => {
    const server = await serveAccount();
    const argv = ["price", "111", "333", "--type", "IPv4", "--days", "60", "--base-url", server.url];
    expect((await runCli(argv)).stdout).toContain(
      "IPv4    60       2          2           1      3.00 USD\n",
    );
    server.account.instead = (response, { url }) => {
      if (!url.includes("/ipAddress")) return false;
      answer(response, {}, 404);
      return true;
    };
    const { exitCode, stdout, stderr } = await runCli(argv);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining("3.00 USD") });
    expect(stderr).toContain("cannot be read (HTTP 404): the orders are not looked up.");
  });

  it("rounds a price and a balance to six decimals, as they are after a discount", async () => {
    const server = await serveAccount();
    const price = { success: true, balance: 5.12345678, price: 0.1234567, error: null };
    server.account.instead = (response, { url }) => {
      if (!url.includes("/calculate/")) return false;
      answer(response, price);
      return true;
    };
    const { exitCode, result } = await runJson(["price", "111", "--base-url", server.url]);
    expect(exitCode).toBe(0);
    expect(result).toMatchObject({ price: 0.123457, balance: 5.123457, balanceAfter: 5 });
  });

  it("waits as often as the server asks for a short pause, and so does the preview of on", async () => {
    const server = await serveAccount();
    for (const argv of [["price"], ["on", "--yes"]]) {
      let refused = 0;
      server.account.instead = (response, { url }) => {
        if (!url.includes("/calculate/") || refused === 7) return false;
        refused++;
        response.setHeader("retry-after", "0");
        answer(response, {}, 429);
        return true;
      };
      const { exitCode } = await runCli([...argv, "111", "--base-url", server.url]);
      expect({ exitCode, refused }).toEqual({ exitCode: 0, refused: 7 });
    }
  });

  it("fits a narrow terminal", async () => {
    const server = await serveAccount();
    const argv = ["price", "111", "222", "--base-url", server.url];
    const { stdout } = await runCli(argv, { stdoutIsTTY: true, columns: 40 });
    expect(stdout).toContain("Balance: 5.00 USD, 2.60 USD after one\nrenewal of these 2 orders.\n");
    expect(stdout.split("\n").filter((line) => line.length > 40)).toEqual([]);
  });

  it("adds up several types and periods, and warns if the sum is more than the balance", async () => {
    const server = await serveAccount({ balance: 3 });
    const { result, stderr } = await runJson(["price", "222", "333", "555", "--base-url", server.url]);
    expect(result).toMatchObject({
      price: 3.9,
      balance: 3,
      balanceAfter: -0.9,
      currency: "USD",
      warnings: [{ code: 16 }],
      groups: [
        { proxyType: "IPv4", rentPeriodDays: 30, orders: 1, price: 1.6 },
        { proxyType: "IPv4", rentPeriodDays: 60, orders: 1, price: 1.5 },
        { proxyType: "ISP", rentPeriodDays: 30, orders: 1, price: 0.8 },
      ],
    });
    expect(stderr).not.toContain("error");
    const ended = await runCli(["price", "222", "333", "555", "--base-url", server.url]);
    expect(ended.stdout).toMatch(/^Total +3 +4 +1 +3\.90 USD$/m);
    expect(ended.stdout).toContain("Balance: 3.00 USD, 0.90 USD short of one renewal of these 3 orders.");
    expect(ended.stderr).not.toContain("would fail now");
  });

  it("prices no order whose addresses have several periods, unless the period is given", async () => {
    const server = await serveAccount();
    server.account.orders["222"]?.addresses.push(address("23", { days: 60 }));
    const { exitCode, result, notes } = await runJson(["price", "111", "222", "--base-url", server.url]);
    const reason = "Its IP addresses have different rental periods, such as 30, 60 days.";
    const whatToDo = "Add --days to price such orders.";
    expect(notes).toEqual([`Order 222 is not priced. ${reason} ${whatToDo}`]);
    expect(exitCode).toBe(6);
    expect(result).toMatchObject({ price: 0.8, leftOut: [{ reason, whatToDo, orders: 1 }] });
    const { notes: given } = await runJson(["price", "222", "--days", "60", "--base-url", server.url]);
    expect(given).toEqual([
      "2 IP addresses of 1 order have another rental period now: switching on changes it.",
    ]);
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
    expect(stderr).toContain("With --type and --days, it is not needed.");
    expect(stderr).toContain("auto-extend doctor shows what differs");
  });

  it.each([
    ["VALID", "The promo code is valid."],
    ["NO_VALID", 'The promo code "X" is not valid (NO_VALID): the prices are without it.'],
  ])("says what the provider made of a promo code: %s", async (promoCodeStatus, text) => {
    const server = await serveAccount({
      instead(response, { url }) {
        if (!url.endsWith("/calculate/extend/order")) return false;
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ success: true, price: 0.7, promoCodeStatus, warnings: null }));
        return true;
      },
    });
    const { stdout } = await runCli(["price", "111", "--promo-code", "X", "--base-url", server.url]);
    expect(stdout).toContain(`\n${text}\n`);
  });

  it("passes on the promo code, and says whether it is valid", async () => {
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
    expect(stdout).toMatch(
      / 0\.70\nThe provider did not send the balance\.\nPromo code: OK\nDiscount: 10\n$/,
    );
  });

  it.each([
    [["999"], 2, "Order 999 is not priced. It is not in your list (auto-extend orders)"],
    [["997", "998", "996", "995"], 2, "4 orders are not priced; the first is 997. It is not in your list"],
    [["555", "--type", "IPv4"], 2, "It is listed as ISP, not as IPv4."],
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
  it("show the balance with its currency", async () => {
    const server = await serveAccount({ balance: 25.03 });
    expect((await runCli(["balance", "--base-url", server.url])).stdout).toBe("25.03 USD\n");
    const { result } = await runJson(["balance", "--base-url", server.url]);
    expect(result).toEqual({ balance: 25.03, currency: "USD" });
  });

  it("show the periods of one type, or of all four", async () => {
    const server = await serveAccount();
    expect((await runCli(["periods", "isp", "--base-url", server.url])).stdout).toBe(
      "Type  Days\nISP   30, 60\n",
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
