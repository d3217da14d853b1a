import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ForecastReport } from "../src/forecast/types.js";
import { address, serveAccount } from "./support/account.js";
import { runCli, runJson } from "./support/cli.js";
import { fileWith } from "./support/folder.js";
import { answer, deadUrl, failure, serve, serveSuccess } from "./support/server.js";

describe("price --file", () => {
  it("prices the orders of a file like typed ones, in chunks", async () => {
    const server = await serveAccount();
    const file = await fileWith("orderId\n111\n222\n333\n");
    const base = ["--base-url", server.url];
    const typed = await runCli(["price", "111", "222", "333", ...base]);
    expect(await runCli(["price", "--file", file, ...base])).toEqual(typed);
    expect(typed.stdout).toMatch(/^Total +3 +4 +1 +3\.90 USD$/m);
    const { result } = await runJson(["price", "--file", file, "--chunk-size", "1", ...base]);
    expect(result).toMatchObject({ orders: 3, priced: 3, price: 3.9 });
  });

  it("finds the orders without a price by halving, and prices the others", async () => {
    const server = await serveAccount();
    const given = ["--type", "IPv4", "--days", "30", "--base-url", server.url];
    const { exitCode, result } = await runJson(["price", "111", "999", "222", "998", ...given]);
    expect(exitCode).toBe(6);
    expect(result).toMatchObject({ orders: 4, priced: 2, price: 2.4, unpriced: [{ code: 29, orders: 2 }] });
  });
});

describe("forecast --if-on", () => {
  it("shows what switching orders on would add, and leaves the forecast itself as it is", async () => {
    const server = await serveAccount({ balance: 4 });
    const base = ["--days", "60", "--now", "2030-01-01", "--base-url", server.url];
    const plain = await runJson(["forecast", ...base]);
    const { result, exitCode } = await runJson(["forecast", "--if-on", "111", "222", "999", ...base]);
    expect(exitCode).toBe(6);
    const { ifOn, ...rest } = result as { ifOn: object };
    expect(rest).toEqual({ ...plain.result, ifOn: undefined });
    expect(ifOn).toMatchObject({
      ...{ orders: 2, addresses: 3, leftOut: [{ orderId: "999" }] },
      // Order 111 renews on 5 January and 4 February at 0.80 USD, order 222 on 31 January and 2 March at 1.60 USD.
      ...{ addedDemand: 4.8, addedRenewals: 4 },
    });
    expect(server.paths()).not.toContain("extend/order/auto");
    const file = await fileWith("111\n222\n999\n");
    expect((await runJson(["forecast", "--file", file, ...base])).result).toEqual(result);
    const { stdout } = await runCli(["forecast", "--if-on", "111", "222", ...base], { columns: 120 });
    expect(stdout).toMatch(
      /Switching on 2 orders, 3 IP addresses, adds 4\.80 USD in 60 days, with 4 renewals more\.$/m,
    );
    expect(stdout.replaceAll("\n", " ")).toMatch(
      /The balance would run out on 2030-\S+ \S+ Top up \S+ USD in all: then every renewal/,
    );
  });

  it("does not let unknown orders look like a success", async () => {
    const server = await serveAccount();
    const base = ["--days", "60", "--now", "2030-01-01", "--base-url", server.url];
    const why =
      "Order 999 is not added to the forecast. It is not in your list (auto-extend orders), which does not show expired orders.";
    const part = await runCli(["forecast", "--if-on", "111", "999", ...base]);
    expect(part).toMatchObject({
      exitCode: 6,
      stderr: expect.stringContaining(`note: ${why} Check the ID.\n`),
    });
    expect(part.stdout).toContain("\n1 order is left out.\n");
    const none = await runJson(["forecast", "--if-on", "999", ...base]);
    expect(none).toMatchObject({
      exitCode: 2,
      error: { name: "UsageError", message: why, whatToDo: "Check the ID." },
    });
    // Nothing that is given for it makes its end known.
    const file = await fileWith("orderId,type,days\n999,IPv4,30\n998,IPv4,30\n");
    const { stderr } = await runCli(["forecast", "--file", file, ...base]);
    expect(stderr).toContain(
      "2 orders are not added to the forecast; the first is 999. It is not in your list",
    );
  });
});

describe("forecast --if-on-days", () => {
  it("is the period to switch on with, like --days of on, and a file may name one for each order", async () => {
    const server = await serveAccount({ balance: 100 });
    server.account.orders["222"]?.addresses.forEach((each, index) => {
      each.days = index === 0 ? 30 : 60;
    });
    const base = ["--days", "60", "--now", "2030-01-01", "--base-url", server.url];
    const ifOnOf = async (argv: string[]) => {
      const { result } = await runJson(["forecast", ...argv, ...base]);
      expect(result).toMatchObject({ unpriced: [] });
      return (result as { ifOn: object }).ifOn;
    };
    // Like on, it does not choose between two periods.
    expect(await runJson(["forecast", "--if-on", "222", ...base])).toMatchObject({
      exitCode: 2,
      error: {
        message: expect.stringMatching(/such as 30, 60 days\.$/),
        whatToDo: "Add --if-on-days to forecast such orders.",
      },
    });
    expect(await ifOnOf(["--if-on", "222", "--if-on-days", "60"])).toMatchObject({
      ...{ orders: 1, addedDemand: 3, addedRenewals: 1, leftOut: [] },
    });
    const file = await fileWith("orderId,days\n222,60\n");
    expect(await ifOnOf(["--file", file])).toMatchObject({ orders: 1, addedDemand: 3 });
    expect(await runJson(["forecast", "--if-on-days", "60", ...base])).toMatchObject({ exitCode: 2 });
  });
});

describe("forecast --if-on of orders that are on already", () => {
  it("shows what on would change, as on then does", async () => {
    const server = await serveAccount({ balance: 100 });
    const base = ["--days", "60", "--now", "2030-01-01", "--base-url", server.url];
    const forecastOf = async (...argv: string[]) =>
      (await runJson(["forecast", ...argv, ...base])).result as ForecastReport;
    // Order 333 is on for 60 days at 1.50 USD. For 30 days it costs 0.80 USD, on 31 January and 2 March.
    const { demand, ifOn } = await forecastOf("--if-on", "333", "111", "--if-on-days", "30");
    expect(ifOn).toMatchObject({ orders: 2, unchanged: 0, addresses: 2, otherPeriods: 1, addedRenewals: 3 });
    const typed = await runCli(["forecast", "--if-on", "333", "--if-on-days", "30", ...base], {
      columns: 120,
    });
    expect(typed.stdout).toMatch(
      /^Switching on 1 order, 1 IP address, adds 0\.10 USD in 60 days, with 1 renewal more\.\n1 of these IP addresses is on already, and would be renewed for another period\.\n/m,
    );
    expect(typed.stderr).not.toContain("on already");
    await runCli(["on", "333", "111", "--days", "30", "--yes", "--base-url", server.url]);
    const after = await forecastOf("--if-on", "333", "111", "--if-on-days", "30");
    expect(after.demand).toBeCloseTo(demand + (ifOn?.addedDemand ?? 0), 6);
    expect(after.ifOn).toMatchObject({
      orders: 0,
      unchanged: 2,
      addresses: 0,
      addedDemand: 0,
      addedRenewals: 0,
    });
    const longer = await runCli(["forecast", "--if-on", "333", "--if-on-days", "60", ...base], {
      columns: 120,
    });
    expect(longer.stdout).toMatch(/, saves 0\.10 USD in 60 days, with 1 renewal fewer\.$/m);
    const same = await runCli(["forecast", "--if-on", "111", ...base]);
    expect(same.stdout).toMatch(
      /^Switching these orders on changes nothing\.\n1 order is on already, with the same rental period\.$/m,
    );
  });
});

describe("forecast --if-on without a price", () => {
  it("does not read as if the order cost nothing", async () => {
    const server = await serveAccount({ balance: 100 });
    const base = ["--days", "60", "--now", "2030-01-01", "--base-url", server.url];
    const argv = ["forecast", "--if-on", "111", "--if-on-days", "31", ...base];
    const { exitCode, stdout } = await runCli(argv, { columns: 120 });
    expect(exitCode).toBe(6);
    expect(stdout).toMatch(/^Switching on 1 order, 1 IP address, adds at least 0\.00 USD in 60 days, with /m);
    expect(stdout).toContain("\n1 order has no price for this period, so the amount is too low.\n");
    expect((await runJson(argv)).result).toMatchObject({ ifOn: { orders: 1, unpriced: 1, addedDemand: 0 } });
  });
});

describe("the forecast of an order in parts", () => {
  it("counts shares in cents if they do not come out even, and shows every column in a file", async () => {
    const server = await serveAccount({
      balance: 100,
      orders: {
        "0123456789-0123456789-0123456789": {
          type: "IPv4",
          addresses: [address("1", { autoExtend: true }), address("2", { autoExtend: true }), address("3")],
        },
      },
      instead(response, { url }) {
        if (!url.includes("calculate")) return false;
        const price = { success: true, proxyType: "IPv4", balance: 100, price: 2, currency: "USD" };
        answer(response, { ...price, discount: 0, promoCodeStatus: null, error: null, warnings: null });
        return true;
      },
    });
    const base = ["--days", "40", "--now", "2030-01-01", "--base-url", server.url];
    const { stdout } = await runCli(["forecast", ...base]);
    expect(stdout).toMatch(/^To be spent +1\.33 USD/m);
    expect(stdout).toMatch(/^Time +Order +Type +Days +Addresses +Price +Balance +Outcome +Until$/m);
    const narrow = await runCli(["forecast", "--no-color", ...base], { stdoutIsTTY: true, columns: 80 });
    expect(narrow.stdout).toMatch(/^Time +Order .*Outcome$/m);
  });
});

describe("verify --junit", () => {
  it("has the cases that ran before an interruption, and an error", async () => {
    const interruption = new AbortController();
    let requests = 0;
    const server = await serve((response) => {
      if (++requests === 12) interruption.abort();
      answer(response, failure(4, "Incorrect proxy type"));
    });
    const junit = join(dirname(await fileWith("")), "report.xml");
    const argv = ["verify", "--only", "priceExtension/rule/", "--junit", junit, "--base-url", server.url];
    const running = runCli(argv, { signal: interruption.signal });
    expect(await running).toMatchObject({
      exitCode: 130,
      stderr: expect.stringContaining("error: Interrupted. Auto-extend is as it was before the run.\n"),
    });
    const xml = await readFile(junit, "utf8");
    expect(xml).toMatch(/ errors="1" /);
    expect(xml.match(/<testcase classname="\w+" name="\w+\/[^"]+"/g)?.length).toBeGreaterThan(0);
    expect(xml).toContain('<error message="Interrupted. Auto-extend is as it was before the run."/>');
  });

  it("leaves a result with the cases that ran in --json, if it is interrupted", async () => {
    const interruption = new AbortController();
    let requests = 0;
    const server = await serve((response) => {
      if (++requests === 12) interruption.abort();
      answer(response, failure(4, "Incorrect proxy type"));
    });
    const argv = ["verify", "--only", "priceExtension/rule/", "--base-url", server.url];
    const { result, error, exitCode } = await runJson(argv, { signal: interruption.signal });
    expect({ exitCode, error }).toMatchObject({
      exitCode: 130,
      error: { name: "Interrupted", effect: "none" },
    });
    const { cases, passed, failed, skipped } = result as unknown as Record<string, number> & {
      cases: object[];
    };
    expect(cases.length).toBeGreaterThan(0);
    expect(Number(passed) + Number(failed) + Number(skipped)).toBe(cases.length);
  });

  it("replaces the report of an earlier run also if the server does not answer", async () => {
    const server = await serveSuccess();
    const junit = await fileWith("");
    const argv = ["verify", "--only", "getBalance/", "--junit", junit, "--base-url"];
    await runCli([...argv, server.url]);
    expect(await readFile(junit, "utf8")).toContain(' errors="0" ');
    expect(await runCli([...argv, await deadUrl()])).toMatchObject({ exitCode: 5 });
    expect(await readFile(junit, "utf8")).toMatch(/ tests="1" failures="0" errors="1" .*No server answers/s);
  });

  it("writes a report for build servers", async () => {
    const server = await serveAccount();
    const junit = join(dirname(await fileWith("")), "report.xml");
    const argv = ["verify", "--only", "getBalance/", "--junit", junit, "--base-url", server.url];
    const { result } = await runJson(argv);
    const { cases, failed, skipped } = result as unknown as {
      cases: { id: string; outcome: string }[];
      failed: number;
      skipped: number;
    };
    const xml = await readFile(junit, "utf8");
    expect(xml).toContain(`tests="${cases.length}" failures="${failed}" errors="0" skipped="${skipped}"`);
    const { statements } = result as unknown as { statements: Record<string, number> };
    for (const [name, count] of Object.entries(statements)) {
      expect(xml).toContain(`<property name="statements.${name}" value="${count}"/>`);
    }
    expect(xml.match(/<testcase /g)).toHaveLength(cases.length);
    expect(xml.match(/<failure /g) ?? []).toHaveLength(failed);
    expect(xml).not.toMatch(/&(?!#\d+;)/);
  }, 30_000);
});

describe("doctor without an API key", () => {
  it("checks what it can, and reports the key as missing", async () => {
    const server = await serveAccount({ now: new Date() });
    const { exitCode, result } = await runJson(["doctor", "--base-url", server.url], {
      env: { AUTO_EXTEND_API_KEY: undefined as unknown as string },
    });
    const { checks } = result as { checks: { id: string; state: string; found: string }[] };
    expect(exitCode).toBe(2);
    expect(checks.find(({ id }) => id === "server")).toMatchObject({ state: "ok" });
    expect(checks.find(({ id }) => id === "api-key")).toMatchObject({
      state: "failed",
      found: "There is no API key.",
    });
  });
});
