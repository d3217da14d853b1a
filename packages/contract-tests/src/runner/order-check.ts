import {
  type Operation,
  type ProxyType,
  priceExtension,
  proxyTypes,
  type Rule,
  setAutoExtend,
  specOf,
} from "@auto-extend/core";
import { type Answer, jsonObject } from "../cases/answer.js";
import {
  type Expectation,
  type KnownOrders,
  type KnownOrdersOfType,
  type ServerCase,
  type Step,
  serverCase,
} from "../cases/case.js";
import { codeOf } from "../cases/expectations.js";
import { requestOf } from "../cases/request.js";
import { listedIpAddressIds } from "../cases/switch-cases.js";
import type { ServerCaseResult } from "../report/report.js";
import { type CaseRun, runServerCase } from "./run-case.js";

/** What a server said of the orders that cases are to use. */
export interface OrderCheck {
  /** The orders without those that were refused, and what was learned of them. */
  readonly usable: KnownOrders;
  /** Why an order was refused, for people, by order id. */
  readonly refused: ReadonlyMap<string, string>;
  /** A failed case for each proxy type with orders that were refused: without them, nothing is proven. */
  readonly results: readonly ServerCaseResult[];
}

/** How the orders of one proxy type are asked about. */
interface Question {
  readonly operation: Operation;
  readonly type: ProxyType;
  readonly orders: KnownOrdersOfType;
}

/**
 * Asks about each order that one of the cases names: an order that the server does not know would fail them, and tell
 * nothing of the server. Where the cases switch it, it is switched off, as they do in the end; where they only ask about
 * it, so does this. Any other answer, or none, is for the cases to judge.
 */
export async function checkOrders(cases: readonly ServerCase[], run: CaseRun): Promise<OrderCheck> {
  const { allowChanges, orders, signal } = run.target;
  const running = cases.filter(({ safety }) => allowChanges || safety === "harmless");
  const refused = new Map<string, string>();
  const results: ServerCaseResult[] = [];
  const checked = new Set<ProxyType>();
  let usable: KnownOrders = orders;
  let next = nextQuestion();
  while (next) {
    signal?.throwIfAborted();
    await check(next);
    next = nextQuestion();
  }
  return { usable, refused, results };

  /** Without the refused orders, a case may fall back on those of a type that was not checked yet. */
  function nextQuestion(): Question | undefined {
    const switched = namedBy(({ safety }) => safety !== "harmless");
    return (
      questionAbout(setAutoExtend, switched) ??
      questionAbout(
        priceExtension,
        namedBy(() => true),
      )
    );
  }

  function questionAbout(operation: Operation, named: ReadonlySet<string>): Question | undefined {
    for (const type of proxyTypes) {
      const ofType = usable[type];
      if (!ofType || checked.has(type) || !ofType.orderIds.some((id) => named.has(id))) continue;
      return { operation, type, orders: ofType };
    }
    return undefined;
  }

  function namedBy(isMeant: (serverCase: ServerCase) => boolean): ReadonlySet<string> {
    const all = Object.values(usable).flatMap(({ orderIds }) => orderIds);
    return new Set(
      running
        .filter(isMeant)
        .flatMap(({ needs, learns, steps }) => (learns ? all : needs ? orderIdsIn(steps(usable) ?? []) : [])),
    );
  }

  async function check({ operation, type, orders: { orderIds, rentPeriodDays } }: Question): Promise<void> {
    checked.add(type);
    const steps = orderIds.map((orderId) =>
      questionStep(operation, { proxyType: type, orderIds: [orderId], rentPeriodDays }),
    );
    const { result, answers } = await runServerCase(orderCase(operation, type, steps), steps, run);
    const refusals = result.problems.filter(({ at }) => at === refusedAt);
    for (const { exchange, came } of refusals) {
      const orderId = orderIds[exchange];
      if (orderId !== undefined) refused.set(orderId, `order ${orderId} was refused with error ${came}`);
    }
    const left = orderIds.filter((id) => !refused.has(id));
    const { [type]: _, ...others } = usable;
    const known = { orderIds: left, rentPeriodDays, ipAddressIds: learned(orderIds, answers) };
    usable = left.length > 0 ? { ...others, [type]: known } : others;
    if (refusals.length > 0) results.push({ ...result, problems: refusals });
  }
}

/** What the answers about orders list, by the order id: the order is known where a success came. */
function learned(
  orderIds: readonly string[],
  answers: readonly (Answer | undefined)[],
): Record<string, string[]> {
  const known = orderIds.flatMap((orderId, index) => {
    const answer = answers[index] && jsonObject(answers[index]);
    if (answer?.success !== true) return [];
    const ids = listedIpAddressIds(answer).filter((id) => typeof id === "string" && id !== "");
    return [[orderId, ids] as const];
  });
  return Object.fromEntries(known) as Record<string, string[]>;
}

/** The order ids in the requests of a case. */
export function orderIdsIn(steps: readonly Step[]): string[] {
  return steps.flatMap(({ send: { body } }) => {
    const request = typeof body === "string" ? jsonObject({ body }) : undefined;
    return request?.orderIds === undefined ? [] : [request.orderIds].flat().map(String);
  });
}

function orderCase(operation: Operation, type: ProxyType, steps: readonly Step[]): ServerCase {
  return serverCase({
    id: `${operation.id}/orders/${type}`,
    title: `knows the orders of ${type} that it is tried with`,
    statements: refusalsOf(operation).map(({ id }) => id),
    safety: operation.changes ? "changes" : "harmless",
    steps: () => steps,
  });
}

function questionStep(operation: Operation, named: object): Step {
  const request = operation.changes ? { ...named, autoExtend: false } : named;
  return { send: requestOf(operation, request), expect: notRefused(operation) };
}

/** The rules that an order breaks which is not there, or not sold for that long. */
function refusalsOf(operation: Operation): Rule[] {
  const { id } = operation;
  return specOf(operation).rules.filter((rule) =>
    [`${id}/rule/order-ids`, `${id}/rule/rental-period`].includes(rule.id),
  );
}

const refusedAt = "body.error.code";

function notRefused(operation: Operation): Expectation {
  const codes = refusalsOf(operation).map(({ code }) => code);
  return {
    wanted: "a success: the order exists, and its rental period is sold",
    judge(answer) {
      const code = codeOf(jsonObject(answer) ?? {});
      if (!codes.some((refusal) => refusal === code)) return [];
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
}
