import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { address, type FakeAccount, serveAccount } from "./support/account.js";
import { runCli, runJson } from "./support/cli.js";
import { fileWith } from "./support/folder.js";
import { answer, failure } from "./support/server.js";

/** Two orders that renew at 0.8 each on the 31st, and one of two addresses that is on in part. */
function someOn() {
  return serveAccount({
    balance: 2,
    orders: {
      "111": { type: "IPv4", addresses: [address("1", { autoExtend: true })] },
      "222": { type: "IPv4", addresses: [address("21", { autoExtend: true }), address("22")] },
      "666": { type: "IPv6", addresses: [address("61", { autoExtend: true }), address("62")] },
    },
  });
}

describe("forecast", () => {
  it("says in its result and on stdout that the list is incomplete", async () => {
    const server = await someOn();
    server.account.instead = (response, { url }) => {
      if (!url.includes("/ipAddress")) return false;
      const ips = [{ ipAddressId: "1", dateEnd: "2030-01-31", extendInfo: { autoExtend: false } }];
      answer(response, { success: true, total: 9, IPv4: [{ orderId: "111", ips }], error: null });
      return true;
    };
    const argv = ["forecast", "--days", "5", "--base-url", server.url];
    expect((await runJson(argv)).result).toMatchObject({ isComplete: false, firstShortage: null });
    const { stdout } = await runCli(argv);
    expect(stdout.replace(/\n/g, " ")).toContain("The list of IP addresses is incomplete: there may be more");
  });

  it("rounds amounts to six decimals, as they are after a discount, and shares to the cent", async () => {
    const server = await someOn();
    server.account.balance = 4.333333333;
    server.account.instead = exactPrice(0.1234567);
    const { exitCode, result } = await runJson(["forecast", "--days", "40", "--base-url", server.url]);
    expect(exitCode).toBe(0);
    expect(result).toMatchObject({ balance: { start: 4.333333, end: 4.149876 }, spent: 0.183457 });
  });

  it.each([
    ["balance", 1e10, 0.8],
    ["price", 5, 1e10],
  ])(
    "ends with an error that is no bug if the %s is too large to calculate with",
    async (_, balance, price) => {
      const server = await someOn();
      server.account.balance = balance;
      server.account.instead = exactPrice(price);
      const { exitCode, error } = await runJson(["forecast", "--base-url", server.url]);
      expect(exitCode).toBe(4);
      expect(error).toMatchObject({
        name: "AmountError",
        message: "The amount 10000000000 cannot be counted exactly. Nothing was changed.",
      });
    },
  );

  it("shows every renewal, the balance day by day, the first shortage and what expires", async () => {
    const server = await someOn();
    const { exitCode, result } = await runJson(["forecast", "--days", "90", "--base-url", server.url]);
    expect(exitCode).toBe(0);
    expect(result).toMatchObject({
      host: server.host,
      from: "2030-01-01T00:00:00.000Z",
      days: 90,
      currency: "USD",
      balance: { start: 2, end: 0.4 },
      spent: 1.6,
      firstShortage: { date: "2030-03-02", orderId: "111", price: 0.8, missing: 0.4 },
      renewals: [
        { at: "2030-01-31T00:00:00.000Z", orderId: "111", price: 0.8, outcome: "renewed", balance: 1.2 },
        { orderId: "222", quantity: 1, price: 0.8, outcome: "renewed", balance: 0.4 },
        { at: "2030-03-02T00:00:00.000Z", orderId: "111", outcome: "failed" },
        { orderId: "222", outcome: "failed" },
      ],
    });
    const { expiries, byDay } = result as {
      expiries: { orderId: string; because: string }[];
      byDay: unknown[];
    };
    expect(expiries.map(({ orderId, because }) => `${orderId} ${because}`).sort()).toEqual([
      "111 unpaid",
      "222 off",
      "222 unpaid",
      "666 incomplete",
    ]);
    expect(byDay).toHaveLength(91);
  });

  it("asks for each price of what is on, one order and period at a time", async () => {
    const server = await someOn();
    await runCli(["forecast", "--base-url", server.url]);
    expect(server.paths().slice(0, 2)).toEqual(["balance", "ipAddress"]);
    const priced = server.seen.flatMap(({ body }) => (body ? [[body.orderIds, body.rentPeriodDays]] : []));
    expect(priced).toEqual([
      [["111"], 30],
      [["222"], 30],
      [["666"], 30],
    ]);
  });

  it("shows text with a chart, no line wider than 80 columns where nobody says how wide it may be", async () => {
    const server = await someOn();
    const { stdout } = await runCli(["forecast", "--base-url", server.url]);
    expect(stdout).toContain("Balance now");
    expect(stdout).toContain("2030-03-02");
    expect(stdout).toMatch(/[\u2580-\u259f\u2800-\u28ff]/);
  });

  it("writes a page that is complete in one file", async () => {
    const server = await someOn();
    const file = join(dirname(await fileWith("")), "page.html");
    const { exitCode, stderr } = await runCli(["forecast", "--html", file, "--base-url", server.url]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain(`Wrote the page ${file}.`);
    const page = await readFile(file, "utf8");
    expect(page).toMatch(/^<!doctype html>/i);
    expect(page).toContain("<svg");
    expect(page).not.toMatch(/a-login|a-proxy-password|canary/);
  });

  it("counts from --now if it is given, and takes settings for what is not public", async () => {
    const server = await someOn();
    const argv = [
      "forecast",
      "--days",
      "20",
      "--now",
      "2030-01-20",
      "--lead-hours",
      "24",
      "--retry-hours",
      "12",
    ];
    const { result } = await runJson([...argv, "--base-url", server.url]);
    expect(result).toMatchObject({
      from: "2030-01-20T00:00:00.000Z",
      settings: { leadTimeHours: 24, retryHours: 12 },
      renewals: [{ at: "2030-01-30T00:00:00.000Z" }, {}],
    });
  });

  it("continues without a price that is refused, and names the order", async () => {
    const server = await someOn();
    server.account.instead = (response, { url, body }) => {
      if (!url.endsWith("/calculate/extend/order") || body.orderIds[0] !== "222") return false;
      answer(response, failure(11, "no such period"));
      return true;
    };
    const { result, notes } = await runJson(["forecast", "--days", "40", "--base-url", server.url]);
    expect(notes).toEqual(['Order 222 has no price: error 11, "no such period".']);
    expect(result).toMatchObject({ unpriced: [{ orderId: "222" }], balance: { end: 1.2 } });
  });

  it("waits as long as the server asks for it, and keeps to a rate", async () => {
    const server = await someOn();
    let refused = 0;
    server.account.instead = (response, { url }) => {
      if (!url.endsWith("/calculate/extend/order") || refused >= 20) return false;
      refused += 1;
      response.setHeader("retry-after", "0");
      answer(response, {}, 429);
      return true;
    };
    const begin = performance.now();
    const { exitCode } = await runCli(["forecast", "--rate", "100", "--base-url", server.url]);
    expect({ exitCode, refused }).toEqual({ exitCode: 0, refused: 20 });
    expect(performance.now() - begin).toBeGreaterThan(20);
  }, 60_000);

  it.each([
    [429, 5],
    [503, 5],
  ])(
    "stops at a refusal under HTTP %i that asks for a long pause, and is no forecast",
    async (status, exitCode) => {
      const server = await someOn();
      server.account.instead = (response, { url }) => {
        if (!url.endsWith("/calculate/extend/order")) return false;
        response.setHeader("retry-after", "3600");
        answer(response, failure(29, "Incorrect orderIds"), status);
        return true;
      };
      const output = await runJson(["forecast", "--base-url", server.url]);
      expect(output).toMatchObject({ exitCode, ok: false, error: { name: "ApiError", status } });
    },
  );

  it("prints the forecast if the page cannot be written, with an exit code of its own", async () => {
    const server = await someOn();
    const output = await runJson(["forecast", "--html", "/dev/full", "--base-url", server.url]);
    expect(output).toMatchObject({ exitCode: 74, result: { days: 90 } });
    expect(output.notes).toEqual(["/dev/full could not be written: the disk is full."]);
  });

  it.each([
    ["the prices of two orders", { price: { "222": "EUR" } }],
    ["balance and prices", { balance: "EUR" }],
  ])("adds up no amounts of different currencies: %s", async (_, other) => {
    const { price = {}, balance = "USD" }: { price?: Record<string, string>; balance?: string } = other;
    const server = await someOn();
    server.account.instead = (response, { url, body }) => {
      if (url.endsWith("/balance")) {
        answer(response, { success: true, balance: 5, currencyCode: balance, error: null });
      } else if (url.endsWith("/calculate/extend/order")) {
        const currency = price[body.orderIds[0] ?? ""] ?? "USD";
        answer(response, { success: true, balance: 5, price: 1, currency, error: null, warnings: null });
      } else return false;
      return true;
    };
    const output = await runJson(["forecast", "--base-url", server.url]);
    expect(output).toMatchObject({ exitCode: 4, result: null, error: { name: "AmountError" } });
    expect(output.error?.message).toMatch(
      /are in different currencies: (USD, EUR|EUR, USD)\. Nothing was changed\.$/,
    );
  });

  it("stops if the server cannot price anything", async () => {
    const server = await someOn();
    server.account.instead = (response, { url }) => {
      if (!url.endsWith("/calculate/extend/order")) return false;
      answer(response, {}, 404);
      return true;
    };
    expect((await runCli(["forecast", "--base-url", server.url])).exitCode).toBe(4);
  });

  it("leaves out what the list does not say enough of, and says so", async () => {
    const server = await serveAccount();
    server.account.instead = (response, { url }) => {
      if (!url.includes("/ipAddress")) return false;
      const known = { dateEnd: "2030-01-31", extendInfo: { autoExtend: true, extendDays: 30 } };
      answer(response, {
        success: true,
        list: [
          { ipAddressId: "1", orderId: "no-type", ...known },
          { ipAddressId: "2", orderId: "no-end", proxyType: "IPv4", extendInfo: known.extendInfo },
          { ipAddressId: "3", orderId: "no-switch", proxyType: "IPv4", dateEnd: known.dateEnd },
          {
            ipAddressId: "4",
            orderId: "no-days",
            proxyType: "IPv4",
            ...known,
            extendInfo: { autoExtend: true },
          },
          {
            ipAddressId: "5",
            orderId: "off",
            proxyType: "IPv4",
            ...known,
            extendInfo: { autoExtend: false },
          },
        ],
      });
      return true;
    };
    const { result } = await runJson(["forecast", "--base-url", server.url]);
    const { skipped, expiries } = result as {
      skipped: { orderId: string }[];
      expiries: { orderId: string }[];
    };
    expect(skipped.map(({ orderId }) => orderId)).toEqual(["no-type", "no-end", "no-switch", "no-days"]);
    expect(expiries.map(({ orderId }) => orderId)).toEqual(["off"]);
  });

  it("shows how far it is with many prices, on a terminal alone", async () => {
    const ids = Array.from({ length: 101 }, (_, index) => String(index));
    const orders = Object.fromEntries(
      ids.map((id) => [id, { type: "IPv4" as const, addresses: [address(id, { autoExtend: true })] }]),
    );
    const server = await serveAccount({ orders });
    const argv = ["forecast", "--base-url", server.url];
    const { stderr } = await runCli(argv, { terminal: true });
    expect(stderr).toContain("\nReading 101 prices, one request each.\n\rPricing [");
    expect(stderr.endsWith("\r\u001b[K")).toBe(true);
    expect((await runCli(argv)).stderr).toMatch(/\nReading 101 prices, one request each\.\n$/);
  });

  it.each([
    [["--days", "0"], "whole number"],
    [["--days", "3651"], "from 1 to 3650"],
    [["--now", "soon"], "not a time"],
    [["--lead-hours", "-1"], "number of hours"],
    [["--retry-hours", "0"], "hours above 0"],
    [["--rate", "0"], "requests per second"],
    [["--html", "/no/such/folder/page.html"], "cannot be written"],
  ])("refuses %j before anything is sent", async (options, message) => {
    const server = await serveAccount();
    const { exitCode, stderr } = await runCli(["forecast", ...options, "--base-url", server.url]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(server.seen).toEqual([]);
  });
});

/** Answers requests for a price with this one. */
function exactPrice(price: number): NonNullable<FakeAccount["instead"]> {
  return (response, { url }) => {
    if (!url.includes("/calculate/")) return false;
    answer(response, { success: true, proxyType: null, price, error: null });
    return true;
  };
}
