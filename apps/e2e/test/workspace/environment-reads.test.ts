import { expect, it } from "vitest";
import { environmentReads } from "./environment-reads.js";

it.each<[source: string, reads: string[]]>([
  ["const ci = process.env.CI;", ["CI"]],
  ["if (process.env['CI'] === '1') run(process.env[`HOME`]);", ["CI", "HOME"]],
  ["const { CI, FUZZ_SEED: seed = '1', ...rest } = process.env; rest.OTHER;", ["CI", "FUZZ_SEED", "OTHER"]],
  ["const { env } = process; env.CI;", ["CI"]],
  ["const { env: { CI } } = process;", ["CI"]],
  ["function run({ CI } = process.env) {}", ["CI"]],
  ["let CI; ({ CI } = process.env);", ["CI"]],
  ["const set = 'CI' in process.env;", ["CI"]],
  ["const env = process.env; function run() { return env?.CI; }", ["CI"]],
  ["function run() { return settings.CI; } const settings = process.env as Settings;", ["CI"]],
  ["import process from 'node:process'; process.env.CI;", ["CI"]],
  ["import here from 'process'; here.env.CI;", ["CI"]],
  ["import * as here from 'node:process'; here.env.CI;", ["CI"]],
  ["import { env } from 'node:process'; env.CI; env['HOME'];", ["CI", "HOME"]],
  ["import { env as variables } from 'process'; const { CI } = variables;", ["CI"]],
  ["import { default as here } from 'node:process'; here.env.CI;", ["CI"]],
  ["globalThis.process.env.CI; (process as Node).env!.HOME;", ["CI", "HOME"]],
  ["process['env'].CI;", ["CI"]],
  ["process.env[name];", ["[name]"]],
  ["const { [name]: value } = process.env;", ["[name]"]],
  ["const env = { CI: '1' }; env.CI; options.env.HOME; process.argv.CI; child({ env: process.env });", []],
  ["// process.env.CI\nconst text = 'process.env.HOME';", []],
])("the variables that are read by %s", (source, reads) => {
  expect(environmentReads(source)).toEqual(reads);
});
