import { z } from "zod/v3";

export const check = z.strictObject({
  id: z.enum(["server", "tls", "api-key", "clock", "drift", "orders"]),
  /** `warning`: it works, but needs attention. */
  state: z.enum(["ok", "warning", "failed", "skipped"]),
  found: z.string(),
  whatToDo: z.string().nullable(),
});

export type Check = z.infer<typeof check>;

export type Finding = Omit<Check, "id">;

export function finding(state: Check["state"], found: string, whatToDo: string | null = null): Finding {
  return { state, found, whatToDo };
}

export function skipped(why: string): Finding {
  return finding("skipped", `Not checked: ${why}.`);
}
