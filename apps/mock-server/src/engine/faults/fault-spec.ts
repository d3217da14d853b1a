import { formatIssues, issuesOf, operations, proxyTypes } from "@auto-extend/core";
import { z } from "zod/v3";
import { schemaMessages } from "../../lib/schema-messages.js";
import type { ServedOperation } from "../route.js";
import { combined, type Fault, FaultError, faultSchema } from "./fault.js";
import { presetFault, requireAppliesTo } from "./preset-options.js";
import { presets } from "./presets.js";

/** Faults that wait for requests, as they are ordered. */
export type FaultSpec = z.input<typeof faultSpecSchema>;

/** Which requests a fault is for: those that have everything that is named here. */
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

/** The schema of a {@link FaultSpec}. */
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

/** What an order comes to. */
export interface ParsedFault {
  /** The name of the preset; `null` where it is made of primitives alone. */
  readonly preset: string | null;
  readonly fault: Fault;
  readonly match: FaultMatch;
  /** For how many requests; `null` for all. */
  readonly times: number | null;
  readonly share: number;
  readonly seed: number;
}

/**
 * Reads an order.
 *
 * @param hasAccount whether there is an account of an id.
 * @throws FaultError where the order can't be followed.
 */
export function parseFaultSpec(order: unknown, hasAccount: (id: string) => boolean): ParsedFault {
  const parsed = faultSpecSchema.safeParse(order, { errorMap: schemaMessages });
  if (!parsed.success) {
    throw new FaultError(
      `The fault can't be ordered: ${formatIssues(issuesOf(parsed.error))}. ${misplacedOptions(order) ?? 'An example: {"preset":"gateway-502","times":2}.'}`,
    );
  }
  const { match = {}, times = null, share = 1, seed = 1, preset = null } = parsed.data;
  const fault = faultOf(parsed.data);
  requireAppliesTo(preset, match.operation ?? null);
  if (match.account !== undefined && !hasAccount(match.account)) {
    throw new FaultError(
      `The fault would never strike, for there is no account ${JSON.stringify(match.account.slice(0, 40))} to match: GET /__mock/state lists those that there are. An API key gets its account with its first request, or as the fault is narrowed to the key: by the header mock-api-key, or by { apiKey } where the mock is in your own program.`,
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

function faultOf({ preset, options, fault: own }: FaultSpec): Fault {
  if (preset === undefined && own === undefined) {
    throw new FaultError(
      'Say which fault: {"preset":"slow"}, or one of your own such as {"fault":{"lose":"applied"}}.',
    );
  }
  if (preset === undefined && options !== undefined) {
    throw new FaultError("The options are those of a preset, but none is named.");
  }
  const fault = combined([own ?? {}, preset === undefined ? {} : presetFault(preset, options)]);
  // Each of the two may be in order, and not both together.
  const { error } = faultSchema.safeParse(fault, { errorMap: schemaMessages });
  if (error) throw new FaultError(`The fault can't be ordered: ${formatIssues(issuesOf(error))}.`);
  if (Object.keys(fault).join() === "applied" && fault.applied) {
    throw new FaultError(
      "Requests are carried out where nothing goes wrong: say what goes wrong, too, such as the preset gateway-502.",
    );
  }
  return fault;
}

/**
 * An order for the requests of one account; what is no order stays as it is, to be refused as such.
 *
 * @throws FaultError where it is for another account.
 */
export function faultSpecForAccount(order: unknown, account: string): unknown {
  const { match = {} } = (order ?? {}) as { match?: unknown };
  if (!isRecord(order) || !isRecord(match)) return order;
  if (match.account !== undefined && match.account !== account) {
    throw new FaultError(
      "The fault is for another account than the one that it is narrowed to: leave one of them out.",
    );
  }
  return { ...order, match: { ...match, account } };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
