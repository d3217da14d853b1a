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
import type { ServerCaseResult } from "../report/report.js";

/** The server to be tested, and how far the tests may go. */
export interface ServerTarget {
  /** Where the API is, such as `http://127.0.0.1:4010`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** The `fetch` to use; the platform's own where left out. */
  readonly fetch?: typeof fetch;
  /** Allows plain `http:` to other hosts than loopback: the API key is then readable on the way. */
  readonly allowHttp?: boolean;
  /** Lets the cases run that a server could act on; always so on loopback. */
  readonly allowChanges?: boolean;
  /**
   * Orders of the account that may be switched on and off; they are off in the end. On loopback, the contract's
   * examples where left out; elsewhere, the cases that need orders are skipped without.
   */
  readonly orders?: Orders;
  /** How long one answer may take, its body included, in milliseconds; 10,000 where left out. */
  readonly timeout?: number;
  /**
   * Stops the run, which then rejects with the signal's reason. A case that switches orders on is finished first, so
   * that they are off in the end.
   */
  readonly signal?: AbortSignal;
  /** Leaves out the cases that are less sure than this grade. */
  readonly grade?: Grade;
  /** Leaves out the cases whose ids don't begin so. */
  readonly only?: string;
  /** Told of each case as it ends. */
  readonly onResult?: (result: ServerCaseResult) => void;
}

/**
 * The server can't be tested: the target is not valid, or its server does not know the API key (`invalid`; nothing was
 * sent that a server could act on), or nothing answers there (`unreachable`). The message says why and what to do, and does not hold the API key.
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
}

/**
 * Checks a target and fills in its defaults.
 *
 * @throws TargetError where it is not valid.
 */
export function checkTarget(target: ServerTarget): CheckedTarget {
  const issues = baseUrlIssues(target.baseUrl, { allowHttp: target.allowHttp ?? false });
  if (issues.length > 0) throw invalid(`The target is not valid. ${formatIssues(issues)}.`);
  checkApiKey(target.apiKey);
  for (const type of proxyTypes) checkOrders(type, target.orders?.[type]);
  const { timeout = 10_000 } = target;
  // Timers hold no more than a signed 32-bit number.
  if (!(timeout > 0 && timeout < 2 ** 31)) {
    throw invalid(`The timeout is ${timeout}: give milliseconds, more than 0 and no more than 2147483647.`);
  }
  const { href, isLoopback } = parseBaseUrl(target.baseUrl);
  return {
    ...target,
    baseUrl: href,
    fetch: target.fetch ?? fetch,
    allowChanges: isLoopback || (target.allowChanges ?? false),
    orders: target.orders ?? (isLoopback ? exampleOrders : {}),
    timeout,
  };
}

/** A second order of IPv4, and one of IPv6 that has several IP addresses. */
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
