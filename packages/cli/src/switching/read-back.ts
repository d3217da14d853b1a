/** Reads the list of IP addresses after a run, and finds every order that is not as requested. */
import { setTimeout as sleep } from "node:timers/promises";
import { type Client, isAutoExtendError } from "@auto-extend/client";
import type { Context } from "../app/context.js";
import { fileReasons } from "../app/errors.js";
import { numberText, pluralize } from "../app/format.js";
import {
  compareState,
  type Group,
  gapOf,
  isAsTarget,
  type OrderList,
  unreadableList,
  withoutRepeats,
} from "../orders/plan.js";
import type { Ledger } from "./ledger.js";
import { byReason, type GroupTally, isDone, type OutcomeRecord, rangesOf, type Tally } from "./tally.js";
import type { ReadBack } from "./types.js";

/** How long a list may take to catch up with what was just switched. */
const graceMs = 1_000;

const maxKept = 1_000;

interface Parts {
  readonly client: Client;
  readonly tally: Tally;
  readonly ledger: Ledger | null;
  readonly before: OrderList | null;
}

/** Reads the list, and writes its verdict into tally and ledger. */
export async function readBack(context: Context, parts: Parts): Promise<ReadBack> {
  const { signal } = context.io;
  try {
    let found = await compare(context, parts);
    if (found.result.state !== "verified") {
      await sleep(graceMs, undefined, signal ? { signal } : {});
      found = await compare(context, parts);
    }
    // A resume that had nothing to send adds only news to its ledger.
    const isNews = parts.tally.calls > 0 || found.result.state === "differs";
    for (const record of found.records) parts.tally.apply(record);
    try {
      for (const record of isNews ? found.records : []) await parts.ledger?.append(record);
    } catch (error) {
      const { code = "", message } = error as NodeJS.ErrnoException;
      context.note(`The ledger does not have the result of the read-back: ${fileReasons[code] ?? message}.`);
    }
    return found.result;
  } catch (error) {
    if (signal?.aborted) return unread(interruptedReason);
    if (!isAutoExtendError(error)) throw error;
    return unread(`${unreadableList(error)}.`);
  }
}

export const interruptedReason = "The run was interrupted.";

export function unread(reason: string): ReadBack {
  return {
    state: "unread",
    addresses: 0,
    unusable: { count: 0, reason: null },
    unchanged: [],
    unchangedCount: 0,
    missing: [],
    reason,
  };
}

type Unchanged = ReadBack["unchanged"][number];

interface Found {
  readonly result: ReadBack;
  readonly records: readonly OutcomeRecord[];
}

async function compare({ io }: Context, { client, tally, before }: Parts): Promise<Found> {
  const types = new Set(tally.groups.map(({ group }) => group.proxyType));
  const [only] = types;
  const request = types.size === 1 && only ? { proxyType: only } : {};
  // Taken apart, since the result as a whole keeps the provider's answer in memory.
  const { orders, isComplete, announced } = await client.listIpAddresses(request, { signal: io.signal });
  const now = new Map(withoutRepeats(orders).orders.map((order) => [order.orderId, order.ipAddresses]));
  const findings = new Findings(gapOf({ isComplete, announced }), { now, before });
  const records: OutcomeRecord[] = [];
  for (const [index, each] of tally.groups.entries()) records.push(await findings.lookAt(index, each));
  return { result: findings.result(), records };
}

interface Lists {
  readonly now: ReadonlyMap<string, OrderList["orders"][number]["ipAddresses"]>;
  readonly before: OrderList | null;
}

interface Judgement {
  /** `null` if an order is as requested; empty if the list does not say; else a sentence about it. */
  readonly message: string | null;
  readonly addresses: number;
  /** How many the answer to a switch of it counts, as far as the lists show it. */
  readonly switched: number;
}

class Findings {
  readonly #gap: string | null;
  readonly #lists: Lists;
  readonly #unchanged: Unchanged[] = [];
  readonly #missing: string[] = [];
  #unchangedCount = 0;
  #addresses = 0;
  #unusable: ReadBack["unusable"] = { count: 0, reason: null };
  #unclear = 0;
  #unsaid = 0;
  #unsaidPeriods = 0;
  #differing = 0;

  constructor(gap: string | null, lists: Lists) {
    this.#gap = gap;
    this.#lists = lists;
  }

  async lookAt(index: number, tally: GroupTally): Promise<OutcomeRecord> {
    const confirmed: number[] = [];
    const differing: { place: number; code: null; message: string }[] = [];
    let quantity = 0;
    for await (const { orderId, place, outcome } of sentOrders(tally)) {
      const { name, message: problem } = outcome;
      const { message, addresses, switched } = this.#judge(orderId, tally);
      this.#addresses += addresses;
      if (message === null) confirmed.push(place);
      // An unknown call may still be carried out after the list was read.
      else if (message !== "" && isDone(name)) {
        differing.push({ place, code: null, message });
        if (name === "changed") quantity -= switched;
      }
      if (message !== null || isDone(name)) continue;
      // No answer counted the IP addresses of these, or an earlier read-back took them back.
      quantity += switched;
      if (name !== "unknown") continue;
      // The list has just shown that it was made.
      const reason = problem.replace(/ The change may have been made[^.]*\.$/, "");
      this.#unusable = { count: this.#unusable.count + 1, reason: this.#unusable.reason ?? reason };
    }
    return {
      ...{ at: new Date().toISOString(), group: index, changed: rangesOf(confirmed), refused: [] },
      ...{ unknown: [], differs: byReason(differing), notTried: [], quantity, calls: 0 },
    };
  }

  #judge(orderId: string, { group }: GroupTally): Judgement {
    const isConcerned = partOf(orderId, group);
    const earlier = this.#lists.before?.byId.get(orderId)?.ipAddresses.filter(isConcerned) ?? [];
    const addresses = this.#lists.now.get(orderId)?.filter(isConcerned);
    if (!addresses) {
      const message = this.#judgeMissing(orderId, earlier.length > 0);
      return { message, addresses: 0, switched: earlier.length };
    }
    const counts = { addresses: addresses.length, switched: earlier.length || addresses.length };
    const ids = new Set(addresses.map(({ ipAddressId }) => ipAddressId));
    const lost = this.#gap === null ? earlier.filter(({ ipAddressId }) => !ids.has(ipAddressId)) : [];
    const states = addresses.map((each) => compareState(each, group));
    const others = addresses.filter((_, index) => states[index] === "other");
    for (const address of others) this.#keep(orderId, address);
    for (const address of lost) this.#keep(orderId, { ...address, autoExtend: null, rentPeriodDays: null });
    const count = others.length + lost.length;
    if (count > 0) {
      this.#differing++;
      const message = `The list shows ${numberText(count)} of its ${numberText(addresses.length + lost.length)} IP addresses in another state.`;
      return { message, ...counts };
    }
    const wasWhole = this.#lists.before?.gap === null && earlier.length > 0;
    const isSaid = !states.includes("unsaid");
    if (addresses.some(({ autoExtend }) => autoExtend === null)) this.#unsaid++;
    else if (!isSaid) this.#unsaidPeriods++;
    const isCovered =
      isSaid && (this.#gap === null || (wasWhole && earlier.every((each) => ids.has(each.ipAddressId))));
    if (!isCovered) this.#unclear++;
    return { message: isCovered ? null : "", ...counts };
  }

  #judgeMissing(orderId: string, wasListed: boolean): string {
    if (this.#missing.length < maxKept) this.#missing.push(orderId);
    if (wasListed && this.#gap === null) {
      this.#differing++;
      return "It is no longer in the list of IP addresses.";
    }
    this.#unclear++;
    return "";
  }

  #keep(
    orderId: string,
    { ipAddressId, ip, autoExtend, rentPeriodDays }: OrderList["orders"][number]["ipAddresses"][number],
  ): void {
    this.#unchangedCount++;
    if (this.#unchanged.length >= maxKept) return;
    this.#unchanged.push({ orderId, ipAddressId, ip, autoExtend, rentPeriodDays });
  }

  result(): ReadBack {
    const found = {
      ...{ addresses: this.#addresses, unchanged: this.#unchanged, unchangedCount: this.#unchangedCount },
      ...{ missing: this.#missing, unusable: this.#unusable },
    };
    if (this.#differing > 0) return { ...found, state: "differs", reason: null };
    if (this.#unclear === 0) return { ...found, state: "verified", reason: null };
    return { ...found, state: "unread", reason: this.#gap ?? this.#whyUnclear() };
  }

  #whyUnclear(): string {
    if (this.#unsaid > 0) {
      return `The list does not say whether auto-extend is on for ${pluralize(this.#unsaid, "order", "orders")}.`;
    }
    if (this.#unsaidPeriods > 0) {
      return `The list does not say the rental period of ${pluralize(this.#unsaidPeriods, "order", "orders")}.`;
    }
    return `${pluralize(this.#unclear, "order is", "orders are")} not in the list.`;
  }
}

/** Finds the orders of each group that the list shows as requested before they are sent for the first time. */
export async function findAsRequested({ groups }: Tally, list: OrderList): Promise<void> {
  for (const tally of groups) {
    const places: number[] = [];
    for await (const orders of tally.read()) {
      for (const { orderId, place, outcome } of orders) {
        if (outcome.name !== "notTried") continue;
        const concerned = list.byId.get(orderId)?.ipAddresses.filter(partOf(orderId, tally.group));
        if (concerned?.every((each) => isAsTarget(each, tally.group))) places.push(place);
      }
    }
    tally.asRequested = places;
  }
}

function partOf(
  orderId: string,
  { addressesOf }: Group,
): (address: { readonly ipAddressId: string }) => boolean {
  if (addressesOf === null) return () => true;
  const only = new Set(addressesOf(orderId));
  return ({ ipAddressId }) => only.has(ipAddressId);
}

async function* sentOrders(tally: GroupTally) {
  for await (const orders of tally.read()) {
    yield* orders.filter(({ outcome: { name } }) => name !== "refused" && name !== "notTried");
  }
}
