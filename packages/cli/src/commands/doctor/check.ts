import { z } from "zod/v3";

/** The schema of one thing that `doctor` checked. */
export const check = z
  .object({
    id: z.enum(["server", "tls", "api-key", "clock", "drift", "orders"]),
    /** `warning`: it works, but needs attention. */
    state: z.enum(["ok", "warning", "failed", "skipped"]),
    /** The finding, for people. */
    found: z.string(),
    /** The next step; `null` if nothing needs to be done. */
    whatToDo: z.string().nullable(),
  })
  .strict();

/** One thing that `doctor` checked. */
export type Check = z.infer<typeof check>;
