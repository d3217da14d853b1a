import type { Drift } from "../engine/log/request-log.js";

/** All differences on one line: `2: answer broken at quantity: is 2, ...; answer tolerated at requestId: ...`. */
export function driftText(drift: readonly Drift[]): string {
  return `${drift.length}: ${drift.map(oneDrift).join("; ")}`;
}

/** One difference on a line. */
export function oneDrift({ direction, severity, path, message }: Drift): string {
  return `${direction} ${severity}${path ? ` at ${path}` : ""}: ${message}`;
}
