import type { Fault } from "./fault.js";

/** What not every carrier can do. */
export type Capability = "reset" | "close-after" | "gzip";

/** What carriers without a socket can't do. */
export const socketCapabilities: ReadonlySet<Capability> = new Set<Capability>([
  "reset",
  "close-after",
  "gzip",
]);

/** What it takes to deliver a fault. */
export function capabilitiesOf({ cut, http }: Fault): Capability[] {
  return [
    ...(cut?.how === "reset" ? (["reset"] as const) : []),
    ...(cut?.how === "close" && cut.at === "after" ? (["close-after"] as const) : []),
    ...(http?.gzip ? (["gzip"] as const) : []),
  ];
}

/** A fault that the carrier of the request can't enact. */
export class UnsupportedFaultError extends Error {
  override readonly name = "NotEnactedError";
  readonly lacking: readonly Capability[];

  constructor(lacking: readonly Capability[]) {
    super(`What the fault takes can't be done here: ${lacking.join(", ")}.`);
    this.lacking = lacking;
  }
}
