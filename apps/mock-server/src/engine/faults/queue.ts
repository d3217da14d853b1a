import { formatIssues, issuesOf, proxyTypes } from "@auto-extend/core";
import { z } from "zod";
import { combined, type Fault, FaultError, faultSchema } from "./fault.js";
import { presetFault } from "./presets.js";
import { createRandom, type Random } from "./random.js";

/** Faults that wait for requests, as they are ordered. */
export type FaultOrder = z.input<typeof faultOrderSchema>;

const matchSchema = z
  .object({
    account: z.string().optional().describe("Requests of this account alone."),
    operation: z.string().optional().describe("Requests of this operation alone, such as setAutoExtend."),
    proxyType: z.enum(proxyTypes).optional().describe("Requests about this proxy type alone."),
    orderId: z.string().optional().describe("Requests that name this order, perhaps among others."),
    autoExtend: z.boolean().optional().describe("Requests that switch on (true) or off (false) alone."),
  })
  .strict();

/** The schema of a {@link FaultOrder}. */
export const faultOrderSchema = z
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
    seed: z.number().int().optional().describe("What the share and delays are drawn by; 1 where left out."),
  })
  .strict();

/** Faults that wait for requests. */
export interface WaitingFault {
  readonly id: string;
  /** The name of the preset; `null` where it is made of primitives alone. */
  readonly preset: string | null;
  readonly fault: Fault;
  readonly match: z.output<typeof matchSchema>;
  /** For how many requests more; `null` for all. */
  readonly left: number | null;
  readonly share: number;
  readonly seed: number;
  /** How many requests it has struck. */
  readonly struck: number;
}

/** What a request is, as far as faults are matched by it. */
export interface Matched {
  readonly account: string | null;
  readonly operation: string | null;
  /** The body, whatever it is. */
  readonly sent: unknown;
}

/** Faults that wait for requests, in the order in which they came. */
export interface FaultQueue {
  /** @throws FaultError where the order can't be followed. */
  add(order: unknown): WaitingFault;
  list(): WaitingFault[];
  /** Takes one away, or those of an account, or all; whether there was any. */
  remove(which?: { readonly id: string } | { readonly account: string }): boolean;
  /** Forgets all, and counts their ids anew. */
  reset(): void;
  /** The faults that strike a request; each counts it. */
  strike(request: Matched): Struck[];
}

/** A waiting fault that strikes a request. */
export interface Struck {
  readonly id: string;
  readonly name: string;
  readonly fault: Fault;
  readonly random: Random;
}

interface Entry extends WaitingFault {
  left: number | null;
  struck: number;
  readonly random: Random;
}

/** Makes an empty queue. */
export function createFaultQueue(): FaultQueue {
  let entries: Entry[] = [];
  let numbered = 0;

  return {
    add(order) {
      const made = read(order);
      numbered += 1;
      const entry = { id: `fault-${numbered}`, ...made };
      entries.push(entry);
      return shown(entry);
    },
    list: () => entries.map(shown),
    remove(which) {
      const before = entries.length;
      entries = entries.filter((entry) => which && !isMeant(entry, which));
      return entries.length < before;
    },
    reset() {
      entries = [];
      numbered = 0;
    },
    strike(request) {
      // Nearly every request meets an empty queue.
      if (entries.length === 0) return [];
      const striking = entries.filter((entry) => matches(entry, request) && draw(entry));
      for (const entry of striking) {
        entry.struck += 1;
        if (entry.left !== null) entry.left -= 1;
      }
      if (striking.length > 0) entries = entries.filter(({ left }) => left !== 0);
      return striking.map(({ id, preset, fault, random }) => ({ id, name: preset ?? id, fault, random }));
    },
  };
}

function read(order: unknown): Omit<Entry, "id"> {
  const parsed = faultOrderSchema.safeParse(order);
  if (!parsed.success) {
    throw new FaultError(
      `The fault can't be ordered: ${formatIssues(issuesOf(parsed.error))}. An example: {"preset":"gateway-502","times":2}.`,
    );
  }
  const { preset = null, options, fault, match = {}, times = null, share = 1, seed = 1 } = parsed.data;
  if (preset === null && fault === undefined) {
    throw new FaultError(
      'Say which fault: {"preset":"slow"}, or one of your own such as {"fault":{"lose":"applied"}}.',
    );
  }
  if (preset === null && options !== undefined) {
    throw new FaultError("The options are those of a preset, but none is named.");
  }
  const named = preset === null ? {} : presetFault(preset, options);
  return {
    preset,
    fault: combined([fault ?? {}, named]),
    match,
    left: times,
    share,
    seed,
    struck: 0,
    random: createRandom(seed),
  };
}

function shown({ random: _, ...entry }: Entry): WaitingFault {
  return { ...entry };
}

function isMeant(entry: Entry, which: { readonly id: string } | { readonly account: string }): boolean {
  return "id" in which ? entry.id === which.id : entry.match.account === which.account;
}

function matches({ match }: Entry, { account, operation, sent }: Matched): boolean {
  const body = (typeof sent === "object" && sent !== null ? sent : {}) as Record<string, unknown>;
  return (
    (match.account === undefined || match.account === account) &&
    (match.operation === undefined || match.operation === operation) &&
    (match.proxyType === undefined || match.proxyType === body.proxyType) &&
    (match.autoExtend === undefined || match.autoExtend === body.autoExtend) &&
    (match.orderId === undefined || (Array.isArray(body.orderIds) && body.orderIds.includes(match.orderId)))
  );
}

function draw({ share, random }: Entry): boolean {
  return share === 1 || random() < share;
}
