import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa, execaSync } from "execa";
import { afterEach, describe, expect, it } from "vitest";
import { violationsIn } from "../../../../scripts/guard-rails.mjs";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

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

/** Makes a checkout with one package and the given files. */
function makeCheckout(files: Record<string, string>): string {
  const checkout = mkdtempSync(join(tmpdir(), "auto-extend-guard-rails-"));
  scratchFolders.push(checkout);
  const all = {
    ".gitignore": "node_modules/\n",
    "apps/README.md": "",
    "packages/one/package.json": '{ "name": "one", "version": "0.0.0" }\n',
    "packages/one/src/index.ts": "export {};\n",
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(checkout, path)), { recursive: true });
    writeFileSync(join(checkout, path), text);
  }
  copyFileSync(join(root, "biome.json"), join(checkout, "biome.json"));
  execaSync("git", ["init", "--quiet"], { cwd: checkout });
  return checkout;
}

/** Runs Biome with the settings of this repository, and returns what it says about complexity. */
async function biome(checkout: string): Promise<{ rule: string; path: string; message: string }[]> {
  const program = join(root, "node_modules", ".bin", "biome");
  const args = ["lint", "--reporter=json", "--max-diagnostics=none"];
  const { stdout } = await execa(program, args, { cwd: checkout, reject: false });
  const { diagnostics }: { diagnostics: Diagnostic[] } = JSON.parse(stdout);
  return diagnostics
    .filter(({ category }) => /noExcessive/.test(category))
    .map(({ severity, category, message, location }) => ({
      rule: `${severity} ${category}`,
      path: location.path.replaceAll("\\", "/"),
      message,
    }));
}

interface Diagnostic {
  readonly severity: string;
  readonly category: string;
  readonly message: string;
  readonly location: { readonly path: string };
}

describe("the guard rails of npm run lint", () => {
  it("accept a checkout that keeps every rule", async () => {
    const checkout = makeCheckout({
      ...folder("packages/one/src/room", 12),
      ...folder("packages/one/src/room/operations", 30),
      ...folder("packages/one/test", 30),
      "packages/one/src/long.ts": longFunction(58),
      "packages/one/src/factory.ts": `export function create() {\n${["a", "b"].map((name) => `  function ${name}() {\n${statements(50)}  }\n`).join("")}}\n`,
      "packages/one/src/nested.mjs": nested("fifteen", 5),
      "packages/one/src/above.ts": typeImport("above", "index"),
      "packages/one/test/long.test.ts": longFunction(61),
      "packages/one/src/schema.ts": 'export { z } from "zod/v3";\n',
      "packages/one/src/regex.ts":
        "// biome-ignore lint/suspicious/noControlCharactersInRegex: a bell is meant.\nexport const bell = /\\x07/;\n",
      "packages/core/README.md": "We recommend it: what it says stands in the foretold canewood.\n",
      "packages/core/src/prose.ts":
        "/** Kept, counted and quoted. */\nexport const text = 'A moment is kept.';\n",
      "packages/core/src/plain.ts":
        "/** Whether it is what you mean. */\n// That it is plain is enough.\nexport const OrderBooks = 1;\n",
      "scripts/guard-rails.mjs": "/** What it tells anew. */\nexport const OrderBook = 1;\n",
      "packages/core/CHANGELOG.md": "`OrderBook` is called `OrderIndex`.\n",
      ".changeset/lazy-cats.md": "`OrderBook` is called `OrderIndex`.\n",
      "apps/e2e/test/packed/user/program.ts": `import { z } from "${"zod"}";\nexport const schema = z.string();\n`,
    });
    expect(violationsIn(checkout)).toBe("");
    expect(await biome(checkout)).toEqual([]);
  });

  it("refuse functions that are too complex", async () => {
    expect(await biome(makeCheckout({ "packages/one/test/nested.mjs": nested("twentyOne", 6) }))).toEqual([
      {
        rule: "error lint/complexity/noExcessiveCognitiveComplexity",
        path: "packages/one/test/nested.mjs",
        message: expect.stringContaining("complexity of 21"),
      },
    ]);
  });

  const violations: [title: string, guard: string, files: Record<string, string>, culprits: string[]][] = [
    [
      "a folder with too many files",
      "folderFiles",
      folder("packages/one/src/room", 13),
      ["packages/one/src/room", "13 files"],
    ],
    [
      "zod without its version, in an import, a type or JSDoc",
      "zodImports",
      {
        "packages/one/src/schema.ts": `import { z } from "${"zod"}";\n`,
        "packages/one/src/mini.ts": `import { z } from "${"zod"}/mini";\n`,
        "packages/one/src/four.ts": `export const four = import(/* newer */ "${"zod"}/v4");\n`,
        "packages/one/src/type.ts": `export type Schema = import("${"zod"}").ZodType;\n`,
        "scripts/a.mjs": `/** @import { ZodType } from "${"zod"}" */\n`,
        "scripts/b.mjs": `/** @param {import("${"zod"}").ZodType} schema */\nexport function b(schema) {}\n`,
      },
      [
        ...["schema", "mini", "four", "type"].map((name) => `packages/one/src/${name}.ts`),
        ...["scripts/a.mjs", "scripts/b.mjs"],
      ],
    ],
    [
      "a name that was given up",
      "oldNames",
      {
        "packages/core/src/a.ts": "export interface OrderBook {}\nexport const leansOn = 1;\n",
        "packages/client/test/b.test.ts": "export const looseMoment = 1;\n",
        "docs/cli.md": "With `--no-verify`, and isOver.\n",
      },
      [
        ...["line 1: no-verify (--no-read-back)", "line 1: isOver (isRateLimited)"],
        "line 1: OrderBook (OrderIndex)",
        "line 2: leansOn (dependsOn)",
        "packages/client/test/b.test.ts",
      ],
    ],
    [
      "a plain word for a name",
      "oldWords",
      {
        "packages/core/src/a.ts":
          "/** Is kept, as the story says. */\nexport const kept = (tell: 1) => tell;\nexport type Carried = 1;\n",
      },
      ["line 2: kept (satisfied, saved, retained)", "line 2: tell (emit, report, show)", "line 3: Carried ("],
    ],
    [
      "a folder with an old name",
      "oldPaths",
      { "packages/one/test/tellings/a.test.ts": "export {};\n" },
      ["packages/one/test/tellings/a.test.ts"],
    ],
    [
      "a phrase that puzzles",
      "oldPhrases",
      {
        "packages/core/README.md":
          "It goes\non, and can go on. What became of it?\nDeclined: nothing was sent.\n",
        "packages/core/src/a.ts":
          "/** The default where left\n * out. */\nexport const a = 'Is told anew';\n",
        "packages/client/test/b.test.ts": 'it("Mends what is none", () => {});\n',
      },
      [
        "line 1: goes on (continues)",
        "line 2: can go on (continues)",
        "line 3: Declined: nothing (Cancelled",
        "line 2: What became of (the result, the outcome)",
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
    ["a cycle of types", "importCycles", cycle, Object.keys(cycle)],
    [
      "a cycle by way of calls, types without an import, and comments",
      "importCycles",
      {
        "packages/one/src/d.ts": 'export * from "./e/index.js";\n',
        "packages/one/src/e/index.ts": 'export const load = () => import("../d.js");\n',
        "packages/one/src/f.ts": 'import type { G } from "./g.js";\nexport type F = G;\n',
        "packages/one/src/g.ts": 'export type G = import("./f.js").F | null;\n',
        "scripts/h.mjs": '/** @import { I } from "./i.mjs" */\n',
        "scripts/i.mjs": '/** @typedef {import("./h.mjs").H} I */\n',
      },
      [
        "one/src/d.ts",
        "one/src/e/index.ts",
        "one/src/f.ts",
        "one/src/g.ts",
        "scripts/h.mjs",
        "scripts/i.mjs",
      ],
    ],
    [
      "an import of the own package by its name",
      "importCycles",
      {
        "packages/one/src/a.ts": 'export * from "one";\n',
        "packages/one/src/b.ts": 'export type One = import("one/sub").One;\n',
        "packages/one/test/c.test.ts": 'import "one";\n',
      },
      ["packages/one/src/a.ts\n    imports its own package", "packages/one/src/b.ts"],
    ],
    [
      "a function that is too long, by what is in it and as anything that has a body",
      "functions",
      {
        "scripts/long.mjs": longFunction(59),
        "packages/one/src/arrow.ts": `export const long = async () => {\n${statements(59)}};\n`,
        "packages/one/src/text.ts": `export function text() {\n  return \`${"line\n".repeat(60)}\`;\n}\n`,
        "packages/one/src/callback.ts": `export function all(list) {\n  list.map((each) => {\n${statements(57)}  });\n}\n`,
        "apps/page/src/page.tsx": `export async function Page() {\n${"  <p />\n".repeat(59)}}\n`,
      },
      [
        "scripts/long.mjs\n    line 1: 61 lines",
        "src/arrow.ts\n    line 1: 61 lines",
        "src/text.ts\n    line 1: 63 lines",
        "src/callback.ts\n    line 1: 61 lines",
        "src/page.tsx\n    line 1: 61 lines",
      ],
    ],
    [
      "settings of Biome below the top folder",
      "settings",
      { "packages/one/src/biome.json": '{ "root": false }\n' },
      ["packages/one/src/biome.json"],
    ],
    [
      "a comment that switches the rule off, alone, among others or with all",
      "suppressions",
      Object.fromEntries(
        [
          " lint/complexity/noExcessiveCognitiveComplexity",
          " lint/style/useConst lint/complexity/noExcessiveCognitiveComplexity",
          "-all lint",
        ].map((rules, index) => [
          `packages/one/src/complex${index}.ts`,
          `// ${"biome-ignore"}${rules}: complex\n${nested("twentyOne", 6)}`,
        ]),
      ),
      [0, 1, 2].map((index) => `packages/one/src/complex${index}.ts`),
    ],
  ];
  it.each(violations)("refuse %s", (_title, guard, files, culprits) => {
    const report = violationsIn(makeCheckout(files));
    expect(report).toContain(`${guard}: `);
    for (const culprit of culprits) expect(report).toContain(culprit);
    expect(report).toMatch(/Why: \S.*\n.*To fix: \S/);
  });

  it("fail as a program, and say what is wrong", async () => {
    const script = join(root, "scripts", "guard-rails.mjs");
    const run = (checkout: string) => execa(process.execPath, [script, checkout], { reject: false });
    const accepted = await run(makeCheckout({}));
    expect([accepted.exitCode, accepted.stdout]).toEqual([0, "The guard rails hold."]);
    const broken = await run(makeCheckout({ "packages/core/src/a.ts": "/** What it is. */\n" }));
    expect([broken.exitCode, broken.stderr]).toEqual([1, expect.stringContaining("riddles: ")]);
  });
});
