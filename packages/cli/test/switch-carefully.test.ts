import { describe, expect, it } from "vitest";
import { type AccountServer, address, serveAccount } from "./support/account.js";
import { runCli, runJson } from "./support/cli.js";
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
    expect(asked).toEqual([
      `Switch auto-extend on at ${server.host} for 2 orders of type IPv4 with 3 IP addresses, 30 days each time? One renewal of all costs 2.40 USD, which leaves 2.60 USD.`,
    ]);
    expect(stderr).toBe(
      [
        `Host: ${server.host}`,
        "2 orders of type IPv4 with 3 IP addresses, 30 days: 2.40 USD each time",
        "Balance: 5.00 USD; after one extension 2.60 USD",
        "",
      ].join("\n"),
    );
    expect(stdout).toMatch(/Read back: 3 IP addresses are on\.\n$/);
    expect(server.paths().slice(3)).toEqual(["extend/order/auto", "ipAddress?proxyType=IPv4"]);
  });

  it("changes nothing where the answer is no", async () => {
    const server = await serveAccount();
    const { exitCode } = await runCli([...on, "111", "--base-url", server.url], {
      terminal: true,
      confirm: async () => false,
    });
    expect(exitCode).toBe(130);
    expect(server.paths()).not.toContain("extend/order/auto");
  });

  it("warns where the balance does not suffice, before anything is switched", async () => {
    const server = await serveAccount({ balance: 1 });
    const { result, notes } = await runJson([...on, "222", "--yes", "--base-url", server.url]);
    expect(notes).toEqual([expect.stringContaining("Insufficient funds on balance (16)")]);
    expect(result).toMatchObject({ preview: { price: 1.6, balanceAfter: -0.6, warnings: [{ code: 16 }] } });
  });

  it("refuses a period that is not sold, with those that are; --force asks all the same", async () => {
    const server = await serveAccount();
    const argv = ["on", "--days", "45", "111", "--yes", "--base-url", server.url];
    const refused = await runCli(argv);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain("does not sell 45 days for IPv4: it sells 30, 60.");
    expect(server.paths()).not.toContain("extend/order/auto");
    const forced = await runCli([...argv, "--force"]);
    expect(forced.exitCode).toBe(0);
    expect(forced.stderr).toContain("45 days: the provider tells no price, by error 11");
    expect(server.paths().filter((path) => path.startsWith("rentPeriod"))).toHaveLength(1);
  });

  it("is one call with --no-preview and --no-verify", async () => {
    const server = await serveAccount();
    const { result } = await runJson([
      ...[...on, "--type", "IPv4", "111", "--yes", "--no-preview", "--no-verify"],
      ...["--base-url", server.url],
    ]);
    expect(server.paths()).toEqual(["extend/order/auto"]);
    expect(result).toMatchObject({ preview: null, readBack: null, switched: [{ answer: { quantity: 1 } }] });
  });

  it("wants the days said, for they decide the price", async () => {
    const server = await serveAccount();
    const { exitCode, stderr } = await runCli(["on", "111", "--yes", "--base-url", server.url]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--days is missing");
    expect(server.seen).toEqual([]);
  });

  it("stops where the price can't be had, and nothing is switched", async () => {
    const server = await serveAccount({
      instead(response, { url }) {
        if (!url.endsWith("/calculate/extend/order")) return false;
        answer(response, failure(35, "Unknown error"));
        return true;
      },
    });
    const { exitCode } = await runCli([...on, "111", "--yes", "--base-url", server.url]);
    expect(exitCode).toBe(1);
    expect(server.paths()).not.toContain("extend/order/auto");
  });
});

describe("off", () => {
  it("finds types and periods by itself, and asks nobody", async () => {
    const server = await serveAccount();
    const { exitCode, stdout } = await runCli(["off", "333", "666", "111", "--base-url", server.url]);
    expect(exitCode).toBe(0);
    expect(server.seen.flatMap(({ body }) => (body ? [body] : []))).toEqual([
      { proxyType: "IPv4", orderIds: ["333"], rentPeriodDays: 60, autoExtend: false },
      { proxyType: "IPv6", orderIds: ["666"], rentPeriodDays: 30, autoExtend: false },
      { proxyType: "IPv4", orderIds: ["111"], rentPeriodDays: 30, autoExtend: false },
    ]);
    expect(stdout).toContain("Read back: 4 IP addresses are off.");
    expect(server.paths().at(-1)).toBe("ipAddress");
  });

  it("does without the list where type and days are given", async () => {
    const server = await serveAccount();
    await runCli(["off", "333", "--type", "IPv4", "--days", "60", "--no-verify", "--base-url", server.url]);
    expect(server.paths()).toEqual(["extend/order/auto"]);
  });

  it("goes on where a group is refused, and says which with an exit code of its own", async () => {
    const server = await serveAccount({
      instead(response, { url, body }) {
        if (!url.endsWith("/extend/order/auto") || body.proxyType !== "IPv6") return false;
        answer(response, failure(25, "Order refused"));
        return true;
      },
    });
    const { exitCode, result, notes } = await runJson(["off", "666", "333", "--base-url", server.url]);
    expect(exitCode).toBe(6);
    expect(result).toMatchObject({
      switched: [{ request: { orderIds: ["333"] } }],
      failed: [{ request: { orderIds: ["666"] }, error: { code: 25, effect: "none" } }],
      readBack: { state: "verified", addresses: 1 },
    });
    expect(notes).toEqual([expect.stringContaining("Not switched: 666.")]);
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

  it("the state is read back, and what is found as it was asked for is done", async () => {
    const server = await serveAccount();
    lost(server, { isApplied: true });
    const { exitCode, result, notes } = await runJson([...on, "555", "--yes", "--base-url", server.url]);
    expect(exitCode).toBe(0);
    expect(result).toMatchObject({
      switched: [],
      failed: [{ error: { effect: "unknown" } }],
      readBack: { state: "verified", addresses: 1 },
    });
    expect(notes).toEqual([expect.stringContaining("Without a certain answer: 555.")]);
  }, 20_000);

  it("it stays unknown where the state is another, and says what it is", async () => {
    const server = await serveAccount();
    lost(server, { isApplied: false });
    const { exitCode, stdout, stderr } = await runCli([...on, "555", "--yes", "--base-url", server.url]);
    expect(exitCode).toBe(3);
    expect(stdout).toContain("5 (192.0.2.5) of order 555: off, 30 days");
    expect(stderr).toContain("Without a certain answer: 555.");
  }, 20_000);

  it("a group beside others is read back with them, and not called refused", async () => {
    const server = await serveAccount();
    lost(server, { isApplied: true });
    const found = await runJson([...on, "111", "555", "--yes", "--base-url", server.url]);
    expect(found).toMatchObject({ exitCode: 0, result: { readBack: { state: "verified", addresses: 2 } } });
    server.account.orders["111"] = { type: "IPv4", addresses: [address("1")] };
    lost(server, { isApplied: false });
    const other = await runJson([...on, "111", "555", "--yes", "--base-url", server.url]);
    expect(other).toMatchObject({ exitCode: 3, result: { readBack: { state: "differs" } } });
    expect(other.notes.join()).not.toContain("Not switched");
  }, 20_000);

  it("it weighs more than a refusal beside it, whichever comes first", async () => {
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
      const argv = [...on, ...orders, "--yes", "--no-verify", "--base-url", server.url];
      const { exitCode, result, notes } = await runJson(argv);
      expect(exitCode).toBe(3);
      expect(result).toMatchObject({ switched: [], readBack: null });
      expect((result as { failed: unknown[] }).failed).toHaveLength(2);
      expect(notes.join()).toMatch(/Not switched: 111.*error 25/s);
      expect(notes.join()).toContain("Without a certain answer: 555.");
    }
  }, 20_000);

  it("all refusals are told, and the first decides the exit code where nothing else happened", async () => {
    const server = await serveAccount();
    server.account.instead = (response, { url, body }) => {
      if (!url.endsWith("/extend/order/auto")) return false;
      answer(response, failure(body.proxyType === "ISP" ? 35 : 25, "no"));
      return true;
    };
    const argv = [...on, "111", "555", "--yes", "--base-url", server.url];
    const { exitCode, result, notes } = await runJson(argv);
    expect(exitCode).toBe(1);
    expect(result).toMatchObject({
      failed: [{ error: { code: 25 } }, { error: { code: 35 } }],
      readBack: null,
    });
    expect(notes).toHaveLength(2);
  });

  it("an API key that is refused keeps the other groups from being tried", async () => {
    const server = await serveAccount();
    server.account.instead = (response, { url }) => {
      if (!url.endsWith("/extend/order/auto")) return false;
      answer(response, failure(2, "Error api key"));
      return true;
    };
    const argv = [...on, "111", "555", "--yes", "--base-url", server.url];
    const { exitCode, notes } = await runJson(argv);
    expect(exitCode).toBe(1);
    expect(notes.join()).toContain("Not tried, because the API key is refused: 555.");
    expect(server.paths().filter((path) => path === "extend/order/auto")).toHaveLength(1);
  });

  it("says nothing of done where neither an answer nor the list can be had", async () => {
    const server = await serveAccount();
    server.account.instead = (response, { url }) => {
      if (url.endsWith("/extend/order/auto")) response.destroy();
      else answer(response, {}, 502);
      return true;
    };
    const argv = ["off", "111", "--type", "IPv4", "--days", "30", "--base-url", server.url];
    const { exitCode, stdout } = await runCli(argv);
    expect(exitCode).toBe(3);
    expect(stdout).toBe(
      "Not read back: The list of IP addresses can't be had (HTTP 502). auto-extend orders shows the state.\n",
    );
  }, 30_000);

  it("it is left unknown with --no-verify", async () => {
    const server = await serveAccount();
    lost(server, { isApplied: true });
    const argv = [...on, "555", "--yes", "--no-verify", "--base-url", server.url];
    expect((await runCli(argv)).exitCode).toBe(3);
  }, 20_000);
});

describe("reading back", () => {
  it("misses an IP address that was listed before, or that the provider named, and is in the list no more", async () => {
    const server = await serveAccount();
    let lists = 0;
    server.account.instead = (_, { url }) => {
      if (url.includes("/ipAddress")) lists += 1;
      if (lists === 2) server.account.orders["222"]?.addresses.splice(1);
      return false;
    };
    const { exitCode, stdout } = await runCli([...on, "222", "--yes", "--base-url", server.url]);
    expect(exitCode).toBe(4);
    expect(stdout).toContain("  22 (192.0.2.22) of order 222: the list does not say");
    server.account.instead = (response, { url, body }) => {
      if (!url.endsWith("/extend/order/auto")) return false;
      const { proxyType, rentPeriodDays } = body;
      const ipAddressIds = ["1", "99"];
      answer(response, { success: true, proxyType, rentPeriodDays, quantity: 2, ipAddressIds, error: null });
      for (const each of server.account.orders["111"]?.addresses ?? []) each.autoExtend = false;
      return true;
    };
    const { result } = await runJson([
      ...["off", "111", "--type", "IPv4", "--days", "30", "--base-url", server.url],
    ]);
    expect(result).toMatchObject({
      readBack: { state: "differs", unchanged: [{ orderId: null, ipAddressId: "99", autoExtend: null }] },
    });
  });

  it("does not vouch for what it can't know to be all of it", async () => {
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
    const { exitCode, stdout } = await runCli(argv);
    expect(exitCode).toBe(4);
    expect(stdout).toContain(
      [
        "Read back: 2 IP addresses are not on as asked for, of 3:",
        "  21 (192.0.2.21) of order 222: off, 30 days",
        "  22 (192.0.2.22) of order 222: off, 30 days",
      ].join("\n"),
    );
    const { result } = await runJson(argv);
    expect(result).toMatchObject({
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
    const { exitCode, stdout } = await runCli([...on, "111", "--yes", "--base-url", server.url]);
    expect(lists).toBe(3);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("Read back: 1 IP address is on.");
  });

  it("names orders that have left the list, and a period that is another", async () => {
    const server = await serveAccount();
    server.account.instead = (_, { url }) => {
      if (url.endsWith("ipAddress?proxyType=IPv4")) {
        delete server.account.orders["111"];
        for (const each of server.account.orders["333"]?.addresses ?? []) each.days = 60;
      }
      return false;
    };
    const { exitCode, stdout } = await runCli([...on, "111", "333", "--yes", "--base-url", server.url]);
    expect(exitCode).toBe(4);
    expect(stdout).toContain("  3 (192.0.2.3) of order 333: on, 60 days");
    expect(stdout).toContain("  order 111 is not in the list");
  });

  it("says that nothing but the provider's word vouches for it where the list can't be had, and ends with 7", async () => {
    const server = await serveAccount();
    server.account.instead = (response, { url }) => {
      if (!url.includes("/ipAddress")) return false;
      answer(response, { error: "no" }, 404);
      return true;
    };
    const argv = ["off", "111", "--type", "IPv4", "--days", "30", "--base-url", server.url];
    const { exitCode, stdout } = await runCli(argv);
    expect(exitCode).toBe(7);
    expect(stdout).toContain("Not read back:");
    expect(stdout).toContain("auto-extend orders shows the state");
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
    const { notes } = await runJson(["off", "222", "--base-url", server.url]);
    expect(notes).toEqual([
      "The provider's answer leaves out the IP address 22 of these orders.",
      "The provider's answer names the IP address 99 that the list did not have.",
    ]);
  });

  it("compares the count where the answer lists none", async () => {
    const server = await serveAccount();
    server.account.instead = (response, { url, body }) => {
      if (!url.endsWith("/extend/order/auto")) return false;
      const { proxyType, rentPeriodDays, orderIds } = body;
      answer(response, { success: true, proxyType, rentPeriodDays, quantity: 1, orderIds, error: null });
      return true;
    };
    const { notes } = await runJson(["off", "222", "--base-url", server.url]);
    expect(notes).toEqual(["The provider counts 1 IP address, and the orders have 2."]);
  });
});

describe("an incomplete list", () => {
  /** Lists order 111 alone and announces three pages; everything else is answered as usual. */
  function onePageOfThree(server: AccountServer): void {
    server.account.instead = (response, { url }) => {
      if (!url.includes("/ipAddress")) return false;
      const extendInfo = { autoExtend: false, extendDays: 30 };
      const data = [
        { ipAddressId: "1", orderId: "111", proxyType: "IPv4", dateEnd: "2030-01-05T00:00:00Z", extendInfo },
      ];
      answer(response, { success: true, data, pages: 3, error: null });
      return true;
    };
  }
  const gap =
    "The list of IP addresses is incomplete: `pages` announces 3 pages, but only 1 IP address was found.";

  it("does not deny an order that is not on it", async () => {
    const server = await serveAccount();
    onePageOfThree(server);
    const { exitCode, error } = await runJson(["off", "222", "--base-url", server.url]);
    expect(exitCode).toBe(2);
    expect(error?.message).toBe(`${gap} Order 222 is not in the part that came, but may exist.`);
    expect(server.paths()).toEqual(["ipAddress"]);
  });

  it("lets an order be switched that is not on it, if type and days are given", async () => {
    const server = await serveAccount();
    onePageOfThree(server);
    const argv = [...on, "222", "--type", "IPv4", "--yes", "--base-url", server.url];
    const { exitCode, result, notes } = await runJson(argv);
    expect(exitCode).toBe(7);
    expect(result).toMatchObject({
      switched: [{ answer: { quantity: 2 } }],
      readBack: { state: "unread", unchanged: [], missing: ["222"], reason: gap },
    });
    expect(notes).toEqual([`${gap} Orders may be missing here.`]);
  });

  it("still shows the state of an order on it that differs", async () => {
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
    expect(notes).toEqual([`${gap} Orders may be missing here.`]);
    expect(stderr).toContain(gap);
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
  const laterTime = /\d{4}-\d\d-\d\dT[\d:.]+Z/;

  it("keeps the other groups from being sent", async () => {
    const server = await serveAccount();
    pausing(server, 429);
    const { exitCode, result, notes } = await runJson(["off", "111", "555", "--base-url", server.url]);
    expect(exitCode).toBe(5);
    expect(server.paths()).toEqual(["ipAddress", "extend/order/auto"]);
    expect(notes[0]).toMatch(/^Not tried, because the server asks for a pause: 555\. Switch them after /);
    const time = Date.parse(laterTime.exec(notes[0] ?? "")?.[0] ?? "");
    expect(time - Date.now()).toBeGreaterThan(3_500_000);
    expect(result).toMatchObject({ failed: [{ request: { orderIds: ["111"] } }], readBack: null });
  });

  it("may be longer than any date allows", async () => {
    const server = await serveAccount();
    pausing(server, 429, "9".repeat(20));
    const { exitCode, notes } = await runJson(["off", "111", "555", "--base-url", server.url]);
    expect(exitCode).toBe(5);
    expect(notes[0]).toContain("Switch them after +275760-09-13");
  });

  it("keeps the state from being read back", async () => {
    const server = await serveAccount();
    pausing(server, 503);
    const { exitCode, result, notes } = await runJson(["off", "111", "555", "--base-url", server.url]);
    expect(exitCode).toBe(3);
    expect(server.paths()).toEqual(["ipAddress", "extend/order/auto"]);
    expect(notes.join()).toContain("Not tried, because the server asks for a pause: 555.");
    expect(result).toMatchObject({
      readBack: {
        state: "unread",
        reason: expect.stringMatching(/^The server asks for no requests before 2/),
      },
    });
  });
});
