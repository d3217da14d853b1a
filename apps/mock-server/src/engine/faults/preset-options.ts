import { formatIssues, issuesOf } from "@auto-extend/core";
import { suggestion } from "../../lib/nearest.js";
import { schemaMessages } from "../../lib/schema-messages.js";
import { deepFreeze, type Fault, FaultError, FaultNotApplicableError, faultSchema } from "./fault.js";
import { type Preset, type PresetOption, presets } from "./presets.js";

/** Turns the name of a preset and its options into a fault. */

const byName: ReadonlyMap<string, Preset> = new Map(presets.map((preset) => [preset.name, preset]));

const allPresets = "This command lists all faults: npx @auto-extend/mock-server faults";

/** The fault of a preset. */
interface PresetFault {
  readonly name: string;
  /** Frozen with all its parts. */
  readonly fault: Fault;
  /** The operations whose answers it can change (default: all). */
  readonly operations: Preset["operations"];
}

/**
 * Makes the fault of a preset.
 *
 * @param given the chosen options, as text or as values.
 * @throws FaultError if there is no such preset or option, or if an option is invalid.
 */
export function presetFault(name: string, given: Readonly<Record<string, unknown>> = {}): PresetFault {
  const found = byName.get(name);
  if (!found) {
    throw new FaultError(`Unknown fault "${cut(name)}". ${suggestion(name, [...byName.keys()], allPresets)}`);
  }
  const names = found.options.map((option) => option.name);
  const unknownOption = Object.keys(given).find((option) => !names.includes(option));
  if (unknownOption !== undefined) {
    throw new FaultError(
      names.length === 0
        ? `The fault "${name}" has no options.`
        : `The fault "${name}" has no option "${cut(unknownOption)}". ${suggestion(unknownOption, names)}`,
    );
  }
  const options = found.options.map((option) => [option.name, chosen(name, option, given[option.name])]);
  const fault = faultSchema.safeParse(found.fault(Object.fromEntries(options)), {
    errorMap: schemaMessages(faultSchema),
  });
  if (fault.success) return { name, fault: deepFreeze(fault.data), operations: found.operations };
  throw new FaultError(
    `The options of the fault "${name}" do not fit together: ${formatIssues(issuesOf(fault.error))}.`,
  );
}

function chosen(preset: string, option: PresetOption, value: unknown): string | number | boolean {
  const { fallback, choices, range = [0, 0] } = option;
  if (value === undefined) return fallback;
  const refuse = (expected: string) => {
    throw new FaultError(`The option "${option.name}" of the fault "${preset}" must be ${expected}.`);
  };
  const text = String(value);
  if (typeof fallback === "boolean") return text === "true" || (text !== "false" && refuse("true or false"));
  if (choices) {
    return choices.find((choice) => String(choice) === text) ?? refuse(`one of ${choices.join(", ")}`);
  }
  if (typeof fallback === "number") {
    const [least, most] = range;
    const isWithin = /^-?\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most;
    return isWithin ? Number(text) : refuse(`a whole number from ${least} to ${most}`);
  }
  return typeof value === "string" ? value : refuse("a text");
}

function cut(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

/** Whether a preset can change answers of an operation. */
export function appliesTo(preset: string | null, operation: string | null): boolean {
  const applicable = preset === null ? undefined : byName.get(preset)?.operations;
  return applicable === undefined || operation === null || applicable.some((id) => id === operation);
}

/** @throws FaultNotApplicableError since a preset would change nothing about the answers of an operation. */
export function refuseToApply(preset: string, operation: string): never {
  throw new FaultNotApplicableError(
    `The fault "${preset}" would do nothing to ${operation}: its answer has none of the fields that the fault changes. Use it with ${byName.get(preset)?.operations?.join(", ")}.`,
  );
}
