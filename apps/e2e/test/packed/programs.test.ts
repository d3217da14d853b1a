import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { setAutoExtend, specOf } from "@auto-extend/core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { readManifest } from "../../../../scripts/members.mjs";
import { execute, type Running, start } from "./execute.ts";

/** An API key that must turn up nowhere but in the URLs of requests. */
const canary = "canary-9f8e7d6c5b4a";

const { project, nodes } = inject("packed");
const installed = join(project, "node_modules", "@auto-extend");
const cli = join(installed, "cli", "bin", "auto-extend.js");
const mockServer = join(installed, "mock-server", "bin", "auto-extend-mock.js");

describe.each(nodes)("on Node $major", ({ path: node }) => {
  it.each([
    ["auto-extend", cli],
    ["auto-extend-mock", mockServer],
  ])("%s tells its version and how to use it", async (name, program) => {
    const { version } = readManifest(join(dirname(program), ".."));
    const told = await execute(node, [program, "--version"], { cwd: project });
    expect(told).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
    const help = await execute(node, [program, "--help"], { cwd: project });
    expect(help.stdout).toContain(`Usage: ${name} `);
  });

  describe("against a mock that knows one API key", () => {
    let mock: Running;
    let url = "";

    beforeAll(async () => {
      const env = { AUTO_EXTEND_MOCK_API_KEY: canary };
      mock = start(node, [mockServer, "--port", "0"], { cwd: project, env });
      [, url = ""] = await mock.until(/ready at (\S+)/);
    });
    afterAll(async () => {
      await mock.stop();
    });

    it("switches an order on and off, is refused another, and prints the API key nowhere", async () => {
      const order = ["--base-url", url, "--type", "IPv4", "--days", "30", "--verbose", "11111"];
      const env = { AUTO_EXTEND_API_KEY: canary };
      const on = await execute(node, [cli, "on", "--yes", ...order], { cwd: project, env });
      const off = await execute(node, [cli, "off", ...order], { cwd: project, env });
      const refused = await execute(node, [cli, "off", "--json", ...order, "99999"], { cwd: project, env });
      expect([on.code, off.code, refused.code]).toEqual([0, 0, 1]);
      expect(on.stdout).toContain("1111111111111111111");
      const printed = JSON.stringify([on, off, refused, mock.printed()]);
      expect(printed).toContain("setAutoExtend");
      expect(printed).not.toContain(canary);
    });
  });

  describe("the whole job, against a mock", () => {
    let mock: Running;
    let url = "";
    const env = () => ({ AUTO_EXTEND_API_KEY: canary, AUTO_EXTEND_BASE_URL: url });
    const autoExtend = (...argv: string[]) => execute(node, [cli, ...argv], { cwd: project, env: env() });

    beforeAll(async () => {
      mock = start(node, [mockServer, "--port", "0"], { cwd: project });
      [, url = ""] = await mock.until(/ready at (\S+)/);
    });
    afterAll(async () => {
      await mock.stop();
    });

    it("goes from the orders to a price, to a verified switch, to a forecast", async () => {
      const ended = [
        await autoExtend("orders", "--auto", "off", "--ids"),
        await autoExtend("price", "11111", "22222"),
        await autoExtend("on", "11111", "22222", "--days", "30", "--yes"),
        await autoExtend("orders", "--auto", "on", "--csv"),
        await autoExtend("forecast", "--days", "60", "--html", "forecast.html"),
        await autoExtend("balance", "--json"),
        await autoExtend("periods"),
        await autoExtend("doctor"),
        await autoExtend("off", "11111", "22222"),
      ];
      expect(ended.map(({ code, stderr }) => [code, stderr.replace(/Host: .*\n/, "")])).toEqual([
        [0, ""],
        [0, ""],
        [0, expect.stringContaining("after one extension 2.60 USD")],
        [0, ""],
        [0, "Wrote the page forecast.html.\n"],
        [0, ""],
        [0, ""],
        [0, ""],
        [0, ""],
      ]);
      const [ids, price, on, csv, , balance, periods, doctor, off] = ended.map(({ stdout }) => stdout);
      expect(ids?.split("\n")).toContain("55555");
      expect(price).toContain("2.40 USD");
      expect(on).toContain("Read back: 3 IP addresses are on.");
      expect(csv).toMatch(/^type,orderId,.*\nIPv4,11111,1,DE,.*,on,30\n/);
      expect(JSON.parse(balance ?? "").result).toEqual({ balance: 5, currency: "USD" });
      expect(periods).toContain("MOBILE  30\n");
      expect(doctor).toContain("The API key is accepted.");
      expect(off).toContain("are off.");
      const page = readFileSync(join(project, "forecast.html"), "utf8");
      expect(page).toContain("<svg");
      expect(JSON.stringify([ended, page])).not.toContain(canary);
    });

    it("switches a file of orders with a ledger, and feeds the failures back", async () => {
      const folder = mkdtempSync(join(tmpdir(), "auto-extend-many-"));
      const file = (name: string) => join(folder, name);
      try {
        writeFileSync(file("orders.csv"), "type,orderId,days\nIPv4,11111,30\nIPv4,99999,30\nISP,55555,30\n");
        const files = ["--ledger", file("run.jsonl"), "--failures", file("failed.csv")];
        const many = await autoExtend("on", "--file", file("orders.csv"), "--yes", ...files);
        expect(many.code).toBe(6);
        expect(many.stderr).toContain("3 given: 2 changed, 1 refused, 0 unknown, 0 not tried, 0 duplicates.");
        const again = await autoExtend("off", "--file", file("failed.csv"), "--json");
        expect(again.code).toBe(1);
        expect(JSON.parse(again.stdout).result.failures).toMatchObject([{ orderId: "99999", code: 29 }]);
        const resumed = await autoExtend(
          "on",
          "--file",
          file("orders.csv"),
          "--yes",
          "--resume",
          file("run.jsonl"),
        );
        expect(resumed.code).toBe(6);
        expect(readFileSync(file("run.jsonl"), "utf8")).not.toContain(canary);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it("prints completion for each shell", async () => {
      for (const shell of ["bash", "zsh", "fish"]) {
        const { code, stdout } = await autoExtend("completion", shell);
        expect([code, stdout.includes("--ending-within") || stdout.includes("ending-within")]).toEqual([
          0,
          true,
        ]);
      }
    });
  });

  // The lines are for a POSIX shell: the one of Windows quotes differently.
  describe.skipIf(process.platform === "win32")("the lines that the mock prints", () => {
    let mock: Running;

    beforeAll(async () => {
      mock = start(node, [mockServer, "--port", "0"], { cwd: project });
      await mock.until(/Stop with/);
    });
    afterAll(async () => {
      await mock.stop();
    });

    function paste(line: RegExp) {
      const [command = ""] = line.exec(mock.printed()) ?? [];
      // What npx runs must be what is installed here: it may not ask the registry.
      const env = { PATH: `${dirname(node)}${delimiter}${process.env.PATH}`, npm_config_offline: "true" };
      return execute("sh", ["-c", command], { cwd: project, env });
    }

    it("switch on with curl, answered with the documented success byte for byte", async () => {
      const { stdout } = await paste(/curl .*/);
      expect(stdout).toBe(JSON.stringify(specOf(setAutoExtend).examples.requests.IPv4.success));
    });

    it("switch off with npx", async () => {
      const { code, stdout } = await paste(/AUTO_EXTEND_API_KEY=.*/);
      expect(stdout).toContain("Auto-extend is off");
      expect(code).toBe(0);
    });
  });
});
