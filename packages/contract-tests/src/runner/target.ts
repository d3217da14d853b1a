import {
  baseUrlIssues,
  fillPath,
  formatIssues,
  type Grade,
  issuesOf,
  type ProxyType,
  parseBaseUrl,
  proxyTypeInfo,
  proxyTypes,
  setAutoExtend,
  specOf,
  unknownApiKey,
} from "@auto-extend/core";
import type { Orders } from "../cases/case.js";
import type { NotRestored, ServerCaseResult } from "../report/report.js";

/** The server to test, and how far the tests may go. */
export interface ServerTarget {
  /** Where the API is, such as `http://127.0.0.1:4010`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** The `fetch` to use (default: that of the platform). */
  readonly fetch?: typeof fetch;
  /** Allows plain `http:` to hosts other than loopback. The API key can then be read on the way. */
  readonly allowHttp?: boolean;
  /** Runs the cases that a server could act on. On loopback they always run. */
  readonly allowChanges?: boolean;
  /**
   * Orders of the account that may be switched on and off; their state is restored (default: on loopback, the orders of
   * the contract's examples; elsewhere none, and the cases that need orders are skipped).
   */
  readonly orders?: Orders;
  /** How long one answer may take with its body, in milliseconds (default: 10,000). */
  readonly timeout?: number;
  /**
   * How long to wait, in milliseconds, before the list of IP addresses is read a second time if it does not show what was
   * switched (default: 1,000).
   */
  readonly rereadDelayMs?: number;
  /**
   * Stops the run: orders that were switched are restored, then the run rejects with the signal's reason. A request that
   * switches something is not cut off, because nobody would know whether it was carried out.
   */
  readonly signal?: AbortSignal;
  /** Runs only the cases with at least this grade. */
  readonly grade?: Grade;
  /** Runs only the cases whose ids begin with this text. */
  readonly only?: string;
  /** Called with each result. */
  readonly onResult?: (result: ServerCaseResult) => void;
  /** Called at the end, also of a run that is stopped, if the state of some IP addresses could not be restored. */
  readonly onNotRestored?: (notRestored: readonly NotRestored[]) => void;
}

/**
 * The server cannot be tested. `invalid`: the target is not valid, or its server does not know the API key, and nothing was
 * sent that a server could act on. `unreachable`: nothing answers there. The message says why and what to do, without the
 * API key.
 */
export class TargetError extends Error {
  override readonly name = "TargetError";
  readonly reason: "invalid" | "unreachable";

  constructor(reason: TargetError["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** A target that was found valid, complete with its defaults. */
export interface CheckedTarget extends ServerTarget {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly fetch: typeof fetch;
  readonly allowChanges: boolean;
  readonly orders: Orders;
  readonly timeout: number;
  readonly rereadDelayMs: number;
  readonly isLoopback: boolean;
}

/**
 * Checks a target and fills in its defaults.
 *
 * @throws TargetError if it is not valid.
 */
export function checkTarget(target: ServerTarget): CheckedTarget {
  const issues = baseUrlIssues(target.baseUrl, { allowHttp: target.allowHttp ?? false });
  if (issues.length > 0) throw invalid(`The target is not valid. ${formatIssues(issues)}.`);
  checkApiKey(target.apiKey);
  for (const type of proxyTypes) checkOrders(type, target.orders?.[type]);
  const { timeout = 10_000, rereadDelayMs = 1_000 } = target;
  // Timers hold no more than a signed 32-bit number.
  if (!(timeout > 0 && timeout < 2 ** 31)) {
    throw invalid(`The timeout is ${timeout}: give milliseconds, more than 0 and no more than 2147483647.`);
  }
  if (!(rereadDelayMs >= 0 && rereadDelayMs < 2 ** 31)) {
    throw invalid(`rereadDelayMs is ${rereadDelayMs}: give milliseconds, from 0 to 2147483647.`);
  }
  const { href, isLoopback } = parseBaseUrl(target.baseUrl);
  return {
    ...target,
    baseUrl: href,
    fetch: target.fetch ?? fetch,
    allowChanges: isLoopback || (target.allowChanges ?? false),
    orders: target.orders ?? (isLoopback ? exampleOrders : {}),
    timeout,
    rereadDelayMs,
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

function checkApiKey(apiKey: string): void {
  try {
    fillPath(setAutoExtend.path, { apiKey });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw invalid(`${error.message} Give the API key of an account.`);
  }
  if (apiKey === unknownApiKey) {
    throw invalid(
      `The API key ${unknownApiKey} is the one that every server refuses. Give that of an account.`,
    );
  }
}

function checkOrders(type: ProxyType, orders: Orders[ProxyType]): void {
  if (!orders) return;
  const { orderIds, rentPeriodDays } = orders;
  const request = { proxyType: type, orderIds, rentPeriodDays, autoExtend: false };
  const parsed = setAutoExtend.request.safeParse(request);
  if (!parsed.success) {
    throw invalid(
      `The orders of ${proxyTypeInfo[type].name} are not valid. ${formatIssues(issuesOf(parsed.error))}`,
    );
  }
}

function invalid(message: string): TargetError {
  return new TargetError("invalid", message);
}
