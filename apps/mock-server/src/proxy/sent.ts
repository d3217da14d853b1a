import type { ReadBody } from "../engine/read.js";

/** The fields that were sent; none where the body is no JSON object. */
export function sentIn(body: ReadBody): Readonly<Record<string, unknown>> {
  const value = body.problem ? null : body.value;
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
