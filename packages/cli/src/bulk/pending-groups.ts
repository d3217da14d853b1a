import type { Context } from "../context.js";
import { counted } from "../words.js";
import { nameOfGroup, type OrderKind } from "./groups.js";
import type { Input } from "./input.js";
import type { RunState } from "./state.js";

/** A group with order ids that are still to be sent. */
export interface PendingGroup extends OrderKind {
  /** How many those are. */
  readonly count: number;
}

/** The groups with order ids that are still to be sent. */
export function pendingGroups({ groups }: Pick<Input, "groups">, { outcomes }: RunState): PendingGroup[] {
  return groups
    .map(({ proxyType, rentPeriodDays }, index) => {
      return { proxyType, rentPeriodDays, count: outcomes[index]?.open() ?? 0 };
    })
    .filter(({ count }) => count > 0);
}

/** Tells a person what is about to be sent, a line a group. */
export function tellGroups(
  context: Context,
  { groups, autoExtend }: { groups: readonly PendingGroup[]; autoExtend: boolean },
): void {
  for (const group of groups) {
    const ids = counted(group.count, "order id", "order ids");
    context.talk(`Switching ${autoExtend ? "on" : "off"} ${nameOfGroup(group)}: ${ids}`);
  }
}
