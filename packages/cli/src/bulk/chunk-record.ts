import { type AutoExtendError, type BulkChunk, isApiError } from "@auto-extend/client";
import { z } from "zod/v3";
import type { Outcome, OutcomeName, Outcomes } from "./outcomes.js";
import { areWithin, type PlacedId, place, placesIn, ranges, rangesOf } from "./places.js";

const order = z.object({ place, orderId: z.string() }).strict();
const count = z.number().int().nonnegative();

/** What became of a chunk, as the ledger has it. What is in no other list was changed. */
export const chunkRecord = z
  .object({
    at: z.string(),
    /** The group's place in the header. */
    group: place,
    places: ranges,
    changed: z.array(z.string()),
    refused: z.array(order.extend({ code: z.number().nullable(), message: z.string() })),
    unknown: z.array(order.extend({ code: z.number().nullable(), message: z.string() })),
    notTried: z.array(order),
    /** Those that were in the chunk before. */
    duplicates: z.array(order),
    quantity: count,
    calls: count,
  })
  .strict();

/** One chunk in the ledger. */
export type ChunkRecord = z.infer<typeof chunkRecord>;

interface Circumstances {
  readonly group: number;
  /** The ids that were taken for the chunk, in their order. */
  readonly taken: readonly PlacedId[];
  /** Keeps secrets out of what a server said. */
  readonly redact: (text: string) => string;
}

/** Writes down what the client tells of a chunk. */
export function recordOf(chunk: BulkChunk, { group, taken, redact }: Circumstances): ChunkRecord {
  const { quantity, calls } = chunk;
  const record: ChunkRecord = { ...emptyRecord(group, taken), quantity, calls };
  const changed = new Set(chunk.changed);
  const refused = new Map(chunk.refused.map((refusal) => [refusal.orderId, refusal]));
  const unknown = new Map(chunk.unknown.map(({ orderId, error }) => [orderId, reasonOf(error)]));
  for (const { orderId, finding } of chunk.unconfirmed) {
    // Some of the orders cannot have been switched, and nobody knows which.
    unknown.set(orderId, { code: null, message: `The answer's ${finding.path} ${finding.message}.` });
  }
  const notTried = new Set(chunk.notTried);
  const seen = new Set<string>();
  for (const order of taken) {
    const { orderId } = order;
    const refusal = refused.get(orderId);
    if (seen.has(orderId)) record.duplicates.push(order);
    else if (changed.has(orderId)) record.changed.push(orderId);
    else if (refusal) record.refused.push({ ...order, code: refusal.code, message: redact(refusal.message) });
    else if (notTried.has(orderId)) record.notTried.push(order);
    else {
      const { code, message } = unknown.get(orderId) ?? brokenOff;
      record.unknown.push({ ...order, code, message: redact(message) });
    }
    seen.add(orderId);
  }
  return record;
}

/** Writes down that order ids whose beginning is in the ledger were not sent after all. */
export function notSentRecord(group: number, taken: readonly PlacedId[]): ChunkRecord {
  return { ...emptyRecord(group, taken), notTried: [...taken] };
}

function emptyRecord(group: number, taken: readonly PlacedId[]): ChunkRecord {
  return {
    ...{ at: new Date().toISOString(), group, places: rangesOf(taken) },
    ...{ changed: [], refused: [], unknown: [], notTried: [], duplicates: [], quantity: 0, calls: 0 },
  };
}

/** The reason if something unforeseen was thrown. */
const brokenOff = { code: null, message: "The run broke off." };

function reasonOf(error: AutoExtendError): { readonly code: number | null; readonly message: string } {
  return { code: isApiError(error) ? error.code : null, message: `${error.name}: ${error.message}` };
}

/**
 * Brings the outcomes of a group up to a record of it.
 *
 * @returns whether the record adds up; where it doesn't, nothing was brought.
 */
export function applyRecord(record: ChunkRecord, outcomes: Outcomes): boolean {
  const { changed, refused, unknown, notTried, duplicates } = record;
  const others = new Map<number, Outcome>([
    ...refused.map(({ place, code, message }) => [place, { name: "refused", code, message }] as const),
    ...unknown.map(({ place, code, message }) => [place, { name: "unknown", code, message }] as const),
    ...notTried.map(({ place }) => [place, silent("not-tried")] as const),
    ...duplicates.map(({ place }) => [place, silent("duplicate")] as const),
  ]);
  const inRanges = record.places.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  if (!areWithin(record.places, outcomes.count) || inRanges !== changed.length + others.size) return false;
  for (const place of placesIn(record.places)) outcomes.set(place, others.get(place) ?? silent("changed"));
  return true;
}

function silent(name: OutcomeName): Outcome {
  return { name, code: null, message: "" };
}
