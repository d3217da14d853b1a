/** Reads the list of IP addresses, and groups orders by proxy type and rental period, as one request can name them together. */
import {
  type AutoExtendError,
  createOrderLookup,
  isApiError,
  isAutoExtendError,
  isContractError,
  isHttpError,
  type ListedOrder,
  type ListIpAddressesResult,
} from "@auto-extend/client";
import type { ProxyType } from "@auto-extend/core";
import type { OpenClient } from "../app/connection.js";
import type { Context } from "../app/context.js";
import { isListTooLarge, isTrouble, listTooLarge } from "../app/failure.js";
import { pluralize } from "../app/format.js";
import { type Batch, type Input, Spool } from "./input.js";
import { adviceAbout, type Purpose, type UnsentReason, unsentText, whyUnsent } from "./unsent.js";

export interface Target {
  readonly proxyType: ProxyType;
  readonly rentPeriodDays: number;
  readonly autoExtend: boolean;
}

/** Orders with one target. The plan counts them, pricing adds the price. */
export interface Group extends Target {
  readonly ids: Spool;
  addresses: number;
  alreadySet: number;
  /** Orders that are not in the list; `addresses` and `alreadySet` do not include them. */
  unlisted: number;
  price: number;
  priced: number;
  /** The IP addresses of each order that are switched; `null` if whole orders are. */
  readonly addressesOf: ((orderId: string) => readonly string[]) | null;
  readonly only: Map<string, readonly string[]>;
  largestPart: number;
  /** Orders of which other groups have parts, with their places among `ids`. */
  readonly inParts: Map<string, number>;
}

interface PlanOptions {
  readonly autoExtend: boolean;
  readonly list: OrderList | null;
  readonly purpose?: Purpose | undefined;
}

/** Plans the orders of an input. Without a list, types and periods must be given. */
export async function planOrders(
  input: Input,
  { autoExtend, list, purpose = "send" }: PlanOptions,
): Promise<Plan> {
  const plan = new Plan();
  const isAlone = input.given === 1 || !autoExtend;
  for (const { proxyType, rentPeriodDays, ids } of input.batches) {
    if (list !== null) {
      const given = { proxyType, rentPeriodDays };
      const lookup = lookupFor(given, { autoExtend, list, purpose });
      for await (const orderIds of ids.read()) {
        for (const order of orderIds.map(lookup)) add(order, given);
        await plan.flush();
      }
    } else if (proxyType === null || rentPeriodDays === null) throw new TypeError("a batch without a target");
    else plan.addUnlisted({ proxyType, rentPeriodDays, autoExtend }, ids);
  }
  return plan;

  function add(order: ReturnType<OrderLookup>, given: Given): void {
    if ("reason" in order) {
      const whatToDo = adviceAbout(order, { purpose, isAlone });
      plan.unsent.add(order.orderId, whyUnsent(order), { kind: order.reason, whatToDo, given });
    } else {
      plan.add({ ...order, autoExtend }, order.orderId, order.ipAddresses);
      if (order.isAssumed) plan.assumedPeriods++;
    }
  }
}

type OrderLookup = ReturnType<typeof createOrderLookup>;

function lookupFor(
  { proxyType, rentPeriodDays }: Given,
  { autoExtend, list, purpose }: { autoExtend: boolean; list: OrderList; purpose: Purpose },
): OrderLookup {
  const withoutGiven = createOrderLookup(list, { autoExtend });
  const withGiven = createOrderLookup(list, {
    ...{ autoExtend, proxyType: proxyType ?? undefined, rentPeriodDays: rentPeriodDays ?? undefined },
  });
  // An order without a listed end cannot be forecast, whatever is given.
  return (orderId) => (purpose === "forecast" && !list.byId.has(orderId) ? withoutGiven : withGiven)(orderId);
}

/**
 * Says whose rental period is assumed or changes, since nobody would see it: the period that is given is the only one in
 * the table. To be called after the checks: an error of theirs makes it void.
 */
export function notePeriods({ note }: Context, { assumedPeriods, otherPeriods }: Plan): void {
  if (assumedPeriods > 0) {
    note(
      `${pluralize(assumedPeriods, "order has", "orders have")} IP addresses with different rental periods: the most frequent one is sent (assumed).`,
    );
  }
  const { addresses, orders, on } = otherPeriods;
  if (addresses === 0) return;
  const which = `${pluralize(addresses, "IP address", "IP addresses")} of ${pluralize(orders, "order", "orders")}`;
  const alreadyOn = on === 0 ? "" : ` Of these, ${pluralize(on, "is", "are")} on already.`;
  note(
    `${which} ${addresses === 1 ? "has" : "have"} another rental period now: switching on changes it.${alreadyOn}`,
  );
}

export interface OrderPart {
  readonly target: Target;
  readonly addresses: readonly AddressState[];
  readonly only: readonly string[] | undefined;
}

/** The orders that a run will send, and those that it will not. */
export class Plan {
  readonly #open = new Map<string, Group>();
  readonly unsent = new Unsent();
  /** The orders whose IP addresses have several periods, and that are sent with the most frequent one. */
  assumedPeriods = 0;
  /** The listed IP addresses that get another rental period than they have, their orders, and those of them that are on. */
  readonly otherPeriods = { addresses: 0, orders: 0, on: 0 };

  get groups(): Group[] {
    return [...this.#open.values()];
  }

  addInParts(orderId: string, parts: readonly OrderPart[]): void {
    for (const { target, addresses, only } of parts) {
      const { inParts, ids } = this.add(target, orderId, addresses, only);
      if (parts.length > 1) inParts.set(orderId, ids.count - 1);
    }
  }

  addUnlisted(target: Target, ids: Spool): void {
    this.#groupOf(target, { ids });
  }

  /**
   * Adds an order, with its IP addresses if it is listed.
   *
   * @param only the IP addresses to switch (default: the whole order).
   */
  add(
    target: Target,
    orderId: string,
    ipAddresses: readonly AddressState[] | null,
    only?: readonly string[],
  ): Group {
    const group = this.#groupOf(target, { byAddress: only !== undefined });
    if (only) group.only.set(orderId, only);
    group.largestPart = Math.max(group.largestPart, only?.length ?? 0);
    group.ids.add(orderId);
    if (ipAddresses === null) group.unlisted++;
    else {
      group.addresses += ipAddresses.length;
      group.alreadySet += ipAddresses.filter((each) => isAsTarget(each, target)).length;
      if (target.autoExtend) this.#countOtherPeriods(target, ipAddresses);
    }
    return group;
  }

  #countOtherPeriods({ rentPeriodDays }: Target, ipAddresses: readonly AddressState[]): void {
    const others = ipAddresses.filter((each) => (each.rentPeriodDays ?? rentPeriodDays) !== rentPeriodDays);
    this.otherPeriods.addresses += others.length;
    this.otherPeriods.orders += Math.sign(others.length);
    this.otherPeriods.on += others.filter(({ autoExtend }) => autoExtend).length;
  }

  #groupOf(
    target: Target,
    { ids = new Spool(), byAddress = false }: { ids?: Spool; byAddress?: boolean },
  ): Group {
    const { proxyType, rentPeriodDays, autoExtend } = target;
    const key = `${proxyType} ${rentPeriodDays} ${autoExtend} ${byAddress}`;
    const known = this.#open.get(key);
    if (known) return known;
    const only = new Map<string, readonly string[]>();
    const group: Group = {
      ...{ proxyType, rentPeriodDays, autoExtend, ids },
      ...{ addresses: 0, alreadySet: 0, unlisted: ids.count, price: 0, priced: 0, largestPart: 0 },
      ...{ only, addressesOf: byAddress ? (orderId) => only.get(orderId) ?? [] : null },
      inParts: new Map(),
    };
    this.#open.set(key, group);
    return group;
  }

  /** To be awaited now and then, as it relieves memory. */
  async flush(): Promise<void> {
    await Promise.all([this.unsent, ...this.groups.map(({ ids }) => ids)].map((each) => each.flush()));
  }

  async close(): Promise<void> {
    await Promise.all([this.unsent, ...this.groups.map(({ ids }) => ids)].map((each) => each.close()));
  }
}

class Unsent {
  readonly #orders = new Spool();
  /** The rows of the orders without their IDs, by their content; they are few. */
  readonly #rows = new Map<string, UnsentRow & { readonly index: number }>();
  readonly #reasons = new Map<string, UnsentReason>();

  get count(): number {
    return this.#orders.count;
  }

  get reasons(): UnsentReason[] {
    return [...this.#reasons.values()];
  }

  /**
   * @param kind what reasons have in common that differ in details (default: the reason).
   * @param whatToDo what to do about it, which is said once (default: nothing).
   * @param given the type and the period that the order was given with (default: none).
   */
  add(
    orderId: string,
    reason: string,
    { kind = reason, whatToDo = "", given = { proxyType: null, rentPeriodDays: null } as Given } = {},
  ): void {
    const first = { first: orderId, reason, whatToDo, count: 0 };
    const known = this.#reasons.get(kind) ?? first;
    this.#reasons.set(kind, { ...known, count: known.count + 1 });
    const key = `${given.proxyType} ${given.rentPeriodDays} ${reason}`;
    const row = this.#rows.get(key) ?? { reason, ...given, index: this.#rows.size };
    this.#rows.set(key, row);
    this.#orders.add(`${row.index} ${orderId}`);
  }

  async *read(): AsyncGenerator<readonly UnsentEntry[], void, undefined> {
    const rows = [...this.#rows.values()];
    for await (const lines of this.#orders.read()) {
      yield lines.map((line) => {
        const at = line.indexOf(" ");
        return { ...(rows[Number(line.slice(0, at))] as UnsentRow), orderId: line.slice(at + 1) };
      });
    }
  }

  flush(): Promise<void> {
    return this.#orders.flush();
  }

  close(): Promise<void> {
    return this.#orders.close();
  }
}

type Given = Pick<Batch, "proxyType" | "rentPeriodDays">;

interface UnsentRow extends Given {
  readonly reason: string;
}

type UnsentEntry = UnsentRow & { readonly orderId: string };

/** Notes why orders are not sent; of an undo, each order can have a reason of its own. */
export function noteUnsent(context: Context, { unsent: { reasons } }: Plan, what: "sent" | "restored"): void {
  for (const each of reasons.slice(0, maxReasonsShown)) context.note(unsentText(each, what));
  if (reasons.length > maxReasonsShown) {
    context.note(`More orders are not ${what}; the report has the reasons.`);
  }
}

const maxReasonsShown = 5;

interface AddressState {
  readonly autoExtend: boolean | null;
  readonly rentPeriodDays: number | null;
}

type State = Pick<Target, "autoExtend" | "rentPeriodDays">;

export function isAsTarget(address: AddressState, target: State): boolean {
  return compareState(address, target) === "same";
}

/** Compares an IP address with a target. If auto-extend is off there is no renewal, so its period does not matter. */
export function compareState(
  address: AddressState,
  { autoExtend, rentPeriodDays }: State,
): "same" | "other" | "unsaid" {
  if (address.autoExtend === null) return "unsaid";
  if (address.autoExtend !== autoExtend) return "other";
  if (!autoExtend || address.rentPeriodDays === rentPeriodDays) return "same";
  return address.rentPeriodDays === null ? "unsaid" : "other";
}

/** How many orders go into a request. Orders in parts are sent with the IDs of their IP addresses, of which it may have as many. */
export function chunkSizeOf({ addressesOf, largestPart }: Group, chunkSize: number): number {
  if (addressesOf === null) return chunkSize;
  return Math.max(1, Math.floor(chunkSize / largestPart));
}

export function ordersIn(groups: readonly Group[]): number {
  const inParts = groups.flatMap((group) => [...group.inParts.keys()]);
  const repeated = inParts.length - new Set(inParts).size;
  return groups.reduce((sum, { ids }) => sum + ids.count, -repeated);
}

export function groupName({
  proxyType,
  rentPeriodDays,
}: Pick<Target, "proxyType" | "rentPeriodDays">): string {
  return `${proxyType}, ${pluralize(rentPeriodDays, "day", "days")}`;
}

/** The error of an order that does not exist (sibling). */
export const noSuchOrder = 29;

export type OrderList = Awaited<ReturnType<typeof readList>>;

/**
 * Reads the list. Records that could not be read are noted, since nobody would miss an order that is not shown.
 *
 * @param hint how to do without the list, as a note if it cannot be used.
 */
export async function readList(
  context: Context,
  { client }: Pick<OpenClient, "client">,
  { proxyType, hint }: { proxyType?: ProxyType | undefined; hint?: string | undefined } = {},
) {
  const {
    orders: listed,
    unread,
    unreadCount,
    isComplete,
    announced,
  } = await client
    .listIpAddresses(proxyType ? { proxyType } : {}, { signal: context.io.signal })
    .catch((error: unknown) => {
      const isUnusable = isContractError(error) || isHttpError(error);
      if (hint !== undefined && isUnusable && !isListTooLarge(error)) {
        context.note(`${unreadableList(error)}. ${hint}`);
      }
      throw error;
    });
  const [first] = unread;
  if (first) {
    context.note(
      `${pluralize(unreadCount, "record of the list", "records of the list")} cannot be read and will be missing: ${first.path || "the first"} ${first.message}.`,
    );
  }
  const { orders, repeated } = withoutRepeats(listed);
  if (repeated > 0) {
    const which = pluralize(repeated, "IP address is", "IP addresses are");
    context.note(`${which} in the list more than once, and counted once.`);
  }
  const gap = gapOf({ isComplete, announced });
  if (gap !== null && announced.length > 0) context.note(`${gap} Orders may be missing.`);
  const byId: ReadonlyMap<string, ListedOrder> = new Map(orders.map((order) => [order.orderId, order]));
  return { orders, byId, isComplete, gap };
}

/** Drops what the list repeats of an IP address. Records of one that contradict each other stay. */
export function withoutRepeats(listed: readonly ListedOrder[]) {
  let repeated = 0;
  const orders = listed.map((order) => {
    const seen = new Set<string>();
    const ipAddresses = order.ipAddresses.filter(({ ipAddressId, autoExtend, rentPeriodDays }) => {
      const key = JSON.stringify([ipAddressId, autoExtend, rentPeriodDays]);
      return seen.size < seen.add(key).size;
    });
    repeated += order.ipAddresses.length - ipAddresses.length;
    return ipAddresses.length < order.ipAddresses.length ? { ...order, ipAddresses } : order;
  });
  return { orders, repeated };
}

/** Says that the list cannot be read, where the error's own words would seem to be about something else. */
export function unreadableList(error: AutoExtendError): string {
  return `The list of IP addresses cannot be read (${whyUnreadable(error)})`;
}

function whyUnreadable(error: AutoExtendError): string {
  if (isHttpError(error)) return `HTTP ${error.status}`;
  if (isApiError(error)) return `${isTrouble(error) ? `HTTP ${error.status}, ` : ""}error ${error.code}`;
  if (isListTooLarge(error)) return listTooLarge;
  return isContractError(error) ? "the answer breaks the API contract" : "no answer";
}

/** Why a list is incomplete, in a sentence; `null` if it is complete. */
export function gapOf({
  isComplete,
  announced,
}: Pick<ListIpAddressesResult, "isComplete" | "announced">): string | null {
  if (isComplete) return null;
  const [first] = announced;
  return first
    ? `The list of IP addresses is incomplete: \`${first.path}\` ${first.message}.`
    : "A part of the list of IP addresses cannot be read.";
}

/** Reads the list for those who can do without: if it cannot be read, a note says so, and the result is `null`. */
export async function readIfPossible(
  context: Context,
  server: Pick<OpenClient, "client">,
): Promise<OrderList | null> {
  try {
    return await readList(context, server);
  } catch (error) {
    // Requests during a pause that the server asks for would only make it longer.
    if (!isAutoExtendError(error) || pauseAskedFor(error) > longestPauseMs) throw error;
    context.note(`${unreadableList(error)}: the orders are not looked up.`);
    return null;
  }
}

export const longestPauseMs = 30_000;

export function pauseAskedFor(error: unknown): number {
  const isAnswer = isApiError(error) || isHttpError(error) || isContractError(error);
  return (isAnswer && error.retryAfter) || 0;
}
