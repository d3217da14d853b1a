import { proxyTypes, setAutoExtend } from "@auto-extend/core";
import { z } from "zod/v3";

const count = z.number().int().nonnegative();

/** The sum of the five counts is `given`. */
const counts = {
  given: count,
  changed: count,
  refused: count,
  unknown: count,
  notTried: count,
  /** Dropped because they were in the same chunk before. */
  duplicates: count,
};

const group = { proxyType: z.enum(proxyTypes), rentPeriodDays: count };

const failure = z
  .object({
    ...group,
    orderId: z.string(),
    outcome: z.enum(["refused", "unknown", "not-tried"]),
    /** The provider's error code; null where there is none. */
    code: z.number().nullable(),
    message: z.string(),
  })
  .strict();

/** The `result` of `on` and `off` with `--file`. */
export const switchedMany = z
  .object({
    dryRun: z.literal(false),
    autoExtend: z.boolean(),
    account: z
      .object({
        ...counts,
        /** How many IP addresses the provider says were switched. */
        quantity: count,
        /** How many calls it took, each with retries of its own. */
        calls: count,
      })
      .strict(),
    groups: z.array(z.object({ ...group, ...counts }).strict()),
    /** Why the run ended early; null where it didn't. */
    stopped: z
      .object({
        why: z.enum(["aborted", "refused", "failed", "ledger"]),
        /** What the client met with; null where it was something else. */
        error: z.object({ name: z.string(), message: z.string(), whatToDo: z.string() }).strict().nullable(),
      })
      .strict()
      .nullable(),
    /** The first of them; `--failures` writes all into a file. */
    failures: z.array(failure),
    /** How many there are. */
    failureCount: count,
    failuresFile: z.string().nullable(),
    ledger: z.string().nullable(),
    /** How many order ids were settled in an earlier run, and not sent again. */
    settledBefore: count,
  })
  .strict();

/** The `result` of `on` and `off` with `--file` and `--dry-run`. */
export const manyDryRun = z
  .object({
    dryRun: z.literal(true),
    autoExtend: z.boolean(),
    chunkSize: count,
    /** What would be sent. */
    groups: z.array(z.object({ ...group, orders: count, chunks: count }).strict()),
    settledBefore: count,
    /** The one request that would be sent; null where it would be more, or none. */
    request: setAutoExtend.request.nullable(),
    /** The same as a curl command. */
    curl: z.string().nullable(),
  })
  .strict();
