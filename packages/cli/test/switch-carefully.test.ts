import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { type AccountServer, address, serveAccount } from "./support/account.js";
import { runCli, runJson } from "./support/cli.js";
import { fileWith } from "./support/folder.js";
import { answer, failure } from "./support/server.js";

const on = ["on", "--days", "30"];

describe("on", () => {
  it("shows host, orders, addresses, price and the balance after it before it asks, and reads the state back", async () => {
    const server = await serveAccount();
    const asked: string[] = [];
    const { exitCode, stdout, stderr } = await runCli([...on, "111", "222", "--base-url", server.url], {
      terminal: true,
      confirm: async (question) => {
        asked.push(question);
        expect(server.paths()).toEqual(["ipAddress", "rentPeriod?proxyType=IPv4", "calculate/extend/order"]);
        return true;
      },
    });
    expect(exitCode).toBe(0);
    expect(asked).toEqual([`Switch 2 orders on at ${server.host} for 2.40 USD a renewal?`]);
    expect(stdout).toBe("");
    expect(stderr).toBe(
      [
        `Host: ${server.host}`,
        "Type  Days  Orders  Addresses  Already on  Each renewal",
        "IPv4    30       2          3           0      2.40 USD",
        "Balance: 5.00 USD, 2.60 USD after one renewal of these 2 orders.",
        "Renewals of other orders are not counted: see auto-extend forecast --if-on ID...",
        "Auto-extend is on for 2 orders, 3 IP addresses.",
        "Read back: 3 IP addresses are as requested.",
        "2 order IDs: 2 changed.",
        "",
      ].join("\n"),
    );
    expect(server.paths().slice(3)).toEqual(["extend/order/auto", "ipAddress?proxyType=IPv4"]);
  });

  it("does not name the forecast if nothing is new", async () => {
    const server = await serveAccount();
    const { stderr } = await runJson(["on", "333", "--days", "60", "--yes", "--base-url", server.url]);
    expect(stderr).toMatch(/\nBalance: .*\nAuto-extend was on already for/);
  });

  it("refuses before it prices anything if there is nobody to ask", async () => {
    const server = await serveAccount();
    const { exitCode, error } = await runJson([...on, "111", "--base-url", server.url]);
    expect(exitCode).toBe(2);
    expect(error?.message).toContain("there is no terminal to ask on.");
    expect(server.paths()).toEqual(["ipAddress"]);
  });

  it("warns once if the balance does not suffice, before anything is switched", async () => {
    const server = await serveAccount({ balance: 1 });
    const { result, notes, stderr } = await runJson([...on, "222", "--yes", "--base-url", server.url]);
    expect(notes).toEqual([]);
    expect(stderr).toContain("1.00 USD, 0.60 USD short of one renewal of this order.\n");
    expect(result).toMatchObject({ preview: { price: 1.6, balanceAfter: -0.6, warnings: [{ code: 16 }] } });
  });

  it("refuses a period that is not sold, with those that are; --force asks all the same", async () => {
    const server = await serveAccount();
    const argv = ["on", "--days", "45", "111", "--yes", "--base-url", server.url];
    const refused = await runCli(argv);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain(
      "does not sell 45 days for IPv4: it sells 30, 60. That would be the period of order 111.",
    );
    expect(refused.stderr).toContain("Use --days with one of these.");
    // A note that switching on changes the period would be void.
    expect(refused.stderr).not.toContain("note:");
    const price = await runCli(["price", "--days", "45", "111", "--base-url", server.url]);
    expect(price.stderr).toMatch(/^Host: \S+\nerror: The provider refused: error 11, /);
    const single = await serveAccount({ prices: { 30: 0.8 } });
    const { stderr } = await runCli([...argv.slice(0, -1), single.url]);
    expect(stderr).toContain(
      "it sells 30. That would be the period of order 111.\nUse --days 30. With --force",
    );
    expect(server.paths()).not.toContain("extend/order/auto");
    const forced = await runCli([...argv, "--force"]);
    expect(forced.exitCode).toBe(0);
    expect(forced.stderr).toMatch(/note: Order \d+ has no price: error 11, "[^"]+"\.\n/);
    expect(server.paths().filter((path) => path.startsWith("rentPeriod"))).toHaveLength(1);
  });

  it("says that a period which is not sold stands in the file, where --days does not change it", async () => {
    const server = await serveAccount();
    const file = await fileWith("orderId,days\n333,60\n111,45\n222,45\n");
    const refused = await runCli(["on", "--file", file, "--days", "30", "--yes", "--base-url", server.url]);
    expect(refused.stderr).toContain("That would be the period of 2 orders, such as 111.");
    expect(refused.stderr).toContain(
      "Correct the period in the file, which wins over --days; orders without one",
    );
  });

  it("is one call with --no-preview and --no-read-back", async () => {
    const server = await serveAccount();
    const { result } = await runJson([
      ...[...on, "--type", "IPv4", "111", "--yes", "--no-preview", "--no-read-back"],
      ...["--base-url", server.url],
    ]);
    expect(server.paths()).toEqual(["extend/order/auto"]);
    expect(result).toMatchObject({ preview: null, readBack: null, summary: { quantity: 1 } });
  });

  it("looks the period up, and sends no order whose IP addresses have several", async () => {
    const server = await serveAccount();
    server.account.orders["222"]?.addresses.push(address("23", { days: 60 }));
    const argv = ["on", "111", "222", "333", "--yes", "--base-url", server.url];
    const { exitCode, notes, result } = await runJson(argv);
    expect(exitCode).toBe(6);
    const reason = "Its IP addresses have different rental periods, such as 30, 60 days.";
    expect(notes).toEqual([
      `Order 222 is not sent. ${reason} Send such orders in a run of their own with --days: --failures FILE writes them to a file that --file takes.`,
    ]);
    expect(server.seen.flatMap(({ url, body }) => (/auto$/.test(url) ? [body] : []))).toEqual([
      { proxyType: "IPv4", orderIds: ["111"], rentPeriodDays: 30, autoExtend: true },
      { proxyType: "IPv4", orderIds: ["333"], rentPeriodDays: 60, autoExtend: true },
    ]);
    expect(result).toMatchObject({
      summary: { given: 3, changed: 1, unchanged: 1, notSent: 1 },
      failures: [{ orderId: "222", outcome: "not-sent", message: reason }],
    });
    const alone = await runJson(["on", "222", "--yes", "--base-url", server.url]);
    const whatToDo = "Add --days to send such orders.";
    const message = `Order 222 is not sent. ${reason}`;
    expect(alone).toMatchObject({ exitCode: 2, error: { message, whatToDo } });
    const several = await runJson(["on", "222", "999", "--yes", "--base-url", server.url]);
    expect(several.error).toMatchObject({
      message: `${message} Order 999 is not sent. It is not in your list (auto-extend orders), which does not show expired orders.`,
      whatToDo: expect.stringMatching(
        /^Order 222: Send such .* Order 999: Check the ID\. Only if it is right, /,
      ),
    });
  });

  it("says how to send only the orders with several periods, which leaves the periods of the others alone", async () => {
    const server = await serveAccount({ balance: 100 });
    for (const id of ["222", "444"]) {
      const addresses = [address(`${id}1`), address(`${id}2`, { days: 60 })];
      server.account.orders[id] = { type: "IPv4", addresses };
    }
    const file = await fileWith("orderId\n111\n222\n333\n444\n");
    const failures = `${file}.failed.csv`;
    const base = ["--yes", "--base-url", server.url];
    const first = await runJson(["on", "--file", file, "--failures", failures, ...base]);
    expect(first.notes).toEqual([
      "2 orders are not sent; the first is 222. Its IP addresses have different rental periods, such as 30, 60 days. Send such orders in a run of their own with --days: --failures FILE writes them to a file that --file takes.",
    ]);
    expect(await runJson(["on", "--file", failures, "--days", "30", ...base])).toMatchObject({
      exitCode: 0,
      notes: ["2 IP addresses of 2 orders have another rental period now: switching on changes it."],
    });
    expect(server.account.orders["333"]?.addresses).toMatchObject([{ autoExtend: true, days: 60 }]);
  });

  it("adds no amounts of different currencies, and stops before anything is sent", async () => {
    const server = await serveAccount({
      instead(response, { url, body }) {
        if (!url.endsWith("/calculate/extend/order")) return false;
        const currency = body.proxyType === "IPv4" ? "USD" : "BTC";
        answer(response, { success: true, price: 1, balance: 5, currency, warnings: null, error: null });
        return true;
      },
    });
    for (const argv of [["price"], ["on", "--yes"]]) {
      const { exitCode, error } = await runJson([...argv, "111", "555", "--base-url", server.url]);
      const message = expect.stringMatching(
        /^The amounts are in different currencies: (USD, BTC|BTC, USD)\. Nothing was changed\.$/,
      );
      expect({ exitCode, error }).toMatchObject({ exitCode: 4, error: { name: "AmountError", message } });
    }
    expect(server.paths()).not.toContain("extend/order/auto");
  });

  it("says how many IP addresses get another rental period than they have, on and off alike", async () => {
    const server = await serveAccount({ balance: 100 });
    server.account.orders["222"]?.addresses.push(address("23", { days: 60 }));
    const argv = ["on", "111", "222", "333", "--days", "60", "--yes", "--base-url", server.url];
    expect((await runJson(argv)).notes).toEqual([
      "3 IP addresses of 2 orders have another rental period now: switching on changes it.",
    ]);
    expect((await runJson(argv.with(5, "30"))).notes).toEqual([
      "5 IP addresses of 3 orders have another rental period now: switching on changes it. Of these, 5 are on already.",
    ]);
    expect((await runJson(argv.with(5, "30"))).notes).toEqual([]);
  });

  it("keeps the given type and period of an order that is not sent, so that its failure is sent like its row", async () => {
    const server = await serveAccount();
    const failed = await fileWith("", "failed.csv");
    const file = await fileWith("type,orderId,days\nIPv4,999,\n,888,60\n,111,\n");
    const argv = ["on", "--yes", "--base-url", server.url, "--file"];
    await runJson([...argv, file, "--failures", failed]);
    const rows = (await readFile(failed, "utf8"))
      .split("\n")
      .map((line) => line.split(",").slice(0, 4).join());
    expect(rows).toEqual(["type,orderId,days,outcome", "IPv4,999,,not-sent", ",888,60,not-sent", ""]);
    await runJson([...argv, failed, "--days", "30", "--type", "ISP", "--force"]);
    expect(server.seen.flatMap(({ url, body }) => (/auto$/.test(url) ? [body] : [])).slice(1)).toEqual([
      { proxyType: "IPv4", orderIds: ["999"], rentPeriodDays: 30, autoExtend: true },
      { proxyType: "ISP", orderIds: ["888"], rentPeriodDays: 60, autoExtend: true },
    ]);
  });

  it("stops before anything is sent if it costs more than --max-price, or has no price", async () => {
    const server = await serveAccount();
    const argv = ["on", "111", "222", "--yes", "--base-url", server.url, "--max-price"];
    const over = await runJson([...argv, "2.39"]);
    expect(over).toMatchObject({ exitCode: 8, error: { name: "OverMaxPrice", effect: "none" } });
    expect(over.error?.message).toBe(
      "One renewal of all orders costs 2.40 USD, more than --max-price 2.39 USD. Nothing was sent.",
    );
    const unpriced = ["on", "111", "--days", "45", "--force", "--yes", "--base-url", server.url];
    expect(await runJson([...unpriced, "--max-price", "100"])).toMatchObject({
      exitCode: 8,
      error: {
        message: "--max-price needs the price of every order, and 1 order has none. Nothing was sent.",
        whatToDo:
          "Remove the orders without a price, which --json lists, or switch them in a run without --max-price.",
        issues: [{ path: "111", message: expect.stringContaining("has no price: error 11") }],
      },
    });
    expect(await runJson([...argv, "5", "--no-preview"])).toMatchObject({ exitCode: 2 });
    expect(server.paths()).not.toContain("extend/order/auto");
    expect(await runJson([...argv, "2.40"])).toMatchObject({ exitCode: 0 });
  });

  it("has no need of a price for --max-price if an order exists neither in the list nor for the provider", async () => {
    const server = await serveAccount();
    const argv = ["on", "111", "999", "--type", "IPv4", "--days", "30", "--yes", "--base-url", server.url];
    const { exitCode, notes, result } = await runJson([...argv, "--max-price", "0.8"]);
    expect({ exitCode, result }).toMatchObject({
      exitCode: 6,
      result: { summary: { changed: 1, refused: 1 } },
    });
    expect(notes).toEqual([
      "Order 999 is not in your list (auto-extend orders), which does not show expired orders. It is not left out, because its type and rental period are given.",
      'Order 999 has no price: error 29, "Incorrect orderIds".',
    ]);
    expect(await runJson([...argv, "--max-price", "0.79"])).toMatchObject({ exitCode: 8 });
    server.account.instead = (response, { url, body }) => {
      if (!url.includes("/calculate/") || !body.orderIds.includes("999")) return false;
      answer(response, failure(25, "Refused"));
      return true;
    };
    expect(await runJson([...argv, "--max-price", "5"])).toMatchObject({ exitCode: 8 });
  });

  it("asks first before it prices more than 10,000 orders", async () => {
    const server = await serveAccount();
    const ids = Array.from({ length: 10_001 }, (_, index) => String(index + 1000));
    for (const id of ids) server.account.orders[id] = { type: "IPv4", addresses: [address(id)] };
    const questions: string[] = [];
    const argv = ["on", ...ids, "--type", "IPv4", "--days", "30", "--base-url", server.url];
    const { exitCode } = await runCli(argv, {
      terminal: true,
      confirm: async (question) => questions.push(question) === 0,
    });
    expect(exitCode).toBe(130);
    expect(questions).toEqual(["Price 10,001 orders first? It takes about 101 requests."]);
    expect(server.paths()).toEqual(["ipAddress", "rentPeriod?proxyType=IPv4"]);
  });
});

describe("off", () => {
  it("finds types and periods by itself, and asks nobody", async () => {
    const server = await serveAccount();
    const { exitCode, stderr } = await runCli(["off", "333", "666", "111", "--base-url", server.url]);
    expect(exitCode).toBe(0);
    expect(server.seen.flatMap(({ body }) => (body ? [body] : []))).toEqual([
      { proxyType: "IPv4", orderIds: ["333"], rentPeriodDays: 60, autoExtend: false },
      { proxyType: "IPv6", orderIds: ["666"], rentPeriodDays: 30, autoExtend: false },
      { proxyType: "IPv4", orderIds: ["111"], rentPeriodDays: 30, autoExtend: false },
    ]);
    expect(stderr).toContain("Read back: 4 IP addresses are as requested.");
    expect(server.paths().at(-1)).toBe("ipAddress");
  });

  it("sends the most frequent of several periods, and says so", async () => {
    const server = await serveAccount();
    server.account.orders["222"]?.addresses.push(address("23", { days: 60 }));
    const { exitCode, notes } = await runJson(["off", "222", "--base-url", server.url]);
    expect({ exitCode, notes }).toEqual({
      exitCode: 0,
      notes: [
        "1 order has IP addresses with different rental periods: the most frequent one is sent (assumed).",
      ],
    });
    expect(server.seen.at(1)?.body).toMatchObject({ orderIds: ["222"], rentPeriodDays: 30 });
  });

  it("continues if a group is refused, and says which with an exit code of its own", async () => {
    const server = await serveAccount({
      instead(response, { url, body }) {
        if (!url.endsWith("/extend/order/auto") || body.proxyType !== "IPv6") return false;
        answer(response, failure(25, "Order refused"));
        return true;
      },
    });
    const { exitCode, result, error } = await runJson(["off", "666", "333", "--base-url", server.url]);
    expect(exitCode).toBe(6);
    expect(result).toMatchObject({
      summary: { changed: 1, refused: 1 },
      failures: [{ orderId: "666", outcome: "refused", code: 25 }],
      readBack: { state: "verified", addresses: 1 },
    });
    expect(error).toMatchObject({ code: 25, effect: "none" });
  });
});

describe("without a certain answer", () => {
  /** Carries the switch out, or not, and never answers. */
  function lost(server: AccountServer, { isApplied }: { isApplied: boolean }): void {
    server.account.instead = (response, { url, body }) => {
      if (!url.endsWith("/extend/order/auto") || body.proxyType !== "ISP") return false;
      for (const each of server.account.orders["555"]?.addresses ?? []) each.autoExtend = isApplied;
      response.destroy();
      return true;
    };
  }

  it("the state is read back, and orders that are as requested count as done", async () => {
    const server = await serveAccount();
    lost(server, { isApplied: true });
    const { exitCode, result, error, stderr } = await runJson([
      ...on,
      "555",
      "--yes",
      "--base-url",
      server.url,
    ]);
    expect(exitCode).toBe(0);
    expect(result).toMatchObject({
      summary: { changed: 1, unknown: 0 },
      readBack: {
        ...{ state: "verified", addresses: 1 },
        unusable: { count: 1, reason: expect.stringMatching(/^No answer was received: [^.]*\.$/) },
      },
    });
    expect(error).toBeNull();
    // The verdict is enough: nobody needs to run it again.
    expect(stderr).toContain("Auto-extend is on for 1 order, 1 IP address.\n");
    expect(stderr).not.toMatch(/again|error/);
  }, 20_000);

  it("an answer with a quantity that is too low is named, also if the list shows the requested state", async () => {
    const server = await serveAccount();
    server.account.instead = (response, { url, body }) => {
      if (!url.endsWith("/extend/order/auto")) return false;
      const { proxyType, rentPeriodDays, orderIds } = body;
      const addresses = orderIds.flatMap((id) => server.account.orders[id]?.addresses ?? []);
      for (const each of addresses) each.autoExtend = false;
      answer(response, { success: true, proxyType, rentPeriodDays, quantity: 1, orderIds, error: null });
      return true;
    };
    const argv = ["off", "333", "222", "--days", "30", "--base-url", server.url];
    const { exitCode, result } = await runJson(argv);
    expect({ exitCode, result }).toMatchObject({
      exitCode: 0,
      result: {
        failureCount: 0,
        readBack: { state: "verified", unusable: { count: 2, reason: expect.stringContaining("quantity") } },
      },
    });
    expect((await runCli(argv)).stderr).toMatch(
      /^2 orders got no usable answer; the list shows the requested state\. The first answer: The answer does not confirm it\. quantity: /m,
    );
  });

  it("the outcome stays unknown if the state differs, and the state is shown", async () => {
    const server = await serveAccount();
    lost(server, { isApplied: false });
    const { exitCode, stderr } = await runCli([...on, "555", "--yes", "--base-url", server.url]);
    expect(exitCode).toBe(3);
    expect(stderr).toContain("5 (192.0.2.5) of order 555: off, 30 days");
    expect(stderr).toContain("No order is known to be changed.");
  }, 20_000);

  it("a group beside others is read back with them, and not called refused", async () => {
    const server = await serveAccount();
    lost(server, { isApplied: true });
    const found = await runJson([...on, "111", "555", "--yes", "--base-url", server.url]);
    expect(found).toMatchObject({ exitCode: 0, result: { readBack: { state: "verified", addresses: 2 } } });
    server.account.orders["111"] = { type: "IPv4", addresses: [address("1")] };
    lost(server, { isApplied: false });
    const other = await runJson([...on, "111", "555", "--yes", "--base-url", server.url]);
    expect(other).toMatchObject({
      exitCode: 3,
      result: { summary: { changed: 1, unknown: 1, refused: 0 }, readBack: { state: "differs" } },
    });
  }, 20_000);

  it("an unknown outcome outranks a refusal beside it, whichever comes first", async () => {
    const server = await serveAccount();
    server.account.instead = (response, { url, body }) => {
      if (!url.endsWith("/extend/order/auto")) return false;
      if (body.proxyType === "ISP") response.destroy();
      else answer(response, failure(25, "Order refused"));
      return true;
    };
    for (const orders of [
      ["111", "555"],
      ["555", "111"],
    ]) {
      const argv = [...on, ...orders, "--yes", "--no-read-back", "--base-url", server.url];
      const { exitCode, result, error } = await runJson(argv);
      expect({ exitCode, name: error?.name }).toEqual({ exitCode: 3, name: "NetworkError" });
      expect(result).toMatchObject({ summary: { refused: 1, unknown: 1 }, readBack: null });
      const { stderr } = await runCli(argv);
      expect(stderr).toMatch(/error: No answer was received(.*\n)*error: The provider refused: error 25/);
    }
  }, 20_000);

  it("all refusals are reported, and the first decides the exit code if nothing else happened", async () => {
    const server = await serveAccount();
    server.account.instead = (response, { url, body }) => {
      if (!url.endsWith("/extend/order/auto")) return false;
      answer(response, failure(body.proxyType === "ISP" ? 35 : 25, "no"));
      return true;
    };
    const argv = [...on, "111", "555", "--yes", "--base-url", server.url];
    const { exitCode, result, error, stderr } = await runJson(argv);
    expect({ exitCode, code: error?.code }).toEqual({ exitCode: 1, code: 25 });
    expect(result).toMatchObject({ failures: [{ code: 25 }, { code: 35 }], readBack: null });
    expect(stderr.match(/^error: /gm)).toHaveLength(2);
  });

  it("does not report success if there is neither an answer nor a list", async () => {
    const server = await serveAccount();
    server.account.instead = (response, { url }) => {
      if (url.endsWith("/extend/order/auto")) response.destroy();
      else answer(response, {}, 502);
      return true;
    };
    const argv = ["off", "111", "--type", "IPv4", "--days", "30", "--base-url", server.url];
    const { exitCode, stderr } = await runCli(argv);
    expect(exitCode).toBe(3);
    // How to do without the list is no help to a run that does.
    expect(stderr).toMatch(
      /^note: The list of IP addresses cannot be read \(HTTP 502\): the orders are not looked up\.$/m,
    );
    expect(stderr).not.toContain("it is not needed");
    expect(stderr).toContain(
      "Not read back. The list of IP addresses cannot be read (HTTP 502). Later, auto-extend orders shows the state.\n",
    );
  }, 30_000);
});

describe("orders that are as requested already", () => {
  it("are counted as such, and do not read as changed", async () => {
    const server = await serveAccount();
    const base = ["--base-url", server.url];
    const one = await runCli(["off", "111", ...base]);
    expect(one.stderr).toContain("\nAuto-extend was off already for 1 order, 1 IP address.\n");
    const several = await runCli(["off", "111", "222", "333", ...base]);
    expect(several.stderr).toContain("\nAuto-extend is off for 3 orders, 4 IP addresses.\n");
    expect(several.stderr).toContain("\n3 order IDs: 1 changed, 2 already off.\n");
    const { stderr } = await runCli(["on", "111", "111", "--yes", ...base]);
    expect(stderr).toContain("\n2 order IDs: 1 changed, 1 duplicate.\n");
    // Another rental period is a change.
    const longer = await runCli(["on", "111", "222", "--days", "60", "--yes", ...base]);
    expect(longer.stderr).toContain("\n2 order IDs: 2 changed.\n");
  });
});

describe("a list that asks for a long pause", () => {
  it.each([429, 503])("ends a run before it sends anything, with HTTP %i", async (status) => {
    const server = await serveAccount({
      instead(response, { url }) {
        if (!url.includes("ipAddress")) return false;
        response.setHeader("retry-after", "3600");
        answer(response, failure(35, "Unknown error"), status);
        return true;
      },
    });
    const argv = ["off", "111", "--type", "IPv4", "--days", "30", "--base-url", server.url];
    const { exitCode, error } = await runJson(argv);
    expect(exitCode).toBe(5);
    expect(error?.whatToDo).toContain("Nothing was sent. The server asks to wait 1 hour.");
    expect(server.paths()).toEqual([expect.stringMatching(/^ipAddress/)]);
  });
});

describe("reading back", () => {
  it("misses an IP address that was listed before and no longer is", async () => {
    const server = await serveAccount();
    let lists = 0;
    server.account.instead = (_, { url }) => {
      if (url.includes("/ipAddress")) lists += 1;
      if (lists === 2) server.account.orders["222"]?.addresses.splice(1);
      return false;
    };
    const { exitCode, stderr } = await runCli([...on, "222", "--yes", "--base-url", server.url]);
    expect(exitCode).toBe(4);
    expect(stderr).toContain("  22 (192.0.2.22) of order 222: the list does not say");
  });

  it("does not confirm an order of which it may not see all", async () => {
    const server = await serveAccount();
    server.account.instead = (response, { url, body }) => {
      if (url.endsWith("/extend/order/auto")) {
        const { proxyType, rentPeriodDays, orderIds } = body;
        answer(response, { success: true, proxyType, rentPeriodDays, quantity: 2, orderIds, error: null });
        return true;
      }
      if (!url.includes("/ipAddress")) return false;
      const off = { autoExtend: false, extendDays: 30 };
      const list = [
        { ipAddressId: "1", orderId: "111", extendInfo: off },
        { ipAddressId: 1e20, orderId: "111" },
      ];
      answer(response, { success: true, list });
      return true;
    };
    const argv = ["off", "111", "--type", "IPv4", "--days", "30", "--base-url", server.url];
    const { exitCode, result } = await runJson(argv);
    expect(exitCode).toBe(7);
    expect(result).toMatchObject({
      readBack: { state: "unread", reason: expect.stringContaining("A part") },
    });
  });

  it("names every IP address that did not change, and ends with 4", async () => {
    const server = await serveAccount({ stubborn: new Set(["222"]) });
    const argv = [...on, "111", "222", "--yes", "--base-url", server.url];
    const { exitCode, stderr } = await runCli(argv);
    expect(exitCode).toBe(4);
    expect(stderr).toContain(
      [
        "Auto-extend is on for 1 order, 1 IP address.",
        "error: 1 order is not as requested, although the provider reported success.",
        "If nothing else has switched them since, run the same command again. If that does not help, ask the provider.",
        "Read back: 2 of 3 IP addresses are not as requested:",
        "  21 (192.0.2.21), 22 (192.0.2.22) of order 222: off, 30 days",
        "2 order IDs: 1 changed, 1 not as requested.",
      ].join("\n"),
    );
    const { result, stderr: again } = await runJson(argv);
    expect(again).toContain("Auto-extend was on already for 1 order, 1 IP address.\n");
    expect(result).toMatchObject({
      summary: { changed: 0, differs: 1, unchanged: 1, quantity: 1 },
      readBack: {
        state: "differs",
        unchanged: [
          { orderId: "222", ipAddressId: "21", autoExtend: false },
          { orderId: "222", ipAddressId: "22", autoExtend: false },
        ],
      },
    });
  });

  it("gives the list a moment to catch up", async () => {
    const server = await serveAccount({ stubborn: new Set(["111"]) });
    let lists = 0;
    server.account.instead = (_, { url }) => {
      if (url.includes("/ipAddress")) lists += 1;
      if (lists === 3) {
        for (const each of server.account.orders["111"]?.addresses ?? []) each.autoExtend = true;
      }
      return false;
    };
    const { exitCode, stderr } = await runCli([...on, "111", "--yes", "--base-url", server.url]);
    expect(lists).toBe(3);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("Read back: 1 IP address is as requested.");
  });

  it("names orders that are no longer in the list, and a period that differs", async () => {
    const server = await serveAccount();
    server.account.instead = (_, { url }) => {
      if (url.endsWith("ipAddress?proxyType=IPv4")) {
        delete server.account.orders["111"];
        for (const each of server.account.orders["333"]?.addresses ?? []) each.days = 60;
      }
      return false;
    };
    const { exitCode, stderr } = await runCli([...on, "111", "333", "--yes", "--base-url", server.url]);
    expect(exitCode).toBe(4);
    expect(stderr).toContain("  3 (192.0.2.3) of order 333: on, 60 days");
    expect(stderr).toContain("  order 111 is not in the list");
  });

  it("says that only the provider's answer confirms it if there is no list, and ends with 7", async () => {
    const server = await serveAccount();
    server.account.instead = (response, { url }) => {
      if (!url.includes("/ipAddress")) return false;
      answer(response, { error: "no" }, 404);
      return true;
    };
    const argv = ["off", "111", "--type", "IPv4", "--days", "30", "--base-url", server.url];
    const { exitCode, stderr } = await runCli(argv);
    expect(exitCode).toBe(7);
    expect(stderr).toContain("Not read back. ");
    expect(stderr).toContain("auto-extend orders shows the state");
    const { result } = await runJson(argv);
    expect(result).toMatchObject({ readBack: { state: "unread", reason: expect.stringContaining("404") } });
  });

  it("compares the answer with what the orders have", async () => {
    const server = await serveAccount();
    server.account.instead = (response, { url, body }) => {
      if (!url.endsWith("/extend/order/auto")) return false;
      const ipAddressIds = ["21", "99"];
      const { proxyType, rentPeriodDays } = body;
      answer(response, { success: true, proxyType, rentPeriodDays, quantity: 2, ipAddressIds, error: null });
      for (const each of server.account.orders["222"]?.addresses ?? []) each.autoExtend = false;
      return true;
    };
    const argv = ["off", "222", "--base-url", server.url];
    const { exitCode, result } = await runJson([...argv, "--no-read-back"]);
    expect(result).toMatchObject({ failures: [{ orderId: "222", outcome: "unknown" }] });
    expect(exitCode).toBe(3);
    const { stderr } = await runCli([...argv, "--no-read-back"]);
    expect(stderr).toContain(
      'requested but not in the answer: ["22"]; in the answer but not requested: ["99"]',
    );
    // What is read back counts more than the answer.
    expect((await runJson(argv)).exitCode).toBe(0);
  });

  it("compares the count if the answer lists no IP addresses", async () => {
    const server = await serveAccount();
    server.account.instead = (response, { url, body }) => {
      if (!url.endsWith("/extend/order/auto")) return false;
      const { proxyType, rentPeriodDays, orderIds } = body;
      answer(response, { success: true, proxyType, rentPeriodDays, quantity: 1, orderIds, error: null });
      return true;
    };
    const { stderr, exitCode } = await runCli(["off", "222", "--no-read-back", "--base-url", server.url]);
    expect(stderr).toContain("quantity: is 1, but the count of IP addresses in the request is 2");
    expect(exitCode).toBe(3);
  });
});

describe("an incomplete list", () => {
  /** Lists order 111 alone and announces three pages, or something else; everything else is answered as usual. */
  function onePageOfThree(server: AccountServer, paging: object = { pages: 3 }): void {
    server.account.instead = (response, { url }) => {
      if (!url.includes("/ipAddress")) return false;
      const extendInfo = { autoExtend: false, extendDays: 30 };
      const data = [
        { ipAddressId: "1", orderId: "111", proxyType: "IPv4", dateEnd: "2030-01-05T00:00:00Z", extendInfo },
      ];
      answer(response, { success: true, data, ...paging, error: null });
      return true;
    };
  }
  const gap =
    "The list of IP addresses is incomplete: `pages` announces 3 pages, and 1 IP address was found.";

  it("does not rule out an order that is not in it", async () => {
    const server = await serveAccount();
    onePageOfThree(server);
    const { exitCode, error } = await runJson(["off", "222", "--base-url", server.url]);
    expect(exitCode).toBe(2);
    expect(error?.message).toContain("Order 222 is not sent. It is not in the list, which is incomplete.");
    expect(server.paths()).toEqual(["ipAddress"]);
  });

  it("is also one with as many IP addresses as one page has", async () => {
    const server = await serveAccount();
    onePageOfThree(server, { limit: 1 });
    const { exitCode, error } = await runJson(["off", "222", "--base-url", server.url]);
    expect(exitCode).toBe(2);
    expect(error?.message).toContain("It is not in the list, which is incomplete.");
  });

  it("lets an order be switched that is not in it, if type and days are given", async () => {
    const server = await serveAccount();
    onePageOfThree(server);
    const argv = [...on, "222", "--type", "IPv4", "--yes", "--base-url", server.url];
    const { exitCode, result, notes } = await runJson(argv);
    expect(exitCode).toBe(7);
    expect(result).toMatchObject({
      summary: { changed: 1, quantity: 2 },
      readBack: { state: "unread", unchanged: [], missing: ["222"], reason: gap },
    });
    expect(notes).toEqual([
      `${gap} Orders may be missing.`,
      "Order 222 is not in your list (auto-extend orders), which does not show expired orders. It is not left out, because its type and rental period are given.",
    ]);
  });

  it("still shows the state of an order in it that differs", async () => {
    const server = await serveAccount();
    onePageOfThree(server);
    const { exitCode, result } = await runJson([...on, "111", "--yes", "--base-url", server.url]);
    expect(exitCode).toBe(4);
    expect(result).toMatchObject({
      readBack: { state: "differs", unchanged: [{ ipAddressId: "1", autoExtend: false }], missing: [] },
    });
  });

  it.each([["orders"], ["forecast"]])("is pointed out by %s", async (command) => {
    const server = await serveAccount();
    onePageOfThree(server);
    const { notes, stderr } = await runJson([command, "--base-url", server.url]);
    expect(notes).toEqual([`${gap} Orders may be missing.`]);
    expect(stderr).toContain(gap);
  });
});

describe("a list that has an IP address more than once", () => {
  it("counts it once, in the table and in the read-back", async () => {
    const server = await serveAccount();
    const { orders } = server.account;
    const twice = () => orders["222"]?.addresses.flatMap((each) => [each, each]) ?? [];
    server.account.instead = (response, { url }) => {
      if (!url.includes("/ipAddress")) return false;
      const ipAddresses = twice().map(({ id, autoExtend, days: extendDays, endsAt: dateEnd }) => ({
        ...{ ipAddressId: id, orderId: "222", proxyType: "IPv4", dateEnd },
        extendInfo: { autoExtend, extendDays },
      }));
      answer(response, { success: true, data: ipAddresses, error: null });
      return true;
    };
    const { result, notes } = await runJson([...on, "222", "--yes", "--base-url", server.url]);
    expect(notes).toEqual(["2 IP addresses are in the list more than once, and counted once."]);
    expect(result).toMatchObject({
      preview: { groups: [{ addresses: 2 }] },
      readBack: { state: "verified", addresses: 2 },
    });
  });
});

describe("a list that does not say whether auto-extend is on", () => {
  it("leaves the change unverified, and does not contradict it", async () => {
    const server = await serveAccount();
    for (const each of server.account.orders["111"]?.addresses ?? []) {
      each.autoExtend = null as unknown as boolean;
    }
    server.account.stubborn.add("111");
    const { exitCode, result } = await runJson(["off", "111", "--base-url", server.url]);
    expect({ exitCode, result }).toMatchObject({
      exitCode: 7,
      result: {
        summary: { changed: 1, differs: 0 },
        readBack: { state: "unread", reason: "The list does not say whether auto-extend is on for 1 order." },
      },
    });
  });
});

describe("a list that does not say the rental period", () => {
  it("neither counts an IP address as on already, nor confirms that it is as requested", async () => {
    const server = await serveAccount();
    for (const each of server.account.orders["333"]?.addresses ?? []) {
      each.days = null as unknown as number;
    }
    server.account.stubborn.add("333");
    const argv = ["on", "333", "--days", "60", "--yes", "--base-url", server.url];
    expect(await runJson(argv)).toMatchObject({
      exitCode: 7,
      result: {
        preview: { groups: [{ addresses: 1, alreadySet: 0 }] },
        summary: { changed: 1, differs: 0, unchanged: 0 },
        readBack: { state: "unread", reason: "The list does not say the rental period of 1 order." },
      },
      error: { name: "NotVerified" },
    });
  });
});

describe("a server that fails before anything is sent", () => {
  it.each([
    ["ipAddress", "Looking up the orders"],
    ["calculate/extend/order", "Pricing the orders"],
  ])("at %s is reported with what to do, and the same command works later", async (path, step) => {
    const server = await serveAccount();
    server.account.instead = (response, { url }) => {
      if (!url.includes(path)) return false;
      answer(response, "busy", 503);
      return true;
    };
    const ledger = await fileWith("", "other.txt").then((file) => `${file}.jsonl`);
    const argv = ["on", "111", "222", "--yes", "--ledger", ledger, "--base-url", server.url];
    const { exitCode, error } = await runJson(argv);
    expect({ exitCode, error }).toMatchObject({
      exitCode: 5,
      error: {
        name: "HttpError",
        effect: "none",
        status: 503,
        message: expect.stringMatching(`^${step} failed: `),
      },
    });
    expect(error?.whatToDo).toBe(
      `Nothing was sent and ${ledger} was not created. The server is in trouble: run the same command again later.`,
    );
    delete server.account.instead;
    expect(await runJson(argv)).toMatchObject({ exitCode: 0, result: { summary: { changed: 2 } } });
  });
});

describe("a long pause that the server asks for", () => {
  function pausing(server: AccountServer, status: number, seconds = "3600"): void {
    server.account.instead = (response, { url }) => {
      if (!url.endsWith("/extend/order/auto")) return false;
      response.setHeader("retry-after", seconds);
      answer(response, {}, status);
      return true;
    };
  }

  it("keeps the other groups from being sent", async () => {
    const server = await serveAccount();
    pausing(server, 429);
    const { exitCode, result, error } = await runJson(["off", "111", "555", "--base-url", server.url]);
    expect(exitCode).toBe(5);
    expect(server.paths()).toEqual(["ipAddress", "extend/order/auto"]);
    expect(result).toMatchObject({ stopped: "failed", summary: { notTried: 2 }, readBack: null });
    expect(error).toMatchObject({
      whatToDo: expect.stringContaining("The server asks to wait 1 hour"),
      retryAfterMs: 3_600_000,
      retryAt: expect.stringMatching(/^2\S+Z$/),
    });
    expect(result).toMatchObject({ left: 2 });
  });

  it("keeps the state from being read back", async () => {
    const server = await serveAccount();
    pausing(server, 503);
    const { exitCode, result } = await runJson(["off", "111", "555", "--base-url", server.url]);
    expect(exitCode).toBe(3);
    expect(server.paths()).toEqual(["ipAddress", "extend/order/auto"]);
    expect(result).toMatchObject({
      summary: { unknown: 1, notTried: 1 },
      readBack: {
        state: "unread",
        reason: expect.stringMatching(/^The server asks for no requests before 2/),
      },
    });
  });

  it("may be as long as a date allows", async () => {
    const server = await serveAccount();
    pausing(server, 503, "9".repeat(20));
    const { result } = await runJson(["off", "111", "--base-url", server.url]);
    expect(result).toMatchObject({ readBack: { reason: expect.stringContaining(" before +") } });
  });
});

describe("the advice to send an order that is not listed", () => {
  const isSwitch = ({ url }: { url: string }) => url.endsWith("/extend/order/auto");

  it.each([
    ["on", "999", "--type and --days"],
    ["on", "fault-reset", "--type, --days, --no-preview and --no-read-back"],
    ["off", "999", "--type and --days"],
    ["off", "fault-reset", "--type, --days and --no-read-back"],
  ])("works as it says: %s %s", async (command, orderId, options) => {
    const server = await serveAccount({
      instead(response, { url }) {
        if (!url.endsWith("/calculate/extend/order")) return false;
        if (orderId !== "999") response.destroy();
        else
          answer(response, {
            success: true,
            price: 1,
            balance: 5,
            currency: "USD",
            warnings: null,
            error: null,
          });
        return true;
      },
    });
    const argv = [command, orderId, "--yes", "--base-url", server.url];
    const refused = await runCli(argv);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain(
      `Check the ID. Only if it is right, add ${options} to send such orders.\n`,
    );
    expect(server.seen.filter(isSwitch)).toEqual([]);
    const advised = options.match(/--\S*[a-z]/g) ?? [];
    const values: Record<string, string[]> = { "--type": ["IPv4"], "--days": ["30"] };
    await runCli([...argv, ...advised.flatMap((option) => [option, ...(values[option] ?? [])])]);
    expect(server.seen.filter(isSwitch)).toMatchObject([{ body: { orderIds: [orderId] } }]);
  });

  it("is refused for a long list that is mostly not the account's", async () => {
    const server = await serveAccount();
    const file = await fileWith(Array.from({ length: 210 }, (_, index) => `${index}\n`).join(""));
    const given = ["--file", file, "--type", "IPv4", "--days", "30", "--base-url", server.url];
    for (const command of ["off", "on"]) {
      const { exitCode, error } = await runJson([command, ...given]);
      expect({ exitCode, message: error?.message }).toEqual({
        exitCode: 2,
        message: expect.stringMatching(/^209 of 210 orders are not in your list/),
      });
    }
    expect(server.paths()).toEqual(["ipAddress", "ipAddress"]);
  });

  it("names --force if the price is refused, unless the order does not exist", async () => {
    const server = await serveAccount();
    const argv = ["on", "999", "--type", "IPv4", "--days", "30", "--yes", "--base-url", server.url];
    const gone = await runCli(argv);
    expect(gone.exitCode).toBe(1);
    expect(gone.stderr).toContain("error: Pricing the orders failed: The provider refused: error 29,");
    expect(gone.stderr).toContain("\nNothing was sent. Check that ");
    server.account.instead = (response, { url }) => {
      if (!url.includes("/calculate/")) return false;
      answer(response, failure(35, "Unknown"));
      return true;
    };
    const { exitCode, stderr } = await runCli(argv);
    expect(exitCode).toBe(1);
    expect(stderr).toContain("\nNothing was sent. --force switches them without a price. ");
    expect(server.seen.filter(isSwitch)).toEqual([]);
  });
});

describe("a page among good answers", () => {
  it("is not blamed on the base URL", async () => {
    const server = await serveAccount();
    const ids = Array.from({ length: 12 }, (_, index) => String(index + 1000));
    for (const id of ids) server.account.orders[id] = { type: "IPv4", addresses: [address(id)] };
    server.account.instead = (response, { url, body }) => {
      if (!url.endsWith("/extend/order/auto") || body.orderIds[0] !== "1011") return false;
      response.writeHead(200, { "content-type": "text/html" }).end("<p>Log in</p>");
      return true;
    };
    const chunks = ["--chunk-size", "1", "--concurrency", "1", "--no-read-back"];
    const { stderr } = await runCli(["on", ...ids, "--yes", ...chunks, "--base-url", server.url]);
    expect(stderr).toContain("Run the same command again: repeating it should do no harm");
    expect(stderr).not.toContain("Check the base URL");
  });
});

describe("a run that stops after it changed something", () => {
  it("does not say that nothing was changed, nor do its failures", async () => {
    const server = await serveAccount({
      instead(response, { url, body }) {
        if (!url.endsWith("/auto") || body.proxyType !== "ISP") return false;
        response.setHeader("retry-after", "600");
        answer(response, {}, 429);
        return true;
      },
    });
    const { exitCode, error, result, stderr } = await runJson([
      "off",
      "333",
      "555",
      "--base-url",
      server.url,
    ]);
    expect(exitCode).toBe(6);
    expect(error?.message).toContain("429");
    expect(result).toMatchObject({ failures: [{ orderId: "555", outcome: "not-tried" }] });
    expect(JSON.stringify({ error, result }) + stderr).not.toContain("Nothing was changed");
  });
});
