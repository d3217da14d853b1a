import { formatIssues, issuesOf } from "@auto-extend/core";
import { schemaMessages } from "../../lib/schema-messages.js";
import type { ServedOperation } from "../route.js";
import { type Fault, FaultError, faultSchema } from "./fault.js";
import { type PresetOption, presets } from "./presets.js";

/**
 * The fault that a preset's name and options mean.
 *
 * @param given the options that somebody chose, as text or as values.
 * @throws FaultError where there is no such preset or option, or an option does not fit.
 */
export function presetFault(name: string, given: Readonly<Record<string, unknown>> = {}): Fault {
  const found = presets.find((each) => each.name === name);
  if (!found)
    throw new FaultError(
      `There is no fault "${cut(name)}". There are: ${presets.map((each) => each.name).join(", ")}.`,
    );
  const known = found.options.map((option) => option.name);
  const stranger = Object.keys(given).find((option) => !known.includes(option));
  if (stranger !== undefined) {
    const choice = known.length > 0 ? `It has: ${known.join(", ")}.` : "It has none.";
    throw new FaultError(`The fault "${name}" has no option "${cut(stranger)}". ${choice}`);
  }
  const options = found.options.map((option) => [option.name, chosen(name, option, given[option.name])]);
  const fault = faultSchema.safeParse(found.fault(Object.fromEntries(options)), { errorMap: schemaMessages });
  if (fault.success) return fault.data;
  throw new FaultError(`The fault "${name}" can't be had so: ${formatIssues(issuesOf(fault.error))}.`);
}

function chosen(preset: string, option: PresetOption, value: unknown): string | number | boolean {
  const { fallback, choices, range = [0, 0] } = option;
  if (value === undefined) return fallback;
  const refuse = (wanted: string) => {
    throw new FaultError(`The option "${option.name}" of the fault "${preset}" must be ${wanted}.`);
  };
  const text = String(value);
  if (typeof fallback === "boolean") return text === "true" || (text !== "false" && refuse("true or false"));
  if (choices) {
    return choices.find((choice) => String(choice) === text) ?? refuse(`one of ${choices.join(", ")}`);
  }
  if (typeof fallback === "number") {
    const [least, most] = range;
    const fits = /^-?\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most;
    return fits ? Number(text) : refuse(`a whole number from ${least} to ${most}`);
  }
  return typeof value === "string" ? value : refuse("a text");
}

function cut(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

/** Whether a preset can strike requests of an operation: the answers of some have nothing of what it changes. */
export function canApplyTo(preset: string | null, operation: string | null): boolean {
  const struck = appliesTo(preset);
  return struck === undefined || operation === null || struck.some((id) => id === operation);
}

/**
 * Makes sure that a preset can strike requests of an operation.
 *
 * @throws FaultError where it can't, and would do nothing.
 */
export function requireAppliesTo(preset: string | null, operation: string | null): void {
  if (canApplyTo(preset, operation)) return;
  throw new FaultError(
    `The fault "${preset}" would do nothing to ${operation}, whose answer has nothing of what it changes. It strikes ${appliesTo(preset)?.join(", ")}.`,
  );
}

function appliesTo(preset: string | null): readonly ServedOperation["id"][] | undefined {
  return preset === null ? undefined : presets.find(({ name }) => name === preset)?.operations;
}
