import type { ServedOperation } from "../route.js";
import { FaultError } from "./fault.js";
import { presets } from "./presets.js";

/** Whether a preset can strike requests of an operation: the answers of some have nothing of what it changes. */
export function canStrike(preset: string | null, operation: string | null): boolean {
  const struck = struckOperations(preset);
  return struck === undefined || operation === null || struck.some((id) => id === operation);
}

/**
 * Makes sure that a preset can strike requests of an operation.
 *
 * @throws FaultError where it can't, and would do nothing.
 */
export function requireStrikes(preset: string | null, operation: string | null): void {
  if (canStrike(preset, operation)) return;
  throw new FaultError(
    `The fault "${preset}" would do nothing to ${operation}, whose answer has nothing of what it changes. It strikes ${struckOperations(preset)?.join(", ")}.`,
  );
}

function struckOperations(preset: string | null): readonly ServedOperation["id"][] | undefined {
  return preset === null ? undefined : presets.find(({ name }) => name === preset)?.operations;
}
