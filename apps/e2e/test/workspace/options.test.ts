import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readManifest } from "../../../../scripts/members.mjs";
import { execute } from "../execute.ts";

const checkout = fileURLToPath(new URL("../../../../", import.meta.url));
const { scripts = {} } = readManifest(checkout);

/** Does what `npm run NAME -- ARGS` does. */
function runScript(name: string, ...args: string[]) {
  const [program = "", ...rest] = (scripts[name] ?? "").split(" ");
  return execute(program, [...rest, ...args], { cwd: checkout });
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
  it.each([...own, "mutate"])("%s explains itself, and does nothing with an unknown option", async (name) => {
    const [help, unknown] = await Promise.all([runScript(name, "--help"), runScript(name, "--bogus")]);
    expect(help).toMatchObject({ exitCode: 0, stderr: "" });
    expect(help.stdout).toContain(`Usage: npm run ${name} -- `);
    expect(unknown).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: `Unknown option '--bogus'. \`npm run ${name} -- --help\` lists the options.\n`,
    });
  });

  it.each([
    [["test", "--filter=clinet"], 'There is no member "clinet": there are '],
    [["docs:api", "--chek"], "Unknown option '--chek'."],
    [["release", "--dry-run"], "Unknown option '--dry-run'."],
    [["mutate", "bogus"], "Name one member: core, client, mock-server."],
    [["mutate", "core", "--group", "bogus"], "core has no such group."],
    [["mutate", "core", "--sample", "0"], "--sample and --concurrency must be whole numbers from 1."],
  ])("%j says what is wrong", async ([name = "", ...args], message) => {
    const { exitCode, stderr } = await runScript(name, ...args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(message) });
  });
});
