import type { Redactor } from "@auto-extend/core";
import type { Caller } from "./accounts.js";
import type { Decision } from "./decision.js";
import type { EngineReply } from "./engine.js";
import { leaves } from "./faults/deliver.js";
import type { Asked } from "./faults/plan.js";
import { type OrderChange, orderChange } from "./order-change.js";
import type { Changed } from "./store.js";

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
  /** The body, redacted: parsed where it is JSON, else its text, of which the first 16,384 characters are kept. */
  readonly sent: unknown;
  readonly decided: Decision;
  /** What was to go wrong, on purpose; `null` where nothing was. */
  readonly fault: LoggedFault | null;
  /** The HTTP status of the answer; `null` where none left. */
  readonly status: number | null;
  /** The body of the answer, redacted and kept as `sent` is; `null` where none left. */
  readonly answered: unknown;
  /** How request and answer differ from the contract, where a server behind this mock was held to it. */
  readonly drift?: readonly Drift[];
}

/** One way in which a request, or the answer of the server behind this mock, differs from the contract. */
export interface Drift {
  readonly direction: "request" | "answer";
  /** `tolerated`: our client, or the contract, puts up with it. `broken`: it does not. */
  readonly severity: "tolerated" | "broken";
  /** Where, such as `status` or `orderIds[0]`; empty for the whole. */
  readonly path: string;
  /** What is wrong and what was expected, for people. */
  readonly message: string;
  /** The id of the contract's statement or rule that it contradicts, where one can be named. */
  readonly statement?: string;
}

/** A fault that struck a request. */
export interface LoggedFault {
  /** The faults, and by what each was asked for. */
  readonly asked: readonly Asked[];
  /** How the answer was delivered, for people. */
  readonly delivered: string;
}

/** An entry that is written out when somebody asks for it: most never are. */
export interface DraftEntry {
  readonly id: string;
  readonly account: string | null;
  readonly write: () => LogEntry;
  /** What became another because of it. */
  readonly changes: () => OrderChange[];
}

/** Keeps the last requests, and no more. */
export interface RequestLog {
  add(draft: DraftEntry): void;
  /** The kept entries, oldest first; those of one account where one is given. */
  list(account?: string): LogEntry[];
  /** The kept entry of an id. */
  find(id: string): DraftEntry | undefined;
  /** Forgets the entries; those of one account where one is given. */
  clear(account?: string): void;
}

/** @param limit how many entries are kept. */
export function createRequestLog(limit: number): RequestLog {
  let drafts: DraftEntry[] = [];
  return {
    add(draft) {
      drafts.push(draft);
      // Dropped by the batch: shifting a long array for each request would show in the answering time.
      if (drafts.length >= limit * 2) drafts = newest();
    },
    list: (account) =>
      newest()
        .filter((draft) => account === undefined || draft.account === account)
        .map(({ write }) => write()),
    find: (id) => newest().find((draft) => draft.id === id),
    clear(account) {
      drafts = account === undefined ? [] : newest().filter((draft) => draft.account !== account);
    },
  };

  function newest(): DraftEntry[] {
    return limit === 0 ? [] : drafts.slice(-limit);
  }
}

/** A request that was answered. */
export interface Exchange {
  /** When it came, in milliseconds since 1970. */
  readonly came: number;
  readonly request: { readonly method: string; readonly target: string };
  readonly operation: string | null;
  readonly caller: Pick<Caller, "accountId" | "redactor">;
  /** The body as text. */
  readonly sent: string;
  readonly reply: EngineReply;
  readonly decided: Decision;
  readonly fault: LoggedFault | null;
  readonly changed: readonly Changed[];
  readonly drift?: readonly Drift[] | undefined;
  readonly discretion?: Discretion | undefined;
}

/** What may be kept of an exchange that can hold more secrets than the API key. */
export interface Discretion {
  /** In place of the path and query. */
  readonly path: string;
  /** In place of a body that came or left. */
  readonly body: (text: string) => string;
}

/** Of how many orders the change is kept. */
const mostChanges = 20;

/** Drafts the entry of a request. */
export function draftEntry(id: string, exchange: Exchange): DraftEntry {
  const { came, request, operation, caller, reply, decided, fault, drift, discretion } = exchange;
  const { redactor, accountId: account } = caller;
  const { method } = request;
  const left = leaves(reply);
  const status = left ? reply.status : null;
  // A body may be large, so nothing but its kept part may stay behind.
  const body = (text: string) => kept(discretion ? discretion.body(text) : text, redactor);
  const [target, sent] = [kept(discretion?.path ?? request.target, redactor), body(exchange.sent)];
  const answered = left ? body(textOf(reply.body)) : null;
  const changed =
    exchange.changed.length > mostChanges ? exchange.changed.slice(0, mostChanges) : exchange.changed;
  return {
    id,
    account,
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
      ...(drift === undefined ? {} : { drift: redactor.value(drift) }),
    }),
  };
}

function textOf(body: string | Uint8Array): string {
  return typeof body === "string" ? body : new TextDecoder().decode(body);
}

/** How much of a body is kept, in characters. */
const longestKept = 16_384;

function kept(text: string, redactor: Redactor): string {
  if (text.length <= longestKept) return text;
  // Redacted first: a part of an API key could not be found any more. A plain slice would keep the whole text in memory.
  const beginning = redactor.text(text).slice(0, longestKept);
  return new TextDecoder().decode(new TextEncoder().encode(beginning));
}

function shown(text: string, redactor: Redactor): unknown {
  try {
    return redactor.value(JSON.parse(text));
  } catch {
    return redactor.text(text);
  }
}
