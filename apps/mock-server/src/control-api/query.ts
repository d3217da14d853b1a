import { formatIssues, issuesOf, transportErrors } from "@auto-extend/core";
import type { Request } from "express";
import { z } from "zod/v3";
import type { Engine } from "../engine/engine.js";
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
  { query = noQuery, accountScoped = false }: Pick<ControlRoute, "query" | "accountScoped">,
  { account: _, ...given }: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const known = Object.keys(query.shape);
  const stranger = Object.keys(given).find((name) => !known.includes(name));
  if (stranger !== undefined) {
    const all = [...(accountScoped ? ["account"] : []), ...known].join(", ");
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

/**
 * The account that a request is narrowed to, by its id in `?account=` or by its API key in a header.
 *
 * @throws ControlError where there is no such account.
 */
export function accountOf(request: Request, engine: Engine): string | undefined {
  const apiKey = request.get("mock-api-key");
  const account = apiKey === undefined ? request.query.account : engine.accountOf(apiKey);
  return account === undefined ? undefined : requireAccount(engine, account);
}

/** @throws ControlError where there is no such account. */
export function requireAccount(engine: Engine, account: unknown): string {
  if (typeof account === "string" && engine.has(account)) return account;
  const detail = "There is no such account. GET /__mock/state lists those there are.";
  throw new ControlError({ error: { ...transportErrors.notFound, detail } });
}
