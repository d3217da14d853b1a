import type { ReadRequest } from "../engine/read.js";

/** The fields that were sent; none where they are no JSON object. */
export function sentIn(read: ReadRequest): Readonly<Record<string, unknown>> {
  const value = read.problem ? null : read.value;
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
