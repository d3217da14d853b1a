import { formatIssues, issuesOf } from "@auto-extend/core";
import type { Request } from "express";
import { z } from "zod/v3";
import { type AccountName, ControlError } from "../controls.js";
import { suggestion } from "../lib/nearest.js";
import { schemaMessages } from "../lib/schema-messages.js";
import type { ControlRoute } from "./route.js";

/**
 * Reads the query of a route, except the account. Texts are converted to the types of the schema, so that one schema
 * serves queries and JSON.
 *
 * @param given as Express parsed it.
 * @throws ControlError for invalid values and unknown parameters: a misspelled one would do nothing or, like a misspelled
 * `account`, do it to everybody.
 */
export function readQuery(
  { query = noQuery, accountScoped = false }: Pick<ControlRoute, "query" | "accountScoped">,
  { account: _, ...given }: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const known = Object.keys(query.shape);
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const all = [...(accountScoped ? ["account"] : []), ...known];
    const hint = all.length > 0 ? suggestion(unknown, all) : "This request takes none.";
    throw queryError(`Unknown query parameter "${unknown.slice(0, 40)}". ${hint}`);
  }
  const typed = Object.entries(given).map(([name, value]) => [name, readAs(query.shape[name], value)]);
  const parsed = query.safeParse(Object.fromEntries(typed), { errorMap: schemaMessages(query) });
  if (parsed.success) return parsed.data;
  throw queryError(`The query is invalid: ${formatIssues(issuesOf(parsed.error))}.`);
}

const noQuery = z.object({}).strict();

function queryError(detail: string): ControlError {
  return new ControlError({ error: { id: "mock/query", status: 400, title: "Bad Request", detail } });
}

/** Converts a text to the type of a schema; leaves it as it is if that fails, so that the schema refuses it. */
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

/** The account that a request is narrowed to, if any: by an API key in a header, or by an ID in the query. */
export function accountOf(request: Request): AccountName | undefined {
  const apiKey = request.get("mock-api-key");
  if (apiKey !== undefined) return { apiKey };
  const { account } = request.query;
  if (account === undefined || typeof account === "string")
    return account === undefined ? account : { account };
  throw queryError("The query is invalid: account: must be given once.");
}
