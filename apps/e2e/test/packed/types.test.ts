import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type ts from "typescript";
import { describe, expect, inject, it } from "vitest";
import { execute } from "./execute.ts";

type Resolution = "NodeNext" | "Bundler" | "Node10";

const { projects } = inject("packed");
const require = createRequire(import.meta.url);
const folderOf = (name: string) => projects.find((project) => project.name === name)?.folder ?? "";

// The declarations of the packages, and of all that they depend on, are checked as well (skipLibCheck is off). Only those
// of msw itself are not: msw 2.0.0 and 3 have errors of their own.
describe.each([
  ["typescript-5.0", "zod-3"],
  ["typescript-5.4", "zod-3"],
  ["typescript", "zod-4"],
])("%s type-checks what users write, in the project %s", (version, project) => {
  const check = checkerOf(require(version));

  it.each<[string, Resolution]>([
    [`tsconfig.${project}.json`, "NodeNext"],
    [`tsconfig.${project}.json`, "Bundler"],
    [`tsconfig.${project}.json`, "Node10"],
    ["tsconfig.msw.json", "NodeNext"],
  ])("%s under %s", (config, resolution) => {
    expect(check(join(folderOf(project), config), resolution)).toBe("");
  });
});

describe("TypeScript 7 type-checks what users write", () => {
  const tsc = join(dirname(require.resolve("typescript-7/package.json")), "bin", "tsc");

  it.concurrent.each([
    ["zod-4", "tsconfig.zod-4.json", "NodeNext", "NodeNext"],
    ["zod-4", "tsconfig.zod-4.json", "ESNext", "Bundler"],
    ["zod-4", "tsconfig.page.json", "ESNext", "Bundler"],
    ["no-zod", "tsconfig.no-zod.json", "NodeNext", "NodeNext"],
    ["no-zod", "tsconfig.msw.json", "NodeNext", "NodeNext"],
    ["no-zod", "tsconfig.msw.json", "ESNext", "Bundler"],
  ])("in the project %s: %s as %s under %s", async (project, config, module, moduleResolution) => {
    const args = [
      tsc,
      "--project",
      config,
      "--module",
      module,
      "--moduleResolution",
      moduleResolution,
      "--singleThreaded",
    ];
    const { exitCode, stdout } = await execute(process.execPath, args, { cwd: folderOf(project) });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
  });
});

/**
 * Checks in the process, so that the checks of one TypeScript share the files that they read. A declaration file that was
 * checked under one resolution is not checked again under another.
 */
function checkerOf(ts: typeof import("typescript")) {
  const texts = new Map<string, ts.SourceFile | undefined>();
  const checked = new Set<string>();

  return (configFile: string, resolution: Resolution): string => {
    const module = resolution === "NodeNext" ? ts.ModuleKind.NodeNext : ts.ModuleKind.ESNext;
    const moduleResolution = ts.ModuleResolutionKind[resolution];
    const forced = { module, moduleResolution, ...(resolution === "Node10" && { esModuleInterop: true }) };
    const config = ts.getParsedCommandLineOfConfigFile(configFile, forced, {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
        throw new Error(ts.flattenDiagnosticMessageText(messageText, "\n"));
      },
    });
    if (!config) throw new Error(`${configFile} can't be read.`);
    const host = ts.createCompilerHost(config.options);
    const { getSourceFile } = host;
    host.getSourceFile = (name, options, ...rest) => {
      const key = `${name} ${typeof options === "object" ? options.impliedNodeFormat : ""}`;
      if (!texts.has(key)) texts.set(key, getSourceFile(name, options, ...rest));
      return texts.get(key);
    };
    const program = ts.createProgram(config.fileNames, config.options, host);
    const unchecked = program
      .getSourceFiles()
      .filter(({ fileName, isDeclarationFile }) => !isDeclarationFile || !checked.has(fileName));
    const diagnostics = [
      ...config.errors,
      ...program.getOptionsDiagnostics(),
      ...program.getGlobalDiagnostics(),
      ...unchecked.flatMap((file) => [
        ...program.getSyntacticDiagnostics(file),
        ...program.getSemanticDiagnostics(file),
      ]),
    ];
    if (!config.options.skipLibCheck) for (const { fileName } of unchecked) checked.add(fileName);
    return ts.formatDiagnostics(diagnostics, {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => dirname(configFile),
      getNewLine: () => "\n",
    });
  };
}
