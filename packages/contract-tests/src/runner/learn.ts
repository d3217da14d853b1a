import {
  checkAnswer,
  getRentPeriods,
  kindOf,
  type Operation,
  type ProxyType,
  priceExtension,
  specOf,
  throwIfAborted,
} from "@auto-extend/core";
import { type Expectation, type KnownOrder, type ServerCase, type Step, serverCase } from "../cases/case.js";
import { errorCodeOf, objectIn } from "../cases/expectations.js";
import { requestOf } from "../cases/steps.js";
import type { ServerCaseResult } from "../report/report.js";
import { addressesOf, ordersIn, withAddresses } from "./account.js";
import { exchange } from "./exchange.js";
import { runCase, type Session } from "./run-case.js";

export type LearnedOrders = Awaited<ReturnType<typeof learnOrders>>;

/** Prices each order that a case names: an order that does not exist would fail them all, and say nothing about the server. */
export async function learnOrders(cases: readonly ServerCase[], session: Session) {
  const { orders, signal } = session.target;
  const refused = new Map<string, string>();
  /** A failed case for each proxy type with refused orders, since nothing is proven with them. */
  const results: ServerCaseResult[] = [];
  const asked = new Set<ProxyType>();
  let usable = withAddresses(orders, session.latest);
  for (let type = nextType(); type; type = nextType()) {
    throwIfAborted(signal);
    asked.add(type);
    await price(type);
  }
  if (cases.some(({ learns }) => learns === "periods")) usable = await withOtherPeriods(usable, session);
  return { usable, refused, results };

  /** Without the refused orders, a case may fall back on those of a type that was not asked about yet. */
  function nextType(): ProxyType | undefined {
    const isAll = cases.some(({ learns }) => learns === "orders");
    const named = new Set(
      cases.flatMap(({ needs, steps }) => (needs ? orderIdsIn(steps(usable) ?? [], session) : [])),
    );
    const order = usable.find(
      ({ orderId, proxyType }) => !asked.has(proxyType) && (isAll || named.has(orderId)),
    );
    return order?.proxyType;
  }

  async function price(type: ProxyType): Promise<void> {
    const ofType = usable.filter(({ proxyType }) => proxyType === type);
    const steps = ofType.map(
      ({ orderId, proxyType, rentPeriodDays }): Step => ({
        send: requestOf(priceExtension, { proxyType, orderIds: [orderId], rentPeriodDays }),
        expect: notRefused,
      }),
    );
    const { result, answers } = await runCase(orderCase(type, steps), steps, session);
    const problems = result.problems.filter(({ at, exchange: index, actual }) => {
      const orderId = ofType[index]?.orderId;
      if (at !== refusedAt || orderId === undefined) return false;
      const isMissing = isMissingExample(orderId, session);
      const why = isMissing ? "is not in the list of IP addresses" : `was refused with error ${actual}`;
      refused.set(orderId, `order ${orderId} ${why}`);
      return !isMissing;
    });
    const priced = ofType.filter((_, index) => objectIn(answers[index]).success === true);
    usable = usable
      .filter(({ orderId }) => !refused.has(orderId))
      .map((order) => (priced.includes(order) ? { ...order, isPriced: true } : order));
    if (problems.length > 0) results.push({ ...result, problems });
  }
}

/** Whether nobody named an order, and the account is seen not to have it. */
function isMissingExample(orderId: string, { target, before }: Session): boolean {
  return !target.namesOrders && before.isComplete && addressesOf(orderId, before).length === 0;
}

export function orderIdsIn(steps: readonly Step[], { before }: Pick<Session, "before">): string[] {
  return steps.flatMap(({ send }) => ordersIn(send, before));
}

function orderCase(type: ProxyType, steps: readonly Step[]): ServerCase {
  return serverCase({
    id: `priceExtension/orders/${type}`,
    title: `knows the orders of ${type} that it is tested with`,
    statements: refusals.map(({ id }) => id),
    safety: "harmless",
    steps: () => steps,
  });
}

/** The rules that are broken by an order that does not exist, or whose rental period is not sold. */
const refusals = specOf(priceExtension).rules.filter(
  ({ name }) => name === "order-ids" || name === "rental-period",
);

const refusedAt = "body.error.code";

const notRefused: Expectation = {
  expected: "a price: the order exists, and its rental period is sold",
  isEnvelope: false,
  judge(answer) {
    const code = errorCodeOf(answer);
    if (!refusals.some((rule) => rule.code === code)) return [];
    const message = `is ${code}, which refuses the order: check that it belongs to the account and that its rental period is sold`;
    // The order may not exist, which contradicts nothing.
    return [{ at: refusedAt, message, actual: String(code), level: null, contradicts: [] }];
  },
};

/** Adds a second rental period that is sold, the shortest there is: its renewals are likely to cost least. */
async function withOtherPeriods(orders: readonly KnownOrder[], session: Session): Promise<KnownOrder[]> {
  const found = new Map<ProxyType, number | undefined>();
  for (const { orderId, proxyType, rentPeriodDays } of orders) {
    if (found.has(proxyType)) continue;
    found.set(proxyType, undefined);
    const periods = await ask(getRentPeriods, { proxyType }, session);
    const sold = (periods?.rentPeriodDays ?? []) as number[];
    const others = sold.filter((days) => days !== rentPeriodDays).sort((a, b) => a - b);
    for (const days of others.slice(0, maxPeriods)) {
      const request = { proxyType, orderIds: [orderId], rentPeriodDays: days };
      if (!(await ask(priceExtension, request, session))) continue;
      found.set(proxyType, days);
      break;
    }
  }
  return orders.map((order) => {
    const otherPeriodDays = found.get(order.proxyType);
    return otherPeriodDays === undefined ? order : { ...order, otherPeriodDays };
  });
}

/** How many rental periods are tried, in case a server lists some that it does not sell. */
const maxPeriods = 5;

/** @returns the success, if one comes that can be used. */
async function ask(operation: Operation, request: object, { target }: Session) {
  const answer = await exchange(requestOf(operation, request), target);
  if ("failure" in answer || kindOf(answer.body) !== "success") return undefined;
  const broken = checkAnswer(operation, { request, ...answer }, { ...target, level: "accepts" });
  return broken.length === 0 ? objectIn(answer) : undefined;
}
