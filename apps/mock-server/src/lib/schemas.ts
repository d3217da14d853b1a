import { z } from "zod/v3";

/** The pieces that schemas of the control API and the request log are made of. */

/** A list, typed as the engine's read-only lists are. */
export function listOf<Item extends z.ZodTypeAny>(item: Item) {
  return z.array(item).readonly();
}

/** Any JSON value. */
export type Json = NonNullable<unknown> | null;

/** Any JSON value, but required. */
export const anyJson = z.unknown().refine((value): value is Json => value !== undefined);

/** A date in ISO 8601, as the mock writes it. */
export const date = z.string().datetime();

export const accountOrNone = z.string().nullable();
