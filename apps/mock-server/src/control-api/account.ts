import { transportErrors } from "@auto-extend/core";
import type { Request } from "express";
import type { Engine } from "../engine/engine.js";
import { ControlError } from "./route.js";

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
