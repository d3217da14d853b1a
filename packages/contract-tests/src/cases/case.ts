import { allStatements, type Grade, type Operation, type ProxyType, weakerGrade } from "@auto-extend/core";
import type { Difference } from "../report/report.js";
import type { Answer } from "./answer.js";

/**
 * What running a case may do to the account:
 *
 * - `harmless`: no sane server can act on it, since it only asks to be told something (a GET, or the request that prices
 *   an extension), or names no proxy type that exists, and neither an order nor an IP address that does.
 * - `refused`: a right server refuses it, a wrong one could act on it.
 * - `changes`: it is meant to succeed. Such a case leaves auto-extend off for the orders it touched.
 */
export type Safety = "harmless" | "refused" | "changes";

/** One promise of the contract, as requests and the answers that keep it. */
export interface ServerCase {
  /** Stable and unique, such as `setAutoExtend/rule/order-ids/one-bad`. */
  readonly id: string;
  /** What is tried, for people. */
  readonly title: string;
  /** The ids of the contract's statements that the case probes. */
  readonly statements: readonly string[];
  /** The grade of the least sure of these statements. */
  readonly grade: Grade;
  readonly safety: Safety;
  /** The orders that it needs, for people; left out where it names none that exist. */
  readonly needs?: string;
  /**
   * What the server is asked about all the orders before the case can be made: whether it takes them, or the ids of their
   * IP addresses as well. Those come from switching the orders off, so a harmless case that needs them is skipped unless
   * another case switches them.
   */
  readonly learns?: "orders" | "ipAddressIds";
  /** The requests, one after the other; `undefined` where the given orders are not what the case needs. */
  readonly steps: (orders: KnownOrders) => readonly Step[] | undefined;
}

/** One request of a case and what is expected of its answer. */
export interface Step {
  readonly send: StepRequest;
  readonly expect: Expectation;
}

/** A request, before it is known which server it goes to. */
export interface StepRequest {
  /** The operation whose path it is, or is near: it says how large an answer is read, and what a report must not show. */
  readonly operation: Operation;
  readonly method: string;
  /** Path with `{apiKey}`, and a query where there is one. */
  readonly path: string;
  /** The API key, in place of the target's. */
  readonly apiKey?: string;
  /** Names in lower case. With `content-encoding: gzip`, the body is compressed on its way. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What is expected of an answer. */
export interface Expectation {
  /** In a few words, for people. */
  readonly wanted: string;
  /**
   * What is wrong with an answer; an empty list where nothing is.
   *
   * @param earlier the answers to the earlier steps; `undefined` for one that never came.
   */
  readonly judge: (answer: Answer, earlier: readonly (Answer | undefined)[]) => Difference[];
}

/** Orders of the account that cases may use, by proxy type. */
export type Orders = Readonly<Partial<Record<ProxyType, OrdersOfType>>>;

/** Orders of one proxy type, and a rental period that is sold for it. */
export interface OrdersOfType {
  readonly orderIds: readonly string[];
  /** In days. */
  readonly rentPeriodDays: number;
}

/** The same with what a run has learned of them. */
export type KnownOrders = Readonly<Partial<Record<ProxyType, KnownOrdersOfType>>>;

/** Orders of one proxy type, with what a run has learned of them. */
export interface KnownOrdersOfType extends OrdersOfType {
  /** The ids of the IP addresses of each order that the server took, by order id; none where it lists none. */
  readonly ipAddressIds?: Readonly<Record<string, readonly string[]>>;
}

const gradesById = new Map(allStatements().map(({ id, grade }) => [id, grade]));

/**
 * Completes a case with its grade.
 *
 * @throws RangeError where a statement is not in the contract.
 */
export function serverCase(parts: Omit<ServerCase, "grade">): ServerCase {
  const grade = parts.statements.reduce<Grade>((weakest, id) => {
    const own = gradesById.get(id);
    if (!own) throw new RangeError(`The case ${parts.id} probes ${id}, which the contract does not state.`);
    return weakerGrade(weakest, own);
  }, "reference");
  return { ...parts, grade };
}
