import { createHash } from "node:crypto";
import { fillPath, type Operation } from "@auto-extend/core";
import { createEngine, type Engine, type EngineOptions } from "../../src/engine/engine.js";
import { defaultWorld, readWorld } from "../../src/engine/state/world.js";

/** The moment at which the engines of these tests stand still. */
export const testNow = Date.UTC(2030, 0, 1);

export interface Settings extends Partial<Omit<EngineOptions, "world">> {
  world?: unknown;
}

export function testEngine({ world = defaultWorld, ...others }: Settings = {}): Engine {
  const { now = () => testNow, ...rest } = others;
  return createEngine({
    apiKeys: [],
    logLimit: 1_000,
    accountLimit: 100,
    ...rest,
    world: readWorld(world),
    now,
  });
}

export interface Sent {
  apiKey?: string;
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  /** Sends it for this account, as the control API does. */
  account?: string;
}

/** The ID of the account that a new API key gets. */
export function accountIdOf(apiKey: string): string {
  return `account-${createHash("sha256").update(`auto-extend-mock ${apiKey}`).digest("hex").slice(0, 12)}`;
}

/** Sends one body (text, bytes, or a value to be written as JSON) and reads the answer. */
export function call(engine: Engine, body: unknown, sent: Sent = {}) {
  const {
    apiKey = "test-key-1",
    method = "POST",
    headers: sentHeaders = { "content-type": "application/json" },
  } = sent;
  const sentText = typeof body === "string" ? body : JSON.stringify(body);
  const reply = engine.handle({
    method,
    target: sent.path ?? `/client/api/v1/${encodeURIComponent(apiKey)}/extend/order/auto`,
    headers: sentHeaders,
    body: body instanceof Uint8Array ? body : new TextEncoder().encode(sentText),
    ...(sent.account === undefined ? {} : { account: sent.account }),
  });
  const headers: Record<string, string> = {};
  for (let index = 0; index < reply.headers.length; index += 2) {
    headers[reply.headers[index] ?? ""] = reply.headers[index + 1] ?? "";
  }
  const text = String(reply.body);
  return { ...reply, headers, body: text, json: parsed(text) };
}

/** The target of a request of an operation: of a GET, what is sent is its query. */
export function targetOf(operation: Operation, sent: unknown = {}, apiKey = "test-key-1"): string {
  const path = fillPath(operation.path, { apiKey });
  const query =
    operation.method === "GET" ? new URLSearchParams(sent as Record<string, string>).toString() : "";
  return query === "" ? path : `${path}?${query}`;
}

/** Sends one request of an operation and reads the answer. */
export function ask(engine: Engine, operation: Operation, request: unknown, sent: Sent = {}) {
  const { method } = operation;
  const path = targetOf(operation, request, sent.apiKey);
  if (method === "POST") return call(engine, request, { ...sent, path });
  return call(engine, "", { headers: {}, ...sent, method, path });
}

/** Faults may send what is no JSON. */
function parsed(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const on = { proxyType: "IPv4", orderIds: ["11111"], rentPeriodDays: 30, autoExtend: true };
export const off = { ...on, autoExtend: false };
