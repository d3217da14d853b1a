import { matchPath, operations, transportErrors } from "@auto-extend/core";
import type { EngineProblem } from "./problem.js";

/** An operation of the contract. */
export type ServedOperation = (typeof operations)[number];

/** Where a request goes, and the API key in its path, even where the path leads nowhere: it is a secret all the same. */
export type Route = { readonly apiKey: string } & (
  | { readonly operation: ServedOperation; readonly problem?: undefined }
  | { readonly operation: null; readonly problem: EngineProblem }
);

/** Finds the operation that a method and a path mean. */
export function route(method: string, path: string): Route {
  const allowed: string[] = [];
  for (const operation of operations) {
    const parameters = matchPath(operation.path, path);
    if (!parameters) continue;
    if (operation.method === method) return { operation, apiKey: parameters.apiKey ?? "" };
    allowed.push(operation.method);
  }
  const apiKey = keyByPlace(path);
  if (allowed.length === 0) {
    const remark = path.includes("/api/v1//") ? "the API key in the path is empty" : `it serves ${served()}`;
    return { operation: null, apiKey, problem: { error: transportErrors.notFound, remark } };
  }
  const headers = ["allow", allowed.join(", ")];
  return { operation: null, apiKey, problem: { error: transportErrors.methodNotAllowed, headers } };
}

function served(): string {
  return operations.map(({ method, path }) => `${method} ${path}`).join(", ");
}

function keyByPlace(path: string): string {
  const [, segment = ""] = /\/api\/v\d+\/([^/]+)/.exec(path) ?? [];
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
