import { proxyTypes } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { canary, offIPv4, runCli, runJson } from "./support/cli.js";
import { answer, serve, serveSuccess, successFor } from "./support/server.js";

describe("on and off", () => {
  it.each(proxyTypes)("switch orders of type %s both ways", async (type) => {
    const server = await serveSuccess();
    for (const [command, autoExtend] of [
      ["on", true],
      ["off", false],
    ] as const) {
      const { exitCode } = await runCli([
        ...[
          command,
          "--no-read-back",
          "--type",
          type,
          "--days",
          "90",
          "111",
          "222",
          "--base-url",
          server.url,
        ],
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
    await runCli([
      "off",
      "--no-preview",
      "--no-read-back",
      "--type",
      "mobile",
      "--days",
      "30",
      "111",
      "--base-url",
      server.url,
    ]);
    expect(server.seen[0]?.body.proxyType).toBe("MOBILE");
  });

  it("report on stderr, and leave stdout to what failed", async () => {
    const server = await serveSuccess();
    const argv = [...offIPv4, "111", "222"];
    expect(await runCli([...argv, "--base-url", server.url])).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: [
        `Host: ${server.host}`,
        "Auto-extend is off for 2 orders, 2 IP addresses.",
        "2 order IDs: 2 changed.",
        "",
      ].join("\n"),
    });
  });

  it("count the orders in --json", async () => {
    const server = await serveSuccess();
    const argv = ["off", "--no-preview", "--no-read-back", "--type", "ISP", "--days", "30", "55555"];
    expect(await runJson([...argv, "--base-url", server.url])).toMatchObject({
      ...{ command: "off", ok: true, exitCode: 0, host: server.host, error: null, notes: [] },
      result: {
        dryRun: false,
        summary: { given: 1, changed: 1, quantity: 1, calls: 1 },
        groups: [{ proxyType: "ISP", rentPeriodDays: 30, autoExtend: false, orders: 1, changed: 1 }],
        failures: [],
      },
    });
  });

  it("accept the newer answer, which lists no IP addresses", async () => {
    const server = await serve((response, { body }) => {
      const { ipAddressIds: _, ...rest } = successFor(body);
      answer(response, { ...rest, orderIds: body.orderIds, balance: null, currency: null });
    });
    const argv = [...offIPv4, "111"];
    const { exitCode, stderr } = await runCli([...argv, "--base-url", server.url]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("Auto-extend is off for 1 order, 1 IP address.\n");
  });

  it.each(["on", "off"])(
    "%s ends as unknown if fewer IP addresses were switched than orders",
    async (command) => {
      const server = await serve((response, { body }) =>
        answer(response, { ...successFor(body), quantity: 1, ipAddressIds: ["a"] }),
      );
      const argv = [
        command,
        "--no-preview",
        "--no-read-back",
        "--type",
        "IPv4",
        "--days",
        "30",
        "111",
        "222",
      ];
      const { exitCode, result } = await runJson([...argv, "--yes", "--base-url", server.url]);
      expect(exitCode).toBe(3);
      expect(result).toMatchObject({ summary: { unknown: 2 } });
      const { stderr } = await runCli([...argv, "--yes", "--base-url", server.url]);
      expect(stderr).toMatch(/error: The outcome for 2 orders is unknown: .*quantity/);
    },
  );

  it("take the base URL from the environment, and the option before it", async () => {
    const [fromEnvironment, fromOption] = [await serveSuccess(), await serveSuccess()];
    const env = { AUTO_EXTEND_BASE_URL: fromEnvironment.url };
    const argv = [...offIPv4, "111"];
    await runCli(argv, { env });
    await runCli([...argv, "--base-url", fromOption.url], { env });
    expect([fromEnvironment.seen.length, fromOption.seen.length]).toEqual([1, 1]);
  });

  it("report every attempt with --verbose", async () => {
    const server = await serve((response, { body }, number) =>
      number === 1 ? answer(response, "busy", 503) : answer(response, successFor(body)),
    );
    const argv = [...offIPv4, "111", "--verbose", "--base-url", server.url];
    const { stderr, exitCode } = await runCli(argv);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /Attempt 1: POST .*\nAttempt 1: HTTP 503 .*\nAttempt 1: HttpError, will be retried\nNext attempt in \d+ ms\nAttempt 2: POST .*\nAttempt 2: HTTP 200 /,
    );
  });
});
