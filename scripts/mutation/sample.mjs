// A Stryker checker that lets one mutant in so many through.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { CheckStatus } from "@stryker-mutator/api/check";
import { commonTokens, declareFactoryPlugin, PluginKind, tokens } from "@stryker-mutator/api/plugin";

/** @typedef {import("@stryker-mutator/api/check").CheckResult} CheckResult */

/** @type {CheckResult} */
const passed = { status: CheckStatus.Passed };
/** The report counts these as errors, which are in no score. @type {CheckResult} */
const leftOut = { status: CheckStatus.CompileError, reason: "not in the sample" };

/** @param {import("@stryker-mutator/api/core").StrykerOptions} options */
function createSampler(options) {
  const oneIn = Number(options.sample ?? 1);
  return {
    async init() {},
    /** @param {import("@stryker-mutator/api/core").Mutant[]} mutants */
    async check(mutants) {
      return Object.fromEntries(
        mutants.map((mutant) => [mutant.id, draw(mutant) % oneIn === 0 ? passed : leftOut]),
      );
    },
    /** @param {import("@stryker-mutator/api/core").Mutant[]} mutants */
    async group(mutants) {
      return [mutants.map(({ id }) => id)];
    },
  };
}
createSampler.inject = tokens(commonTokens.options);

/**
 * Depends on the code alone and not on where it stands, so that code that was moved keeps its sample.
 *
 * @param {import("@stryker-mutator/api/core").Mutant} mutant
 */
function draw({ fileName, location, mutatorName, replacement }) {
  const lines = readFileSync(fileName, "utf8")
    .split("\n")
    .slice(location.start.line, location.end.line + 1);
  const code = lines.map((line) => line.trim()).join("\n");
  const column = location.start.column - (lines[0]?.search(/\S/) ?? 0);
  const key = JSON.stringify([code, column, mutatorName, replacement]);
  return createHash("sha256").update(key).digest().readUInt32BE();
}

export const strykerPlugins = [declareFactoryPlugin(PluginKind.Checker, "sample", createSampler)];

export const strykerValidationSchema = { properties: { sample: { type: "integer", minimum: 1 } } };
