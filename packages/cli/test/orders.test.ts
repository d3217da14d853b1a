import { describe, expect, it } from "vitest";
import { address, serveAccount } from "./support/account.js";
import { runCli, runJson } from "./support/cli.js";
import { fileWith } from "./support/folder.js";
import { answer } from "./support/server.js";

const ids = (stdout: string) => stdout.trim().split("\n");

describe("orders", () => {
  it("says in its result that the list is incomplete", async () => {
    const server = await serveAccount();
    server.account.instead = (response) => {
      const ips = [{ ipAddressId: "1", extendInfo: { autoExtend: false, extendDays: 30 } }];
      answer(response, { success: true, total: 9, IPv4: [{ orderId: "111", ips }], error: null });
      return true;
    };
    const { result } = await runJson(["orders", "--base-url", server.url]);
    expect(result).toMatchObject({ listed: 1, isComplete: false });
  });

  it("shows a table with the orders that end first at the top, counted from the server's time", async () => {
    const server = await serveAccount();
    const { exitCode, stdout, stderr } = await runCli(["orders", "--base-url", server.url]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      [
        "Order  Type  Addresses  Country  Ends in  Auto-extend  Days",
        "111    IPv4          1  DE         4d 0h  off            30",
        "222    IPv4          2  DE FR     30d 0h  off            30",
        "333    IPv4          1  DE        30d 0h  on             60",
        "666    IPv6          2  DE NL     30d 0h  mixed          30",
        "555    ISP           1  DE        40d 0h  off            30",
        "",
        "5 orders, 7 IP addresses; now is 2030-01-01 00:00:00 UTC.",
        "",
      ].join("\n"),
    );
    expect(stderr).toBe(`Host: ${server.host}\n`);
    expect(server.paths()).toEqual(["ipAddress"]);
  });

  it("counts how many IP addresses match, where those of an order differ", async () => {
    const server = await serveAccount();
    const lastLine = async (...argv: string[]) =>
      (await runCli(["orders", "--base-url", server.url, ...argv])).stdout.split("\n").at(-2);
    expect(await lastLine("--auto", "on")).toMatch(/^2 orders of 5, 3 IP addresses, 2 of which match; /);
    expect(await lastLine("--auto", "off")).toMatch(/^4 orders of 5, 6 IP addresses, 5 of which match; /);
    expect(await lastLine("--country", "fr")).toMatch(/^1 order of 5, 2 IP addresses, 1 of which match; /);
    expect(await lastLine("--type", "IPv4")).toMatch(/^3 orders, 4 IP addresses; /);
  });

  it.each<[string[], string[]]>([
    [
      ["--type", "ipv4"],
      ["111", "222", "333"],
    ],
    [
      ["--auto", "on"],
      ["333", "666"],
    ],
    [
      ["--auto", "off"],
      ["111", "222", "666", "555"],
    ],
    [["--ending-within", "7d"], ["111"]],
    [
      ["--ending-within", "5W"],
      ["111", "222", "333", "666"],
    ],
    [["--ending-within", "24h", "--now", "2030-01-04T00:00:00Z"], ["111"]],
    [["--ending-within", "24h", "--now", "2030-01-04 00:00:00 UTC"], ["111"]],
    [["--country", "fr"], ["222"]],
    [
      ["--type", "IPv4", "--auto", "off", "--country", "DE"],
      ["111", "222"],
    ],
    [
      ["--sort", "-addresses"],
      ["222", "666", "111", "333", "555"],
    ],
    [
      ["--sort", "order"],
      ["111", "222", "333", "555", "666"],
    ],
    [
      ["--sort", "-ends"],
      ["555", "222", "333", "666", "111"],
    ],
    [
      ["--sort", "country"],
      ["111", "222", "333", "666", "555"],
    ],
    [
      ["--sort", "type"],
      ["111", "222", "333", "666", "555"],
    ],
    [
      ["--sort", "auto"],
      ["666", "111", "222", "555", "333"],
    ],
    [
      ["--sort", "-days"],
      ["333", "111", "222", "666", "555"],
    ],
  ])("%j lists %j", async (options, wanted) => {
    const server = await serveAccount();
    const { stdout } = await runCli(["orders", "--ids", ...options, "--base-url", server.url]);
    expect(ids(stdout)).toEqual(wanted);
  });

  it("leaves out orders that have ended if orders that end soon are asked for", async () => {
    const server = await serveAccount();
    const argv = ["orders", "--ids", "--ending-within", "52w", "--now", "2030-01-06"];
    expect(ids((await runCli([...argv, "--base-url", server.url])).stdout)).toEqual([
      "222",
      "333",
      "666",
      "555",
    ]);
  });

  it("requests one type if one is asked for", async () => {
    const server = await serveAccount();
    await runCli(["orders", "--type", "isp", "--base-url", server.url]);
    expect(server.paths()).toEqual(["ipAddress?proxyType=ISP"]);
  });

  it("prints CSV that --file takes: without days if an order has several", async () => {
    const server = await serveAccount();
    server.account.orders["666"]?.addresses.push(address("63", { days: 90 }));
    const { stdout } = await runCli(["orders", "--csv", "--sort", "order", "--base-url", server.url]);
    expect(stdout).toBe(
      [
        "type,orderId,addresses,country,endsAt,autoExtend,days",
        "IPv4,111,1,DE,2030-01-05T00:00:00.000Z,off,30",
        "IPv4,222,2,DE FR,2030-01-31T00:00:00.000Z,off,30",
        "IPv4,333,1,DE,2030-01-31T00:00:00.000Z,on,60",
        "ISP,555,1,DE,2030-02-10T00:00:00.000Z,off,30",
        "IPv6,666,3,DE NL,2030-01-31T00:00:00.000Z,mixed,",
        "",
      ].join("\n"),
    );
  });

  it("prints CSV that comes back the same, whatever the IDs look like", async () => {
    const server = await serveAccount({ orders: { "=1": { type: "IPv4", addresses: [address("1")] } } });
    const { stdout } = await runCli(["orders", "--csv", "--base-url", server.url]);
    expect(stdout).toContain("IPv4,'=1,");
    const file = await fileWith(stdout, "orders.csv");
    const { result } = await runJson(["off", "--file", file, "--dry-run", "--base-url", server.url]);
    expect(result).toMatchObject({ request: { proxyType: "IPv4", orderIds: ["=1"], rentPeriodDays: 30 } });
  });

  it("prints the rows in --json", async () => {
    const server = await serveAccount();
    const { result } = await runJson(["orders", "--auto", "on", "--sort", "order", "--base-url", server.url]);
    expect(result).toEqual({
      now: "2030-01-01T00:00:00.000Z",
      listed: 5,
      isComplete: true,
      orders: [
        {
          orderId: "333",
          proxyType: "IPv4",
          addresses: 1,
          countries: ["DE"],
          endsAt: "2030-01-31T00:00:00.000Z",
          autoExtend: "on",
          rentPeriodDays: [60],
        },
        {
          orderId: "666",
          proxyType: "IPv6",
          addresses: 2,
          countries: ["DE", "NL"],
          endsAt: "2030-01-31T00:00:00.000Z",
          autoExtend: "mixed",
          rentPeriodDays: [30],
        },
      ],
    });
  });

  it("says what it could not read, and shows the rest with question marks", async () => {
    const server = await serveAccount({
      instead(response) {
        const list = [{ ipAddressId: "9", orderId: "999" }, { ipAddressId: "8" }];
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify({ success: true, list }));
        return true;
      },
    });
    const { exitCode, stdout, stderr } = await runCli(["orders", "--base-url", server.url]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("999    ?             1  ?              ?  unknown         ?\n");
    expect(stderr).toContain("1 record of the list cannot be read and will be missing: list[1] is a record");
  });

  it("distinguishes an account without orders from one in which none matches", async () => {
    const server = await serveAccount();
    expect((await runCli(["orders", "--country", "ZZ", "--base-url", server.url])).stdout).toBe(
      "None of 5 orders matches. Countries in the list: DE, FR, NL.\n",
    );
    server.account.orders = {};
    expect((await runCli(["orders", "--base-url", server.url])).stdout).toBe(
      "There are no orders in the list, which does not show expired ones.\n",
    );
  });

  it.each([
    [["--ids", "--csv"], "cannot be combined"],
    [["--ending-within", "soon"], "not a time span"],
    [["--auto", "maybe"], "Unknown value"],
    [["--sort", "colour"], "Unknown value"],
    [["--type", "IPv5"], "Unknown proxy type"],
    [["--now", "yesterday"], "not a time"],
    [["--now", "2030-02-29"], "not a time"],
  ])("refuses %j before anything is sent", async (options, message) => {
    const server = await serveAccount();
    const { exitCode, stderr } = await runCli(["orders", ...options, "--base-url", server.url]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
    expect(server.seen).toEqual([]);
  });

  it("shows no credentials, in no form", async () => {
    const server = await serveAccount();
    for (const form of [[], ["--json"], ["--csv"], ["--verbose"]]) {
      const { stdout, stderr } = await runCli(["orders", ...form, "--base-url", server.url]);
      expect(stdout + stderr).not.toMatch(/a-login|a-proxy-password/);
    }
  });
});

it("a list that is too large to be read says so, and how to do without it", async () => {
  const blank = new Uint8Array(16 * 1024 * 1024).fill(0x20);
  const endless = new ReadableStream(
    { pull: (controller) => controller.enqueue(blank) },
    { highWaterMark: 0 },
  );
  const { exitCode, error, notes } = await runJson(["orders"], { fetch: async () => new Response(endless) });
  expect({ exitCode, error, notes }).toMatchObject({
    exitCode: 4,
    error: {
      message: "The list of IP addresses is larger than 256 MiB, more than this program reads.",
      whatToDo: expect.stringMatching(/^orders --type .* --no-read-back\.$/),
    },
    notes: [],
  });
});

it("fits a terminal of 40 columns, also with long order IDs", async () => {
  const server = await serveAccount();
  const id = "1112223334283d122";
  server.account.orders[id] = { type: "IPv4", addresses: [address("9", { autoExtend: true })] };
  const base = ["--base-url", server.url];
  for (const argv of [["orders"], ["forecast", "--days", "60"]]) {
    const { stdout } = await runCli([...argv, "--no-color", ...base], { stdoutIsTTY: true, columns: 40 });
    expect(stdout.split("\n").filter((line) => line.length > 40)).toEqual([]);
    expect(stdout).toContain(id);
  }
});
