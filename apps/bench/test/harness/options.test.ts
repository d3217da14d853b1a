import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { expect, it } from "vitest";

const sources = fileURLToPath(new URL("../../src", import.meta.url));
const programs = readdirSync(sources, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith("main.mjs"))
  .map((path) => path.replaceAll("\\", "/"));

function run(program: string, ...options: string[]) {
  return execa(process.execPath, [`${sources}/${program}`, ...options], { reject: false });
}

it("tests each of the programs", () => {
  expect(programs.sort()).toEqual(["bulk/main.mjs", "soak/main.mjs", "speed/main.mjs"]);
});

it.concurrent.each([
  [
    "bench",
    "speed/main.mjs",
    [
      ...["rounds", "seconds", "operation"],
      ...["mock", "start", "world", "client", "page", "nginx", "compare", "write"],
    ],
  ],
  ["soak", "soak/main.mjs", ["minutes", "seed", "connections"]],
  [
    "bulk",
    "bulk/main.mjs",
    ["orders", "rounds", "seed", "chunk-size", "concurrency", "checks", "memory", "write"],
  ],
])("npm run %s explains each option with --help, and measures nothing", async (name, program, options) => {
  const { exitCode, stdout, stderr } = await run(program, "--help");
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  expect(stdout).toMatch(new RegExp(`^Usage: npm run ${name} -- \\[options\\]\n\n[A-Z][^\n]+`));
  const listed = [...stdout.matchAll(/^ {2}--([a-z-]+)(?: [A-Z]+)? {2,}\S/gm)].map(([, option]) => option);
  expect(listed).toEqual([...options, "json", "help"]);
});

// All programs read their options by the same function.
it.concurrent.each([
  ["--unknown", /Unknown option '--unknown'/],
  ["--json", /argument missing/],
  ["--json=no-such-folder/a.json", /^ENOENT: no such file or directory, open 'no-such-folder\/a\.json'/],
  ["--rounds=none", /--rounds must be a whole number from/],
])("npm run bench refuses %s", async (option, message) => {
  const { exitCode, stdout, stderr } = await run("speed/main.mjs", option);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(stderr).toMatch(message);
});
