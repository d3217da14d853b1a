import { describe, expect, it } from "vitest";
import { runCli } from "./support/cli.js";

// No test here may reach the live server: each hands in a fetch that only records.

const off = ["off", "--type", "IPv4", "--days", "30", "111", "--no-preview", "--no-read-back"];

/** Runs the program, and returns the hosts that it sent requests to as well. */
async function hostsOf(argv: readonly string[], env: Record<string, string> = {}) {
  const hosts: string[] = [];
  const fetch = async (input: string | URL | Request): Promise<Response> => {
    hosts.push(new URL(input instanceof Request ? input.url : input).host);
    return new Response("", { status: 401 });
  };
  return { ...(await runCli(argv, { env, fetch })), hosts };
}

describe("the live server", () => {
  it("is the default if no base URL was given at all", async () => {
    const { hosts, stderr } = await hostsOf(off);
    expect(hosts).toEqual(["youproxy.io"]);
    expect(stderr).toContain("Host: youproxy.io\n");
  });

  it.each(["", " ", "\t\n"])("is not called if AUTO_EXTEND_BASE_URL is %j", async (value) => {
    for (const argv of [off, ["doctor"], ["verify"], ["orders"], ["off", "--file", "-", "--dry-run"]]) {
      const { exitCode, stderr, hosts } = await hostsOf(argv, { AUTO_EXTEND_BASE_URL: value });
      expect({ argv, exitCode, hosts }).toEqual({ argv, exitCode: 2, hosts: [] });
      expect(stderr).toContain("AUTO_EXTEND_BASE_URL is empty, as when a shell variable is not set.");
      expect(stderr).toContain("To use the live server, where auto-extend costs money, remove --base-url");
    }
  });

  it.each([["--base-url", ""], ["--base-url="], ["--base-url", "  "]])(
    "is not called with an empty base URL (%j %j)",
    async (...option) => {
      for (const argv of [
        [...off, ...option],
        [...option, "doctor"],
        ["verify", ...option],
      ]) {
        const { exitCode, stderr, hosts } = await hostsOf(argv, {
          AUTO_EXTEND_BASE_URL: "http://127.0.0.1:9",
        });
        expect({ argv, exitCode, hosts }).toEqual({ argv, exitCode: 2, hosts: [] });
        expect(stderr).toContain("--base-url is empty, as when a shell variable is not set.");
      }
    },
  );

  it("is not called if the option names another server and the variable is empty", async () => {
    const argv = [...off, "--base-url", "http://127.0.0.1:9"];
    expect((await hostsOf(argv, { AUTO_EXTEND_BASE_URL: "" })).hosts).toEqual(["127.0.0.1:9"]);
  });
});

describe("an empty option", () => {
  const cases = [
    [["verify", "--only", ""], "--only"],
    [["orders", "--country", " "], "--country"],
    [["off", "--file", ""], "--file"],
    [["price", "111", "--promo-code="], "--promo-code"],
    [["balance", "--api-key-file", ""], "--api-key-file"],
  ] as const;
  it.each(cases)("is an error: %j", async (argv, option) => {
    const { exitCode, stderr, hosts } = await hostsOf([...argv, "--base-url", "http://127.0.0.1:9"]);
    expect({ exitCode, hosts }).toEqual({ exitCode: 2, hosts: [] });
    expect(stderr).toContain(`${option} is empty, as when a shell variable is not set.`);
    expect(stderr).toContain("Give it a value, or remove it.");
  });

  it("is an error for each of the orders to verify", async () => {
    const { exitCode, stderr } = await hostsOf(["verify", "--order", "", "--base-url", "http://127.0.0.1:9"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--order is empty");
  });

  it("is an error as an API key", async () => {
    const argv = ["balance", "--base-url", "http://127.0.0.1:9"];
    const { exitCode, stderr, hosts } = await hostsOf(argv, { AUTO_EXTEND_API_KEY: " " });
    expect({ exitCode, hosts }).toEqual({ exitCode: 2, hosts: [] });
    expect(stderr).toContain("AUTO_EXTEND_API_KEY is empty");
  });
});
