import {
  allStatements,
  type Finding,
  type Grade,
  type Operation,
  type ProxyType,
  type RawAnswer,
  weakerGrade,
} from "@auto-extend/core";
import type { ExtendState, Problem, ServerCaseResult } from "../report/report.js";

/**
 * The risk of a case for the account:
 *
 * - `harmless`: it only asks for information, or names nothing that exists, so that no server can act on it.
 * - `refused`: a correct server refuses it, a faulty one could act on it.
 * - `changes`: it is meant to succeed. Auto-extend is restored afterwards.
 */
export type Safety = "harmless" | "refused" | "changes";

/** A case as it is listed: one promise of the contract. */
export interface ServerCaseInfo extends Pick<ServerCaseResult, "id" | "title" | "grade" | "statements"> {
  readonly safety: Safety;
  /** The orders that it needs, for people (default: it needs none). */
  readonly needs?: string;
}

export interface ServerCase extends ServerCaseInfo {
  /** The facts that its requests depend on: which orders exist, the IDs of their addresses, or another period that is sold. */
  readonly learns?: "orders" | "addresses" | "periods";
  /** The requests, one after the other; `undefined` if the orders are not those that the case needs. */
  readonly steps: (orders: readonly KnownOrder[]) => readonly Step[] | undefined;
}

export interface Step {
  readonly send: StepRequest;
  readonly expect: Expectation;
  /** The state that it must leave behind (default: the state is not read back). */
  readonly leaves?: StateChange;
}

export interface StepRequest {
  /** The operation of the path, or of the path that it resembles. */
  readonly operation: Operation;
  readonly method: string;
  readonly path: string;
  /** The API key (default: that of the target). */
  readonly apiKey?: string;
  /** By name in lower case. With `content-encoding: gzip`, the body is compressed before it is sent. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** The JSON value of the body, or the query: the answer must agree with it. */
  readonly json?: unknown;
}

export interface Expectation {
  readonly expected: string;
  /** Whether the answer must be an envelope of the operation: then it is checked against the contract first. */
  readonly isEnvelope: boolean;
  /** Finds what else is wrong with an answer. */
  readonly judge: (answer: RawAnswer, context: JudgeContext) => readonly Problem[];
}

export interface JudgeContext {
  /** The answers to the earlier steps; `undefined` for one that never came. */
  readonly earlier: readonly (RawAnswer | undefined)[];
  readonly findings: readonly Finding[];
}

/** The state of auto-extend after a request. Whatever it does not change must be as before. */
export interface StateChange {
  /** The change that a success must have made; `null` if the request is not meant to change anything. */
  readonly change: SwitchRequest | null;
  /** The IDs of the statements that another state contradicts. */
  readonly claims: readonly string[];
}

export interface SwitchRequest {
  readonly orderIds?: readonly string[];
  readonly ipAddressIds?: readonly string[];
  readonly autoExtend: boolean;
  readonly rentPeriodDays: number;
}

/** Orders of the account that cases may use, by proxy type. */
export type Orders = Readonly<Partial<Record<ProxyType, OrdersOfType>>>;

/** Orders of one proxy type, and a rental period that is sold for it. */
export interface OrdersOfType {
  readonly orderIds: readonly string[];
  readonly rentPeriodDays: number;
}

/** One of them, and what the server says about it. */
export interface KnownOrder {
  readonly orderId: string;
  readonly proxyType: ProxyType;
  readonly rentPeriodDays: number;
  /** Another rental period that is sold for its proxy type, in days. */
  readonly otherPeriodDays?: number;
  /** Whether it exists on the server, which answered a request for its price with a success. */
  readonly isPriced: boolean;
  /** Its IP addresses in the list. */
  readonly addresses: readonly ListedAddress[];
}

/** An IP address as it is listed. What the list does not say is `null`. */
export interface ListedAddress {
  readonly ipAddressId: string;
  readonly orderId: string;
  readonly state: ExtendState | null;
  /** When the rental ends, in ISO 8601. */
  readonly endsAt: string | null;
}

const gradesById = new Map(allStatements().map(({ id, grade }) => [id, grade]));

/** The grade of a statement; `undefined` if the contract has no such statement. */
export function gradeOf(statement: string): Grade | undefined {
  return gradesById.get(statement);
}

/** Adds the grade to a case. It throws a RangeError for a statement that is not in the contract. */
export function serverCase(parts: Omit<ServerCase, "grade">): ServerCase {
  const grade = parts.statements.reduce<Grade>((weakest, id) => {
    const own = gradeOf(id);
    if (!own) throw new RangeError(`The case ${parts.id} tests ${id}, which the contract does not state.`);
    return weakerGrade(weakest, own);
  }, "reference");
  return { ...parts, grade };
}
