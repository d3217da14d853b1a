import type { components, operations } from "./generated/control-api.ts";

/** All access to the mock's control API. Types come from the document that the mock writes. */

type Json<Response> = Response extends { content: { "application/json": infer Value } } ? Value : never;
type Answer<Id extends keyof operations> = Json<
  operations[Id]["responses"][keyof operations[Id]["responses"] & (200 | 201)]
>;
type Query<Id extends keyof operations> = NonNullable<operations[Id]["parameters"]["query"]>;
type Body<Id extends keyof operations> = operations[Id] extends {
  requestBody: { content: { "application/json": infer Value } };
}
  ? Value
  : never;

export type LogPage = Answer<"listRequests">;
export type LogEntry = LogPage["requests"][number];
export type Explanation = Answer<"explainRequest">;
export type RuleResult = Explanation["rules"][number];
export type Clock = Answer<"getClock">;
export type ClockCommand = Body<"moveClock">;
export type ClockMove = Answer<"moveClock">;
export type Account = Answer<"listAccounts">["accounts"][number];
export type Order = Answer<"listOrders">["orders"][number];
export type OrderQuery = Omit<Query<"listOrders">, "account">;
export type OrderDetail = Answer<"getOrder">;
export type AddressQuery = Omit<Query<"listAddresses">, "account">;
export type Address = Answer<"listAddresses">["addresses"][number];
export type Forecast = Answer<"getForecast">;
export type History = Answer<"getRenewals">;
export type ForecastDay = Forecast["days"][number];
export type OrderEvents = Answer<"listForecastEvents">;
export type Preset = Answer<"listFaultPresets">["presets"][number];
export type QueuedFault = Answer<"listFaults">["faults"][number];
export type FaultSpec = Body<"addFault">;
export type Call = Body<"callOperation">;
export type CallResult = Answer<"callOperation">;
export type Restored = Answer<"restoreOrder">;

export type StreamEvent = operations["watchEvents"]["responses"][200]["content"]["text/event-stream"][number];

type Problem = components["schemas"]["Problem"];
export type Issue = NonNullable<Problem["issues"]>[number];

/** The mock refused a request of this page, or could not be reached (status 0). */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly status: number;
  readonly id: string;
  readonly issues: readonly Issue[];

  constructor(status: number, message: string, { id = "", issues = [] }: Partial<Problem> = {}) {
    super(message);
    this.status = status;
    this.id = id;
    this.issues = issues;
  }
}

const tokenPlace = "control-token";

/** The control token lives as long as the tab, and never stands in a URL. */
export function setToken(token: string): void {
  sessionStorage.setItem(tokenPlace, token);
}

/** Whether the mock asks for a token, which its page has been given. */
export function hasToken(): boolean {
  return sessionStorage.getItem(tokenPlace) !== null;
}

export const baseUrl = new URL(".", document.baseURI).href.replace(/\/$/, "");

export const api = {
  requests: (query: Query<"listRequests">) => json<LogPage>("GET", "requests", { query }),
  explain: (id: string) => json<Explanation>("GET", `requests/${encodeURIComponent(id)}`),
  clearRequests: () => send("DELETE", "requests"),
  clock: () => json<Clock>("GET", "clock"),
  /** Time passes for all accounts; the answer, and the next renewal, are those of one. */
  moveClock: (command: ClockCommand, account: string) =>
    json<ClockMove>("POST", "clock", { query: { limit: 0, account }, body: command }),
  accounts: (query: Query<"listAccounts"> = {}) => json<Answer<"listAccounts">>("GET", "accounts", { query }),
  /** @param text a part of an ID, or an API key. */
  searchAccounts: (text: string) =>
    json<Answer<"searchAccounts">>("POST", "accounts/search", { body: { text } }),
  orders: (account: string, query: OrderQuery) =>
    json<Answer<"listOrders">>("GET", "orders", { query: { account, ...query } }),
  addresses: (account: string, query: AddressQuery) =>
    json<Answer<"listAddresses">>("GET", "addresses", { query: { account, ...query } }),
  order: (account: string, id: string) =>
    json<OrderDetail>("GET", `orders/${encodeURIComponent(id)}`, { query: { account } }),
  forecast: (account: string, days: number) =>
    json<Forecast>("GET", "forecast", { query: { account, days } }),
  renewals: (account: string) => json<Answer<"getRenewals">>("GET", "renewals", { query: { account } }),
  /** The renewals and expiries of an account on one day, ahead or past. */
  dayEvents: (account: string, kind: "forecast" | "renewals", day: string) =>
    json<OrderEvents>("GET", `${kind}/events`, { query: { account, day } }),
  call: (account: string, call: Call) =>
    json<CallResult>("POST", "operations", { query: { account }, body: call }),
  restore: (account: string, orderId: string, ipAddresses: Body<"restoreOrder">["ipAddresses"]) =>
    json<Restored>("POST", `orders/${encodeURIComponent(orderId)}/restore`, {
      query: { account },
      body: { ipAddresses },
    }),
  presets: () => json<Answer<"listFaultPresets">>("GET", "faults/presets"),
  faults: () => json<Answer<"listFaults">>("GET", "faults"),
  addFault: (spec: FaultSpec) => json<QueuedFault>("POST", "faults", { body: spec }),
  removeFault: (id: string) => send("DELETE", `faults/${encodeURIComponent(id)}`),
  removeFaults: () => send("DELETE", "faults"),
  stateText: async () => (await send("GET", "state")).text(),
  checkState: (text: string) => json<Answer<"checkState">>("POST", "state/check", { text }),
  putState: (text: string) => send("PUT", "state", { text }),
  generateWorld: (options: Body<"generateWorld">) => send("POST", "world", { body: options }),
  reset: () => send("POST", "reset"),
  /** At most so many requests in a second, which is more than anybody can read. They say what changed and which faults met them. */
  events: (signal: AbortSignal) =>
    send("GET", "events", {
      signal,
      query: { perSecond: 20, types: "request,clock,renewal,queue,log,state" },
    }),
};

interface Sent {
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  /** JSON text that is sent as it is. */
  readonly text?: string;
  readonly signal?: AbortSignal;
}

async function json<Value>(method: string, path: string, sent?: Sent): Promise<Value> {
  return (await send(method, path, sent)).json();
}

/** How far the clock of the mock's machine is ahead of this one's, in milliseconds. */
let clockOffset = 0;

/** The time of the mock's machine, which may be another one, in milliseconds since 1970. */
export function machineTime(): number {
  return Date.now() + clockOffset;
}

/** @param time what it is there now, or was a moment ago. */
export function noteMachineTime(time: number): void {
  const offset = time - Date.now();
  if (Math.abs(offset - clockOffset) > 5_000) clockOffset = offset;
}

/** How long answers have been waited for so far, in milliseconds: a large account keeps the mock busy. */
export let waitedMs = 0;

async function send(method: string, path: string, sent: Sent = {}): Promise<Response> {
  const url = new URL(`${baseUrl}/__mock/${path}`);
  for (const [name, value] of Object.entries(sent.query ?? {})) {
    if (value !== undefined && value !== "") url.searchParams.set(name, String(value));
  }
  const text = sent.text ?? (sent.body === undefined ? undefined : JSON.stringify(sent.body));
  const token = sessionStorage.getItem(tokenPlace);
  const start = performance.now();
  const response = await fetch(url, {
    method,
    headers: {
      ...(text === undefined ? {} : { "content-type": "application/json" }),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(text === undefined ? {} : { body: text }),
    ...(sent.signal ? { signal: sent.signal } : {}),
  }).catch((error: unknown) => {
    if (sent.signal?.aborted) throw error;
    throw new ApiProblem(0, "The mock does not answer.");
  });
  waitedMs += performance.now() - start;
  if (!response.ok) throw await problemOf(response);
  return response;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const problem: Partial<Problem> = await response.json().catch(() => ({}));
  const { status } = response;
  return new ApiProblem(status, problem.detail ?? problem.title ?? `HTTP ${status}`, problem);
}
