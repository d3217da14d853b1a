import { effects, errorNames } from "@auto-extend/core";
import { z } from "zod/v3";

/** What stopped a run, as `--json` shows it. */
export const jsonError = z
  .object({
    name: z.enum([...errorNames, "UsageError", "Unreachable", "Declined", "Interrupted", "Bug"]),
    /** What happened and why, for people. */
    message: z.string(),
    /** What to do next, for people. */
    whatToDo: z.string(),
    /** What may have been done to the orders. */
    effect: z.enum(effects),
    /** How many times the request was sent. */
    attempts: z.number().int(),
    /** The provider's error code, or the platform's of a network failure such as `ECONNREFUSED`. */
    code: z.union([z.number(), z.string()]).nullable(),
    /** The HTTP status of the answer. */
    status: z.number().int().nullable(),
    /** What exactly is wrong with the request or the answer. */
    issues: z.array(z.object({ path: z.string(), message: z.string() }).strict()),
    /** The answer, redacted. */
    body: z.unknown(),
  })
  .strict();
