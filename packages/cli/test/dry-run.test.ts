import { readdir } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { csvLine } from "../src/app/format.js";
import { dryRunMany } from "./bulk/runs.js";
import { serveAccount } from "./support/account.js";
import { canary, offIPv4, runCli, runJson } from "./support/cli.js";
import { describeWith } from "./support/debian-package.js";
import { fileWith } from "./support/folder.js";
import { serveSuccess, successFor } from "./support/server.js";

describe("a dry run", () => {
  it("sends nothing, needs no key and does not ask", async () => {
    const server = await serveSuccess();
    const argv = [
      "on",
      "--no-preview",
      "--no-read-back",
      "--type",
      "IPv4",
      "--days",
      "30",
      "111",
      "--dry-run",
      "--base-url",
      server.url,
    ];
    const output = await runJson(argv, { env: { AUTO_EXTEND_API_KEY: "" } });
    expect(output).toMatchObject({
      exitCode: 0,
      host: server.host,
      result: {
        dryRun: true,
        request: { proxyType: "IPv4", orderIds: ["111"], rentPeriodDays: 30, autoExtend: true },
      },
    });
    expect(server.seen).toEqual([]);
  });

  it("looks up only what is not given, as a run does, and switches nothing", async () => {
    const server = await serveAccount();
    // The columns of a file do not apply to typed orders.
    const file = await fileWith("type,orderId,days\nIPv4,111,60\nIPv4,222,\n,666,30\n");
    const argv = ["on", "555", "999", "--file", file, "--base-url", server.url];
    const { result, notes, exitCode, error } = await dryRunMany(argv);
    // As the run would end.
    expect(exitCode).toBe(6);
    expect(`${error?.message} ${error?.whatToDo}`).toBe(notes.at(-1));
    expect(result).toMatchObject({
      groups: [
        { proxyType: "ISP", rentPeriodDays: 30, orders: 1 },
        { proxyType: "IPv4", rentPeriodDays: 60, orders: 1 },
        { proxyType: "IPv4", rentPeriodDays: 30, orders: 1 },
        { proxyType: "IPv6", rentPeriodDays: 30, orders: 1 },
      ],
      ...{ notSent: 1, request: null },
    });
    expect(notes).toContainEqual(expect.stringMatching(/^Order 999 is not sent\. It is not in your list/));
    expect(server.paths()).toEqual(["ipAddress"]);
    const none = await runJson(["on", "999", "--dry-run", "--base-url", server.url]);
    expect(none).toMatchObject({
      exitCode: 2,
      error: { message: expect.stringMatching(/^Order 999 is not sent/) },
    });
    const one = await dryRunMany(["off", "333", "--base-url", server.url]);
    expect(one.result.request).toMatchObject({ proxyType: "IPv4", rentPeriodDays: 60, autoExtend: false });
  });

  it("writes no ledger and no list of failures", async () => {
    const file = await fileWith("");
    const argv = ["off", "111", "--type", "IPv4", "--days", "30", "--dry-run"];
    await runJson([...argv, "--ledger", `${file}.jsonl`, "--failures", `${file}.csv`]);
    expect(await readdir(dirname(file))).toEqual([basename(file)]);
  });

  it("prints a command without the API key, and says that nothing was sent", async () => {
    const server = await serveSuccess();
    const argv = [
      "off",
      "--no-preview",
      "--no-read-back",
      "--type",
      "IPv6",
      "--days",
      "90",
      "--dry-run",
      "--base-url",
      server.url,
      "111",
    ];
    const { stdout, stderr } = await runCli(argv);
    expect(stdout).toContain("AUTO_EXTEND_API_KEY");
    expect(stdout).not.toContain(canary);
    expect(stderr).toContain("Dry run: nothing was changed, and no file was written.");
    expect(server.seen).toEqual([]);
  });

  describeWith("curl", "with curl", () => {
    // It is for a POSIX shell, which Windows does not have.
    it.skipIf(process.platform === "win32")(
      "prints a command that a shell can run, whatever the IDs look like",
      async () => {
        const server = await serveSuccess();
        const orderIds = ["111", `it's`, '"$HOME"', "`id`", "a\\b", "naïve☂"];
        const { stdout } = await runCli([
          ...[
            "off",
            "--no-preview",
            "--no-read-back",
            "--type",
            "IPv6",
            "--days",
            "90",
            "--dry-run",
            "--base-url",
            `${server.url}/$HOME/`,
          ],
          ...["--file", await fileWith(orderIds.map((id) => csvLine([id])).join(""))],
        ]);
        const env = { AUTO_EXTEND_API_KEY: canary };
        const command = stdout.replace("curl", "curl --silent");
        const { stdout: answered } = await execa("sh", ["-c", command], { env });
        const body = { proxyType: "IPv6" as const, orderIds, rentPeriodDays: 90, autoExtend: false };
        expect(JSON.parse(answered)).toEqual(successFor(body));
        expect(server.seen).toMatchObject([
          { method: "POST", url: `/$HOME/client/api/v1/${canary}/extend/order/auto`, body },
        ]);
      },
    );
  });

  it.skipIf(process.platform === "win32")("prints a command that fails if no key is set", async () => {
    const server = await serveSuccess();
    const { stdout, stderr } = await runCli([
      ...[
        "off",
        "--no-preview",
        "--no-read-back",
        "--type",
        "IPv6",
        "--days",
        "90",
        "--dry-run",
        "--base-url",
        server.url,
        "111",
      ],
    ]);
    expect(stderr).toContain("has to be URL-encoded");
    const env = { AUTO_EXTEND_API_KEY: "" };
    await expect(execa("sh", ["-c", stdout], { env })).rejects.toMatchObject({
      stderr: expect.stringContaining("AUTO_EXTEND_API_KEY: set it first"),
    });
    expect(server.seen).toEqual([]);
  });

  it.each(["0", "99999999999999999999"])(
    "checks the rental period against the contract all the same: %s",
    async (days) => {
      const argv = [
        "off",
        "--no-preview",
        "--no-read-back",
        "--type",
        "IPv4",
        "--days",
        days,
        "111",
        "--dry-run",
      ];
      expect(await runJson(argv)).toMatchObject({
        exitCode: 2,
        error: {
          name: "UsageError",
          message: expect.stringContaining("It must be a whole number of days"),
        },
      });
    },
  );

  it("refuses a base URL that the request would be refused for", async () => {
    const argv = [...offIPv4, "111", "--dry-run", "--base-url"];
    expect(await runJson([...argv, "http://proxy.example"])).toMatchObject({
      exitCode: 2,
      error: { message: expect.stringMatching(/\(--allow-http allows it anyway\)\.$/) },
    });
    expect(await runJson([...argv, "https://proxy.example/client/api/v1/"])).toMatchObject({
      exitCode: 2,
      error: {
        message: "The base URL must not contain /client/api.",
      },
    });
    expect(await runJson([...argv, "http://proxy.example", "--allow-http"])).toMatchObject({ exitCode: 0 });
  });
});
