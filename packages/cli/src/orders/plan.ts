/** Groups orders by proxy type and rental period, as one request can name them together, and looks up what was not given. */
import {
  type AutoExtendError,
  createOrderLookup,
  isApiError,
  isContractError,
  isHttpError,
  type ListedOrder,
  type ListIpAddressesResult,
  type SendableOrder,
  type UnsentOrder,
} from "@auto-extend/client";
import type { ProxyType } from "@auto-extend/core";
import type { OpenClient } from "../app/connection.js";
import type { Context } from "../app/context.js";
import { isListTooLarge, listTooLarge } from "../app/failure.js";
import { cleanShort, counted, numberText } from "../app/format.js";
import { type Batch, createSpool, type Input, type Spool } from "./input.js";

/** The account's orders, as far as they are listed. */
export interface OrderList {
  readonly orders: readonly ListedOrder[];
  readonly byId: ReadonlyMap<string, ListedOrder>;
  readonly isComplete: boolean;
  /** Why the list may lack orders, in a sentence; `null` if it is complete. */
  readonly gap: string | null;
}

interface Wishes {
  /** Default: all types. */
  readonly proxyType?: ProxyType | undefined;
  /** How to do without the list, as a note if it cannot be used. */
  readonly hint?: string | undefined;
}

/**
 * Reads the list. Records that could not be read are noted, since nobody would miss an order that is not shown.
 *
 * @throws AutoExtendError if it cannot be read.
 */
export async function readList(
  context: Context,
  { client }: Pick<OpenClient, "client">,
  { proxyType, hint }: Wishes = {},
): Promise<OrderList> {
  const { orders, unread, isComplete, announced } = await client
    .listIpAddresses(proxyType ? { proxyType } : {}, { signal: context.io.signal })
    .catch((error: unknown) => {
      const isUnusable = isContractError(error) || isHttpError(error);
      if (hint !== undefined && isUnusable && !isListTooLarge(error)) context.note(hint);
      throw error;
    });
  const [first] = unread;
  if (first) {
    context.note(
      `${counted(unread.length, "record of the list", "records of the list")} cannot be read and will be missing: ${first.path || "the first"} ${first.message}.`,
    );
  }
  const gap = gapOf({ isComplete, announced });
  if (gap !== null && announced.length > 0) context.note(`${gap} Orders may be missing.`);
  return { orders, byId: new Map(orders.map((order) => [order.orderId, order])), isComplete, gap };
}

/** Says that the list cannot be read, where the error's own words would seem to be about something else. */
export function unreadableList(error: AutoExtendError): string {
  const why = isHttpError(error)
    ? `HTTP ${error.status}`
    : isApiError(error)
      ? `error ${error.code}`
      : isListTooLarge(error)
        ? listTooLarge
        : error.name;
  return `The list of IP addresses cannot be read (${why})`;
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

/** Everything that a request says besides its order IDs. */
export interface Target {
  readonly proxyType: ProxyType;
  readonly rentPeriodDays: number;
  readonly autoExtend: boolean;
}

/** Orders with one target. The plan counts them, pricing adds the price. */
export interface Group extends Target {
  readonly ids: Spool;
  /** IP addresses of the orders that are listed. */
  addresses: number;
  /** Orders that already are as the target says. */
  alreadySet: number;
  /** Orders that are not in the list; `addresses` and `alreadySet` do not include them. */
  unlisted: number;
  /** The sum of the prices so far, and how many orders it covers. */
  price: number;
  priced: number;
  /** The IP addresses of each order that are switched; `null` if whole orders are. */
  readonly addressesOf: ((orderId: string) => readonly string[]) | null;
}

/** The orders that a run will send, and those that it will not. */
export interface Plan {
  readonly groups: readonly Group[];
  readonly unsent: Unsent;
  close(): Promise<void>;
}

/** Orders that are not sent, and why. */
export interface Unsent {
  readonly count: number;
  /** The reasons, each with how many orders it has and the first of them. */
  readonly reasons: readonly UnsentReason[];
  read(): AsyncGenerator<readonly { readonly orderId: string; readonly reason: string }[], void, undefined>;
}

interface GroupMaking {
  /** Default: a new one. */
  readonly ids?: Spool;
  /** Whether single IP addresses of its orders are switched (default: whole orders). */
  readonly byAddress?: boolean;
}

/** Why orders are not sent, as a sentence. */
export interface UnsentReason {
  /** The reason of the first order. */
  readonly reason: string;
  readonly count: number;
  readonly first: string;
  /** The reason of all of them. */
  readonly kind: string;
}

/** A plan that is being filled. */
export interface PlanBuilder extends Plan {
  group(target: Target, making?: GroupMaking): Group;
  /**
   * Adds an order, with its IP addresses if it is listed.
   *
   * @param only the IP addresses to switch (default: the whole order).
   */
  add(
    target: Target,
    orderId: string,
    ipAddresses: SendableOrder["ipAddresses"],
    only?: readonly string[],
  ): void;
  /** @param kind what reasons have in common that differ in details (default: the reason). */
  leaveOut(orderId: string, reason: string, kind?: string): void;
  flush(): Promise<void>;
}

/** Plans the orders of an input. Without a list, types and periods must be given. */
export async function planOrders(
  context: Context,
  input: Input,
  { autoExtend, list }: { readonly autoExtend: boolean; readonly list: OrderList | null },
): Promise<Plan> {
  const plan = createPlan();
  let assumedPeriods = 0;
  for (const batch of input.batches) {
    if (list === null) plan.group({ ...targetOf(batch), autoExtend }, { ids: batch.ids });
    else assumedPeriods += await planBatch(plan, batch, { autoExtend, list });
  }
  if (assumedPeriods > 0) {
    context.note(
      `${counted(assumedPeriods, "order has", "orders have")} IP addresses with different rental periods: the most frequent one is sent (assumed).`,
    );
  }
  return plan;
}

function targetOf({ proxyType, rentPeriodDays }: Batch): Omit<Target, "autoExtend"> {
  if (proxyType === null || rentPeriodDays === null) throw new TypeError("a batch without a target");
  return { proxyType, rentPeriodDays };
}

/** @returns how many orders are sent with an assumed period. */
async function planBatch(
  plan: PlanBuilder,
  { proxyType, rentPeriodDays, ids }: Batch,
  { autoExtend, list }: { readonly autoExtend: boolean; readonly list: OrderList },
): Promise<number> {
  let assumedPeriods = 0;
  const given = { proxyType: proxyType ?? undefined, rentPeriodDays: rentPeriodDays ?? undefined };
  const lookup = createOrderLookup(list, { autoExtend, ...given });
  for await (const orderIds of ids.read()) {
    for (const order of orderIds.map(lookup)) {
      if ("reason" in order) plan.leaveOut(order.orderId, reasonOf(order), kinds[order.reason]);
      else plan.add({ ...order, autoExtend }, order.orderId, order.ipAddresses);
      if ("isAssumed" in order && order.isAssumed) assumedPeriods++;
    }
    await plan.flush();
  }
  return assumedPeriods;
}

const howToSend: Readonly<Record<UnsentOrder["reason"], string>> = {
  "not-listed": "With --type and --days, it is sent all the same.",
  unknown: "With --type and --days, it is sent all the same.",
  "other-type": "Correct --type, or remove it.",
  "type-unknown": "Add --type to send it.",
  "period-unknown": "Add --days to send it.",
  "mixed-periods": "Add --days to send it.",
};

/** Reasons that name details of each order. */
const kinds: Partial<Record<UnsentOrder["reason"], string>> = {
  "mixed-periods": "Their IP addresses have different rental periods. Add --days to send them.",
  "other-type": "They are listed with another type. Correct --type, or remove it.",
  "period-unknown":
    "The list does not have the rental period of all of their IP addresses. Add --days to send them.",
};

/** The client's advice, after the first sentence, is about its own options. */
function reasonOf({ reason, message }: UnsentOrder): string {
  return `${message.replace(/\. .*$/, ".")} ${howToSend[reason]}`;
}

export function createPlan(): PlanBuilder {
  const groups = new Map<string, Group>();
  const texts = new Map<string, number>();
  const reasons = new Map<string, { readonly reason: string; readonly first: string; count: number }>();
  const unsent = createSpool();
  const switched = new Map<Group, Map<string, readonly string[]>>();

  function group(target: Target, { ids, byAddress = false }: GroupMaking = {}): Group {
    const { proxyType, rentPeriodDays, autoExtend } = target;
    const key = `${proxyType} ${rentPeriodDays} ${autoExtend} ${byAddress}`;
    const known = groups.get(key);
    if (known) return known;
    const counts = { addresses: 0, alreadySet: 0, unlisted: ids?.count ?? 0, price: 0, priced: 0 };
    const addresses = new Map<string, readonly string[]>();
    const addressesOf = byAddress ? (orderId: string) => addresses.get(orderId) ?? [] : null;
    const added = {
      proxyType,
      rentPeriodDays,
      autoExtend,
      ids: ids ?? createSpool(),
      ...counts,
      addressesOf,
    };
    groups.set(key, added);
    switched.set(added, addresses);
    return added;
  }

  return {
    get groups() {
      return [...groups.values()];
    },
    unsent: {
      get count() {
        return unsent.count;
      },
      get reasons() {
        return [...reasons].map(([kind, each]) => ({ kind, ...each }));
      },
      async *read() {
        const reasonTexts = [...texts.keys()];
        for await (const lines of unsent.read()) {
          yield lines.map((line) => {
            const at = line.indexOf(" ");
            return { orderId: line.slice(at + 1), reason: reasonTexts[Number(line.slice(0, at))] ?? "" };
          });
        }
      },
    },
    group,
    add(target, orderId, ipAddresses, only) {
      const added = group(target, { byAddress: only !== undefined });
      if (only) switched.get(added)?.set(orderId, only);
      added.ids.add(orderId);
      if (ipAddresses === null) added.unlisted++;
      else {
        added.addresses += ipAddresses.length;
        if (ipAddresses.every((each) => isAsTarget(each, target))) added.alreadySet++;
      }
    },
    leaveOut(orderId, reason, kind = reason) {
      const known = reasons.get(kind) ?? { reason, first: orderId, count: 0 };
      known.count++;
      reasons.set(kind, known);
      const index = texts.get(reason) ?? texts.size;
      texts.set(reason, index);
      unsent.add(`${index} ${orderId}`);
    },
    async flush() {
      await Promise.all([unsent, ...[...groups.values()].map(({ ids }) => ids)].map((each) => each.flush()));
    },
    async close() {
      await Promise.all([unsent, ...[...groups.values()].map(({ ids }) => ids)].map((each) => each.close()));
    },
  };
}

/** Whether an IP address is as a target says. If auto-extend is off there is no renewal, so its period does not matter. */
export function isAsTarget(
  address: { readonly autoExtend: boolean | null; readonly rentPeriodDays: number | null },
  { autoExtend, rentPeriodDays }: Pick<Target, "autoExtend" | "rentPeriodDays">,
): boolean {
  if (address.autoExtend !== autoExtend) return false;
  return !autoExtend || address.rentPeriodDays === null || address.rentPeriodDays === rentPeriodDays;
}

/** How many orders groups have together. */
export function ordersIn(groups: readonly Group[]): number {
  return groups.reduce((sum, { ids }) => sum + ids.count, 0);
}

/** A sentence such as `3 orders, such as 111, are not sent. They ...`. */
export function unsentText({ count, first, reason, kind }: UnsentReason, what = "sent"): string {
  const example = cleanShort(first);
  if (count === 1) return `Order ${example} is not ${what}. ${reason}`;
  return `${numberText(count)} orders, such as ${example}, are not ${what}. ${kind}`;
}

/** `IPv4, 30 days` */
export function groupName({
  proxyType,
  rentPeriodDays,
}: Pick<Target, "proxyType" | "rentPeriodDays">): string {
  return `${proxyType}, ${counted(rentPeriodDays, "day", "days")}`;
}
