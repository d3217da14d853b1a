import { z } from "zod/v3";

export const check = z.strictObject({
  id: z.enum(["server", "tls", "api-key", "clock", "drift", "orders"]),
  /** `warning`: it works, but needs attention. */
  state: z.enum(["ok", "warning", "failed", "skipped"]),
  found: z.string(),
  whatToDo: z.string().nullable(),
});

export type Check = z.infer<typeof check>;

export const ok = (id: Check["id"], found: string): Check => ({ id, state: "ok", found, whatToDo: null });

export const warning = (id: Check["id"], found: string, whatToDo: string): Check => ({
  ...{ id, state: "warning", found, whatToDo },
});

export const failed = (id: Check["id"], found: string, whatToDo: string): Check => ({
  ...{ id, state: "failed", found, whatToDo },
});

export const skipped = (id: Check["id"], why: string): Check => ({
  ...{ id, state: "skipped", found: `Not checked: ${why}.`, whatToDo: null },
});
