// The commands in the text, outside of blocks. Blocks are run; of these it is known that command and options exist.
import { join } from "node:path";
import { Readable } from "node:stream";
import { run } from "@auto-extend/cli";
import { expect, it } from "vitest";
import { readManifest } from "../../../../scripts/members.mjs";
import { execute } from "../execute.js";
import { markdownFiles, root } from "./blocks.js";

/** The texts between backticks in the documents, with the path of each. A changelog rightly names what is no longer there. */
const named = markdownFiles()
  .filter(({ path }) => !/(?:^|\/)CHANGELOG\.md$|^\.changeset\/(?!README)/.test(path))
  .flatMap(({ path, prose }) =>
    [...prose.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => ({ path, text: text.replace(/\s+/g, " ") })),
  );

type Help = (command: readonly string[]) => Promise<string>;
const known = new Map<string, Promise<string>>();

/** Our programs: how documents call them, and the help of each for itself or a command. */
const programs: readonly { name: RegExp; help: Help }[] = [
  { name: /^(?:npx @auto-extend\/cli|auto-extend) /, help: remembered("CLI", helpOfCli) },
  {
    name: /^(?:npx @auto-extend\/mock-server|auto-extend-mock) /,
    help: remembered("mock", (command) => helpOf("apps/mock-server/bin/auto-extend-mock.js", command)),
  },
];

it("the tasks of the repository that the documents name exist, with their options", async () => {
  const { scripts = {} } = readManifest(root);
  const help = remembered("task", (task) => helpOf("scripts/workspace.mjs", task));
  const tasks = named.flatMap(({ text }) => {
    const [, task = "", rest = ""] = /^npm (?:run )?((?!install|pkg)[\w:]+)(.*)$/.exec(text) ?? [];
    return task === "" ? [] : [{ text, task, rest }];
  });
  expect(tasks.length).toBeGreaterThan(20);
  for (const { text, task, rest } of tasks) {
    expect(Object.keys(scripts), text).toContain(task);
    if (rest.includes(" --")) expect(optionsMissing(rest, await help([task])), text).toEqual([]);
  }
});

it("the commands of our programs that the documents name exist, with their options", async () => {
  const checked: string[] = [];
  for (const { path, text } of named) {
    for (const { name, help } of programs) {
      const isCalled = name.test(`${text} `);
      const words = `${text} `.replace(name, "").trim().split(" ");
      // A command may stand without its program; a single word may be anything.
      if (!isCalled && (words.length === 1 || !commandsIn(await help([])).includes(words[0] ?? ""))) continue;
      checked.push(text);
      expect(await missingIn(words, help), `${path}: ${text}`).toEqual([]);
    }
  }
  expect(checked.length).toBeGreaterThan(50);
  // An option by itself is that of a command which the documents name as well.
  const all = (await Promise.all(known.values())).join("\n");
  const options = named.filter(({ text }) => /^--(?!save-dev|max-semi)[a-z]/.test(text));
  expect(options.length).toBeGreaterThan(50);
  expect(options.filter(({ text }) => optionsMissing(text, all).length > 0)).toEqual([]);
});

async function missingIn(words: readonly string[], help: Help): Promise<string[]> {
  // Options that all commands have stand in the help of the program.
  let text = await help([]);
  const command: string[] = [];
  for (let names = commandsIn(text); names.length > 0; names = commandsIn(await help(command))) {
    const word = words[command.length];
    if (word === undefined || !/^[a-z]/.test(word)) break;
    if (!names.includes(word)) return [word];
    command.push(word);
    text += await help(command);
  }
  return optionsMissing(words.join(" "), text);
}

function optionsMissing(text: string, help: string): string[] {
  const options = text.match(/(?<=^| )--[a-z][\w-]*/g) ?? [];
  return options.filter((option) => !new RegExp(`${option}(?![\\w-])`).test(help));
}

function commandsIn(help: string): string[] {
  // Those of the CLI are in groups.
  const [, list = ""] = /\n(?:Commands|Orders):\n([\s\S]*?)(?:\nExamples:|$)/.exec(help) ?? [];
  return [...list.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = ""]) => name);
}

function remembered(program: string, help: Help): Help {
  return (command) => {
    const key = `${program} ${command.join(" ")}`;
    const text = known.get(key) ?? help(command);
    known.set(key, text);
    return text;
  };
}

async function helpOfCli(command: readonly string[]): Promise<string> {
  let text = "";
  await run([...command, "--help"], {
    stdin: Readable.from([]),
    stdout: { write: (part) => (text += part) },
    stderr: { write: () => {} },
    env: {},
    confirm: async () => false,
  });
  return text;
}

async function helpOf(program: string, command: readonly string[]): Promise<string> {
  const args = [join(root, program), ...command, "--help"];
  return (await execute(process.execPath, args, { cwd: root })).stdout;
}
