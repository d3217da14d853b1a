import { createRequire } from "node:module";
import { dirname } from "node:path";
import type ts from "typescript";

export type Resolution = "NodeNext" | "Bundler" | "Node10";

/** Dependencies of the packages that are large, and none of whose declarations come from here. */
const foreign = /\/node_modules\/(?:zod|@types\/node|undici-types)\//;

/**
 * A checker of one TypeScript. Declarations of dependencies are read but not checked by themselves. It checks in the process, so that
 * the checks of one TypeScript share the files that they read. A declaration file that was checked under one resolution is not checked
 * again under another.
 */
export function checkerOf(version: string) {
  const ts: typeof import("typescript") = createRequire(import.meta.url)(version);
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
      .filter(({ fileName, isDeclarationFile }) => !isDeclarationFile || !checked.has(fileName))
      .filter(({ fileName }) => !foreign.test(fileName));
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
