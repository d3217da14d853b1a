import type { Level, Redactor } from "@auto-extend/core";
import type { Decision } from "../decision.js";
import type { EngineReply } from "../engine.js";
import { isSent } from "../faults/deliver.js";
import type { Fault } from "../faults/fault.js";
import type { Asked } from "../faults/plan.js";
import type { Caller } from "../state/accounts.js";
import { type OrderChange, orderChange } from "../state/order-change.js";
import type { Changed } from "../state/store.js";

/** One request as the mock saw it. The API key is in no part of it. */
export interface LogEntry {
  /** Unique until the mock is reset; also in the answer's `mock-request-id` header. */
  readonly id: string;
  /** When it came, by the mock's clock, in ISO 8601. */
  readonly at: string;
  /** The account it concerned; `null` where the API key has none, or none was needed. */
  readonly account: string | null;
  /** The operation's id; `null` where the path or method is none of the contract's. */
  readonly operation: string | null;
  readonly method: string;
  /** The path and query, redacted. */
  readonly path: string;
  /** The body, redacted: parsed where it is JSON, else its text. Of a GET the query, by name. */
  readonly sent: unknown;
  readonly decided: Decision;
  /** What was to go wrong, on purpose; `null` where nothing was. */
  readonly fault: LoggedFault | null;
  /** The HTTP status of the answer; `null` where none left. */
  readonly status: number | null;
  /**
   * The body of the answer, redacted as `sent` is; `null` where none left. Where it holds credentials, those are left
   * out, and of its lists all but the first 100 items.
   */
  readonly answered: unknown;
  /** Headers of the answer that say what it is or what to do; empty where none left, and for what was passed on. */
  readonly headers: Readonly<Record<string, string>>;
  /** How request and answer differ from the contract, where a server behind this mock was held to it. */
  readonly drift?: readonly Drift[];
}

/** One way in which a request, or the answer of the server behind this mock, differs from the contract. */
export interface Drift {
  readonly direction: "request" | "answer";
  /**
   * How grave it is:
   *
   * - `accepts`: a caller cannot use the answer.
   * - `lawful`: it contradicts the contract.
   * - `emits`: our client or our mock would not send it. It contradicts nothing.
   */
  readonly level: Level;
  readonly part: "body" | "status" | "content-type";
  /** The place within the body (or query), such as `orderIds[0]`; empty for the whole. */
  readonly path: string;
  /** What is wrong and what was expected, for people. */
  readonly message: string;
  /** The id of the contract's statement or rule that it contradicts or departs from, if there is one. */
  readonly statement: string | null;
}

/** One difference on one line. */
export function driftText({ direction, level, part, path, message }: Drift): string {
  const place = part === "body" ? path : part;
  return `${direction} [${level}]${place ? ` ${place}` : ""}: ${message}`;
}

/** A fault that struck a request. */
export interface LoggedFault {
  /** The faults, and by what each was asked for. */
  readonly triggers: readonly Asked[];
  /** What they come to, in primitives. */
  readonly fault: Fault;
  /** How the answer was delivered, for people. */
  readonly delivered: string;
}

/** An entry that is written out when somebody asks for it: most never are. */
export interface DraftEntry {
  readonly id: string;
  readonly account: string | null;
  readonly write: () => LogEntry;
  /** What became another because of it, of the first 20 orders. */
  readonly changes: () => OrderChange[];
  /** How many orders it was about. */
  readonly changedOrders: number;
  /** How many characters it keeps. */
  readonly size: number;
}

/** Keeps the last requests, and no more. */
export interface RequestLog {
  add(draft: DraftEntry): void;
  /** The kept entries, oldest first; those of one account where one is given. */
  list(account?: string): LogEntry[];
  /** The kept entry of an id. */
  find(id: string): DraftEntry | undefined;
  /** The last kept entry, of all or of one account. */
  last(account?: string): DraftEntry | undefined;
  /** How many entries were let go of since the log was cleared. */
  dropped(account?: string): number;
  /** Forgets the entries; those of one account where one is given. */
  clear(account?: string): void;
}

/** How much a log keeps at most, in characters of bodies: large ones must not fill the memory. */
const largestLog = 32 * 1024 * 1024;

/** @param limit how many entries are kept; fewer where they are large. */
export function createRequestLog(limit: number): RequestLog {
  let drafts: DraftEntry[] = [];
  /** Where those that are kept begin: taking the first off a long array takes long, so that is done by the batch. */
  let first = 0;
  let size = 0;
  const dropped = new Map<string | null, number>();

  function dropOldest(): void {
    const oldest = drafts[first];
    if (!oldest) return;
    size -= oldest.size;
    dropped.set(oldest.account, (dropped.get(oldest.account) ?? 0) + 1);
    delete drafts[first];
    first += 1;
    if (first >= 1_000 && first >= drafts.length / 2) keep(drafts.slice(first));
  }

  function keep(entries: DraftEntry[]): void {
    drafts = entries;
    first = 0;
  }

  function kept(account?: string): DraftEntry[] {
    return drafts.slice(first).filter((draft) => account === undefined || draft.account === account);
  }

  return {
    add(draft) {
      drafts.push(draft);
      size += draft.size;
      while (drafts.length - first > limit || (size > largestLog && drafts.length - first > 1)) dropOldest();
    },
    list: (account) => kept(account).map(({ write }) => write()),
    find: (id) => kept().find((draft) => draft.id === id),
    last: (account) => kept(account).at(-1),
    dropped: (account) =>
      account === undefined
        ? [...dropped.values()].reduce((sum, count) => sum + count, 0)
        : (dropped.get(account) ?? 0),
    clear(account) {
      keep(account === undefined ? [] : kept().filter((draft) => draft.account !== account));
      size = drafts.reduce((sum, draft) => sum + draft.size, 0);
      if (account === undefined) dropped.clear();
      else dropped.delete(account);
    },
  };
}

/** A request that was answered. */
export interface Exchange {
  /** When it came, in milliseconds since 1970. */
  readonly came: number;
  readonly request: { readonly method: string; readonly target: string };
  readonly operation: string | null;
  readonly caller: Pick<Caller, "accountId" | "redactor">;
  /** The body, or the query as JSON. */
  readonly sent: string;
  readonly reply: EngineReply;
  readonly decided: Decision;
  readonly fault: LoggedFault | null;
  readonly changed: readonly Changed[];
  readonly drift?: readonly Drift[] | undefined;
  readonly discretion?: LogRedaction | undefined;
}

/** What may be kept of an exchange that can hold more secrets than the API key. */
export interface LogRedaction {
  /** In place of the path and query. */
  readonly path: string;
  /** In place of the body or query that came. */
  readonly sent: (text: string) => string;
  /** In place of the body that left. */
  readonly answered: (text: string) => string;
  /** Whether the answer is this mock's own: a header of another server's may hold a secret, under no name that tells. */
  readonly isOwn: boolean;
}

/** Of how many orders the change is kept. */
const mostChanges = 20;

/** Drafts the entry of a request. */
export function draftEntry(id: string, exchange: Exchange): DraftEntry {
  const { came, request, operation, caller, reply, decided, fault, drift, discretion } = exchange;
  const { redactor, accountId: account } = caller;
  const { method } = request;
  const left = isSent(reply);
  const status = left ? reply.status : null;
  const { path: target, isOwn, ...bodies } = discretion ?? { ...nothingHidden, path: request.target };
  const sent = bodies.sent(exchange.sent);
  const answered = left ? bodies.answered(textOf(reply.body)) : null;
  const headers = left && isOwn ? tellingHeaders(reply.headers) : {};
  const changedOrders = exchange.changed.length;
  const changed = changedOrders > mostChanges ? exchange.changed.slice(0, mostChanges) : exchange.changed;
  return {
    id,
    account,
    changedOrders,
    size: target.length + sent.length + (answered?.length ?? 0),
    changes: () => redactor.value(changed.map(orderChange)),
    write: () => ({
      id,
      at: new Date(came).toISOString(),
      account,
      operation,
      method,
      path: redactor.text(target),
      sent: shown(sent, redactor),
      decided: redactor.value(decided),
      fault: redactor.value(fault),
      status,
      answered: answered === null ? null : shown(answered, redactor),
      headers: redactor.value(headers),
      ...(drift === undefined ? {} : { drift: redactor.value(drift) }),
    }),
  };
}

const whole = (text: string) => text;
const nothingHidden: Omit<LogRedaction, "path"> = { sent: whole, answered: whole, isOwn: true };

/** Headers that say what an answer is, or what to do about it. */
const telling = new Set(["content-type", "content-encoding", "location", "retry-after", "allow"]);

function tellingHeaders(headers: readonly string[]): Record<string, string> {
  const told: Record<string, string> = {};
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index]?.toLowerCase() ?? "";
    if (telling.has(name)) told[name] = headers[index + 1] ?? "";
  }
  return told;
}

function textOf(body: string | Uint8Array): string {
  return typeof body === "string" ? body : new TextDecoder().decode(body);
}

function shown(text: string, redactor: Redactor): unknown {
  try {
    return redactor.value(JSON.parse(text));
  } catch {
    return redactor.text(text);
  }
}
