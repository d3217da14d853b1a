import {
  checkAnswer,
  foreignLine,
  kindOf,
  listIpAddresses,
  type Operation,
  type RawAnswer,
  readHttpDate,
  readIpAddressList,
} from "@auto-extend/core";
import type { KnownOrder, ListedAddress, StateChange, StepRequest, SwitchRequest } from "../cases/case.js";
import { errorCodeOf, objectIn } from "../cases/expectations.js";
import { requestOf } from "../cases/steps.js";
import { type ExtendState, type Problem, stateText, type TouchedAddress } from "../report/report.js";
import { exchange } from "./exchange.js";
import type { CheckedTarget } from "./target.js";

// The account as its list of IP addresses shows it: the only way to see whether a request did what its answer says.

export interface Reading {
  /** By ID; none if the list could not be read. */
  readonly addresses: ReadonlyMap<string, ListedAddress>;
  readonly isComplete: boolean;
  /** When the list was read by the server's clock, in milliseconds since 1970. */
  readonly readAt: number;
  /** Why it could not be read; `null` if it was. */
  readonly failure: string | null;
}

export function notRead(failure: string): Reading {
  return { addresses: new Map(), isComplete: false, readAt: 0, failure };
}

export async function readAccount(target: CheckedTarget): Promise<Reading> {
  const { redact } = target;
  const answer = await exchange(requestOf(listIpAddresses, {}), target);
  if ("failure" in answer) return notRead(answer.failure);
  if (kindOf(answer.body) === "failure") {
    return notRead(`error ${foreignLine(String(errorCodeOf(answer) ?? "without a code"), redact)}`);
  }
  const exchanged = { request: {}, ...answer };
  const [unusable] = checkAnswer(listIpAddresses, exchanged, { redact, level: "accepts" });
  if (unusable) {
    const { part, path, message } = unusable;
    // A message about the body as a whole is a sentence of its own.
    const isSentence = part === "body" && path === "";
    return notRead(isSentence ? message.replace(/^The /, "the ") : `${path || part} ${message}`);
  }
  const { orders, isComplete } = readIpAddressList(objectIn(answer), answer.headers);
  const addresses = orders.flatMap(({ orderId, ipAddresses }) =>
    ipAddresses.map(({ ipAddressId, autoExtend, rentPeriodDays, endsAt }): [string, ListedAddress] => [
      ipAddressId,
      { ipAddressId, orderId, endsAt, state: autoExtend === null ? null : { autoExtend, rentPeriodDays } },
    ]),
  );
  const readAt = readHttpDate(answer.headers.date) ?? Date.now();
  return { addresses: new Map(addresses), isComplete, readAt, failure: null };
}

export function addressesOf(orderId: string, { addresses }: Reading): ListedAddress[] {
  return [...addresses.values()].filter((address) => address.orderId === orderId);
}

export function withAddresses(orders: readonly KnownOrder[], reading: Reading): KnownOrder[] {
  return orders.map((order) => ({ ...order, addresses: addressesOf(order.orderId, reading) }));
}

/** Whether every IP address of an order is listed with its state. If not, nobody could restore it. */
export function hasKnownState(addresses: readonly ListedAddress[]): boolean {
  return addresses.length > 0 && addresses.every(({ state }) => state !== null);
}

export function ordersIn({ json }: Pick<StepRequest, "json">, reading: Reading): string[] {
  const { orderIds = [], ipAddressIds = [] } = Object(json) as Record<string, unknown>;
  const ofAddresses = [ipAddressIds].flat().flatMap((id) => reading.addresses.get(String(id))?.orderId ?? []);
  return [...[orderIds].flat().map(String), ...ofAddresses];
}

/** An IP address as it was before the run, or a whole order whose IP addresses are not known. */
export function stateOfOrder(orderId: string, before: Reading): TouchedAddress[] {
  const ofOrder = addressesOf(orderId, before);
  if (ofOrder.length === 0) return [{ orderId, ipAddressId: null, was: null }];
  return ofOrder.map(({ ipAddressId, state }) => ({ orderId, ipAddressId, was: state }));
}

export interface Comparison {
  readonly before: Reading;
  readonly after: Reading;
  readonly answer: RawAnswer;
  readonly operation: Operation;
  readonly isSound: boolean;
  readonly leaves: StateChange;
}

export interface StateVerdict {
  readonly problems: readonly Problem[];
  readonly unchecked: string | null;
}

/** How many IP addresses with a wrong state are reported one by one. */
const maxReported = 3;

/** Compares the state after a request with what its answer claims: a success did what was asked, and a failure nothing. */
export function judgeState(comparison: Comparison): StateVerdict {
  const { before, after, answer, operation, isSound } = comparison;
  const leaves = claimedBy(comparison);
  if (!leaves) return { problems: [], unchecked: null };
  const failure = before.failure ?? after.failure;
  if (failure !== null) return unchecked(`the list of IP addresses could not be read: ${failure}`);
  const { change } = leaves;
  const named = change ? [...before.addresses.values()].filter((address) => isNamed(address, change)) : [];
  const [unlisted] = change ? unlistedIn(change, named) : [];
  if (unlisted !== undefined) return unchecked(`${unlisted} is not in the list of IP addresses`);
  const problems = [
    ...(change && isSound && after.isComplete ? countProblems(operation, answer, named) : []),
    ...stateProblems(before, after, leaves),
  ];
  const silent = named.find(({ ipAddressId }) => !after.addresses.get(ipAddressId)?.state);
  return {
    problems: bounded(problems),
    unchecked: silent ? `the list does not say whether auto-extend of ${silent.ipAddressId} is on` : null,
  };
}

/** The state that must be found after an answer; `null` if nothing can be said. */
function claimedBy({ answer, operation, leaves }: Comparison): StateChange | null {
  const kind = kindOf(answer.body);
  if (kind === null) return leaves.change ? null : leaves;
  if (kind === "failure" && leaves.change)
    return { change: null, claims: [`${operation.id}/refusal-changes-nothing`] };
  // What a success means that nobody asked for is not known. It has failed the case already.
  return kind === "success" && operation.changes && !leaves.change ? null : leaves;
}

function unchecked(reason: string): StateVerdict {
  return { problems: [], unchecked: reason };
}

function bounded(problems: readonly Problem[]): Problem[] {
  const shown = problems.slice(0, maxReported);
  const last = shown.at(-1);
  if (!last || problems.length === shown.length) return shown;
  const message = `${last.message} (${maxReported} of ${problems.length} such problems are shown)`;
  return [...shown.slice(0, -1), { ...last, message }];
}

/** The answer must be about the IP addresses that the list has for what was named. */
function countProblems({ id }: Operation, answer: RawAnswer, named: readonly ListedAddress[]): Problem[] {
  const { quantity, ipAddressIds } = objectIn(answer);
  const contradicts = [`${id}/quantity`, "listIpAddresses/success"];
  const ids = named.map(({ ipAddressId }) => ipAddressId).sort();
  if (Array.isArray(ipAddressIds) && [...ipAddressIds].sort().join() !== ids.join()) {
    const message = `must be ${JSON.stringify(ids)} in any order, as in the list of IP addresses`;
    const actual = JSON.stringify(ipAddressIds);
    return [{ at: "body.ipAddressIds", message, actual, level: null, contradicts }];
  }
  if (quantity === ids.length) return [];
  const message = `must be ${ids.length}, the number of IP addresses that the list has for this request`;
  return [{ at: "body.quantity", message, actual: String(quantity), level: null, contradicts }];
}

function stateProblems(before: Reading, after: Reading, { change, claims }: StateChange): Problem[] {
  return [...before.addresses.values()].flatMap((address): Problem[] => {
    const { orderId, ipAddressId, state } = address;
    const isChanged = change !== null && isNamed(address, change);
    const now = after.addresses.get(ipAddressId)?.state;
    const expected = isChanged ? stateOf(change) : state;
    if (!now || !expected || isSameState(expected, now)) return [];
    const why = isChanged ? "" : change ? ", as before: the request does not name it" : ", as before";
    return [
      {
        at: `order ${orderId}, IP address ${ipAddressId}`,
        message: `auto-extend must be ${stateText(expected)}${why}`,
        actual: stateText(now),
        level: null,
        contradicts: claims,
      },
    ];
  });
}

function stateOf({ autoExtend, rentPeriodDays }: SwitchRequest): ExtendState {
  // Nothing public says whether switching off sets the rental period.
  return { autoExtend, rentPeriodDays: autoExtend ? rentPeriodDays : null };
}

function isNamed(
  { orderId, ipAddressId }: ListedAddress,
  { orderIds, ipAddressIds }: SwitchRequest,
): boolean {
  return (orderIds?.includes(orderId) ?? false) || (ipAddressIds?.includes(ipAddressId) ?? false);
}

function unlistedIn({ orderIds = [], ipAddressIds = [] }: SwitchRequest, named: readonly ListedAddress[]) {
  return [
    ...orderIds.filter((id) => !named.some(({ orderId }) => orderId === id)).map((id) => `order ${id}`),
    ...ipAddressIds
      .filter((id) => !named.some(({ ipAddressId }) => ipAddressId === id))
      .map((id) => `IP address ${id}`),
  ];
}

export function isSameState(one: ExtendState, other: ExtendState): boolean {
  if (one.autoExtend !== other.autoExtend) return false;
  const isKnown = one.rentPeriodDays !== null && other.rentPeriodDays !== null;
  return !isKnown || one.rentPeriodDays === other.rentPeriodDays;
}
