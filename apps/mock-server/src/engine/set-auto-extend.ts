import {
  catalogued,
  formatIssues,
  type Issue,
  issuesOf,
  type SetAutoExtendFailure,
  type SetAutoExtendRequest,
  type SetAutoExtendRuleName,
  type SetAutoExtendSuccess,
  setAutoExtend,
} from "@auto-extend/core";
import type { Asking, Done, Outcome, ServedBy } from "./outcome.js";
import { quoted } from "./quoted.js";
import { type Account, isRunning, type Order } from "./store.js";

/** What a rule looks at. Rules are tried in order, so each may rely on those before it. */
interface Case {
  readonly account: Account;
  readonly request: SetAutoExtendRequest;
  /** The moment, in ISO 8601. */
  readonly now: string;
  /** What the request's schema says against a field. */
  readonly issues: (field: keyof SetAutoExtendRequest) => readonly Issue[];
}

/** What speaks against a request, for people; an empty text where nothing does. */
type Check = (asked: Case) => string;

/** One check a rule, but for the API key: without an account there is nothing to check. */
const checks: Record<Exclude<SetAutoExtendRuleName, "api-key">, Check> = {
  "proxy-type": ({ issues }) => formatIssues(issues("proxyType")),
  "order-ids": (asked) =>
    formatIssues(asked.issues("orderIds").slice(0, 3)) || formatIssues(orderIssues(asked)),
  "rental-period": (asked) => formatIssues(asked.issues("rentPeriodDays")) || periodRefusal(asked),
  "auto-extend": ({ issues }) => formatIssues(issues("autoExtend")),
};

/** Serves the request that switches auto-extend. */
export const servedSetAutoExtend: ServedBy<Switched> = { decide, answer };

/** What a request that breaks no rule comes to. */
interface Switched {
  readonly request: SetAutoExtendRequest;
  readonly account: Account;
  readonly ipAddressIds: readonly string[];
}

function decide({ sent, account, stranger, now }: Asking): Outcome<Switched> {
  const [keyRule, ...rules] = setAutoExtend.rules;
  if (!account) return { broken: keyRule, why: stranger, kept: 0 };

  const isObject = typeof sent === "object" && sent !== null && !Array.isArray(sent);
  const fields = isObject ? sent : {};
  const parsed = setAutoExtend.request.safeParse(fields);
  const all = parsed.success ? [] : issuesOf(parsed.error);
  const asked: Case = {
    account,
    now,
    // Where a field does not fit its schema, the rule that looks at it refuses before its value is used.
    request: parsed.success ? parsed.data : (fields as SetAutoExtendRequest),
    issues: (field) => all.filter(({ path }) => path === field || path.startsWith(`${field}[`)),
  };
  for (const [index, rule] of rules.entries()) {
    const why = checks[rule.name](asked);
    if (!why) continue;
    // The rule on the API key was kept as well.
    return { broken: rule, why: isObject ? why : `the body is not a JSON object; ${why}`, kept: index + 1 };
  }
  return carriedOut(asked);
}

function carriedOut({ account, request, now }: Case): Done<Switched> {
  const { autoExtend, rentPeriodDays } = request;
  const orders = [...new Set(request.orderIds)].map((id) => account.orders.get(id) as Order);
  const ipAddressIds = orders.flatMap(({ ipAddresses }) =>
    ipAddresses.filter((address) => isRunning(address, now)).map(({ ipAddressId }) => ipAddressId),
  );
  return {
    broken: null,
    kept: setAutoExtend.rules.length,
    why: `auto-extend is ${autoExtend ? "on" : "off"} for ${counted(ipAddressIds.length, "IP address", "es")} of ${named(orders)}`,
    result: { request, account, ipAddressIds },
    changes: orders.map(({ orderId }) => ({
      kind: "auto-extend",
      orderId,
      runningAt: now,
      autoExtend,
      rentPeriodDays: autoExtend ? rentPeriodDays : null,
    })),
  };
}

function answer(
  outcome: Outcome<Switched>,
  account: Account | undefined,
): SetAutoExtendSuccess | SetAutoExtendFailure {
  if (outcome.broken) {
    const { code, message = catalogued(code).message.text } = outcome.broken;
    return {
      success: false,
      proxyType: null,
      rentPeriodDays: 0,
      quantity: 0,
      ipAddressIds: [],
      balance: account?.balance ?? null,
      currency: account?.currency ?? null,
      error: { code, message },
    };
  }
  const { request, account: served, ipAddressIds } = outcome.result;
  return {
    success: true,
    proxyType: request.proxyType,
    rentPeriodDays: request.rentPeriodDays,
    quantity: ipAddressIds.length,
    ipAddressIds: [...ipAddressIds],
    balance: served.balance,
    currency: served.currency,
    error: null,
  };
}

function orderIssues({ account, request, now }: Case): Issue[] {
  const issues: Issue[] = [];
  for (const [index, id] of request.orderIds.entries()) {
    const order = account.orders.get(id);
    const message = !order
      ? `there is no order ${quoted(id)} in this account`
      : order.proxyType !== request.proxyType
        ? `order ${quoted(id)} is of type ${order.proxyType}, not ${request.proxyType}`
        : endedIssue(order, now);
    if (!message) continue;
    issues.push({ path: `orderIds[${index}]`, message });
    // Three tell the story; a list of a thousand would only hide it.
    if (issues.length === 3) break;
  }
  return issues;
}

/** An order that has ended is refused like one that does not exist (assumed). */
function endedIssue({ orderId, ipAddresses }: Order, now: string): string {
  if (ipAddresses.some((address) => isRunning(address, now))) return "";
  const last = ipAddresses
    .map(({ endsAt }) => endsAt)
    .sort()
    .at(-1);
  return `order ${quoted(orderId)} ended at ${last}`;
}

function periodRefusal({ account, request: { proxyType, rentPeriodDays } }: Case): string {
  const sold = account.rentPeriods[proxyType] ?? [];
  if (sold.includes(rentPeriodDays)) return "";
  const choice = sold.length > 0 ? `it sells ${sold.join(", ")}` : "it sells none";
  return `rentPeriodDays: ${rentPeriodDays} days are not sold for ${proxyType} here; ${choice}`;
}

/** The orders by their ids, the first few of them. */
function named(orders: readonly Order[]): string {
  const ids = orders.slice(0, 3).map(({ orderId }) => quoted(orderId));
  const more = orders.length > ids.length ? ` and ${orders.length - ids.length} more` : "";
  return `${orders[0]?.proxyType} order${orders.length === 1 ? "" : "s"} ${ids.join(", ")}${more}`;
}

function counted(count: number, noun: string, plural: string): string {
  return `${count} ${noun}${count === 1 ? "" : plural}`;
}
