import { z } from "zod/v3";

/** A list that the mock does not change any more. */
export function listOf<Item extends z.ZodTypeAny>(item: Item) {
  return z.array(item).readonly();
}

/** Any JSON, but there. */
export const anyJson = z.unknown().refine((value): boolean => value !== undefined);

/** A moment in ISO 8601, as the mock writes it. */
export const moment = z.string().datetime();

/** The id of an account; null where there is none. */
export const accountOrNone = z.string().nullable();
