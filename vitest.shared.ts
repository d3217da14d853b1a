import { fileURLToPath } from "node:url";
import { defineConfig, type ViteUserConfig } from "vitest/config";
import { mutationSettings } from "./scripts/mutation/vitest.ts";

interface Options {
  /** The least statement coverage of the member, in per cent (default: not measured). It is measured where `CI` is set. */
  floor?: number;
  /** The files that count towards the floor (default: all sources). */
  covered?: string[];
  /** Whether the packages are tested as they are built, in place of their sources. */
  built?: boolean;
  test?: NonNullable<ViteUserConfig["test"]>;
}

/** The test configuration of every member: it tests the sources unless asked for `dist`, and writes a report that can be counted. */
export function memberConfig(options: Options = {}): ViteUserConfig {
  return defineConfig({
    ssr: {
      resolve: {
        conditions: [
          ...(options.built ? [] : ["@auto-extend/source"]),
          "module",
          "node",
          "development|production",
        ],
      },
    },
    test: {
      include: ["test/**/*.test.ts"],
      globalSetup: [fileURLToPath(new URL("scripts/temporary-folders.ts", import.meta.url))],
      // A process of its own for each file costs more than most files do. What a test changes beyond its file, it restores.
      isolate: false,
      // Nothing here takes so long by itself, but a busy machine does.
      testTimeout: 120_000,
      hookTimeout: 120_000,
      // Whoever polls waits for something that will be so: the default of a second is too short for a busy machine.
      expect: { poll: { timeout: 20_000 } },
      reporters: ["default", "json"],
      outputFile: { json: "reports/tests.json" },
      ...(options.floor === undefined
        ? {}
        : {
            coverage: {
              // Measuring it takes a fifth of a member's time, and little that somebody changes in a day changes it.
              enabled: Boolean(process.env.CI),
              provider: "v8",
              include: options.covered ?? ["src/**/*.ts"],
              reporter: ["text-summary", "json-summary"],
              reportsDirectory: "reports/coverage",
              thresholds: { statements: options.floor },
            },
          }),
      // Node loads what is built by itself, which is faster, and how users load it.
      ...(options.built ? { server: { deps: { external: [/\/(packages|apps)\/[a-z-]+\/dist\//] } } } : {}),
      ...options.test,
      ...mutationSettings(),
    },
  });
}
