import { z } from "zod/v3";

/** The `result` of `doctor`. */
export const examined = z
  .object({
    checks: z.array(
      z
        .object({
          id: z.enum(["server", "tls", "api-key", "clock", "drift", "orders"]),
          /** `warning`: it works, and something should be looked at. */
          state: z.enum(["ok", "warning", "failed", "skipped"]),
          /** What was found, for people. */
          found: z.string(),
          /** What to do about it; null where nothing needs to be done. */
          whatToDo: z.string().nullable(),
        })
        .strict(),
    ),
  })
  .strict();
