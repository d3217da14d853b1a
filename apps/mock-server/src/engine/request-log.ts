import type { Redactor } from "@auto-extend/core";
import type { Caller } from "./accounts.js";
import type { EngineReply } from "./engine.js";

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
  readonly status: number;
  /** The body of the answer, redacted and kept as `sent` is. */
  readonly answered: unknown;
}

/** What was decided of a request, and why. */
export interface Decision {
  /** `done`: it was carried out. `refused`: a rule of the provider's was broken. `problem`: it never got that far. */
  readonly outcome: "done" | "refused" | "problem";
  /** The id of the rule or transport error that decided; `null` for what was carried out. */
  readonly statement: string | null;
  /** The error code of a refusal; `null` for the rest. */
  readonly code: number | null;
  /** The reason, for people. */
  readonly why: string;
  /** Fields that were sent, but that the contract does not know: they were ignored. */
  readonly ignored: readonly string[];
}

/** An entry that is written out when somebody asks for it: most never are. */
export interface DraftEntry {
  readonly account: string | null;
  readonly write: () => LogEntry;
}

/** Keeps the last requests, and no more. */
export interface RequestLog {
  add(draft: DraftEntry): void;
  /** The kept entries, oldest first; those of one account where one is given. */
  list(account?: string): LogEntry[];
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
}

/** Drafts the entry of a request. */
export function draftEntry(id: string, exchange: Exchange): DraftEntry {
  const { came, request, operation, caller, reply, decided } = exchange;
  const { redactor, accountId: account } = caller;
  const { method } = request;
  const { status } = reply;
  // A body may be large, so nothing but its kept part may stay behind.
  const [target, sent, answered] = [kept(request.target), kept(exchange.sent), kept(reply.body)];
  return {
    account,
    write: () => ({
      id,
      at: new Date(came).toISOString(),
      account,
      operation,
      method,
      path: redactor.text(target),
      sent: shown(sent, redactor),
      decided: redactor.value(decided),
      status,
      answered: shown(answered, redactor),
    }),
  };
}

/** How much of a body is kept, in characters. */
const longestKept = 16_384;

function kept(text: string): string {
  if (text.length <= longestKept) return text;
  // A plain slice would keep the whole text in memory behind it.
  return new TextDecoder().decode(new TextEncoder().encode(text.slice(0, longestKept)));
}

function shown(text: string, redactor: Redactor): unknown {
  try {
    return redactor.value(JSON.parse(text));
  } catch {
    return redactor.text(text);
  }
}
