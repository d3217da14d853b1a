import { vi } from "vitest";

/** The contract from modules that no other test has used, since each specification is made only once. */
export async function freshContract(): Promise<typeof import("@auto-extend/core")> {
  vi.resetModules();
  return import("@auto-extend/core");
}
