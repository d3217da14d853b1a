import { createRedactor } from "@auto-extend/core";
import { type Caller, createAccounts } from "./accounts.js";
import { assertEmitted } from "./drift.js";
import { headerText } from "./header-text.js";
import type { ServedBy } from "./outcome.js";
import { type EngineProblem, internalError, problemReply } from "./problem.js";
import { quoted } from "./quoted.js";
import { readBody } from "./read.js";
import {
  createRequestLog,
  type Decision,
  type DraftEntry,
  draftEntry,
  type Exchange,
  type LogEntry,
} from "./request-log.js";
import { route, type ServedOperation } from "./route.js";
import { servedSetAutoExtend } from "./set-auto-extend.js";
import { createStore } from "./store.js";
import { type ReadWorld, readWorld, type State, WorldError } from "./world.js";

/** A request as a carrier hands it in: a socket's, a test's, a browser's. */
export interface EngineRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The bytes, or that there were more of them than the mock takes. */
  readonly body: Uint8Array | "too-large";
}

/** What a carrier sends back. */
export interface EngineReply {
  readonly status: number;
  /** Lower-case names and their values in turn, as in Node's `rawHeaders`: the form that takes the least to send. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** The mock without any network: requests in, replies out, and a state between them. */
export interface Engine {
  handle(request: EngineRequest): EngineReply;
  /** The account id that an API key opens; `null` where it opens none. */
  accountOf(apiKey: string): string | null;
  /** Whether there is an account of this id. */
  has(account: string): boolean;
  /** A copy of the state, all of it or one account's. */
  state(account?: string): State;
  /**
   * Puts a world in place of the state; with an account given, only that account.
   *
   * @throws WorldError where the world can't be used; the state is then as it was.
   */
  putState(world: unknown, account?: string): void;
  /** The requests in the log, oldest first. */
  requests(account?: string): LogEntry[];
  clearRequests(account?: string): void;
  /** Back to the starting world, with an empty log; with an account given, only what is that account's. */
  reset(account?: string): void;
}

/** The settings of an engine. Time comes from outside, so that the same requests give the same replies. */
export interface EngineOptions {
  readonly world: ReadWorld;
  readonly apiKeys: readonly string[];
  /** How many requests the log keeps. */
  readonly logLimit: number;
  /** How many accounts may be made for new API keys. */
  readonly accountLimit: number;
  /** The moment, in milliseconds since 1970. */
  readonly now: () => number;
  /** Told of each request after it was answered. */
  readonly onRequest?: ((entry: LogEntry) => void) | undefined;
}

const served: Record<ServedOperation["id"], ServedBy> = { setAutoExtend: servedSetAutoExtend };

/** Makes an engine. */
export function createEngine(options: EngineOptions): Engine {
  const { now, onRequest } = options;
  const store = createStore();
  const accounts = createAccounts(store, { ...options, limit: options.accountLimit });
  const log = createRequestLog(options.logLimit);
  const httpDate = createHttpDate();
  let numbered = 0;

  function handle(request: EngineRequest): EngineReply {
    const came = now();
    const routed = route(request.method, pathOf(request.target));
    const caller = routed.operation ? accounts.caller(routed.apiKey) : nobody(routed.apiKey);
    const body = readBody(request);
    const handled = routed.problem
      ? refuse(routed.problem)
      : body.problem
        ? refuse(body.problem)
        : serve(routed.operation, body.value, caller);
    return finish({
      came,
      request,
      operation: routed.operation?.id ?? null,
      caller,
      sent: body.text,
      ...handled,
    });
  }

  function serve(operation: ServedOperation, sent: unknown, caller: Caller): Handled {
    try {
      return answer(operation, sent, caller);
    } catch (error) {
      // Whatever it is, it is the mock's own mistake, and must not look like an answer of the provider's.
      return refuse({ error: internalError, remark: (error as Error).message });
    }
  }

  /** Decides, answers, and only then commits. */
  function answer(operation: ServedOperation, sent: unknown, caller: Caller): Handled {
    const rules = served[operation.id];
    const account = caller.accountId === null ? undefined : store.get(caller.accountId);
    const outcome = rules.decide(sent, account, caller.stranger);
    const envelope = rules.answer(outcome, account);
    assertEmitted(operation, sent, envelope);
    if (!outcome.broken && account) store.transact(account.id, outcome.changes);
    return {
      reply: { status: 200, headers: ["content-type", "application/json"], body: JSON.stringify(envelope) },
      decided: {
        outcome: outcome.broken ? "refused" : "done",
        statement: outcome.broken?.id ?? null,
        code: outcome.broken?.code ?? null,
        why: outcome.why,
        ignored: unknownFields(operation, sent),
      },
    };
  }

  /** Writes the request down, and gives the reply the headers that every one has. */
  function finish(exchange: Exchange): EngineReply {
    const { came, operation, caller, reply, decided } = exchange;
    numbered += 1;
    const id = `request-${numbered}`;
    const draft = draftEntry(id, exchange);
    log.add(draft);
    if (onRequest) tell(onRequest, draft);
    const why = headerText(caller.redactor.text(explanation(decided)));
    const headers = [
      ...reply.headers,
      "date",
      httpDate(came),
      "mock-request-id",
      id,
      "mock-explanation",
      why,
    ];
    if (operation && caller.accountId) headers.push("mock-account", headerText(caller.accountId));
    // A problem may quote what was sent, and with it the API key.
    const body = decided.outcome === "problem" ? caller.redactor.text(reply.body) : reply.body;
    return { status: reply.status, headers, body };
  }

  return {
    handle,
    accountOf: (apiKey) => accounts.caller(apiKey).accountId,
    has: (account) => store.get(account) !== undefined,
    state: (account) => ({ version: 1, accounts: store.snapshot(account) }),
    putState(world, account) {
      const next = readWorld(world, now());
      if (account === undefined) return accounts.replaceAll(next);
      requireOnly(next, account);
      accounts.replaceSome(next);
    },
    requests: log.list,
    clearRequests: log.clear,
    reset(account) {
      accounts.reset(account);
      log.clear(account);
      if (account === undefined) numbered = 0;
    },
  };
}

/** What became of a request. */
interface Handled {
  readonly reply: EngineReply;
  readonly decided: Decision;
}

/** Who calls a path that leads nowhere: no account is looked for, but what stands in the key's place is a secret. */
function nobody(apiKey: string): Caller {
  return { accountId: null, stranger: "", redactor: createRedactor(apiKey) };
}

/** Watching a mock must not change what it answers. */
function tell(onRequest: (entry: LogEntry) => void, draft: DraftEntry): void {
  try {
    onRequest(draft.write());
  } catch {
    // What the watcher throws is the watcher's.
  }
}

function refuse(problem: EngineProblem): Handled {
  const { id, detail } = problem.error;
  const why = problem.remark ? `${detail} (${problem.remark})` : detail;
  return {
    reply: problemReply(problem),
    decided: { outcome: "problem", statement: id, code: null, why, ignored: [] },
  };
}

/** What the provider's envelope has no room for. */
function explanation({ statement, why, ignored }: Decision): string {
  const rest = ignored.length > 0 ? `; ignored fields: ${ignored.join(", ")}` : "";
  return `${statement ? `${statement}: ` : ""}${why}${rest}`;
}

/** How many unknown fields are named: the first few tell what is wrong. */
const mostIgnored = 10;

function unknownFields(operation: ServedOperation, sent: unknown): string[] {
  if (typeof sent !== "object" || sent === null || Array.isArray(sent)) return [];
  const unknown = Object.keys(sent).filter((field) => !Object.hasOwn(operation.request.shape, field));
  return unknown.slice(0, mostIgnored).map(quoted);
}

function requireOnly(world: ReadWorld, account: string): void {
  const strangers = world.state.accounts.flatMap(({ id }, index) =>
    id === account
      ? []
      : [{ path: `accounts[${index}].id`, message: `must be "${account}", the only account to be put` }],
  );
  if (strangers.length > 0) throw new WorldError(strangers);
}

/** Writes dates for HTTP; within a second they are all the same, and writing one is slow. */
function createHttpDate(): (moment: number) => string {
  let second = Number.NaN;
  let text = "";
  return (moment) => {
    const wanted = Math.floor(moment / 1000);
    if (wanted !== second) {
      second = wanted;
      text = new Date(moment).toUTCString();
    }
    return text;
  };
}

function pathOf(target: string): string {
  const query = target.indexOf("?");
  return query === -1 ? target : target.slice(0, query);
}
