import { setAutoExtend, specOf, unknownApiKey } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { canary, runCli, runJson } from "./support/cli.js";
import { answer, deadUrl, failure, serve, serveSuccess } from "./support/server.js";

const proxyTypeRule = "setAutoExtend/rule/proxy-type";

/** A server that knows no proxy type, which is right where none is right. */
function serveWrongType() {
  return serve((response) => answer(response, specOf(setAutoExtend).examples.failure));
}

describe("verify", () => {
  it("ends with 0 where every case passes, and reports on stdout", async () => {
    const server = await serveWrongType();
    const { exitCode, stdout, stderr } = await runCli([
      "verify",
      "--only",
      proxyTypeRule,
      "--base-url",
      server.url,
    ]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: `Host: ${server.host}\n` });
    expect(stdout).toMatch(/\d+ passed\n$/);
    expect(server.seen.length).toBeGreaterThan(0);
  });

  it("ends with 4 where a case fails, and names the assumptions that the server contradicts", async () => {
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

  it("uses the orders that it is given, with the examples' period where none is given", async () => {
    const server = await serveSuccess();
    await runCli([
      ...["verify", "--base-url", server.url],
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

  it("leaves out the cases that are less sure than a grade", async () => {
    const server = await serveWrongType();
    const gradesOf = async (argv: string[]) => {
      const output = await runJson(["verify", "--base-url", server.url, ...argv]);
      return new Set(output.command === "verify" ? output.result?.cases.map(({ grade }) => grade) : []);
    };
    expect(await gradesOf(["--grade", "Reference"])).toEqual(new Set(["reference"]));
    expect((await gradesOf([])).size).toBeGreaterThan(1);
  });

  it("tells of every case with --verbose", async () => {
    const server = await serveWrongType();
    const argv = ["verify", "--only", `${proxyTypeRule}/unknown`, "--verbose", "--base-url", server.url];
    expect((await runCli(argv)).stderr).toContain(`passed: ${proxyTypeRule}/unknown\n`);
  });

  it("ends with 5 where nothing answers", async () => {
    const url = await deadUrl();
    expect(await runJson(["verify", "--base-url", url])).toMatchObject({
      exitCode: 5,
      host: new URL(url).host,
      error: { name: "Unreachable", effect: "none" },
    });
  });

  it.each<[string, string[]]>([
    ["orders of no type", ["--order", "IPv5:111"]],
    ["orders without ids", ["--order", "IPv4:"]],
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
    expect(output.error?.message).toContain(`The API key ${unknownApiKey} is the one`);
  });

  it("ends with 2 where the server does not know the API key, before any case", async () => {
    const server = await serve((response) => answer(response, failure(2, "Error api key")));
    expect(await runJson(["verify", "--base-url", server.url])).toMatchObject({
      exitCode: 2,
      result: null,
      error: { name: "UsageError", message: expect.stringContaining("(error 2)"), effect: "none" },
    });
    expect(server.seen.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  it("ends with 4 where the server does not know the orders, and says how to name others", async () => {
    const server = await serve((response) => answer(response, failure(29, "Incorrect orderIds")));
    const argv = ["verify", "--only", "setAutoExtend/success/ISP", "--base-url", server.url];
    const { exitCode, stdout } = await runCli(argv);
    expect(exitCode).toBe(4);
    expect(stdout).toContain("failed  setAutoExtend/orders/ISP");
    expect(stdout).toContain(
      "order 55555 was refused with error 29: name orders of your own with --order\n      setAutoExtend/success/ISP\n",
    );
    expect(stdout).not.toContain("contradicts");
  });

  it("warns that this machine is taken for a test server, where cases may change orders", async () => {
    const server = await serveSuccess();
    const warned = `${server.host} is taken for a test server`;
    const argv = ["verify", "--base-url", server.url];
    expect((await runJson(argv)).notes).toEqual([expect.stringContaining(warned)]);
    expect((await runJson([...argv, "--only", proxyTypeRule])).notes).toEqual([]);
  });

  it("says where it was interrupted that a case may have left its mark", async () => {
    const interruption = new AbortController();
    const server = await serve((response) => {
      interruption.abort();
      answer(response, specOf(setAutoExtend).examples.failure);
    });
    const output = await runJson(["verify", "--base-url", server.url], { signal: interruption.signal });
    expect(output).toMatchObject({ exitCode: 130, error: { name: "Interrupted", effect: "unknown" } });
  });
});
