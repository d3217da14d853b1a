import {
  baseUrlIssues,
  createRedactor,
  credentialRedactor,
  fillPath,
  formatIssues,
  type Grade,
  isSignal,
  issuesOf,
  longestTimer,
  type ProxyType,
  parseBaseUrl,
  pause,
  proxyTypes,
  setAutoExtend,
  specOf,
  unknownApiKey,
} from "@auto-extend/core";
import type { KnownOrder, Orders } from "../cases/case.js";
import type { ServerCaseResult, ServerReport, TouchedAddress } from "../report/report.js";

/** The server to test, and how far the tests may go. */
export interface ServerTarget {
  /** The base URL of the server, such as `http://127.0.0.1:4010`. */
  readonly baseUrl: string;
  /** The API key of the account whose orders are named here. */
  readonly apiKey: string;
  /** The `fetch` to use (default: that of the platform). */
  readonly fetch?: typeof fetch;
  /** Allows plain `http:` to hosts other than loopback. Anyone on the network path can then read the API key. */
  readonly allowHttp?: boolean;
  /** Also runs the cases whose requests a server could act on (on loopback: always). */
  readonly allowChanges?: boolean;
  /** Orders that may be switched; their state is restored (default: on loopback those of the contract's examples, else none). */
  readonly orders?: Orders;
  /** How long one answer may take with its body, in milliseconds (default: 10,000). */
  readonly timeout?: number;
  /** The pause before a list that does not show a switch is read once more, in milliseconds (default: 1,000). */
  readonly rereadDelayMs?: number;
  /**
   * The longest pause that the server may ask for, in milliseconds (default: 60,000). After each pause the request is sent
   * again, up to 4 times.
   */
  readonly maxRetryAfterMs?: number;
  /** Waits for some time; tests can replace it (default: a timer). It rejects with the signal's reason once that is aborted. */
  readonly sleep?: (timeMs: number, signal: AbortSignal | undefined) => Promise<void>;
  /** Stops the run: orders are restored, then it rejects with the signal's reason. A request that switches is not cut off. */
  readonly signal?: AbortSignal;
  /** Runs only the cases of this grade or a stronger one. */
  readonly grade?: Grade;
  /** Runs only the cases whose IDs begin with this text. */
  readonly only?: string;
  /** Called with each result. */
  readonly onResult?: (result: ServerCaseResult) => void;
  /** Called before the first request that could switch an order, with its state. Keep it: a run that is killed restores nothing. */
  readonly onTouched?: (addresses: readonly TouchedAddress[]) => void;
  /** Called at the end of a run that is stopped, with the report of the cases that ran. */
  readonly onStopped?: (report: ServerReport) => void;
}

/** The server cannot be tested: the target or its API key is not valid (`invalid`), or nothing answers (`unreachable`). */
export class TargetError extends Error {
  override readonly name = "TargetError";
  readonly reason: "invalid" | "unreachable";

  constructor(reason: TargetError["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** A target that was found valid, complete with its defaults, and with a redactor for all that is shown. */
export type CheckedTarget = ReturnType<typeof checkTarget>;

/** The same target for a request that must not be cut off. A pause before it still ends when the run is stopped. */
export function withoutCutOff(target: CheckedTarget): CheckedTarget {
  return { ...target, signal: undefined };
}

/** The same target for requests that restore something: a run that is stopped sends them anyway. */
export function uninterrupted(target: CheckedTarget): CheckedTarget {
  return { ...target, signal: undefined, pauseSignal: undefined };
}

/** Checks a target and fills in its defaults. It throws a TargetError if the target is not valid. */
export function checkTarget(target: ServerTarget) {
  const issues = baseUrlIssues(target.baseUrl, { allowHttp: target.allowHttp === true });
  if (issues.length > 0) throw invalid(`The target is not valid. ${formatIssues(issues)}.`);
  checkApiKey(target.apiKey);
  for (const type of proxyTypes) checkOrders(type, target.orders?.[type]);
  const { timeout = 10_000, rereadDelayMs = 1_000, maxRetryAfterMs = 60_000, signal } = target;
  checkTime("timeout", timeout, 1);
  checkTime("rereadDelayMs", rereadDelayMs, 0);
  checkTime("maxRetryAfterMs", maxRetryAfterMs, 0);
  if (signal !== undefined && !isSignal(signal)) throw invalid("The signal is not an AbortSignal.");
  const fetch: unknown = target.fetch ?? globalThis.fetch;
  if (typeof fetch !== "function") {
    throw invalid("This platform has no fetch of its own: pass one with the option fetch.");
  }
  const { href, isLoopback } = parseBaseUrl(target.baseUrl);
  return {
    ...target,
    baseUrl: href,
    fetch: fetch as typeof globalThis.fetch,
    // A text such as "false", as from a variable, must not change orders of a live account.
    allowChanges: isLoopback || target.allowChanges === true,
    orders: knownOrders(target.orders ?? (isLoopback ? exampleOrders : {})),
    namesOrders: target.orders !== undefined,
    timeout,
    rereadDelayMs,
    maxRetryAfterMs,
    sleep: target.sleep ?? ((timeMs: number, signal: AbortSignal | undefined) => pause({ timeMs, signal })),
    signal,
    /** Ends a pause that the server asked for. */
    pauseSignal: signal,
    /** The pause that the latest answer asked for, until it is waited for; `null` if no pause is due. */
    asked: { pauseMs: null as number | null },
    redact: credentialRedactor(createRedactor(target.apiKey)),
    isLoopback,
  };
}

/** A second order of IPv4 and one of IPv6, both with several IP addresses. */
const moreOrders: Readonly<Partial<Record<ProxyType, readonly string[]>>> = {
  IPv4: ["22222"],
  IPv6: ["66666"],
};

/** The orders of the contract's examples, and a few more. */
const exampleOrders: Orders = Object.fromEntries(
  proxyTypes.map((type) => {
    const { orderIds, rentPeriodDays } = specOf(setAutoExtend).examples.requests[type].request;
    return [type, { orderIds: [...orderIds, ...(moreOrders[type] ?? [])], rentPeriodDays }];
  }),
);

function knownOrders(orders: Orders): KnownOrder[] {
  return proxyTypes.flatMap((proxyType) => {
    const { orderIds = [], rentPeriodDays = 0 } = orders[proxyType] ?? {};
    const nothing = { isPriced: false, addresses: [] };
    return [...new Set(orderIds)].map((orderId) => ({ orderId, proxyType, rentPeriodDays, ...nothing }));
  });
}

const giveApiKey = "Give the API key of an account.";

function checkApiKey(apiKey: string): void {
  try {
    fillPath(setAutoExtend.path, { apiKey });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalid(`The API key ${apiKey ? "cannot be part of a URL" : "is missing"}. ${giveApiKey}`);
  }
  if (apiKey === unknownApiKey) {
    throw invalid(
      `The API key ${unknownApiKey} is reserved: the tests check that a server refuses it. ${giveApiKey}`,
    );
  }
}

function checkTime(name: string, timeMs: number, least: number): void {
  if (timeMs >= least && timeMs <= longestTimer) return;
  throw invalid(`${name} is ${timeMs}: it must be from ${least} to ${longestTimer} milliseconds.`);
}

function checkOrders(type: ProxyType, orders: Orders[ProxyType]): void {
  if (!orders) return;
  const { orderIds, rentPeriodDays } = orders;
  const request = { proxyType: type, orderIds, rentPeriodDays, autoExtend: false };
  const parsed = setAutoExtend.request.safeParse(request);
  if (!parsed.success) {
    throw invalid(`The orders of ${type} are not valid. ${formatIssues(issuesOf(parsed.error))}.`);
  }
}

function invalid(message: string): TargetError {
  return new TargetError("invalid", message);
}
