import { operations, proxyTypes } from "@auto-extend/core";
import { z } from "zod/v3";
import { fieldsOf, isObject } from "../../lib/fits.js";
import { readWith, whole, withSubject } from "../../lib/schemas.js";
import { nearestOf, suggestion } from "../../lib/text.js";
import { hideKeyLikeName } from "../log/hide-keys.js";
import { deepFreeze, type Fault, FaultError, faultSchema } from "./fault.js";
import { type Preset, type PresetChoice, type PresetOption, presets } from "./presets.js";

/** Reads the faults that people ask for: specifications, and presets with their options. */

/** A fault for later requests: a preset, a fault of your own, or both. */
export type FaultSpec = (
  | (PresetChoice & { fault?: Fault })
  | { preset?: undefined; options?: undefined; fault: Fault }
) &
  Omit<z.input<typeof faultSpecSchema>, "preset" | "options" | "fault">;

const [{ id: firstId }, ...otherOperations] = operations;
export const operationIds = [firstId, ...otherOperations.map(({ id }) => id)] as const;

/** The requests that a fault is injected into: those that match all of these. */
const matchSchema = z
  .strictObject({
    account: z.string().describe("Only requests of this account."),
    operation: z.enum(operationIds).describe("Only requests of this operation."),
    proxyType: z.enum(proxyTypes).describe("Only requests about this proxy type."),
    orderId: z.string().describe("Only requests that name this order, perhaps among others."),
    autoExtend: z.boolean().describe("Only requests that switch on (true) or off (false)."),
  })
  .partial();

const optionsSchema = z.record(z.union([z.string(), z.number(), z.boolean()]));

/** The schema of a {@link FaultSpec}, without the names and options of the presets. */
export const faultSpecSchema = z
  .strictObject({
    preset: z.string().describe("The name of a preset."),
    options: optionsSchema.describe("Options of the preset."),
    fault: faultSchema.describe("A fault made of primitives, instead of a preset or in addition to it."),
    match: matchSchema.describe("Which requests it is injected into (default: all)."),
    times: whole
      .min(1)
      .nullable()
      .describe(
        "The number of requests that it changes; of a limit, the number of requests that it refuses. null for all (default: null).",
      ),
    share: z
      .number()
      .gt(0)
      .max(1)
      .describe("The share of matching requests that it is injected into, chosen at random (default: 1)."),
    seed: whole.describe(
      "Makes the share and random delays repeatable, for each API key separately (default: 1).",
    ),
  })
  .partial();

/** The fault of a {@link FaultSpec}, checked and complete. */
type ParsedFault = z.output<typeof parsedFault>;

export const parsedFault = z.strictObject({
  preset: z.string().nullable().describe("The name of the preset; null without one."),
  options: optionsSchema.describe("The options that were chosen for the preset."),
  fault: faultSchema,
  match: matchSchema.describe("Which requests it is injected into; all if empty."),
  times: whole.nullable(),
  share: z.number().describe("The share of these requests."),
  seed: whole.describe("The seed for share and delays."),
});

/** Reads a specification of a fault. It throws a FaultError if it cannot be used. */
export function parseFaultSpec(spec: unknown, hasAccount: (id: string) => boolean): ParsedFault {
  const parsed = readWith(
    faultSpecSchema,
    spec,
    (problems) =>
      new FaultError(
        `${withSubject("The fault", "can't be added", problems)}. ${exampleLike(spec, problems)}`,
      ),
  );
  const { match = {}, times = null, share = 1, seed = 1, preset = null, options = {} } = parsed;
  const fault = faultOf(parsed);
  const { operation } = match;
  if (preset !== null && operation && !appliesTo(preset, operation)) refuseToApply(preset, operation);
  const absent = neverSent(match);
  if (absent !== undefined) {
    throw new FaultError(
      `The fault would never be injected: requests of ${operation} have no ${absent}. Name one of the two, not both.`,
    );
  }
  if (match.account !== undefined && !hasAccount(match.account)) {
    throw new FaultError(
      `The fault would never be injected: no account has the ID of match.account. GET /__mock/accounts lists the IDs. To match an API key without an account, add the fault for that key: header mock-api-key, or { apiKey } in your own program.`,
    );
  }
  return { preset, options: Object.freeze(options), fault, match, times, share, seed };
}

/** A field to match that requests of the operation to match do not have. */
function neverSent({ operation, proxyType, orderId, autoExtend }: z.output<typeof matchSchema>) {
  const sent = operations.find(({ id }) => id === operation)?.request.shape ?? {};
  const matched = Object.entries({ proxyType, orderIds: orderId, autoExtend });
  return matched.find(([name, value]) => operation && value !== undefined && !(name in sent))?.[0];
}

function exampleLike(spec: unknown, problems: string): string {
  if (problems.startsWith("match")) return 'An example: {"preset":"slow","match":{"orderId":"11111"}}.';
  // The name of a preset alone is a natural guess.
  const name = isObject(spec) ? spec.preset : spec;
  const known = byName.get(String(name));
  if (known) {
    const misplaced = known.options.find((option) => isObject(spec) && option.name in spec);
    return `${misplaced ? `Give ${misplaced.name} in options. ` : ""}${presetExample(known)}`;
  }
  if (isObject(spec) && typeof name === "string") return unknownPreset(name);
  const isOwn = isObject(spec) && spec.fault !== undefined;
  return `An example: ${isOwn ? '{"fault":{"lose":"answer"}}' : '{"preset":"gateway-502","times":2}'}.`;
}

/** How to write a preset, with all its options. */
function presetExample({ name, options }: Preset): string {
  if (options.length === 0) {
    return `An example: ${JSON.stringify({ preset: name, times: 2 })}. This preset has no options.`;
  }
  // An empty text is the default, but no text to send.
  const values = options
    .filter(({ default: fallback }) => fallback !== "")
    .map((option) => [option.name, option.default]);
  return `An example: ${JSON.stringify({ preset: name, options: Object.fromEntries(values) })}.`;
}

function faultOf({ preset, options, fault: own }: z.output<typeof faultSpecSchema>): Fault {
  if (preset === undefined && options !== undefined) {
    throw new FaultError('Options need a preset, but none is named: add one, such as {"preset":"slow"}.');
  }
  if (preset === undefined && own === undefined) {
    throw new FaultError(
      'Say which fault: {"preset":"slow"}, or one of your own such as {"fault":{"lose":"answer"}}.',
    );
  }
  const ofPreset = preset === undefined ? {} : presetFault(preset, options).fault;
  // Copied as JSON: a part that is undefined must not hide the preset's.
  const fault: Fault = deepFreeze({ ...ofPreset, ...JSON.parse(JSON.stringify(own ?? {})) });
  // Each of the two may be valid, and their combination invalid.
  readWith(
    faultSchema,
    fault,
    (problems) => new FaultError(`${withSubject("The fault", "can't be added", problems)}.`),
  );
  if (Object.keys(fault).join() === "applied" && fault.applied) {
    throw new FaultError(
      "The fault would do nothing: requests are carried out anyway. Say what goes wrong as well, such as the preset gateway-502.",
    );
  }
  return fault;
}

/**
 * Limits a specification to one account; a FaultError if it is for another. What is no specification stays, to be refused.
 */
export function faultSpecForAccount(spec: unknown, account: string): unknown {
  const { match = {} } = fieldsOf(spec);
  if (!isObject(spec) || !isObject(match)) return spec;
  if (match.account !== undefined && match.account !== account) {
    throw new FaultError("The fault names two different accounts: remove one of them.");
  }
  return { ...spec, match: { ...match, account } };
}

const byName: ReadonlyMap<string, Preset> = new Map(presets.map((preset) => [preset.name, preset]));

const allPresets = "The command npx @auto-extend/mock-server faults lists all presets.";

/** Creates the fault of a preset, frozen with all its parts. It throws a FaultError for a wrong name, option or value. */
export function presetFault(name: string, given: Readonly<Record<string, unknown>> = {}) {
  const found = byName.get(name);
  if (name === "") throw new FaultError(`No preset is named. ${allPresets}`);
  if (!found) {
    throw new FaultError(unknownPreset(name));
  }
  const names = found.options.map((option) => option.name);
  const unknownOption = Object.keys(given).find((option) => !names.includes(option));
  if (unknownOption !== undefined) {
    throw new FaultError(
      names.length === 0
        ? `The preset "${name}" has no options.`
        : `The preset "${name}" has no option "${quotable(unknownOption, names)}". ${suggestion(unknownOption, names)}`,
    );
  }
  const options = found.options.map(
    (option) => [option.name, chosen(name, option, given[option.name])] as const,
  );
  const fault = readWith(
    faultSchema,
    found.fault(Object.fromEntries(options)),
    (problems) => new FaultError(`The options of the preset "${name}" do not fit together: ${problems}.`),
  );
  const chosenOptions = options.filter(([option]) => given[option] !== undefined);
  return {
    name,
    fault: deepFreeze(fault),
    options: chosenOptions.length > 0 ? Object.freeze(Object.fromEntries(chosenOptions)) : undefined,
  };
}

function unknownPreset(name: string): string {
  const names = [...byName.keys()];
  return `Unknown preset "${quotable(name, names)}". ${suggestion(name, names, allPresets)}`;
}

function chosen(preset: string, option: PresetOption, value: unknown): string | number | boolean {
  const { default: fallback, choices, range = [0, 0] } = option;
  if (value === undefined) return fallback;
  const refuse = (expected: string) => {
    throw new FaultError(`The option "${option.name}" of the preset "${preset}" must be ${expected}.`);
  };
  const text = String(value);
  if (typeof fallback === "boolean") return text === "true" || (text !== "false" && refuse("true or false"));
  if (choices) {
    return choices.find((choice) => String(choice) === text) ?? refuse(`one of ${choices.join(", ")}`);
  }
  if (typeof fallback === "number") {
    const [min, max] = range;
    const isWithin = /^-?\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max;
    return isWithin ? Number(text) : refuse(`a whole number from ${min} to ${max}`);
  }
  return typeof value === "string" ? value : refuse("a string");
}

/** A misspelled name, cut to what is enough to recognize it. */
function quotable(name: string, known: readonly string[]): string {
  const text = nearestOf(name, known) === undefined ? hideKeyLikeName(name) : name;
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

/** Whether a preset can change answers of an operation. */
export function appliesTo(preset: string, operation: string): boolean {
  return byName.get(preset)?.operations?.some((id) => id === operation) ?? true;
}

/** @throws FaultError since a preset would change nothing about the answers of an operation. */
export function refuseToApply(preset: string, operation: string): never {
  throw new FaultError(
    `The preset "${preset}" would do nothing to ${operation}: its answer has none of the fields that the preset changes. Use it with ${byName.get(preset)?.operations?.join(", ")}.`,
    { isIdle: true },
  );
}
