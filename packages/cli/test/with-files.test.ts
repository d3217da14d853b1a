import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { serveAccount } from "./support/account.js";
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
    expect(exitCode).toBe(0);
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
    const { stdout } = await runCli(["forecast", "--if-on", "111", "222", ...base]);
    expect(stdout).toMatch(/Switching on 2 orders, 3 IP addresses, adds 4\.80 USD in 60 days, for/);
    expect(stdout).toMatch(/The balance would run out on 2030-\d\d-\d\d/);
    const none = (await runCli(["forecast", "--if-on", "999", ...base])).stdout;
    expect(none).toContain(
      "\nNone of the orders to switch on can be forecast.\nThese orders are not in the forecast:\n",
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
    expect(await ifOnOf(["--if-on", "222"])).toMatchObject({
      orders: 0,
      leftOut: [{ reason: expect.stringMatching(/of 30 and 60 days\. Add --if-on-days to count it\.$/) }],
    });
    expect(await ifOnOf(["--if-on", "222", "--if-on-days", "60"])).toMatchObject({
      ...{ orders: 1, addedDemand: 3, addedRenewals: 1, leftOut: [] },
    });
    // Order 333 is on for 60 days, and would be for 30.
    expect(await ifOnOf(["--if-on", "333", "--if-on-days", "30"])).toMatchObject({ orders: 1, addresses: 0 });
    const file = await fileWith("orderId,days\n222,60\n");
    expect(await ifOnOf(["--file", file])).toMatchObject({ orders: 1, addedDemand: 3 });
    expect(await runJson(["forecast", "--if-on-days", "60", ...base])).toMatchObject({ exitCode: 2 });
  });
});

describe("verify --junit", () => {
  it("has the cases that ran before an interruption, and an error", async () => {
    const interruption = new AbortController();
    let requests = 0;
    const server = await serve((response) => {
      if (++requests === 10) interruption.abort();
      answer(response, failure(4, "Incorrect proxy type"));
    });
    const junit = join(dirname(await fileWith("")), "report.xml");
    const argv = ["verify", "--only", "setAutoExtend/rule/", "--junit", junit, "--base-url", server.url];
    const running = runCli(argv, { signal: interruption.signal });
    expect(await running).toMatchObject({ exitCode: 130 });
    const xml = await readFile(junit, "utf8");
    expect(xml).toMatch(/ errors="1" /);
    expect(xml.match(/<testcase classname="\w+" name="\w+\/[^"]+"/g)?.length).toBeGreaterThan(0);
    expect(xml).toContain('<error message="Interrupted. Auto-extend is as it was before the run."/>');
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
