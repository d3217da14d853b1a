import { type ProxyType, proxyTypes, setAutoExtend } from "@auto-extend/core";
import { jsonObject } from "./answer.js";
import { codeOf } from "./envelope.js";
import { jsonRequest } from "./rule-cases.js";
import { type CaseRun, runServerCase } from "./run-server-case.js";
import {
  type Expectation,
  type Orders,
  type OrdersOfType,
  type ServerCase,
  type Step,
  serverCase,
} from "./server-case.js";
import type { ServerCaseResult } from "./server-report.js";
import { ruleNamed } from "./set-auto-extend-cases.js";

/** What a server said of the orders that cases are to use. */
export interface OrderCheck {
  /** The orders without those that were refused. */
  readonly usable: Orders;
  /** Why an order was refused, for people, by order id. */
  readonly refused: ReadonlyMap<string, string>;
  /** A failed case for each proxy type with orders that were refused: without them, nothing is proven. */
  readonly results: readonly ServerCaseResult[];
}

const refusalCodes = [ruleNamed("order-ids").code, ruleNamed("rental-period").code];

/**
 * Switches each order off that one of the cases names, as those cases do in the end: an order that the server does not
 * know would fail them, and tell nothing of the server. Any other answer, or none, is for the cases to judge.
 */
export async function checkOrders(cases: readonly ServerCase[], run: CaseRun): Promise<OrderCheck> {
  const { allowChanges, orders, signal } = run.target;
  const refused = new Map<string, string>();
  const results: ServerCaseResult[] = [];
  const checked = new Set<ProxyType>();
  let usable = orders;
  let next = nextType();
  while (next) {
    signal?.throwIfAborted();
    await check(...next);
    next = nextType();
  }
  return { usable, refused, results };

  /** Without the refused orders, a case may fall back on those of a type that was not checked yet. */
  function nextType(): [ProxyType, OrdersOfType] | undefined {
    if (!allowChanges) return undefined;
    const named = new Set(
      cases.flatMap(({ needs, steps }) => (needs ? orderIdsIn(steps(usable) ?? []) : [])),
    );
    for (const type of proxyTypes) {
      const ofType = usable[type];
      if (ofType && !checked.has(type) && ofType.orderIds.some((id) => named.has(id))) return [type, ofType];
    }
    return undefined;
  }

  async function check(type: ProxyType, { orderIds, rentPeriodDays }: OrdersOfType): Promise<void> {
    checked.add(type);
    const steps = orderIds.map((orderId) =>
      offStep({ proxyType: type, orderIds: [orderId], rentPeriodDays }),
    );
    const result = await runServerCase(orderCase(type, steps), steps, run);
    const refusals = result.problems.filter(({ at }) => at === refusedAt);
    for (const { exchange, came } of refusals) {
      const orderId = orderIds[exchange];
      if (orderId !== undefined) refused.set(orderId, `order ${orderId} was refused with error ${came}`);
    }
    if (refusals.length === 0) return;
    results.push({ ...result, problems: refusals });
    const left = orderIds.filter((id) => !refused.has(id));
    const { [type]: _, ...others } = usable;
    usable = left.length > 0 ? { ...others, [type]: { orderIds: left, rentPeriodDays } } : others;
  }
}

/** The order ids in the requests of a case. */
export function orderIdsIn(steps: readonly Step[]): string[] {
  return steps.flatMap(({ send: { body } }) => {
    const request = typeof body === "string" ? jsonObject({ body }) : undefined;
    return request?.orderIds === undefined ? [] : [request.orderIds].flat().map(String);
  });
}

function orderCase(type: ProxyType, steps: readonly Step[]): ServerCase {
  return serverCase({
    id: `setAutoExtend/orders/${type}`,
    title: `knows the orders of ${type} that it is tried with`,
    statements: [ruleNamed("order-ids").id, ruleNamed("rental-period").id],
    safety: "changes",
    steps: () => steps,
  });
}

function offStep(request: object): Step {
  return { send: jsonRequest(setAutoExtend, { ...request, autoExtend: false }), expect: notRefused };
}

const refusedAt = "body.error.code";

const notRefused: Expectation = {
  wanted: "a success: the order exists, and its rental period is sold",
  judge(answer) {
    const code = codeOf(jsonObject(answer) ?? {});
    if (!refusalCodes.some((refusal) => refusal === code)) return [];
    // The order may simply not be there, which disproves nothing.
    return [
      {
        at: refusedAt,
        expected: "none: the order is the account's, and its rental period is sold",
        came: String(code),
        contradicts: [],
      },
    ];
  },
};
