import { fileURLToPath } from "node:url";
import { describe, expect, it, vi } from "vitest";
import { readManifest } from "../../../../scripts/members.mjs";
import { main } from "../../../../scripts/workspace.mjs";
import { execute, printed, start } from "../execute.ts";
import { copyOfWorkspace, turboCache } from "../workspace-copy.ts";

const checkout = fileURLToPath(new URL("../../../../", import.meta.url));
const { scripts = {} } = readManifest(checkout);

/** Does what `npm run NAME -- ARGS` does, in this process. */
async function runTask(...args: string[]) {
  const [log, error] = (["log", "error"] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation(() => {}),
  );
  const exitCode = await main(args);
  const [stdout, stderr] = [log, error].map((spy) => spy?.mock.calls.join("\n"));
  vi.restoreAllMocks();
  return { exitCode, stdout, stderr };
}

/** Those that do something as soon as they run, which a mistyped option must not start. */
const own = [
  "test",
  "build",
  "types",
  "lint",
  "format",
  "docs:api",
  "docs:screenshot",
  "site",
  "version",
  "release",
];

describe("a script of the repository", () => {
  it.each(own)("%s explains itself, and does nothing with an unknown option", async (name) => {
    expect(scripts[name]).toBe(`node scripts/workspace.mjs ${name}`);
    expect(await runTask(name, "--help")).toEqual({
      exitCode: 0,
      stdout: expect.stringContaining(`Usage: npm run ${name} -- `),
      stderr: "",
    });
    expect(await runTask(name, "--bogus")).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `Unknown option '--bogus'. \`npm run ${name} -- --help\` lists the options.`,
    });
  });

  it.each([
    [["test", "--filter=clinet"], 'There is no member "clinet": there are '],
    [["docs:api", "--chek"], "Unknown option '--chek'."],
    [["release", "--dry-run"], "Unknown option '--dry-run'."],
  ])("%j says what is wrong", async (args, message) => {
    const { exitCode, stderr } = await runTask(...args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(message) });
  });

  it.each([
    [["--help"], 0, "Usage: npm run mutate -- "],
    [["--bogus"], 2, "Unknown option '--bogus'. `npm run mutate -- --help` lists the options."],
    [["bogus"], 2, "Name one member: core, client, mock-server."],
    [["core", "--group", "bogus"], 2, "core has no such group."],
    [["core", "--sample", "0"], 2, "--sample and --concurrency must be whole numbers from 1."],
  ])("mutate, which reads its arguments itself, answers %j", async (args, code, message) => {
    const program = ["scripts/workspace.mjs", "mutate", ...args];
    const { exitCode, stdout, stderr } = await execute(process.execPath, program, { cwd: checkout });
    expect({ exitCode, text: stdout + stderr }).toEqual({
      exitCode: code,
      text: expect.stringContaining(message),
    });
  });

  it.skipIf(process.platform === "win32")(
    "start builds the mock, serves it, and stops it with Ctrl-C",
    async () => {
      const surroundings = { cwd: copyOfWorkspace(), env: turboCache, detached: true };
      const npm = start("npm", ["start", "--", "--port", "0"], surroundings);
      const [, url] = await printed(npm, /ready at (\S+)/);
      expect((await fetch(`${url}/__mock/health`)).status).toBe(200);
      process.kill(-(npm.pid ?? 0), "SIGINT");
      await npm;
      await expect.poll(() => fetch(`${url}/__mock/health`).catch(() => "gone")).toBe("gone");
    },
  );
});
