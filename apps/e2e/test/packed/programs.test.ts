import { delimiter, dirname, join } from "node:path";
import { setAutoExtend } from "@auto-extend/core";
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
      expect(stdout).toBe(JSON.stringify(setAutoExtend.examples.requests.IPv4.success));
    });

    it("switch off with npx", async () => {
      const { code, stdout } = await paste(/AUTO_EXTEND_API_KEY=.*/);
      expect(stdout).toContain("Auto-extend is off");
      expect(code).toBe(0);
    });
  });
});
