import { setAutoExtend, specOf, unknownApiKey } from "@auto-extend/core";
import { describe, expect, it, vi } from "vitest";
import { serveAccount } from "./support/account.js";
import { canary, runCli, runJson } from "./support/cli.js";
import { answer, deadUrl, failure, serve, serveSuccess } from "./support/server.js";

const proxyTypeRule = "setAutoExtend/rule/proxy-type";

/** A server that knows no proxy type, which is right where none is right. */
function serveWrongType() {
  return serve((response) => answer(response, specOf(setAutoExtend).examples.failure));
}

describe("verify", () => {
  it("ends with 0 if every case passes, and reports on stdout", async () => {
    const server = await serveWrongType();
    const { exitCode, stdout, stderr } = await runCli([
      "verify",
      "--only",
      `${proxyTypeRule}/unknown`,
      "--base-url",
      server.url,
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: `Host: ${server.host}\n` });
    expect(stdout).toMatch(
      /\n\d+ statements of the contract: \d+ tested, \d+ confirmed, 0 contradicted, 0 undecided, \d+ not tested\.\n\d+ passed\n$/,
    );
    expect(server.seen.length).toBeGreaterThan(0);
  });

  it("ends with 4 if a case fails, and names the assumptions that the server contradicts", async () => {
    const server = await serve((response) => answer(response, failure(29, "Incorrect orderIds")));
    const argv = ["verify", "--only", proxyTypeRule, "--base-url", server.url];
    const output = await runJson(argv);
    expect(output).toMatchObject({
      command: "verify",
      ok: false,
      exitCode: 4,
      host: server.host,
      error: null,
    });
    expect(output.command === "verify" && output.result?.contradicted.map(({ id }) => id)).toContain(
      proxyTypeRule,
    );
    const { stdout } = await runCli(argv);
    expect(stdout).toContain(proxyTypeRule);
    expect(stdout).not.toContain(canary);
  });

  it("uses the given orders, and 30 days unless another period is given", async () => {
    const server = await serveSuccess();
    await runCli([
      ...["verify", "--base-url", server.url, "--only", "setAutoExtend/"],
      ...["--order", "ipv4:71,72:90", "--order", "ISP:73"],
    ]);
    const bodies = server.seen.map(({ body }) => body);
    const orders = { proxyType: "IPv4", orderIds: ["71", "72"], rentPeriodDays: 90 };
    expect(bodies).toContainEqual(expect.objectContaining(orders));
    const { rentPeriodDays } = specOf(setAutoExtend).examples.requests.ISP.request;
    expect(bodies).toContainEqual(
      expect.objectContaining({ proxyType: "ISP", orderIds: ["73"], rentPeriodDays }),
    );
  });

  it("runs only the cases of a grade and better", async () => {
    const server = await serveWrongType();
    const gradesOf = async (argv: string[]) => {
      const only = ["--only", "setAutoExtend/rule"];
      const output = await runJson(["verify", "--base-url", server.url, ...only, ...argv]);
      return new Set(output.command === "verify" ? output.result?.cases.map(({ grade }) => grade) : []);
    };
    expect(await gradesOf(["--grade", "Reference"])).toEqual(new Set(["reference"]));
    expect((await gradesOf([])).size).toBeGreaterThan(1);
  });

  it("reports every case with --verbose", async () => {
    const server = await serveWrongType();
    const argv = ["verify", "--only", `${proxyTypeRule}/unknown`, "--verbose", "--base-url", server.url];
    expect((await runCli(argv)).stderr).toContain(`passed: ${proxyTypeRule}/unknown\n`);
  });

  it("ends with 5 if nothing answers", async () => {
    const url = await deadUrl();
    expect(await runJson(["verify", "--base-url", url])).toMatchObject({
      exitCode: 5,
      host: new URL(url).host,
      error: { name: "Unreachable", effect: "none" },
    });
  });

  it.each<[string, string[]]>([
    ["orders of no type", ["--order", "IPv5:111"]],
    ["orders without IDs", ["--order", "IPv4:"]],
    ["orders for no number of days", ["--order", "IPv4:111:x"]],
    ["orders of one type twice", ["--order", "IPv4:111", "--order", "ipv4:222"]],
    ["order numbers", ["--order", "IPv4:NUMBER-112233"]],
    ["an unknown grade", ["--grade", "certain"]],
    ["a prefix that no case has", ["--only", "no-such-case"]],
    ["plain http to another machine", ["--base-url", "http://api.example"]],
  ])("refuses %s", async (_, argv) => {
    const server = await serveSuccess();
    const output = await runJson(["verify", "--base-url", server.url, ...argv]);
    expect(output).toMatchObject({ exitCode: 2, error: { name: "UsageError", effect: "none" } });
    expect(server.seen).toEqual([]);
  });

  it("refuses the API key that every server refuses", async () => {
    const env = { AUTO_EXTEND_API_KEY: unknownApiKey };
    const output = await runJson(["verify", "--base-url", await deadUrl()], { env });
    expect(output).toMatchObject({ exitCode: 2 });
    expect(output.error?.message).toContain(`The API key ${unknownApiKey} is reserved: the tests check`);
  });

  it("ends with 2 before any case if the server does not know the API key", async () => {
    const server = await serve((response) => answer(response, failure(2, "Error api key")));
    expect(await runJson(["verify", "--base-url", server.url])).toMatchObject({
      exitCode: 2,
      result: null,
      error: { name: "UsageError", message: expect.stringContaining("(error 2)"), effect: "none" },
    });
    expect(server.seen.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  it("ends with 4 if the server does not know the orders, and says how to name others", async () => {
    const server = await serve((response) => answer(response, failure(29, "Incorrect orderIds")));
    const argv = ["verify", "--only", "setAutoExtend/success/ISP", "--base-url", server.url];
    const { exitCode, stdout } = await runCli(argv);
    expect(exitCode).toBe(4);
    expect(stdout).toContain("failed  priceExtension/orders/ISP");
    expect(stdout).toContain(
      "order 55555 was refused with error 29: list orders of your own with the option --order\n      setAutoExtend/success/ISP\n",
    );
    expect(stdout).not.toContain("contradicts");
  });

  it("fits its report to the terminal", async () => {
    const server = await serve((response) => answer(response, failure(29, "Incorrect orderIds")));
    const argv = ["verify", "--only", "setAutoExtend/success/ISP", "--base-url", server.url];
    const { stdout } = await runCli(argv, { stdoutIsTTY: true, columns: 60, env: { FORCE_COLOR: "1" } });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's sequences begin with one.
    const lines = stdout.replace(/\u001b\[\d+m/g, "").split("\n");
    // A word that is longer than a line stays whole.
    expect(lines.filter((line) => line.length > 60 && line.trim().includes(" "))).toEqual([]);
    expect(lines.join(" ")).toContain("statements of the contract");
    expect(stdout).toContain("\u001b[31mfailed");
  });

  it("warns that this machine is taken for a test server, if cases may change orders", async () => {
    const server = await serveSuccess();
    const warned = `${server.host} is on this machine and taken for a test server`;
    const argv = ["verify", "--base-url", server.url, "--only"];
    const { notes } = await runJson([...argv, "setAutoExtend/success/ISP"]);
    expect(notes).toEqual([expect.stringContaining(warned)]);
    expect((await runJson([...argv, `${proxyTypeRule}/unknown`])).notes).toEqual([]);
  });

  it("says until when the server asks to wait", async () => {
    const server = await serve((response, _, number) => {
      if (number === 2) response.setHeader("retry-after", "2");
      answer(response, failure(4, "Incorrect proxy type"), number === 2 ? 429 : 200);
    });
    const { stderr } = await runCli(["verify", "--only", proxyTypeRule, "--base-url", server.url]);
    expect(stderr).toMatch(/^The server asks to wait 2 seconds: continuing at \S+ \d\d:\d\d:\d\d UTC\.$/m);
  });

  it("ends with 130 when it is interrupted, and says that nothing is left changed", async () => {
    const interruption = new AbortController();
    const server = await serveAccount();
    const before = structuredClone(server.account.orders);
    const orders = ["--order", "IPv4:111,222,333", "--order", "ISP:555"];
    const running = runJson(["verify", "--base-url", server.url, ...orders, "--only", "setAutoExtend/"], {
      signal: interruption.signal,
    });
    await vi.waitFor(() => expect(server.account.orders).not.toEqual(before), {
      interval: 1,
      timeout: 60_000,
    });
    interruption.abort();
    const output = await running;
    expect(output).toMatchObject({
      exitCode: 130,
      error: {
        name: "Interrupted",
        message: "Interrupted. Auto-extend is as it was before the run.",
        effect: "none",
      },
    });
    expect(output.stderr).toContain("Stopping: auto-extend is restored first.");
    expect(server.account.orders).toEqual(before);
  });

  it("names the orders that it could not restore when it is interrupted", async () => {
    const interruption = new AbortController();
    const server = await serveAccount();
    server.account.instead = (response, { url }) => {
      if (!interruption.signal.aborted || !url.endsWith("/auto")) return false;
      answer(response, {}, 500);
      return true;
    };
    const argv = ["verify", "--base-url", server.url, "--order", "ISP:555", "--only", "setAutoExtend/"];
    const running = runJson(argv, { signal: interruption.signal });
    const isOn = () => server.account.orders["555"]?.addresses[0]?.autoExtend;
    await vi.waitFor(() => expect(isOn()).toBe(true), { interval: 1, timeout: 60_000 });
    interruption.abort();
    const output = await running;
    expect(output).toMatchObject({ exitCode: 130, error: { name: "Interrupted", effect: "unknown" } });
    expect(output.notes).toContain("IP address 5 of order 555 could not be restored. Switch it off.");
  });

  it("ends with 3 if all cases pass and an order is not as it was", async () => {
    const server = await serveAccount();
    const address = server.account.orders["555"]?.addresses[0];
    if (address) address.days = 90;
    // The period that it had is not sold any more.
    server.account.instead = (response, { url, body }) => {
      if (!url.endsWith("/auto") || body?.rentPeriodDays !== 90) return false;
      answer(response, failure(11, "Incorrect rental period"));
      return true;
    };
    const argv = ["verify", "--base-url", server.url, "--order", "ISP:555:30"];
    const output = await runJson([...argv, "--only", "setAutoExtend/success/ISP"]);
    expect(output).toMatchObject({ exitCode: 3, result: { passed: 1, failed: 0 } });
    expect(output.command === "verify" && output.result?.notRestored).toMatchObject([
      { orderId: "555", whatToDo: "Only its rental period differs: use 90 days when you switch it on." },
    ]);
  });

  it("says which state an order had before its tests switch it, since a run that is killed restores nothing", async () => {
    const server = await serveAccount();
    const argv = ["verify", "--base-url", server.url, "--order", "IPv4:111:30", "--order", "IPv6:666:30"];
    const { stderr } = await runCli([...argv, "--only", "setAutoExtend/success/IPv"]);
    expect(stderr).toContain("Tests switch order 111 from now on. Its state before: off, 30 days.\n");
    expect(stderr).toContain(
      "Tests switch order 666 from now on. Its state before: on, 30 days for IP address 61; off, 30 days for IP address 62.\n",
    );
  });
});

it("refuses an order ID that contains the API key, without showing it", async () => {
  const { exitCode, stdout, stderr } = await runCli(["verify", "--order", `IPv4:${canary}`]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(stderr).toContain("What is typed as an order ID contains the API key or another secret.");
  expect(stderr).not.toContain(canary);
});
