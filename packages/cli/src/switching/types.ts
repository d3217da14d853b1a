/** The result of `on`, `off` and `undo`, as `--json` prints it. */
import { proxyTypes, setAutoExtend } from "@auto-extend/core";
import { z } from "zod/v3";
import { previewSchema } from "../orders/types.js";

const count = z.number().int().nonnegative();
const target = { proxyType: z.enum(proxyTypes), rentPeriodDays: count, autoExtend: z.boolean() };

/** The outcomes of orders. Together with `notSent` and `duplicates` they add up to `given`. */
export const countsSchema = {
  changed: count,
  /** Sent, but as requested before, as far as the list showed it. */
  unchanged: count,
  /** Changed, or as requested already, in an earlier run of the same ledger, and not sent again. */
  doneBefore: count,
  /** Changed according to the provider, but not according to the list that was read back. */
  differs: count,
  refused: count,
  unknown: count,
  notTried: count,
};

export type Counts = { [Name in keyof typeof countsSchema]: number };

const failure = z.strictObject({
  /** `null` if the order was not sent because its proxy type or rental period is not known. */
  proxyType: z.enum(proxyTypes).nullable(),
  rentPeriodDays: count.nullable(),
  orderId: z.string(),
  outcome: z.enum(["not-sent", "refused", "unknown", "not-tried", "differs"]),
  code: z.number().nullable(),
  message: z.string(),
});

export type Failure = z.infer<typeof failure>;

const readBack = z.strictObject({
  /** `unread`: the list could not be read, or does not say. */
  state: z.enum(["verified", "differs", "unread"]),
  addresses: count,
  /** Orders without a usable answer that the list shows as requested, and what was wrong with the first answer. */
  unusable: z.strictObject({ count, reason: z.string().nullable() }),
  /** IP addresses that are not as requested; the first 1,000. */
  unchanged: z.array(
    z.strictObject({
      orderId: z.string(),
      ipAddressId: z.string(),
      ip: z.string().nullable(),
      /** `null` if the list does not say, or the IP address is no longer listed. */
      autoExtend: z.boolean().nullable(),
      rentPeriodDays: z.number().int().nullable(),
    }),
  ),
  unchangedCount: count,
  /** Orders that are not in the list; the first 1,000. */
  missing: z.array(z.string()),
  /** Why the list does not say; `null` if it does. */
  reason: z.string().nullable(),
});

export type ReadBack = z.infer<typeof readBack>;

export const switchResult = z.union([
  z.strictObject({
    dryRun: z.literal(false),
    /** `null` with `--no-preview`, and if the list could not be read. */
    preview: previewSchema.nullable(),
    summary: z.strictObject({
      given: count,
      duplicates: count,
      /** Not sent, since their type or period is not known, or is not the given one. */
      notSent: count,
      ...countsSchema,
      /** IP addresses that an undo switched off, and that keep the rental period of the run. */
      periodsKept: count,
      /** How many IP addresses were switched, by the provider's answers, without those of orders, or parts of orders, that differ. */
      quantity: count,
      /** How many calls it took, each with retries of its own. */
      calls: count,
    }),
    groups: z.array(z.strictObject({ ...target, orders: count, ...countsSchema })),
    /** The provider's answers that reported success, whole; the first 10. */
    answers: z.array(z.unknown()),
    /** Why the run ended early; the error of it is in `error`. */
    stopped: z.enum(["aborted", "refused", "failed", "ledger"]).nullable(),
    /** Orders that `--resume`, or the same undo, would send: without those that are refused for good. */
    left: count,
    /** The first 1,000; `--failures` writes all of them. */
    failures: z.array(failure),
    failureCount: count,
    failuresFile: z.string().nullable(),
    ledger: z.string().nullable(),
    /** `null` with `--no-read-back`, and if nothing was to be read back. */
    readBack: readBack.nullable(),
  }),
  z.strictObject({
    dryRun: z.literal(true),
    groups: z.array(z.strictObject({ ...target, orders: count, chunks: count })),
    /** Orders whose type or period is not known, or is not the given one. */
    notSent: count,
    chunkSize: count,
    /** The only request; `null` if there would be several, or none. */
    request: setAutoExtend.request.nullable(),
    curl: z.string().nullable(),
  }),
]);

export type SwitchResult = z.input<typeof switchResult>;
