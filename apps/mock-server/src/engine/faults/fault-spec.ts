import { formatIssues, issuesOf, operations, proxyTypes } from "@auto-extend/core";
import { z } from "zod/v3";
import { schemaMessages } from "../../lib/schema-messages.js";
import type { ServedOperation } from "../types.js";
import { deepFreeze, type Fault, FaultError, faultSchema, mergeFaults } from "./fault.js";
import { appliesTo, presetFault } from "./preset-options.js";
import { type PresetChoice, presets } from "./presets.js";

/** A fault for requests to come: a preset, a fault of your own, or both. */
export type FaultSpec = (PresetChoice | { preset?: undefined; options?: undefined }) &
  Omit<z.input<typeof faultSpecSchema>, "preset" | "options">;

/** The requests that a fault is for: those that have everything that is named here. */
export type FaultMatch = z.output<typeof matchSchema>;

const operationIds = operations.map(({ id }) => id) as [ServedOperation["id"], ...ServedOperation["id"][]];

const matchSchema = z
  .object({
    account: z.string().optional().describe("Requests of this account alone."),
    operation: z.enum(operationIds).optional().describe("Requests of this operation alone."),
    proxyType: z.enum(proxyTypes).optional().describe("Requests about this proxy type alone."),
    orderId: z.string().optional().describe("Requests that name this order, perhaps among others."),
    autoExtend: z.boolean().optional().describe("Requests that switch on (true) or off (false) alone."),
  })
  .strict();

/** The schema of a {@link FaultSpec}, without the names and options of the presets. */
export const faultSpecSchema = z
  .object({
    preset: z.string().optional().describe("The name of a preset."),
    options: z
      .record(z.union([z.string(), z.number(), z.boolean()]))
      .optional()
      .describe("Options of the preset."),
    fault: faultSchema
      .optional()
      .describe("A fault made of primitives, in place of a preset or on top of it."),
    match: matchSchema.optional().describe("Which requests it is for; all where left out."),
    times: z
      .number()
      .int()
      .min(1)
      .nullable()
      .optional()
      .describe("For how many of these requests; null, or left out: for all."),
    share: z
      .number()
      .gt(0)
      .max(1)
      .optional()
      .describe("Which share of these requests it strikes, drawn by `seed`; all where left out."),
    seed: z
      .number()
      .int()
      .optional()
      .describe("What the share and delays are drawn by, for each API key apart; 1 where left out."),
  })
  .strict();

/** A fault that was read from a {@link FaultSpec}. */
export interface ParsedFault {
  /** The name of the preset; `null` without one. */
  readonly preset: string | null;
  readonly fault: Fault;
  readonly match: FaultMatch;
  /** The number of requests; `null` for all. */
  readonly times: number | null;
  readonly share: number;
  readonly seed: number;
}

/**
 * Reads a specification of a fault.
 *
 * @param hasAccount whether an account with this ID exists.
 * @throws FaultError if it cannot be used.
 */
export function parseFaultSpec(spec: unknown, hasAccount: (id: string) => boolean): ParsedFault {
  const parsed = faultSpecSchema.safeParse(spec, { errorMap: schemaMessages(faultSpecSchema) });
  if (!parsed.success) {
    throw new FaultError(
      `The fault can't be added: ${formatIssues(issuesOf(parsed.error))}. ${misplacedOptions(spec) ?? 'An example: {"preset":"gateway-502","times":2}.'}`,
    );
  }
  const { match = {}, times = null, share = 1, seed = 1, preset = null } = parsed.data;
  const fault = faultOf(parsed.data);
  if (!appliesTo(preset, match.operation ?? null)) {
    throw new FaultError(
      `The fault "${preset}" would do nothing to ${match.operation}: its answer has none of the fields that the fault changes.`,
    );
  }
  if (match.account !== undefined && !hasAccount(match.account)) {
    throw new FaultError(
      `The fault would never strike: there is no account ${JSON.stringify(match.account.slice(0, 40))} to match. GET /__mock/state lists the accounts. An API key gets its account with its first request, or when a fault is narrowed to the key (header mock-api-key, or { apiKey } in your own program).`,
    );
  }
  return { preset, fault, match, times, share, seed };
}

/** Says where the options of a preset belong, if the specification has some of them beside its name. */
function misplacedOptions(spec: unknown): string | undefined {
  if (!isRecord(spec) || typeof spec.preset !== "string") return undefined;
  const { preset, options, ...rest } = spec;
  const known = presets.find(({ name }) => name === preset)?.options ?? [];
  const names = known.map(({ name }) => name).filter((name) => Object.hasOwn(rest, name));
  if (names.length === 0) return undefined;
  const example = { preset, options: Object.fromEntries(names.map((name) => [name, rest[name]])) };
  return `Options of the preset belong into "options": ${JSON.stringify(example).slice(0, 200)}.`;
}

function faultOf({ preset, options, fault: own }: z.output<typeof faultSpecSchema>): Fault {
  if (preset === undefined && own === undefined) {
    throw new FaultError(
      'Say which fault: {"preset":"slow"}, or one of your own such as {"fault":{"lose":"applied"}}.',
    );
  }
  if (preset === undefined && options !== undefined) {
    throw new FaultError("The options are those of a preset, but no preset is named.");
  }
  const ofPreset = preset === undefined ? [] : [presetFault(preset, options).fault];
  const fault = mergeFaults([...(own ? [deepFreeze(structuredClone(own))] : []), ...ofPreset]);
  // Each of the two may be valid, and their combination invalid.
  const { error } = faultSchema.safeParse(fault, { errorMap: schemaMessages(faultSchema) });
  if (error) throw new FaultError(`The fault can't be added: ${formatIssues(issuesOf(error))}.`);
  if (Object.keys(fault).join() === "applied" && fault.applied) {
    throw new FaultError(
      "Requests are carried out anyway if nothing goes wrong: say what goes wrong as well, such as the preset gateway-502.",
    );
  }
  return fault;
}

/**
 * Narrows a specification to one account. A value that is no specification stays as it is, to be refused as such.
 *
 * @throws FaultError if it is for another account.
 */
export function faultSpecForAccount(spec: unknown, account: string): unknown {
  const { match = {} } = (spec ?? {}) as { match?: unknown };
  if (!isRecord(spec) || !isRecord(match)) return spec;
  if (match.account !== undefined && match.account !== account) {
    throw new FaultError("The fault names two different accounts: leave one of them out.");
  }
  return { ...spec, match: { ...match, account } };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
