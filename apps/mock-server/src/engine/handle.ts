import { createRedactor } from "@auto-extend/core";
import { httpDate, isoDate } from "../lib/dates.js";
import { headerText } from "../lib/text.js";
import type { FaultPlanner } from "./faults/plan.js";
import { type DeliveredAnswer, spoil } from "./faults/spoil.js";
import type { Events } from "./log/events.js";
import { type RequestLog, type Result, requestId } from "./log/request-log.js";
import { decide } from "./operations/decide.js";
import { findOperation } from "./operations/index.js";
import { internalError, problemReply } from "./problem.js";
import { readInput } from "./read-input.js";
import type { Accounts } from "./state/accounts.js";
import type { Store } from "./state/store.js";
import type { Clock } from "./time/clock.js";
import type { Renewals } from "./time/renewals.js";
import type {
  EngineProblem,
  EngineReply,
  EngineRequest,
  Exchange,
  Resolution,
  SwitchedOrder,
} from "./types.js";

export interface EngineParts {
  readonly clock: Clock;
  readonly accounts: Accounts;
  readonly faults: FaultPlanner;
  readonly store: Store;
  readonly renewals: Renewals;
  readonly log: RequestLog;
  readonly events: Events;
  /** The machine's time, in milliseconds since 1970. */
  readonly now: () => number;
  /** Why the state cannot be changed any more; `undefined` as long as it can. */
  readonly refuseChanges?: (() => EngineProblem | undefined) | undefined;
}

/**
 * Answers one request of the contract in eight steps: `begin` takes the first four, `decide` is the fifth, and `end` takes the rest. The
 * validating proxy calls `begin` and `end` too, and decides in between by forwarding the request.
 */
export function handle(parts: EngineParts, request: EngineRequest): EngineReply {
  try {
    const exchange = begin(parts, request);
    const { accountId } = exchange.caller;
    const account = accountId === null ? undefined : parts.store.get(accountId);
    const resolution = decide(exchange, account, isoDate(exchange.receivedAt));
    return end(parts, exchange, resolution);
  } catch (error) {
    // A bug in the mock must not end the program that embeds it.
    const remark = createRedactor().text((error as Error).message);
    return problemReply({ error: internalError, remark });
  }
}

/** Steps 1 to 4: the route, the account, the input, and the faults, which are chosen here and take effect in `decide` and `deliver`. */
export function begin(parts: EngineParts, request: EngineRequest): Exchange {
  const receivedAt = parts.clock.now();
  const arrivedAt = parts.now();
  const route = findOperation(request.method, request.target);
  const caller = parts.accounts.identify(route, request.account, receivedAt);
  const input = readInput(request, route.operation);
  const { plan, problem, release, asksForNoFault } = parts.faults.plan({ request, route, caller, input });
  return {
    number: parts.log.nextNumber(),
    receivedAt,
    arrivedAt,
    request,
    route,
    caller,
    input,
    plan,
    release,
    asksForNoFault,
    problem:
      route.problem ??
      problem ??
      input.problem ??
      (route.operation?.changes ? parts.refuseChanges?.() : undefined),
  };
}

/** Steps 6 to 8: changes are committed before an answer is made of the resolution, and the log comes last. */
export function end(parts: EngineParts, begun: Exchange, resolution: Resolution): EngineReply {
  const { exchange, changed } = apply(parts, begun, resolution);
  const reply = deliver(exchange, resolution);
  return record(parts, exchange, { resolution, changed, reply });
}

interface Applied {
  /** The exchange with the faults that were really injected, and a caller from whose texts all API keys are removed. */
  readonly exchange: Exchange;
  /** The orders that changed. */
  readonly changed: readonly SwitchedOrder[];
}

/** Step 6: commits the switches, and takes the faults back that changed nothing. */
export function apply(
  { store, renewals, faults, accounts }: Pick<EngineParts, "store" | "renewals" | "faults" | "accounts">,
  begun: Exchange,
  { decision, switches, withdrawn }: Resolution,
): Applied {
  const caller = accounts.redactingKeysIn(begun, decision);
  const plan = withdrawn?.length ? faults.withdraw(begun.plan, withdrawn) : begun.plan;
  const exchange = caller === begun.caller && plan === begun.plan ? begun : { ...begun, caller, plan };
  const { accountId } = caller;
  if (switches.length === 0 || accountId === null) return { exchange, changed: nothingChanged };
  const changed = store.switchOrders(accountId, switches);
  if (changed.length > 0) renewals.switched(accountId, changed);
  return { exchange, changed };
}

const nothingChanged: readonly SwitchedOrder[] = [];

/** Step 7: the answer, or what its faults leave of it, with the headers that every reply has. */
export function deliver(exchange: Exchange, { answer, decision }: Resolution): EngineReply {
  const { receivedAt, request, route, caller, plan } = exchange;
  const delivered: DeliveredAnswer = plan ? spoil(answer, plan, receivedAt) : answer;
  const headers = delivered.headers.slice();
  // Another server, or a fault, may have set it.
  const isDated = headers.some((name, index) => index % 2 === 0 && name === "date");
  if (!isDated) headers.push("date", httpDate(receivedAt));
  // The reason for the answer goes into a header: the provider's envelope has no room for it.
  const { statement, why, ignored } = decision;
  let explanation = statement === null ? why : `${statement}: ${why}`;
  if (ignored.length > 0) explanation += `; ignored fields: ${ignored.join(", ")}`;
  if (plan)
    explanation += `; faults: ${plan.triggers.map(({ name, by }) => `${name} (by ${by})`).join(", ")}`;
  headers.push("mock-request-id", requestId(exchange));
  headers.push("mock-explanation", headerText(caller.redactor.text(explanation)));
  if (route.operation && caller.accountId !== null)
    headers.push("mock-account", headerText(caller.accountId));
  if (request.headers.prefer !== undefined) addPreference(headers, exchange);
  const { status, body, parts } = delivered;
  return {
    status,
    headers,
    // A problem may quote the request, and with it the API key.
    body: decision.outcome === "problem" && typeof body === "string" ? caller.redactor.text(body) : body,
    parts,
    delivery: delivered.delivery,
    release: exchange.release,
  };
}

/** Says which preferences were applied (RFC 7240). */
function addPreference(headers: string[], { plan, asksForNoFault }: Exchange): void {
  const byHeader = plan?.triggers.filter(({ by }) => by === "header").map(({ name }) => name) ?? [];
  const names = asksForNoFault ? ["none"] : byHeader;
  if (names.length > 0) headers.push("preference-applied", `fault=${names.join("+")}`);
}

/** Step 8: logs the request, and publishes events if somebody watches. @returns the reply, which also logs when it was sent. */
export function record(
  { log, events, now }: Pick<EngineParts, "log" | "events" | "now">,
  exchange: Exchange,
  result: Result,
): EngineReply {
  const entry = log.add(exchange, result, now());
  if (events.isWatched) events.emitRequest(entry, result.changed);
  return entry.durationMs === null ? log.timed(entry, result.reply, now) : result.reply;
}
