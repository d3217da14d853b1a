import { join } from "node:path";
import { expect, it } from "vitest";
import { readManifest } from "../../../../scripts/members.mjs";
import { execute } from "../execute.js";
import { markdownFiles, root } from "./blocks.js";

const programs = {
  "npx @auto-extend/cli": "packages/cli/bin/auto-extend.js",
  "auto-extend": "packages/cli/bin/auto-extend.js",
  "npx @auto-extend/mock-server": "apps/mock-server/bin/auto-extend-mock.js",
};

/** A changelog rightly names what is no longer there. */
const present = markdownFiles().filter(
  ({ path }) => !/(?:^|\/)CHANGELOG\.md$|^\.changeset\/(?!README)/.test(path),
);

/** The commands in the text, outside of blocks. Blocks are run; of these it is known that command and options exist. */
const commands = present.flatMap(({ path, prose }) =>
  [...prose.matchAll(/`((?:npm run |npx @auto-extend\/|auto-extend )[^`]+)`/g)].map(
    ([, command = ""]) => [path, command.replace(/\s+/g, " ")] as const,
  ),
);

it("the tasks of the repository that the documents name exist", () => {
  const { scripts = {} } = readManifest(root) as { scripts?: Record<string, string> };
  const tasks = commands.flatMap(([, command]) => /^npm run ([\w:]+)/.exec(command)?.[1] ?? []);
  expect(tasks.length).toBeGreaterThan(5);
  expect(tasks.filter((task) => !Object.hasOwn(scripts, task))).toEqual([]);
});

it("the commands of our programs that the documents name exist, with their options", async () => {
  const named = commands.flatMap(([path, command]) => {
    const [, name = "", rest = ""] = /^(npx @auto-extend\/[\w-]+|auto-extend) ?(.*)$/.exec(command) ?? [];
    const file = programs[name as keyof typeof programs];
    return file === undefined ? [] : [{ path, command, file, words: rest.split(" ") }];
  });
  expect(named.length).toBeGreaterThan(10);
  const helps = new Map<string, Promise<string>>();
  const wrong: string[] = [];
  for (const { path, command, file, words } of named) {
    const first = words[0] ?? "";
    const args = /^[a-z-]+$/.test(first) && !first.startsWith("-") ? [first, "--help"] : ["--help"];
    const key = [file, ...args].join(" ");
    if (!helps.has(key)) helps.set(key, helpOf(file, args));
    const help = (await helps.get(key)) ?? "";
    const missing = words.filter(
      (word) => word.startsWith("--") && !help.includes(word.split("=")[0] ?? word),
    );
    if (help === "" || missing.length > 0) wrong.push(`${path}: ${command} (${missing.join(", ")})`);
  }
  expect(wrong).toEqual([]);
});

async function helpOf(file: string, args: readonly string[]): Promise<string> {
  const { exitCode, stdout } = await execute(process.execPath, [join(root, file), ...args], { cwd: root });
  if (exitCode !== 0 || args.length === 1) return exitCode === 0 ? stdout : "";
  // Options that all commands have stand in the help of the program.
  return stdout + (await helpOf(file, ["--help"]));
}
