import type { BulkChunk, BulkSummary, SetAutoExtendManyRun } from "@auto-extend/client";
import { expect } from "vitest";

/** The options of most runs. */
export const wanted = { proxyType: "IPv4", rentPeriodDays: 30, autoExtend: true } as const;

/** IDs from 0 on. */
export function idsUpTo(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index));
}

/** Iterates over a run to its end. */
export async function allOf(
  run: SetAutoExtendManyRun,
): Promise<{ events: BulkChunk[]; summary: BulkSummary }> {
  const events: BulkChunk[] = [];
  for await (const event of run) events.push(event);
  const summary = run.summary();
  expectToAddUp(summary);
  return { events, summary };
}

/** Fails if an ID is lost or counted twice. */
export function expectToAddUp(summary: BulkSummary): void {
  const { given, duplicates, changed, unconfirmed, different, refused, unknown, notTried, unsent } = summary;
  expect(changed + unconfirmed + different + refused + unknown + notTried + unsent + duplicates).toBe(given);
}
