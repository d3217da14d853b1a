import { matchPath, operations, transportErrors } from "@auto-extend/core";
import type { EngineProblem } from "./problem.js";

/** An operation of the contract. */
export type ServedOperation = (typeof operations)[number];

/** Where a request goes. */
export type Route =
  | { readonly operation: ServedOperation; readonly apiKey: string; readonly problem?: undefined }
  | { readonly operation: null; readonly problem: EngineProblem; readonly apiKey?: undefined };

/** Finds the operation that a method and a path mean. */
export function route(method: string, path: string): Route {
  const allowed: string[] = [];
  for (const operation of operations) {
    const parameters = matchPath(operation.path, path);
    if (!parameters) continue;
    if (operation.method === method) return { operation, apiKey: parameters.apiKey ?? "" };
    allowed.push(operation.method);
  }
  if (allowed.length === 0) return { operation: null, problem: { error: transportErrors.notFound } };
  return {
    operation: null,
    problem: { error: transportErrors.methodNotAllowed, headers: ["allow", allowed.join(", ")] },
  };
}
