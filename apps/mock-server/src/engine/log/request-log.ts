import type { Redactor } from "@auto-extend/core";
import { isoDate } from "../../lib/dates.js";
import type { Json } from "../../lib/schemas.js";
import { decodeLeniently } from "../../lib/text.js";
import { type Delivered, deliveryText, isSent } from "../faults/spoil.js";
import { jsonHeaders } from "../problem.js";
import type { EngineReply, EngineRequest, Exchange, Resolution, SwitchedOrder } from "../types.js";
import { hideKeysInBody } from "./hide-keys.js";
import type { Drift, LogEntry, OrderChange } from "./schemas.js";

/** One difference of a forwarded exchange on one line. */
export function driftText({ direction, level, part, path, message }: Drift): string {
  const place = part === "body" ? path : part;
  return `${direction} [${level}]${place ? ` ${place}` : ""}: ${message}`;
}

export interface LogSearch {
  /** Only entries with a larger number than this. */
  readonly after?: number | undefined;
  /** Only entries with a smaller number than this. */
  readonly before?: number | undefined;
  /** The maximum number of entries; the most recent ones are found. */
  readonly limit?: number | undefined;
  readonly fits?: (entry: LogEntry) => boolean;
}

export interface Result {
  readonly resolution: Resolution;
  readonly changed: readonly SwitchedOrder[];
  readonly reply: EngineReply;
  readonly durationMs: number;
}

/** The maximum size of a log, in characters: large bodies must not fill the memory. */
const largestLog = 32 * 1024 * 1024;

export type RequestLog = ReturnType<typeof createRequestLog>;

/**
 * Creates a log that retains the most recent requests.
 *
 * @param limit the maximum number of entries (fewer if they are large).
 */
export function createRequestLog(limit: number) {
  // A ring, overwritten in place. Slicing an array now and then leaves old copies behind that keep their entries
  // alive until the next full garbage collection: that took a third of the mock's processor time when it was measured.
  const ring: (Logged | undefined)[] = [];
  const capacity = limit + 1;
  let first = 0;
  let count = 0;
  let size = 0;
  let numbered = 0;
  /** How many requests of each account were added since the log was cleared. */
  const added = new Map<string | null, number>();

  function dropOldest(): void {
    size -= ring[first]?.size ?? 0;
    ring[first] = undefined;
    first = (first + 1) % capacity;
    count -= 1;
  }

  function retained(account?: string): Logged[] {
    const inOrder = [...ring.slice(first), ...ring.slice(0, first)];
    return inOrder.filter(
      (entry): entry is Logged => entry !== undefined && (account === undefined || entry.account === account),
    );
  }

  return {
    nextNumber(): number {
      numbered += 1;
      return numbered;
    },
    renumber(): void {
      numbered = 0;
    },
    add(exchange: Exchange, result: Result): Logged {
      const entry = logged(exchange, result);
      added.set(entry.account, (added.get(entry.account) ?? 0) + 1);
      ring[(first + count) % capacity] = entry;
      count += 1;
      size += entry.size;
      while (count > limit || (size > largestLog && count > 1)) dropOldest();
      return entry;
    },
    /** The entries that a search finds, oldest first. Only those are written that it looks at: that takes most of the time. */
    list(account?: string, search: LogSearch = {}): LogEntry[] {
      const { after = 0, before = Number.POSITIVE_INFINITY, limit: most, fits = () => true } = search;
      const found: LogEntry[] = [];
      for (const each of retained(account).reverse()) {
        if (each.number >= before) continue;
        if (each.number <= after || found.length === most) break;
        const entry = writeEntry(each);
        if (fits(entry)) found.push(entry);
      }
      return found.reverse();
    },
    find: (id: string): Logged | undefined => retained().find((entry) => requestId(entry) === id),
    last: (account?: string): Logged | undefined => retained(account).at(-1),
    /** How many entries were dropped since the log was cleared. */
    dropped(account?: string): number {
      const counts = account === undefined ? [...added.values()] : [added.get(account) ?? 0];
      return counts.reduce((sum, each) => sum + each, 0) - retained(account).length;
    },
    clear(account?: string): void {
      const others = account === undefined ? [] : retained().filter((entry) => entry.account !== account);
      ring.splice(0, ring.length, ...others);
      first = 0;
      count = others.length;
      size = others.reduce((sum, entry) => sum + entry.size, 0);
      if (account === undefined) added.clear();
      else added.delete(account);
    },
  };
}

/** For how many orders per request the change is retained. */
const maxChanges = 20;

export type Logged = ReturnType<typeof logged>;

/**
 * A request as the log retains it, in one flat object. It references neither the request nor the reply, and is turned
 * into an entry, redacted, only when somebody reads the log: most entries are never read.
 */
function logged(
  { number, receivedAt, arrivedAt, request, route, caller, input, plan }: Exchange,
  { resolution, changed, reply, durationMs }: Result,
) {
  const { logRedaction, decision, drift } = resolution;
  const wasSent = reply.delivery === undefined || isSent(reply);
  const text = typeof reply.body === "string" ? reply.body : decodeLeniently(reply.body);
  const target = logRedaction?.path ?? route.shownTarget;
  const sent = logRedaction?.sent(input.text) ?? input.text;
  const answered = wasSent ? (logRedaction?.answered(text) ?? text) : null;
  // Headers that every reply has say nothing about this answer, and would double the size of the log.
  const headers = plan ? reply.headers : resolution.answer.headers;
  const delivered: Delivered | null = plan && {
    status: reply.status,
    length: reply.body.length,
    delivery: reply.delivery,
    usual: { status: resolution.answer.status, length: resolution.answer.body.length },
  };
  return {
    number,
    receivedAt,
    arrivedAt,
    durationMs,
    origin: request.origin ?? ("client" as const),
    account: caller.accountId,
    operation: route.operation?.id ?? null,
    method: request.method,
    target,
    sent,
    sentHeaders: sentHeaders(request),
    decision,
    plan,
    delivered,
    status: wasSent ? reply.status : null,
    answered,
    /** In characters. */
    size: target.length + sent.length + (answered?.length ?? 0),
    // Those of another server may contain secrets.
    headers: wasSent && logRedaction?.isOwn !== false ? headers : noHeaders,
    // Not the orders themselves: the log would keep alive each state that an order was in.
    changes: changed.slice(0, maxChanges).map(({ change }) => change),
    changedOrders: changed.length,
    drift,
    redactor: caller.redactor,
  };
}

const noHeaders: readonly string[] = [];

export function requestId({ number }: { readonly number: number }): string {
  return `request-${number}`;
}

export function writeEntry(logged: Logged): LogEntry {
  const { redactor, plan, answered, drift } = logged;
  const fault = plan && {
    triggers: plan.triggers,
    fault: plan.fault,
    delivered: logged.delivered ? deliveryText(logged.delivered, plan) : "",
  };
  return {
    id: requestId(logged),
    at: isoDate(logged.receivedAt),
    arrivedAt: isoDate(logged.arrivedAt),
    durationMs: Math.round(logged.durationMs),
    origin: logged.origin,
    account: logged.account,
    operation: logged.operation,
    method: logged.method,
    path: loggedPath(logged.target, redactor),
    sent: hideKeysInBody(redactedJson(logged.sent, redactor)),
    sentHeaders: redactor.value(headerRecord(logged.sentHeaders)),
    decided: redactor.value(logged.decision),
    fault: redactor.value(fault),
    status: logged.status,
    answered: answered === null ? null : redactedJson(answered, redactor),
    headers: redactor.value(loggedHeaders(logged.headers)),
    ...(drift === undefined ? {} : { drift: redactor.value(drift) }),
  };
}

/** The changes of a request, for the first {@link maxChanges} orders. */
/** The redactor takes whatever follows the version for the API key; if that is empty, it would be the operation's path. */
function loggedPath(target: string, redactor: Redactor): string {
  const [beforeEmptyKey = ""] = /^\/client\/api\/v1\/\/+/.exec(target) ?? [];
  return beforeEmptyKey + redactor.text(target.slice(beforeEmptyKey.length));
}

export function writeChanges({ changes, redactor }: Logged): OrderChange[] {
  return redactor.value(changes);
}

/** The headers that say what an answer is, or what to do about it. */
const loggedHeaderNames = new Set(["content-type", "content-encoding", "location", "retry-after", "allow"]);

/** The headers that decide about the answer. Others may hold secrets. */
const sentHeaderNames = ["content-type", "content-encoding", "prefer"];

function sentHeaders({ headers }: EngineRequest): readonly string[] {
  const isPlain = headers["content-encoding"] === undefined && headers.prefer === undefined;
  // Nearly every request: they all share one list.
  if (isPlain && headers["content-type"] === "application/json") return jsonHeaders;
  const found: string[] = [];
  for (const name of sentHeaderNames) {
    const value = headers[name];
    if (value !== undefined) found.push(name, typeof value === "string" ? value : value.join(", "));
  }
  return found;
}

function headerRecord(headers: readonly string[]): Record<string, string> {
  const record: Record<string, string> = {};
  for (let index = 0; index < headers.length; index += 2)
    record[`${headers[index]}`] = headers[index + 1] ?? "";
  return record;
}

function loggedHeaders(headers: readonly string[]): Record<string, string> {
  const logged: Record<string, string> = {};
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index]?.toLowerCase() ?? "";
    if (loggedHeaderNames.has(name)) logged[name] = headers[index + 1] ?? "";
  }
  return logged;
}

function redactedJson(text: string, redactor: Redactor): Json {
  try {
    return redactor.value(JSON.parse(text));
  } catch {
    return redactor.text(text);
  }
}
