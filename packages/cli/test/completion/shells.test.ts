import { errorCodes, grades, proxyTypes } from "@auto-extend/core";
import { describe, expect, it } from "vitest";
import { complete, completionText } from "../../src/program/complete.js";
import { commands, globalOptions } from "../../src/program/program.js";
import { runCli } from "../support/cli.js";
import { describeWith } from "../support/debian-package.js";
import { folderWith, type Offer, offersFor, runIn, type Shell, shells } from "./shell.js";

const commandNames = [...commands.map(({ name }) => name), "help"];
const topics = [...commandNames.slice(0, -1), "exit-codes"];
const startingWith = (start: string) => commandNames.filter((name) => name.startsWith(start));
const codes = errorCodes.map(({ code }) => String(code));

/** Typed lines, and the offers for each. */
const cases: [line: string, offered: readonly string[]][] = [
  ["auto-extend ", commandNames],
  ["auto-extend o", startingWith("o")],
  ["auto-extend xyz", []],
  ["auto-extend --js", ["--json"]],
  ["auto-extend --json o", startingWith("o")],
  // A value is no command, whatever it looks like.
  ["auto-extend --base-url on ", commandNames],
  ["auto-extend --base-url=on ", commandNames],
  ["auto-extend --base-url on off --ty", ["--type"]],
  ["auto-extend --base-url http://127.0.0.1:4010 ver", ["verify"]],
  ["auto-extend --api-key-file off --timeout 5 on --ty", ["--type"]],
  ["auto-extend --timeout ", []],
  // Options of all commands, before and after the command.
  ["auto-extend on --js", ["--json"]],
  ["auto-extend on --json --base-url http://127.0.0.1:4010 --ty", ["--type"]],
  ["auto-extend --json on 111 --api-key-f", ["--api-key-file"]],
  ["auto-extend on 111 222 --dry", ["--dry-run"]],
  ["auto-extend errors --ty", []],
  ["auto-extend verify --allow-c", ["--allow-changes"]],
  ["auto-extend --ty", []],
  // Values, in any case.
  ["auto-extend on --type ", proxyTypes],
  ["auto-extend off --type ip", ["IPv4", "IPv6"]],
  ["auto-extend off --type=", proxyTypes],
  ["auto-extend off --days 30 --type=MO", ["MOBILE"]],
  ["auto-extend on --type isp --da", ["--days"]],
  ["auto-extend on --days ", []],
  ["auto-extend verify --grade ", grades],
  ["auto-extend verify --grade OBS", ["observed"]],
  ["auto-extend orders --auto ", ["on", "off"]],
  ["auto-extend orders --sort a", ["addresses", "auto"]],
  ["auto-extend periods ", proxyTypes],
  ["auto-extend price --promo-code ", []],
  ["auto-extend errors ", codes],
  ["auto-extend errors 2", codes.filter((code) => code.startsWith("2"))],
  ["auto-extend errors 29 2", []],
  ["auto-extend completion ", shells],
  ["auto-extend completion z", ["zsh"]],
  // Files.
  ["auto-extend on --file or", ["orders.csv"]],
  ["auto-extend on --file=or", ["orders.csv"]],
  ["auto-extend --api-key-file k", ["key.txt"]],
  ["auto-extend on --type IPv4 --api-key-file k", ["key.txt"]],
  ["auto-extend off --ledger or", ["orders.csv"]],
  ["auto-extend forecast --html or", ["orders.csv"]],
  ["auto-extend on or", []],
  // The command that explains the others.
  ["auto-extend help ", topics],
  ["auto-extend help o", startingWith("o")],
  ["auto-extend help on o", []],
  ["auto-extend --json help ver", ["verify"]],
  ["auto-extend undo or", ["orders.csv"]],
  // What stands behind -- is no option.
  ["auto-extend on -- --ty", []],
  ["auto-extend errors -- --timeout 2", []],
];

const files = ["orders.csv", "key.txt"];

describe("what can stand at the cursor", () => {
  it.each(cases)("of %j is found", async (line, offered) => {
    const words = line.split(" ").slice(1);
    const completion = complete(words);
    const current = (words.at(-1) ?? "").replace(/^--[\w-]+=/, "");
    const found = completion.files
      ? files.filter((file) => file.startsWith(current))
      : completion.words.map(({ name }) => name.replace(/^--[\w-]+=/, ""));
    expect(found.sort()).toEqual([...offered].sort());
  });

  it("is every option of a command, and those of all commands", () => {
    for (const { name, options } of commands) {
      const completion = complete([name, "--"]);
      const found = completion.files ? [] : completion.words.map((word) => word.name);
      const all = [...Object.values(options), ...Object.values(globalOptions)].filter(
        (option) => !("hidden" in option && option.hidden),
      );
      const expected = all.map(({ flags }) => /--[\w-]+/.exec(flags)?.[0]);
      expect(found.sort()).toEqual([...expected, "--help"].sort());
    }
  });

  it("has descriptions on one line each", () => {
    for (const line of completionText(complete(["verify", "--"]))
      .trimEnd()
      .split("\n")) {
      expect(line).toMatch(/^--[\w-]+\t\S.*$/);
    }
  });
});

/** A few of the cases: each starts the program once. */
const shellCases: [line: string, offered: readonly string[]][] = [
  ["auto-extend o", startingWith("o")],
  ["auto-extend --base-url http://127.0.0.1:4010 ver", ["verify"]],
  ["auto-extend off --type=is", ["ISP"]],
  ["auto-extend off --type ip", ["IPv4", "IPv6"]],
  ["auto-extend on --dry", ["--dry-run"]],
  ["auto-extend on --file or", ["orders.csv"]],
  ["auto-extend on --file=or", ["orders.csv"]],
  ["auto-extend errors 2", codes.filter((code) => code.startsWith("2"))],
  ["auto-extend xyz", []],
];

for (const shell of shells) {
  describeWith(shell, `the script for ${shell}`, () => {
    it("offers what can stand at the cursor", async () => {
      const offers = await offersOf({ shell, lines: shellCases.map(([line]) => line) });
      expect(shellCases.map(([line], index) => [line, wordsOf(offers[index])])).toEqual(
        shellCases.map(([line, words]) => [line, [...words].sort()]),
      );
    }, 120_000);
  });
}

for (const shell of ["zsh", "fish"] as const) {
  describeWith(shell, `the descriptions in ${shell}`, () => {
    it("are those of the help", async () => {
      const offers = await offersOf({ shell, lines: ["auto-extend ", "auto-extend verify --js"] });
      const described = Object.fromEntries(offers.flat().map(({ description, word }) => [word, description]));
      for (const { name, description } of commands) expect(described[name]).toBe(description);
      expect(described["--json"]).toBe(globalOptions.json.description);
    }, 60_000);
  });
}

describeWith("zsh", "the script for zsh", () => {
  it("can be sourced as well, once completion is on", async () => {
    const source = `autoload -Uz compinit; compinit -u -D; eval ${shellWord(await scriptOf("zsh"))}; print $_comps[auto-extend]`;
    expect(await runIn(await folderWith(), ["zsh", "-f", "-c", source])).toBe("_auto-extend\n");
  });
});

interface Typed {
  readonly shell: Shell;
  readonly lines: readonly string[];
}

async function offersOf({ lines, shell }: Typed): Promise<Offer[][]> {
  return offersFor(lines, { shell, script: await scriptOf(shell), folder: await folderWith(...files) });
}

async function scriptOf(shell: Shell): Promise<string> {
  return (await runCli(["completion", shell])).stdout;
}

function wordsOf(offers: readonly Offer[] = []): string[] {
  return offers.map(({ word }) => word).sort();
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
