import { delimiter, dirname, join } from "node:path";
import { setAutoExtend, specOf } from "@auto-extend/core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { readManifest } from "../../../../scripts/members.mjs";
import { describeWith } from "../debian-package.ts";
import { execute, nodeOptions, printed, type Running, start } from "../execute.ts";

/** An API key that must turn up nowhere but in the URLs of requests. */
const canary = "canary-9f8e7d6c5b4a";

const { projects, nodes } = inject("packed");
const folder = projects.find(({ name }) => name === "no-zod")?.folder ?? "";
const installed = join(folder, "node_modules", "@auto-extend");
const cli = join(installed, "cli", "bin", "auto-extend.js");
const mockServer = join(installed, "mock-server", "bin", "auto-extend-mock.js");

it.each([
  ["auto-extend", cli],
  ["auto-extend-mock", mockServer],
])("%s prints its version and how to use it", async (name, program) => {
  const { version } = readManifest(join(dirname(program), ".."));
  const [asked, help] = await Promise.all(
    ["--version", "--help"].map((flag) => execute(process.execPath, [program, flag], { cwd: folder })),
  );
  expect(asked).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: "" });
  // The mock shows a command that works here, where its own name is not on the PATH.
  const command = name === "auto-extend-mock" ? "npx @auto-extend/mock-server" : name;
  expect(help?.stdout).toContain(`Usage: ${command} `);
});

describe.concurrent.each(nodes)("on Node $major, against a mock that knows one API key", ({ path: node }) => {
  it("switches an order on, switches it off but not another, and prints the API key nowhere", async () => {
    const mock = start(node, [mockServer, "--port", "0"], {
      cwd: folder,
      env: { AUTO_EXTEND_MOCK_API_KEY: canary, NODE_OPTIONS: nodeOptions },
    });
    const [, url = ""] = await printed(mock, /ready at (\S+)/);
    expect((await fetch(url)).status).toBe(200);
    const order = ["--base-url", url, "--type", "IPv4", "--days", "30", "--verbose", "11111"];
    const autoExtend = (...args: string[]) =>
      execute(node, [cli, ...args], {
        cwd: folder,
        env: { AUTO_EXTEND_API_KEY: canary, NODE_OPTIONS: nodeOptions },
      });
    const on = await autoExtend("on", "--yes", ...order);
    const off = await autoExtend("off", "--json", ...order, "99999");
    mock.kill("SIGTERM");
    const all = JSON.stringify([on, off, (await mock).all]);
    // Of two orders one is changed and the other is not.
    expect([on.exitCode, off.exitCode]).toEqual([0, 6]);
    expect(on.stderr).toContain("Auto-extend is on for 1 order, 1 IP address.");
    expect(on.stdout).toBe("");
    expect(off.stderr).toContain("Auto-extend is off for 1 order, 1 IP address.");
    expect(JSON.parse(off.stdout)).toMatchObject({ ok: false, exitCode: 6 });
    expect(all).toContain("setAutoExtend");
    expect(all).not.toContain(canary);
  });
});

// The lines are for a POSIX shell: the one of Windows quotes differently.
describe.skipIf(process.platform === "win32")("the lines that the mock prints", () => {
  let mock: Running;
  let lines: RegExpExecArray;

  beforeAll(async () => {
    mock = start(process.execPath, [mockServer, "--port", "0"], { cwd: folder });
    lines = await printed(mock, /ready at (.*)[\s\S]*?(curl .*)[\s\S]*(curl .*)[\s\S]*Stop with/);
  });
  afterAll(async () => {
    mock.kill("SIGTERM");
    await mock;
  });

  function paste(command = "") {
    // npx must run what is installed here, and may not ask the registry.
    const env = {
      PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}`,
      npm_config_offline: "true",
    };
    return execute("sh", ["-c", command], { cwd: folder, env });
  }

  describeWith("curl", "for curl", () => {
    it("switch on, answered with the documented success byte for byte, and off again", async () => {
      const { stdout } = await paste(lines[2]);
      expect(stdout).toBe(JSON.stringify(specOf(setAutoExtend).examples.requests.IPv4.success));
      const off = await paste(lines[3]);
      expect(JSON.parse(off.stdout)).toMatchObject({ success: true, quantity: 1 });
    });
  });

  it("name the server that the CLI, started with npx, switches off at", async () => {
    const cli = `AUTO_EXTEND_API_KEY=any-key npx @auto-extend/cli off 11111 --base-url ${lines[1]}`;
    const { exitCode, stdout, stderr } = await paste(cli);
    expect(stderr).toMatch(/Auto-extend (is off|was off already) for 1 order/);
    expect(stdout).toBe("");
    expect(exitCode).toBe(0);
  });
});
