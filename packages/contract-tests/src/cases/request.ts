import type { Operation } from "@auto-extend/core";
import { isJsonObject } from "./answer.js";
import type { StepRequest } from "./case.js";

/** The request that an operation takes: a POST with a JSON body, or a GET with a query and no body at all. */
export function requestOf(operation: Operation, request: unknown): StepRequest {
  const { method, path } = operation;
  if (method === "GET") return { operation, method, path: path + queryOf(request), headers: {} };
  return {
    operation,
    method,
    path,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(request),
  };
}

function queryOf(request: unknown): string {
  const fields = isJsonObject(request) ? Object.entries(request) : [];
  const query = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, String(value)]));
  return query.size > 0 ? `?${query}` : "";
}
