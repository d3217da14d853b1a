import { proxyTypes } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { canary, runCli, runJson } from "./support/cli.js";
import { answer, serve, serveSuccess, successFor } from "./support/server.js";

describe("on and off", () => {
  it.each(proxyTypes)("switch orders of type %s both ways", async (type) => {
    const server = await serveSuccess();
    for (const [command, autoExtend] of [
      ["on", true],
      ["off", false],
    ] as const) {
      const { exitCode } = await runCli([
        ...[command, "--no-verify", "--type", type, "--days", "90", "111", "222", "--base-url", server.url],
        ...(autoExtend ? ["--yes", "--no-preview"] : []),
      ]);
      expect(exitCode).toBe(0);
      expect(server.seen.at(-1)).toMatchObject({
        method: "POST",
        url: `/client/api/v1/${canary}/extend/order/auto`,
        userAgent: expect.stringMatching(/^auto-extend-cli\/\d/),
        body: { proxyType: type, orderIds: ["111", "222"], rentPeriodDays: 90, autoExtend },
      });
    }
  });

  it("take the type in any case", async () => {
    const server = await serveSuccess();
    await runCli(["off", "--no-verify", "--type", "mobile", "--days", "30", "111", "--base-url", server.url]);
    expect(server.seen[0]?.body.proxyType).toBe("MOBILE");
  });

  it("tell what was switched on stdout, and the host on stderr", async () => {
    const server = await serveSuccess();
    const ended = await runCli([
      "off",
      "--no-verify",
      "--type",
      "IPv4",
      "--days",
      "30",
      "111",
      "222",
      "--base-url",
      server.url,
    ]);
    expect(ended).toEqual({
      exitCode: 0,
      stdout: [
        "Auto-extend is off for 2 IP addresses of 2 orders (IPv4, 30 days).",
        "  address-of-111",
        "  address-of-222",
        "Balance: 5.00 USD",
        "",
      ].join("\n"),
      stderr: `Host: ${server.host}\n`,
    });
  });

  it("list ten IP addresses for people and all of them in --json", async () => {
    const server = await serveSuccess();
    const orderIds = Array.from({ length: 13 }, (_, index) => String(index + 1));
    const argv = [
      "off",
      "--no-verify",
      "--type",
      "IPv4",
      "--days",
      "30",
      ...orderIds,
      "--base-url",
      server.url,
    ];
    const { stdout } = await runCli(argv);
    expect(stdout).toContain("  address-of-10\n  and 3 more; --json lists them all\n");
    const { result } = await runJson(argv);
    expect(result).toMatchObject({
      switched: [{ answer: { ipAddressIds: orderIds.map((id) => `address-of-${id}`) } }],
    });
  });

  it("hand on the request and the whole answer in --json, fields that nobody knows included", async () => {
    const server = await serve((response, { body }) => answer(response, { ...successFor(body), news: [1] }));
    const output = await runJson([
      "off",
      "--no-verify",
      "--type",
      "ISP",
      "--days",
      "30",
      "55555",
      "--base-url",
      server.url,
    ]);
    expect(output).toMatchObject({
      command: "off",
      ok: true,
      exitCode: 0,
      host: server.host,
      result: {
        dryRun: false,
        switched: [
          {
            request: { proxyType: "ISP", orderIds: ["55555"], rentPeriodDays: 30, autoExtend: false },
            answer: { quantity: 1, balance: 5, currency: "USD", news: [1] },
          },
        ],
      },
      error: null,
      notes: [],
    });
  });

  it("report the newer answer, which lists no IP addresses", async () => {
    const server = await serve((response, { body }) => {
      const { ipAddressIds: _, ...rest } = successFor(body);
      answer(response, { ...rest, orderIds: body.orderIds, balance: null, currency: null });
    });
    const { stdout } = await runCli([
      "off",
      "--no-verify",
      "--type",
      "IPv4",
      "--days",
      "30",
      "111",
      "--base-url",
      server.url,
    ]);
    expect(stdout).toBe("Auto-extend is off for 1 IP address of 1 order (IPv4, 30 days).\n");
  });

  it("note an answer that counts fewer IP addresses than orders", async () => {
    const server = await serve((response, { body }) =>
      answer(response, { ...successFor(body), quantity: 1, ipAddressIds: ["a"] }),
    );
    const argv = [
      "off",
      "--no-verify",
      "--type",
      "IPv4",
      "--days",
      "30",
      "111",
      "222",
      "--base-url",
      server.url,
    ];
    const { exitCode, stderr, notes } = await runJson(argv);
    expect(exitCode).toBe(3);
    expect(notes).toEqual([expect.stringContaining("fewer IP addresses (1) than orders (2)")]);
    expect(stderr).toContain(`note: ${notes[0]}`);
  });

  it.each([["on"], ["off"]])("%s ends as unknown if no order can have been switched", async (command) => {
    const server = await serve((response, { body }) =>
      answer(response, { ...successFor(body), quantity: 0, ipAddressIds: [] }),
    );
    const typed = ["--type", "IPv4", "--days", "30", "--base-url", server.url];
    const checks = command === "on" ? ["--yes", "--no-preview", "--no-verify"] : ["--no-verify"];
    const { exitCode, notes } = await runJson([command, "111", "222", "333", ...typed, ...checks]);
    expect(exitCode).toBe(3);
    expect(notes).toEqual([expect.stringContaining("cannot have switched all of them")]);
  });

  it("take the base URL from the environment, and the option before it", async () => {
    const [fromEnvironment, fromOption] = [await serveSuccess(), await serveSuccess()];
    const env = { AUTO_EXTEND_BASE_URL: fromEnvironment.url };
    const argv = ["off", "--no-verify", "--type", "IPv4", "--days", "30", "111"];
    await runCli(argv, { env });
    await runCli([...argv, "--base-url", fromOption.url], { env });
    expect([fromEnvironment.seen.length, fromOption.seen.length]).toEqual([1, 1]);
  });

  it("tell of every attempt with --verbose", async () => {
    const server = await serve((response, { body }, number) =>
      number === 1 ? answer(response, "busy", 503) : answer(response, successFor(body)),
    );
    const argv = [
      "off",
      "--no-verify",
      "--type",
      "IPv4",
      "--days",
      "30",
      "111",
      "--verbose",
      "--base-url",
      server.url,
    ];
    const { stderr, exitCode } = await runCli(argv);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /Attempt 1: POST .*\nAttempt 1: HTTP 503 .*\nAttempt 1: HttpError, will be repeated\nNext attempt in \d+ ms\nAttempt 2: POST .*\nAttempt 2: HTTP 200 /,
    );
  });
});
