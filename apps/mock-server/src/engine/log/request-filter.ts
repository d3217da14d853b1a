import { operations, proxyTypes } from "@auto-extend/core";
import { z } from "zod/v3";
import type { LogEntry } from "./request-log.js";

/** Which requests are meant: those that have everything that is named here. */
export type RequestFilter = z.input<typeof requestFilterSchema>;

/** The schema of a {@link RequestFilter}. */
export const requestFilterSchema = z
  .object({
    account: z.string().optional().describe("The id of the account."),
    changes: z
      .boolean()
      .optional()
      .describe("Whether the operation can change something: a switch does, a list or a price does not."),
    operation: z.string().optional().describe("The operation, such as setAutoExtend."),
    outcome: z
      .enum(["done", "refused", "problem", "faulted", "forwarded"])
      .optional()
      .describe("What became of the request."),
    code: z.number().int().optional().describe("The error code of a refusal."),
    status: z.number().int().nullable().optional().describe("The HTTP status; null where no answer left."),
    fault: z.string().optional().describe("The name of a fault that struck it."),
    proxyType: z.enum(proxyTypes).optional().describe("The proxy type that was sent."),
    orderId: z.string().optional().describe("An order id that was sent, perhaps among others."),
    orderIds: z
      .array(z.string())
      .optional()
      .describe("The order ids that were sent, in any order, and no others."),
    ipAddressId: z.string().optional().describe("An IP address id that was sent, perhaps among others."),
    ipAddressIds: z
      .array(z.string())
      .optional()
      .describe("The IP address ids that were sent, in any order, and no others."),
    rentPeriodDays: z.number().optional().describe("The rental period that was sent, in days."),
    autoExtend: z.boolean().optional().describe("The switch that was sent."),
    drift: z
      .enum(["accepts", "lawful", "emits", "any", "none"])
      .optional()
      .describe("How it drifted from the contract, where it was passed on to another server."),
  })
  .strict();

/** The schema of a query of the request log. */
export const requestQuerySchema = requestFilterSchema.extend({
  limit: z.number().int().min(1).optional().describe("The maximum number of requests, the last ones."),
  after: z
    .string()
    .optional()
    .describe("Only requests after the one with this ID; all if the log does not have it (any more)."),
});

/** How a request differs from what was wanted of it. */
export interface Difference {
  readonly field: keyof RequestFilter;
  readonly wanted: unknown;
  /** What it was; `null` where it was not there. */
  readonly was: unknown;
}

/** How a request differs from what a filter wants; an empty list where it fits. */
export function differences(entry: LogEntry, filter: RequestFilter): Difference[] {
  const sent = (typeof entry.sent === "object" && entry.sent !== null ? entry.sent : {}) as Record<
    string,
    unknown
  >;
  const was: Record<keyof RequestFilter, unknown> = {
    account: entry.account,
    changes: operations.some(({ id, changes }) => id === entry.operation && changes),
    operation: entry.operation,
    outcome: entry.decided.outcome,
    code: entry.decided.code,
    status: entry.status,
    fault: entry.fault?.triggers.map(({ name }) => name),
    proxyType: sent.proxyType,
    orderId: sent.orderIds,
    orderIds: sent.orderIds,
    ipAddressId: sent.ipAddressIds,
    ipAddressIds: sent.ipAddressIds,
    rentPeriodDays: sent.rentPeriodDays,
    autoExtend: sent.autoExtend,
    drift: entry.drift?.map(({ level }) => level) ?? [],
  };
  return (Object.keys(filter) as (keyof RequestFilter)[])
    .filter((field) => filter[field] !== undefined && !fits(field, filter[field], was[field]))
    .map((field) => ({ field, wanted: filter[field], was: was[field] ?? null }));
}

/** One of many is wanted. */
const members: readonly (keyof RequestFilter)[] = ["fault", "orderId", "ipAddressId"];

function fits(field: keyof RequestFilter, wanted: unknown, was: unknown): boolean {
  if (members.includes(field)) return Array.isArray(was) && was.includes(wanted);
  if (field === "orderIds" || field === "ipAddressIds") return sameSet(wanted, was);
  if (field === "drift" && Array.isArray(was)) {
    return wanted === "none" ? was.length === 0 : wanted === "any" ? was.length > 0 : was.includes(wanted);
  }
  return wanted === was;
}

function sameSet(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return false;
  const [left, right] = [new Set(a), new Set(b)];
  return left.size === right.size && [...left].every((item) => right.has(item));
}
