import { formatIssues, issuesOf } from "@auto-extend/core";
import { z } from "zod/v3";
import { schemaMessages } from "../lib/schema-messages.js";
import { ControlError, type ControlRoute } from "./route.js";

/**
 * Reads the query of a route: texts are read as what its schema wants, so that one schema does for queries and JSON. The
 * account is not part of it.
 *
 * @param given as Express parsed it.
 * @throws ControlError for what does not fit, and for a parameter that there is not: one that is misspelled would do
 * nothing, or, as a misspelled `account` does, do it to everybody.
 */
export function readQuery(
  { query = noQuery, narrows = false }: Pick<ControlRoute, "query" | "narrows">,
  { account: _, ...given }: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const known = Object.keys(query.shape);
  const stranger = Object.keys(given).find((name) => !known.includes(name));
  if (stranger !== undefined) {
    const all = [...(narrows ? ["account"] : []), ...known].join(", ");
    throw queryError(
      `There is no query parameter "${stranger.slice(0, 40)}" here. There ${all ? `are: ${all}` : "is none"}.`,
    );
  }
  const meant = Object.entries(given).map(([name, value]) => [name, readAs(query.shape[name], value)]);
  const parsed = query.safeParse(Object.fromEntries(meant), { errorMap: schemaMessages });
  if (parsed.success) return parsed.data;
  throw queryError(`The query can't be read: ${formatIssues(issuesOf(parsed.error))}.`);
}

const noQuery = z.object({}).strict();

function queryError(detail: string): ControlError {
  return new ControlError({ error: { id: "mock/query", status: 400, title: "Bad Request", detail } });
}

/** A text as what a schema wants; as it is where that can't be, so that the schema refuses it. */
function readAs(schema: z.ZodTypeAny, value: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return readAs(schema._def.innerType, value);
  }
  if (schema instanceof z.ZodNullable) return value === "null" ? null : readAs(schema.unwrap(), value);
  if (typeof value !== "string") return value;
  if (schema instanceof z.ZodNumber) return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (schema instanceof z.ZodBoolean) return value === "true" || (value === "false" ? false : value);
  if (schema instanceof z.ZodArray) return value.split(",");
  return value;
}
