import type { BulkAccount, BulkEvent, SetAutoExtendManyRun } from "@auto-extend/client";
import { expect } from "vitest";

/** What every run of the tests is about. */
export const wanted = { proxyType: "IPv4", rentPeriodDays: 30, autoExtend: true } as const;

/** Ids from 0 on. */
export function idsUpTo(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index));
}

/** Runs a run to its end. */
export async function allOf(
  run: SetAutoExtendManyRun,
): Promise<{ events: BulkEvent[]; account: BulkAccount }> {
  const events: BulkEvent[] = [];
  for await (const event of run) events.push(event);
  const account = run.account();
  expectToAddUp(account);
  return { events, account };
}

/** Fails where an id is lost or counted twice. */
export function expectToAddUp({ given, duplicates, changed, refused, unknown, notTried }: BulkAccount): void {
  expect(changed + refused + unknown + notTried + duplicates).toBe(given);
}
