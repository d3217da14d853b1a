import { transportErrors } from "@auto-extend/core";
import { FaultError } from "../engine/faults/fault.js";
import { FilterError, VerifyError } from "../engine/log/verify.js";
import { internalError, mockProblems } from "../engine/problem.js";
import { WorldError } from "../engine/state/world.js";
import type { EngineProblem } from "../engine/types.js";
import { StatelessError } from "../proxy/upstream.js";
import { ControlError } from "./route.js";

/** The problem that an error is for whoever asked. */
export function problemOf(error: Error & { readonly status?: unknown }): EngineProblem {
  if (error instanceof ControlError) return error.problem;
  if (error instanceof WorldError) {
    return { error: badRequest("world", error.message), extensions: { issues: error.issues } };
  }
  if (error instanceof FaultError) return { error: { ...mockProblems.fault, detail: error.message } };
  if (error instanceof FilterError) return { error: badRequest("filter", error.message) };
  if (error instanceof VerifyError) {
    const { found, wanted, nearest } = error.verification;
    return {
      error: { id: "mock/verify", status: 409, title: "Conflict", detail: error.message },
      extensions: { found, wanted, nearest },
    };
  }
  if (error instanceof StatelessError) {
    const { message: detail } = error;
    return { error: { id: "mock/stateless", status: 501, title: "Not Implemented", detail } };
  }
  // What a path says is no text where it is badly encoded.
  if (error instanceof URIError) return { error: transportErrors.notFound };
  // The body parser's errors carry the status they mean; their messages quote the body, which may hold an API key.
  const known = Object.values(transportErrors).find(({ status }) => status === error.status);
  return known ? { error: known } : { error: internalError, remark: error.message };
}

function badRequest(about: string, detail: string): EngineProblem["error"] {
  return { id: `mock/${about}`, status: 400, title: "Bad Request", detail };
}
