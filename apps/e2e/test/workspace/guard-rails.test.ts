import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { execa } from "execa";
import { afterEach, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const listName = "scripts/guard-rails.json";

/** The text of a file `name` that only imports a type of the file `from`. */
const typeImport = (name: string, from: string) =>
  `import type { ${from.toUpperCase()} } from "./${from}.js";\nexport type ${name.toUpperCase()} = ${from.toUpperCase()} | null;\n`;
const cycle = {
  "packages/one/src/a.ts": typeImport("a", "b"),
  "packages/one/src/b.ts": typeImport("b", "c"),
  "packages/one/src/c.ts": typeImport("c", "a"),
};
const statements = (count: number) => "  call();\n".repeat(count);
const longFunction = (lines: number) => `export function long() {\n${statements(lines)}}\n`;
/** A function with a complexity of 1 + 2 + ... + `depth`: each level of nesting adds one. */
const nested = (name: string, depth: number) =>
  `export function ${name}(x) {\n${"if (x) {\n".repeat(depth)}call();\n${"}\n".repeat(depth)}}\n`;
const folder = (path: string, count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${path}/file${index}.ts`, "export {};\n"]),
  );

const scratchFolders: string[] = [];
afterEach(() => {
  for (const scratch of scratchFolders.splice(0))
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
});

/** Makes a checkout with one package, the given files, and the given exceptions. */
function makeCheckout(files: Record<string, string>, exceptions: object = {}): string {
  const checkout = mkdtempSync(join(tmpdir(), "auto-extend-guard-rails-"));
  scratchFolders.push(checkout);
  const all = {
    ".gitignore": "node_modules/\n",
    "apps/README.md": "",
    "packages/one/package.json": '{ "name": "one", "version": "0.0.0" }\n',
    "packages/one/src/index.ts": "export {};\n",
    [listName]: JSON.stringify(exceptions),
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(checkout, path)), { recursive: true });
    writeFileSync(join(checkout, path), text);
  }
  copyFileSync(join(root, "biome.json"), join(checkout, "biome.json"));
  execFileSync("git", ["init", "--quiet"], { cwd: checkout });
  return checkout;
}

async function guardRails(
  checkout: string,
  ...options: string[]
): Promise<{ passed: boolean; output: string }> {
  const script = join(root, "scripts", "guard-rails.mjs");
  const { failed, all } = await execa(process.execPath, [script, ...options, checkout], {
    all: true,
    reject: false,
  });
  return { passed: !failed, output: all };
}

const readList = (checkout: string) => JSON.parse(readFileSync(join(checkout, listName), "utf8"));

describe("the guard rails of npm run lint", () => {
  it("accept a checkout that keeps every rule", async () => {
    const checkout = makeCheckout({
      ...folder("packages/one/src/room", 12),
      ...folder("packages/one/src/room/operations", 30),
      ...folder("packages/one/test", 30),
      "packages/one/src/long.ts": longFunction(60),
      "packages/one/src/nested.mjs": nested("fifteen", 5),
      "packages/one/src/above.ts": typeImport("above", "index"),
      "packages/one/test/long.test.ts": longFunction(61),
      "packages/one/src/schema.ts": 'export { z } from "zod/v3";\n',
      "packages/one/src/regex.ts":
        "// biome-ignore lint/suspicious/noControlCharactersInRegex: a bell is meant.\nexport const bell = /\\x07/;\n",
      "packages/core/README.md": "We recommend it: what it says stands in the foretold canewood.\n",
      "packages/core/src/plain.ts":
        "/** Whether it is what you mean. */\n// That it is plain is enough.\nexport const OrderBooks = 1;\n",
      "packages/one/src/elsewhere.ts": "/** What it tells anew. */\nexport const OrderBook = 1;\n",
      "apps/e2e/test/packed/user/program.ts": `import { z } from "${"zod"}";\nexport const schema = z.string();\n`,
    });
    const { passed, output } = await guardRails(checkout);
    expect(output).toContain("The guard rails hold.");
    expect(passed).toBe(true);
  });

  const violations: [title: string, guard: string, files: Record<string, string>, culprits: string[]][] = [
    ["a cycle of type imports", "importCycles", cycle, Object.keys(cycle)],
    [
      "a cycle through a re-export and a dynamic import",
      "importCycles",
      {
        "packages/one/src/a.ts": 'export * from "./b/index.js";\n',
        "packages/one/src/b/index.ts": 'export const load = () => import("../a.js");\n',
      },
      ["packages/one/src/a.ts", "packages/one/src/b/index.ts"],
    ],
    [
      "a function that is too complex, in a test",
      "complexity",
      { "packages/one/test/nested.mjs": nested("twentyOne", 6) },
      ["packages/one/test/nested.mjs", "complexity of 21"],
    ],
    [
      "a function that is too long",
      "functionLines",
      { "scripts/long.mjs": longFunction(61) },
      ["scripts/long.mjs", "too many lines (61)"],
    ],
    [
      "a folder with too many files",
      "folderFiles",
      folder("packages/one/src/room", 13),
      ["packages/one/src/room", "13 files"],
    ],
    [
      "an import of zod without its version",
      "zodImports",
      {
        "packages/one/src/schema.ts": `import { z } from "${"zod"}";\n`,
        "packages/one/src/mini.ts": `import { z } from "${"zod"}/mini";\n`,
        "packages/one/src/four.ts": `export const four = import(/* newer */ "${"zod"}/v4");\n`,
      },
      ["packages/one/src/schema.ts", "packages/one/src/mini.ts", "packages/one/src/four.ts"],
    ],
    [
      "a type from zod without its version",
      "zodImports",
      { "packages/one/src/schema.ts": `export type Schema = import("${"zod"}").ZodType;\n` },
      ["packages/one/src/schema.ts"],
    ],
    [
      "zod without its version in JSDoc",
      "zodImports",
      {
        "scripts/a.mjs": `/** @import { ZodType } from "${"zod"}" */\n`,
        "scripts/b.mjs": `/** @param {import("${"zod"}").ZodType} schema */\nexport function b(schema) {}\n`,
      },
      ["scripts/a.mjs", "scripts/b.mjs"],
    ],
    [
      "a name that was given up",
      "oldNames",
      {
        "packages/core/src/a.ts": "export interface OrderBook {}\nexport const leansOn = 1;\n",
        "packages/client/test/b.test.ts": "export const looseMoment = 1;\n",
      },
      ["line 1: OrderBook (OrderIndex)", "line 2: leansOn (dependsOn)", "packages/client/test/b.test.ts"],
    ],
    [
      "a phrase that puzzles",
      "oldPhrases",
      {
        "packages/core/README.md": "It goes\non.\n",
        "packages/core/src/a.ts":
          "/** The default where left\n * out. */\nexport const a = 'Is told anew';\n",
        "packages/client/test/b.test.ts": 'it("Mends what is none", () => {});\n',
      },
      [
        "line 1: goes on (continues)",
        "line 1: where left * out (default: ...)",
        "line 3: told (says, reports, shows)",
        "line 3: anew (again)",
        "line 1: Mends (fix)",
        "line 1: is none (is missing, or no ...)",
      ],
    ],
    [
      "a doc comment that opens with a riddle",
      "riddles",
      {
        "packages/core/src/a.ts": "/** What it is. */\nexport const a = 1;\n",
        "packages/client/src/b.ts": "/**\n * That it is. */\nexport const b = 1;\n",
      },
      ["packages/core/src/a.ts", "packages/client/src/b.ts"],
    ],
    [
      "a comment that switches one of the rules off",
      "suppressions",
      {
        "packages/one/src/long.ts": `// ${"biome-ignore"} lint/complexity/noExcessiveLinesPerFunction: long\n${longFunction(61)}`,
      },
      ["packages/one/src/long.ts"],
    ],
    [
      "a comment that switches one of the rules off among others",
      "suppressions",
      {
        "packages/one/src/long.ts": `// ${"biome-ignore"} lint/style/useConst lint/complexity/noExcessiveLinesPerFunction: long\n${longFunction(61)}`,
      },
      ["packages/one/src/long.ts"],
    ],
    [
      "a comment that switches all rules off",
      "suppressions",
      { "packages/one/src/long.ts": `// ${"biome-ignore-all"} lint: long\n${longFunction(61)}` },
      ["packages/one/src/long.ts"],
    ],
  ];
  it.each(violations)("refuse %s", async (_title, guard, files, culprits) => {
    const { passed, output } = await guardRails(makeCheckout(files));
    expect(passed).toBe(false);
    expect(output).toContain(`${guard}: `);
    for (const culprit of culprits) expect(output).toContain(culprit);
    expect(output).toMatch(/Why: \S.*\n.*To fix: \S/);
  });

  it("accept listed exceptions", async () => {
    const checkout = makeCheckout(
      {
        ...cycle,
        "packages/one/src/c.ts": `${typeImport("c", "a")}export type { B } from "./b.js";\n`,
        ...folder("packages/one/src/room", 14),
        "scripts/nested.mjs": nested("one", 6) + nested("two", 6),
      },
      {
        importCycles: Object.keys(cycle),
        complexity: { "scripts/nested.mjs": [21, 21] },
        folderFiles: { "packages/one/src/room": 14 },
      },
    );
    const { passed, output } = await guardRails(checkout);
    expect(output).toContain("lists 5 files and folders as exceptions");
    expect(passed).toBe(true);
  });

  it.each<[string, Record<string, string>, object, string]>([
    [
      "one more function in a listed file",
      { "scripts/nested.mjs": nested("one", 6) + nested("two", 6) },
      { complexity: { "scripts/nested.mjs": [21] } },
      "complexity of 21",
    ],
    [
      "a listed function that became more complex",
      { "scripts/nested.mjs": nested("one", 7) },
      { complexity: { "scripts/nested.mjs": [21] } },
      "complexity of 28",
    ],
    [
      "a listed function that became longer, even if another became shorter",
      { "scripts/long.mjs": longFunction(80) + longFunction(70).replace("long", "other") },
      { functionLines: { "scripts/long.mjs": [90, 65] } },
      "too many lines (70)",
    ],
    [
      "one more file in a listed folder",
      folder("packages/one/src/room", 15),
      { folderFiles: { "packages/one/src/room": 14 } },
      "15 files",
    ],
  ])("refuse %s", async (_title, files, exceptions, detail) => {
    const { passed, output } = await guardRails(makeCheckout(files, exceptions));
    expect(passed).toBe(false);
    expect(output).toContain(`${Object.keys(exceptions)}: `);
    expect(output).toContain(detail);
  });

  it("refuse exceptions that are no longer needed, also of files that are gone", async () => {
    const checkout = makeCheckout(
      { "scripts/nested.mjs": nested("one", 6) },
      {
        importCycles: ["packages/one/src/index.ts"],
        complexity: { "scripts/nested.mjs": [28, 16], "scripts/gone.mjs": [16] },
      },
    );
    const { passed, output } = await guardRails(checkout);
    expect(passed).toBe(false);
    expect(output).toContain("Remove them from the list scripts/guard-rails.json");
    expect(output).toContain("importCycles: packages/one/src/index.ts");
    expect(output).toContain("complexity: scripts/nested.mjs: 21 instead of 28, 16");
    expect(output).toContain("complexity: scripts/gone.mjs");
  });

  it("refuse exceptions to a rule that does not exist", async () => {
    const { passed, output } = await guardRails(makeCheckout({}, { noSuchRule: ["a.ts"] }));
    expect(passed).toBe(false);
    expect(output).toContain("unknown rules: noSuchRule");
  });

  it("remove and lower exceptions with --update, and never add any", async () => {
    const checkout = makeCheckout(
      {
        "scripts/nested.mjs": nested("one", 6),
        "scripts/grown.mjs": nested("two", 6) + nested("three", 6),
        "scripts/new.mjs": nested("four", 6),
        ...cycle,
      },
      {
        importCycles: ["packages/one/src/a.ts", "packages/one/src/index.ts"],
        complexity: { "scripts/nested.mjs": [28, 16], "scripts/grown.mjs": [21] },
        functionLines: { "scripts/gone.mjs": [61] },
      },
    );
    const { passed, output } = await guardRails(checkout, "--update");
    expect(readList(checkout)).toEqual({
      importCycles: ["packages/one/src/a.ts"],
      complexity: { "scripts/nested.mjs": [21], "scripts/grown.mjs": [21] },
    });
    expect(passed).toBe(false);
    expect(output).toContain("scripts/grown.mjs");
    expect(output).toContain("scripts/new.mjs");
    expect(output).toContain("packages/one/src/b.ts");
    expect(output).not.toContain("no longer needed");
  });
});

describe("the list of exceptions", () => {
  /** Commits what is in a checkout, with the script that knows all rules. */
  function commit(checkout: string): void {
    copyFileSync(join(root, "scripts", "guard-rails.mjs"), join(checkout, "scripts", "guard-rails.mjs"));
    const git = (...args: string[]) => execFileSync("git", args, { cwd: checkout, stdio: "pipe" });
    git("add", "--all");
    const author = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"];
    git(...author, "commit", "--quiet", "--message", "A state");
  }

  const write = (checkout: string, files: Record<string, string>, exceptions: object) => {
    for (const [path, text] of Object.entries(files)) writeFileSync(join(checkout, path), text);
    writeFileSync(join(checkout, listName), JSON.stringify(exceptions));
  };
  const before = {
    files: { "scripts/nested.mjs": nested("one", 6) },
    exceptions: { complexity: { "scripts/nested.mjs": [21] } },
  };

  it.each<[string, Record<string, string>, object]>([
    [
      "one more function",
      { "scripts/nested.mjs": nested("one", 6) + nested("two", 6) },
      { complexity: { "scripts/nested.mjs": [21, 21] } },
    ],
    [
      "a function that became more complex",
      { "scripts/nested.mjs": nested("one", 7) },
      { complexity: { "scripts/nested.mjs": [28] } },
    ],
    [
      "one more file",
      { "scripts/more.mjs": nested("two", 6) },
      { complexity: { "scripts/nested.mjs": [21], "scripts/more.mjs": [21] } },
    ],
    [
      "the first exception to another rule",
      { "scripts/long.mjs": longFunction(61) },
      { ...before.exceptions, functionLines: { "scripts/long.mjs": [61] } },
    ],
  ])("must not grow by %s: neither before a commit nor in it", async (_title, files, exceptions) => {
    const checkout = makeCheckout(before.files, before.exceptions);
    commit(checkout);
    expect(await guardRails(checkout)).toMatchObject({ passed: true });
    write(checkout, files, exceptions);
    const uncommitted = await guardRails(checkout);
    expect(uncommitted.passed).toBe(false);
    expect(uncommitted.output).toMatch(/^\w+: scripts\/guard-rails\.json accepts more than in HEAD\. /m);
    commit(checkout);
    const committed = await guardRails(checkout);
    expect(committed.passed).toBe(false);
    expect(committed.output).toContain("accepts more than in HEAD^1. ");
  });

  it("may change with a file that moves, and may shrink", async () => {
    const checkout = makeCheckout(
      { ...before.files, "scripts/long.mjs": longFunction(61) },
      { ...before.exceptions, functionLines: { "scripts/long.mjs": [61] } },
    );
    commit(checkout);
    rmSync(join(checkout, "scripts", "nested.mjs"));
    rmSync(join(checkout, "scripts", "long.mjs"));
    write(checkout, { "scripts/moved.mjs": nested("one", 6) }, { complexity: { "scripts/moved.mjs": [21] } });
    expect(await guardRails(checkout)).toMatchObject({ passed: true });
    commit(checkout);
    expect(await guardRails(checkout)).toMatchObject({ passed: true });
  });

  it("is compared in a clone of the last commit alone, too", async () => {
    const origin = makeCheckout(before.files, before.exceptions);
    commit(origin);
    const checkout = makeCheckout({});
    rmSync(checkout, { recursive: true });
    execFileSync("git", ["clone", "--quiet", "--depth", "1", pathToFileURL(origin).href, checkout]);
    expect(await guardRails(checkout)).toMatchObject({ passed: true });
    write(
      checkout,
      { "scripts/more.mjs": nested("two", 6) },
      { complexity: { "scripts/nested.mjs": [21], "scripts/more.mjs": [21] } },
    );
    const { passed, output } = await guardRails(checkout);
    expect(passed).toBe(false);
    expect(output).toContain("accepts more than in HEAD. ");
  });
});
