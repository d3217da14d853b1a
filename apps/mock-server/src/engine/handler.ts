import { createRedactor, type ProxyType, proxyTypes, unknownApiKeyCode } from "@auto-extend/core";
import { hasHeader } from "../lib/headers.js";
import { headerText } from "../lib/text.js";
import { type Decision, decided, explanation, preventsExecution, unknownFields } from "./decision.js";
import { assertEmitted } from "./drift.js";
import type { EngineReply, EngineRequest } from "./engine.js";
import { UnsupportedFaultError } from "./faults/capabilities.js";
import { alteredEnvelope, delivered, deliveryText } from "./faults/deliver.js";
import { FaultError, forcedRefusal } from "./faults/fault.js";
import type { Plan, Planner } from "./faults/plan.js";
import { withMagicOrders } from "./faults/requested-faults.js";
import { ownLogRedaction } from "./log/log-redaction.js";
import { type DraftEntry, type Drift, draftEntry, type LogRedaction } from "./log/request-log.js";
import { handlers } from "./operations/index.js";
import type { Envelope, Outcome } from "./outcome.js";
import { type EngineProblem, internalError, mockProblems, problemReply } from "./problem.js";
import { type ReadRequest, readRequest } from "./read.js";
import { type Route, route, type ServedOperation } from "./route.js";
import type { Accounts, Caller } from "./state/accounts.js";
import type { Account, Change, Changed } from "./state/store.js";
import { createHttpDate, createIsoDate } from "./time/dates.js";

/** A request that was read, and what is planned for it. */
export interface Begun {
  /** The id of the request in the log. */
  readonly id: string;
  /** When it came, by the mock's clock, in milliseconds since 1970. */
  readonly came: number;
  readonly request: EngineRequest;
  readonly routed: Route;
  readonly caller: Caller;
  readonly read: ReadRequest;
  /** What is to go wrong; `null` where nothing is. */
  readonly plan: Plan | null;
  /** Why it never gets to the rules. */
  readonly problem: EngineProblem | undefined;
}

/** What became of a request. */
export interface Handled {
  readonly reply: EngineReply;
  readonly decided: Decision;
  readonly changed: readonly Changed[];
  /** How it differs from the contract, where somebody else was asked. */
  readonly drift?: readonly Drift[] | undefined;
  /** What the log may keep of it; all but the API key where left out. */
  readonly discretion?: LogRedaction | undefined;
}

/** The way of a request, in three steps. */
export interface Handler {
  /** Finds out where it goes, who calls, what was sent, and what is to go wrong. */
  begin(request: EngineRequest): Begun;
  /** Decides, answers, and only then commits. */
  serve(begun: Begun): Handled;
  /** Delivers, and writes down what came, what was decided and why, and what left. */
  end(begun: Begun, handled: Handled): EngineReply;
  /** Numbers requests from 1 again. */
  renumber(): void;
}

/** What requests meet on their way. */
export interface HandlerParts {
  /** The moment by the mock's clock, in milliseconds since 1970. */
  readonly now: () => number;
  readonly accounts: Accounts;
  readonly account: (id: string) => Account | undefined;
  /** Brings an account to the present moment. */
  readonly settle: (accountId: string) => void;
  readonly planner: Planner;
  /** Why the state cannot be changed any more; `undefined` as long as it can. */
  readonly refuseChanges: () => EngineProblem | undefined;
  readonly commit: (requestId: string, accountId: string, changes: readonly Change[]) => readonly Changed[];
  /** Told of each request once it was answered. */
  readonly handled: (draft: DraftEntry, plan: Plan | null) => void;
}

/** Makes the way of requests through the parts of an engine. */
export function createHandler(parts: HandlerParts): Handler {
  const httpDate = createHttpDate();
  const isoDate = createIsoDate();
  let numbered = 0;

  function begin(request: EngineRequest): Begun {
    numbered += 1;
    const id = `request-${numbered}`;
    const came = parts.now();
    const routed = route(request.method, pathOf(request.target));
    const caller = routed.operation ? parts.accounts.caller(routed.apiKey) : nobody(routed.apiKey);
    if (caller.accountId !== null) parts.settle(caller.accountId);
    const read = readRequest(request, routed.operation);
    const { plan, problem } = routed.operation ? planned(request, routed, caller, read) : unplanned;
    return {
      id,
      came,
      request,
      routed,
      caller,
      read,
      plan,
      problem: routed.problem ?? problem ?? read.problem ?? unchangeable(routed),
    };
  }

  function unchangeable({ operation }: Route): EngineProblem | undefined {
    return operation?.changes ? parts.refuseChanges() : undefined;
  }

  /** Decides, before anything else is, what is to go wrong. */
  function planned(
    request: EngineRequest,
    { operation, apiKey }: Route,
    { accountId }: Caller,
    read: ReadRequest,
  ): Planned {
    try {
      const plan = parts.planner.plan({
        prefer: textOf(request.headers.prefer),
        apiKey,
        // Where the contract knows no order ids, there are none that could ask for anything.
        text: operation && "orderIds" in operation.request.shape ? read.text : "",
        account: accountId,
        operation: operation?.id ?? null,
        sent: read.problem ? null : read.value,
        cannot: request.unsupported,
        ignoreMagic: request.ignoreMagic,
      });
      return { plan, problem: undefined };
    } catch (error) {
      return { plan: null, problem: faultProblem(error) };
    }
  }

  function serve({ id, request, routed, problem, read, caller, plan, came }: Begun): Handled {
    if (problem || read.problem || !routed.operation) return refused(problem ?? { error: internalError });
    try {
      return answered(routed.operation, { id, target: request.target, sent: read.value, caller, plan, came });
    } catch (error) {
      // Whatever it is, it is the mock's own mistake, and must not look like an answer of the provider's.
      return refused({ error: internalError, remark: (error as Error).message });
    }
  }

  function answered(operation: ServedOperation, { id, target, sent, caller, plan, came }: Asked): Handled {
    const { decide, answer, sampleOf = itself } = handlers[operation.id];
    const own = caller.accountId === null ? undefined : parts.account(caller.accountId);
    const account = own && plan?.hasMagicOrders ? withMagicOrders(own, proxyTypeOf(sent)) : own;
    const forced = plan && forcedRefusal(plan);
    const isKeptBack = plan !== null && preventsExecution(plan);
    // A refusal that was asked for stands in place of the rules, unless the request is to be carried out all the same.
    const rules =
      forced && isKeptBack
        ? null
        : decide({ sent, account, stranger: caller.unknownKeyReason, now: isoDate(came) });
    const outcome = forced ?? (rules as Outcome);
    // An API key that is refused opens no account, so there is none to tell of.
    const envelope = answer(outcome, outcome.broken?.code === unknownApiKeyCode ? undefined : account);
    assertEmitted(operation, sent, envelope.success ? sampleOf(envelope) : envelope);
    const changes = !rules || rules.broken || isKeptBack ? [] : rules.changes;
    const changed = own && changes.length > 0 ? parts.commit(id, own.id, ofAccount(changes, own)) : [];
    const leaving = plan ? alteredEnvelope(envelope, sent, plan.fault) : envelope;
    const body = JSON.stringify(leaving);
    return {
      reply: { status: 200, headers: ["content-type", "application/json"], body },
      decided: decided({ rules, forced, plan, ignored: unknownFields(operation, sent) }),
      changed,
      ...(operation.hasCredentials ? { discretion: ownLogRedaction(target, { leaving, body }) } : {}),
    };
  }

  function end({ id, came, request, routed, caller, read, plan }: Begun, handled: Handled): EngineReply {
    const { decided: decision, changed, drift, discretion } = handled;
    const reply = plan ? delivered(handled.reply, plan, came) : handled.reply;
    const fault = plan && {
      triggers: plan.triggers,
      fault: plan.fault,
      delivered: deliveredText(reply, plan, handled.reply),
    };
    const operation = routed.operation?.id ?? null;
    parts.handled(
      draftEntry(id, {
        came,
        request,
        operation,
        caller,
        sent: read.text,
        reply,
        decided: decision,
        fault,
        changed,
        drift,
        discretion,
      }),
      plan,
    );
    const why = headerText(caller.redactor.text(explanation(decision, plan)));
    // An answer that was passed on has its date already, and a fault may have set one.
    const hasDate = decision.outcome === "forwarded" || (plan !== null && hasHeader(reply.headers, "date"));
    const date = hasDate ? [] : ["date", httpDate(came)];
    const headers = [...reply.headers, ...date, "mock-request-id", id, "mock-explanation", why];
    if (routed.operation && caller.accountId) headers.push("mock-account", headerText(caller.accountId));
    const applied = appliedPreference(request, plan);
    if (applied !== null) headers.push("preference-applied", applied);
    const text = reply.body;
    return {
      status: reply.status,
      headers,
      // A problem may quote what was sent, and with it the API key.
      body: decision.outcome === "problem" && typeof text === "string" ? caller.redactor.text(text) : text,
      ...(reply.delivery ? { delivery: reply.delivery } : {}),
      ...(plan ? { release: plan.release } : {}),
    };
  }

  return {
    begin,
    serve,
    end,
    renumber() {
      numbered = 0;
    },
  };
}

interface Planned {
  readonly plan: Plan | null;
  readonly problem: EngineProblem | undefined;
}

interface Asked {
  readonly id: string;
  readonly target: string;
  readonly sent: unknown;
  readonly caller: Caller;
  readonly plan: Plan | null;
  readonly came: number;
}

const itself = (envelope: Envelope) => envelope;
const unplanned: Planned = { plan: null, problem: undefined };

/** The problem that a fault is where it can't be had, or not here. */
function faultProblem(error: unknown): EngineProblem {
  if (error instanceof UnsupportedFaultError) {
    return { error: mockProblems.notEnacted, remark: `it lacks: ${error.lacking.join(", ")}` };
  }
  if (error instanceof FaultError) return { error: { ...mockProblems.fault, detail: error.message } };
  throw error;
}

/** What became of a request that never gets to the rules. */
export function refused(problem: EngineProblem): Handled {
  const { id, detail } = problem.error;
  const why = problem.remark ? `${detail} (${problem.remark})` : detail;
  return {
    reply: problemReply(problem),
    decided: { outcome: "problem", statement: id, code: null, why, satisfied: 0, ignored: [] },
    changed: [],
  };
}

/** Who calls a path that leads nowhere: no account is looked for, but what stands in the key's place is a secret. */
function nobody(apiKey: string): Caller {
  return { accountId: null, unknownKeyReason: "", redactor: createRedactor(apiKey) };
}

/** How an answer is delivered, and what that leaves of it, for people. */
function deliveredText(reply: EngineReply, { fault }: Plan, { status, body }: EngineReply): string {
  const cutShort = fault.cut?.how === "truncate" ? [`${reply.body.length} of ${body.length} characters`] : [];
  return [deliveryText(reply, status), ...cutShort].filter(Boolean).join(", ");
}

/** Magic orders are of no account, so nothing of them is kept. */
function ofAccount(changes: readonly Change[], { orders }: Account): Change[] {
  return changes.filter(
    (change) => change.kind !== "auto-extend" || orders.get(change.orderId) !== undefined,
  );
}

function proxyTypeOf(sent: unknown): ProxyType {
  const { proxyType } = (sent ?? {}) as { proxyType?: unknown };
  return proxyTypes.find((type) => type === proxyType) ?? "IPv4";
}

/** What was followed of the `Prefer` header (RFC 7240); `null` where it asks for nothing that is known here. */
function appliedPreference({ headers }: EngineRequest, plan: Plan | null): string | null {
  if (headers.prefer === undefined) return null;
  const names = plan?.triggers.flatMap(({ name, by }) => (by === "header" ? [name] : [])) ?? [];
  if (names.length > 0) return `fault=${names.join("+")}`;
  return /\bfault\s*=\s*"?none\b/i.test(textOf(headers.prefer)) ? "fault=none" : null;
}

function textOf(header: string | readonly string[] | undefined): string {
  return header === undefined ? "" : typeof header === "string" ? header : header.join(", ");
}

function pathOf(target: string): string {
  const query = target.indexOf("?");
  return query === -1 ? target : target.slice(0, query);
}
