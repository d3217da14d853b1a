import { createRedactor, type Redactor } from "@auto-extend/core";
import { isoDate } from "../../lib/dates.js";
import { decodeHeader } from "../../lib/headers.js";
import { createDecoder, createEncoder, decodeLeniently } from "../../lib/text.js";
import { type Delivered, deliveryText } from "../faults/spoil.js";
import { jsonHeaders } from "../problem.js";
import type {
  EngineReply,
  EngineRequest,
  Exchange,
  Input,
  Plan,
  Resolution,
  SwitchedOrder,
} from "../types.js";
import { isSameJson, redactedJson, shownBody } from "./body.js";
import { hideInParts } from "./hide-keys.js";
import type { Decision, Drift, LogEntry, OrderChange } from "./schemas.js";

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
  readonly matches?: (entry: LogEntry) => boolean;
}

export interface Result {
  readonly resolution: Resolution;
  readonly changed: readonly SwitchedOrder[];
  readonly reply: EngineReply;
}

/** The maximum size of a log, in bytes: large bodies must not fill the memory. */
const maxLogBytes = 32 * 1024 * 1024;

export type RequestLog = ReturnType<typeof createRequestLog>;

/**
 * Creates a log that retains the most recent requests.
 *
 * @param limit the maximum number of entries (fewer if they are large).
 */
export function createRequestLog(limit: number) {
  // A ring. Its entries and their texts are written over in place: new objects that live as long as an entry would cost
  // the garbage collector more than everything else about a request.
  const ring: Entry[] = [];
  let texts = createTexts();
  const capacity = Math.max(limit, 1);
  let first = 0;
  let count = 0;
  let numbered = 0;
  let clears = 0;
  /** How many requests of each account were added since the log was cleared. */
  const added = new Map<string | null, number>();

  function dropOldest(): void {
    const oldest = ring[first];
    if (oldest) oldest.textAt = dropped;
    first = (first + 1) % capacity;
    count -= 1;
  }

  /** The entries of all accounts or of one, oldest first. */
  function retained(account?: string): Entry[] {
    const all = [...ring.slice(first), ...ring.slice(0, first)].slice(0, count);
    return account === undefined ? all : all.filter((entry) => entry.account === account);
  }

  function read<Found extends Readonly<Entry> | undefined>(entry: Found) {
    return entry && withTexts(entry, texts.read(entry.textAt, entry.textEnd));
  }

  return {
    nextNumber(): number {
      numbered += 1;
      return numbered;
    },
    /** @param now the machine's time, in milliseconds since 1970. */
    add(exchange: Exchange, result: Result, now: number): Entry {
      if (count === capacity) dropOldest();
      const place = (first + count) % capacity;
      ring[place] ??= new Entry();
      const entry = ring[place];
      const text = fill(entry, exchange, result);
      // Nearly every answer leaves at once.
      const { delivery, parts } = result.reply;
      entry.durationMs = delivery || parts ? null : Math.max(0, now - entry.arrivedAt);
      entry.textAt = texts.write(text, (count === 0 ? undefined : ring[first]?.textAt) ?? texts.end);
      entry.textEnd = texts.end;
      added.set(entry.account, (added.get(entry.account) ?? 0) + 1);
      if (limit > 0) count += 1;
      while ((ring[first]?.textAt ?? texts.first) < texts.first) dropOldest();
      return entry;
    },
    /** A reply that takes a while, and completes the entry of its request when it was sent. */
    timed(entry: Entry, reply: EngineReply, now: () => number): EngineReply {
      const { textAt } = entry;
      return {
        ...reply,
        release() {
          reply.release?.();
          if (entry.textAt === textAt) entry.durationMs = Math.max(0, now() - entry.arrivedAt);
        },
      };
    },
    /** The entry with its texts, as long as it was not dropped or written over. */
    read,
    /** The entries that a search finds, oldest first. They are converted only as they are examined, since converting is slow. */
    list(account?: string, search: LogSearch = {}): LogEntry[] {
      const { after = 0, before = Number.POSITIVE_INFINITY, limit: most, matches = () => true } = search;
      const found: LogEntry[] = [];
      for (const each of retained(account).reverse()) {
        if (each.number >= before) continue;
        if (each.number <= after || found.length === most) break;
        const entry = toLogEntry(read(each));
        if (matches(entry)) found.push(entry);
      }
      return found.reverse();
    },
    find: (id: string): Logged | undefined => read(retained().find((entry) => requestId(entry) === id)),
    last: (account?: string): Logged | undefined => read(retained(account).at(-1)),
    /** How many entries were dropped since the log was cleared. */
    dropped(account?: string): number {
      const counts = account === undefined ? [...added.values()] : [added.get(account) ?? 0];
      return counts.reduce((sum, each) => sum + each, 0) - retained(account).length;
    },
    /** How many times requests were cleared. If it has changed since the last read, requests were removed. */
    clears: () => clears,
    clear(account?: string): void {
      clears += 1;
      // With limit 0 the ring still holds the last entry.
      for (const entry of count === 0 ? ring : retained(account)) entry.textAt = dropped;
      const others = retained().filter(({ textAt }) => textAt !== dropped);
      ring.splice(0, ring.length, ...others);
      first = 0;
      count = others.length;
      if (account === undefined) {
        texts = createTexts();
        added.clear();
      } else added.delete(account);
    },
  };
}

/** Texts in one buffer, as UTF-8. It grows up to the maximum size of a log, and is then written around. */
function createTexts() {
  const encoder = createEncoder();
  const decoder = createDecoder({ ignoreBOM: true });
  let bytes = new Uint8Array(65_536);

  function grow(): void {
    const larger = new Uint8Array(2 * bytes.length);
    // Twice: a position is found in one half or the other.
    larger.set(bytes);
    larger.set(bytes, bytes.length);
    bytes = larger;
  }

  const texts = {
    /** Counts all bytes that were ever written: the one at a position is found at its remainder by the size of the buffer. */
    end: 0,
    /** The position of the oldest text that has not been overwritten, or an earlier one. */
    first: 0,
    /**
     * @param oldest the position from which texts should be retained.
     * @returns the position of the text, which is never cut in two.
     */
    write(text: string, oldest: number): number {
      // The most that UTF-8 takes.
      const most = 3 * text.length;
      let start = texts.end;
      for (;;) {
        const at = texts.end % bytes.length;
        start = at + most > bytes.length ? texts.end - at + bytes.length : texts.end;
        const isFull = start + most - oldest > bytes.length;
        if (most <= bytes.length && (!isFull || bytes.length >= maxLogBytes)) break;
        grow();
      }
      texts.end = start + encoder.encodeInto(text, bytes.subarray(start % bytes.length)).written;
      texts.first = texts.end - bytes.length;
      return start;
    },
    read(start: number, until: number): string {
      const at = start % bytes.length;
      return decoder.decode(bytes.subarray(at, at + until - start));
    },
  };
  return texts;
}

/** In place of the position of its texts, if the log no longer has the request. */
const dropped = -1;

/** For how many orders per request the change is retained. */
const maxChanges = 20;

/**
 * A request as the log retains it, in one flat object. It references neither the request nor the reply, and is turned
 * into what people read, redacted, only when somebody reads the log: most entries are never read.
 */
export class Entry {
  number = 0;
  /** By the mock's clock, in milliseconds since 1970. */
  receivedAt = 0;
  /** By the machine's clock, in milliseconds since 1970. */
  arrivedAt = 0;
  durationMs: number | null = 0;
  origin: EngineRequest["origin"];
  account: string | null = null;
  operation: string | null = null;
  method = "";
  target = "";
  sentHeaders = noHeaders;
  /** Beside the headers that decide, those that say who sent it and which answer it takes. */
  userAgent: string | undefined;
  accept: string | undefined;
  /** A remark about a body that the texts do not have as it was sent. */
  sentNote: string | undefined;
  /** The decision without its reason, which is one of the texts. */
  outcome: Decision["outcome"] = "done";
  statement: string | null = null;
  code: number | null = null;
  issues: Decision["issues"];
  later: Decision["later"];
  satisfied = 0;
  ignored: readonly string[] = noHeaders;
  plan: Plan | null = null;
  delivered: Delivered | null = null;
  status: number | null = null;
  headers = noHeaders;
  /** Not the orders themselves: the log would keep alive each state that an order was in. */
  changes: readonly OrderChange[] = noChanges;
  changedOrders = 0;
  drift: readonly Drift[] | undefined;
  redactor = withoutKey;
  /**
   * The texts, one after the other: what was sent, what was answered, the reason, and as JSON what faults changed. No other request
   * has its texts at the same position, so it also shows whether an entry was written over.
   */
  textAt = dropped;
  textEnd = 0;
  sentLength = 0;
  answeredLength = 0;
  whyLength = 0;
}

const noHeaders: readonly string[] = [];
const noChanges: readonly OrderChange[] = [];
const withoutKey = createRedactor();

/** A request of the log with its texts. It must be used at once: the entry is going to be written over. */
export interface Logged {
  readonly entry: Readonly<Entry>;
  readonly sent: string;
  readonly answered: string | null;
  /** The reason for the decision. */
  readonly why: string;
  /** The fields of the answer that faults changed, as JSON; empty for none. */
  readonly altered: string;
}

const partlyRetained =
  "The log keeps only a part of this body, because the request may concern a real account.";

/** @returns the texts of the entry. */
function fill(
  entry: Entry,
  { number, receivedAt, arrivedAt, request, route, caller, input, plan }: Exchange,
  { resolution, changed, reply }: Result,
): string {
  const { logRedaction, decision, drift, answer, altered = "" } = resolution;
  const ending = reply.delivery?.ending;
  const wasSent = !(ending && "at" in ending && ending.at === "before");
  const sent = logRedaction?.sent?.(input.text) ?? input.text;
  const isLogged = wasSent && request.method !== "HEAD";
  const body = typeof reply.body === "string" ? reply.body : decodeLeniently(reply.body);
  const answered = isLogged ? (logRedaction?.answered(body) ?? body) : "";
  entry.number = number;
  entry.receivedAt = receivedAt;
  entry.arrivedAt = arrivedAt;
  entry.origin = request.origin;
  entry.account = caller.accountId;
  entry.operation = route.operation?.id ?? null;
  entry.method = request.method;
  entry.target = logRedaction?.path ?? request.shownTarget ?? route.shownTarget;
  entry.sentHeaders = sentHeaders(request);
  entry.userAgent = request.headers["user-agent"]?.toString();
  entry.accept = request.headers.accept?.toString();
  entry.sentNote = sent === input.text ? input.note : noteOf(input, sent);
  entry.outcome = decision.outcome;
  entry.statement = decision.statement;
  entry.code = decision.code;
  entry.issues = decision.issues;
  entry.later = decision.later;
  entry.satisfied = decision.satisfied;
  entry.ignored = decision.ignored;
  entry.plan = plan;
  entry.delivered = plan && {
    status: reply.status,
    length: reply.body.length,
    delivery: reply.delivery,
    usual: { status: answer.status, length: answer.body.length },
  };
  entry.status = wasSent ? reply.status : null;
  // Headers that every reply has say nothing about this answer. Those of another server may contain secrets.
  const { headers } = plan ? reply : answer;
  entry.headers = wasSent && !logRedaction?.isFromUpstream ? headers : noHeaders;
  entry.changes = changed.length === 0 ? noChanges : changed.slice(0, maxChanges).map(({ change }) => change);
  entry.changedOrders = changed.length;
  entry.drift = drift;
  entry.redactor = caller.redactor;
  entry.sentLength = sent.length;
  entry.answeredLength = answered.length;
  entry.whyLength = decision.why.length;
  return sent + answered + decision.why + altered;
}

function noteOf(input: Input, sent: string): string | undefined {
  return input.note ?? (isSameJson(input.text, sent) ? undefined : partlyRetained);
}

/** @param texts what {@link fill} returned. */
function withTexts(entry: Readonly<Entry>, texts: string): Logged {
  const answeredAt = entry.sentLength;
  const whyAt = answeredAt + entry.answeredLength;
  const alteredAt = whyAt + entry.whyLength;
  return {
    entry,
    sent: texts.slice(0, answeredAt),
    answered: entry.status === null ? null : texts.slice(answeredAt, whyAt),
    why: texts.slice(whyAt, alteredAt),
    altered: texts.slice(alteredAt),
  };
}

export function requestId({ number }: { readonly number: number }): string {
  return `request-${number}`;
}

function answerOf({ changes }: Plan) {
  const [answer, ...others] = changes.map((each) => each.answer);
  return answer && { answer: others.length > 0 ? [answer, ...others] : answer };
}

export function toLogEntry({ entry, sent, answered, why, altered }: Logged): LogEntry {
  const { outcome, statement, code, issues, later, satisfied, ignored, redactor, plan, delivered, drift } =
    entry;
  const fault = plan && {
    triggers: plan.triggers,
    fault: { ...plan.fault, ...answerOf(plan) },
    ...(altered && { altered: JSON.parse(altered) }),
    delivered: delivered ? deliveryText(delivered, plan) : "",
  };
  const written: LogEntry = {
    id: requestId(entry),
    at: isoDate(entry.receivedAt),
    arrivedAt: isoDate(entry.arrivedAt),
    durationMs: entry.durationMs === null ? null : Math.round(entry.durationMs),
    origin: entry.origin ?? "client",
    account: entry.account,
    operation: entry.operation,
    method: entry.method,
    path: hideInParts(entry.target, redactor),
    ...shownBody(sent, redactor, entry.sentNote),
    sentHeaders: {
      ...shownHeaders(entry.sentHeaders, sentHeaderNames, redactor),
      ...(entry.userAgent !== undefined && { "user-agent": redactor.text(entry.userAgent) }),
      ...(entry.accept !== undefined && { accept: redactor.text(entry.accept) }),
    },
    decided: {
      outcome,
      statement,
      code,
      why: redactor.text(why),
      ...(issues && { issues: redactor.value(issues) }),
      ...(later && { later: redactor.value(later) }),
      satisfied,
      ignored: ignored.map(redactor.text),
    },
    fault: fault && redactor.value(fault),
    status: entry.status,
    answered: answered === null ? null : redactedJson(answered, redactor),
    answerHeaders: shownHeaders(entry.headers, loggedHeaderNames, redactor),
  };
  if (drift) written.drift = redactor.value([...drift]);
  return written;
}

/** The headers that say what an answer is, or what to do about it. */
const loggedHeaderNames = ["content-type", "content-encoding", "location", "retry-after", "allow"];

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

/** @param names the headers to show, in lower case. */
function shownHeaders(headers: readonly string[], names: readonly string[], redactor: Redactor) {
  const shown: Record<string, string> = {};
  for (let index = 0; index < headers.length; index += 2) {
    const name = String(headers[index]).toLowerCase();
    if (names.includes(name)) shown[name] = redactor.text(decodeHeader(String(headers[index + 1])));
  }
  return shown;
}
