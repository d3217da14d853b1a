import {
  kindOf,
  type Operation,
  type ProxyType,
  proxyTypes,
  setAutoExtend,
  setAutoExtendByIpAddress,
} from "@auto-extend/core";
import type { Orders } from "../cases/case.js";
import { requestOf } from "../cases/steps.js";
import { type ExtendState, type NotRestored, stateText } from "../report/report.js";
import {
  isSameState,
  type ListedAddress,
  ordersIn,
  type Reading,
  readAccount,
  stateOfOrder,
} from "./account.js";
import { exchange } from "./exchange.js";
import { type CheckedTarget, uninterrupted } from "./target.js";

export interface Restoration {
  readonly target: CheckedTarget;
  readonly before: Reading;
  readonly now: Reading;
  /** The orders that the run may have switched. No others are touched. */
  readonly touched: ReadonlySet<string>;
  /** The orders that a request without an answer may still switch on. */
  readonly unanswered: Set<string>;
  readonly stuck: ReadonlySet<string>;
}

export interface Restored {
  readonly now: Reading;
  readonly notRestored: readonly NotRestored[];
}

/** Switches the caller's orders, and no others, back to their state before the run: whole orders first, then IP addresses. */
export async function restore(restoration: Restoration): Promise<Restored> {
  const { before, touched, stuck } = restoration;
  const target = uninterrupted(restoration.target);
  let now = restoration.now;
  // If the list cannot be read any more, all that the run touched may have changed.
  const changed = () =>
    changedIn(before, now).filter((each) => each.now !== null || touched.has(each.address.orderId));
  const own = () =>
    changed().filter(
      ({ address }) => typeOf(address.orderId, target.orders) !== null && !stuck.has(address.ipAddressId),
    );
  for (const requestsFor of [byOrder, byIpAddress]) {
    if (own().length === 0) break;
    for (const request of requestsFor(own(), before, target.orders)) await send(request, restoration);
    now = await readAccount(target);
    if ("addresses" in now && own().length > 0) {
      await target.sleep(target.rereadDelayMs, undefined);
      now = await readAccount(target);
    }
  }
  return { now, notRestored: changed().map((each) => notRestoredFrom(each, target.orders)) };
}

/** Switches the orders off whose earlier state is unknown: an unwanted renewal costs money. Returns what to say about them. */
export async function switchUnknownOff(
  restoration: Omit<Restoration, "now" | "stuck">,
): Promise<NotRestored[]> {
  const { target, before, touched } = restoration;
  const addresses = "failure" in before ? [] : [...before.addresses.values()];
  const listed = new Set(addresses.map(({ orderId }) => orderId));
  const unknown = new Set(addresses.flatMap(({ orderId, state }) => (state ? [] : [orderId])));
  const left: NotRestored[] = [];
  for (const orderId of touched) {
    const type = typeOf(orderId, target.orders);
    if (!type || (listed.has(orderId) && !unknown.has(orderId))) continue;
    const rentPeriodDays = target.orders[type]?.rentPeriodDays;
    const json = { proxyType: type, orderIds: [orderId], rentPeriodDays, autoExtend: false };
    const isOff = await send({ operation: setAutoExtend, json }, restoration);
    const whatToDo = isOff
      ? "The server says that it is off now. Switch it on again if it was on."
      : "It may be on. Look it up in the account.";
    left.push({ orderId, ipAddressId: null, was: null, now: null, whatToDo });
  }
  return left;
}

/** Warns of an order that was off, is off again, and that a request without an answer may still switch on. */
export function mayStillBeSwitchedOn(orderId: string, before: Reading): NotRestored[] {
  return stateOfOrder(orderId, before)
    .filter(({ was }) => was?.autoExtend === false)
    .map((each) => ({
      ...each,
      now: each.was,
      whatToDo:
        "It is off. A request to switch it on got no answer, and may still be carried out: look it up later, and switch it off if it is on.",
    }));
}

interface Changed {
  readonly address: ListedAddress;
  readonly was: ExtendState;
  /** `null` if the list does not say. */
  readonly now: ExtendState | null;
}

/** The IP addresses whose state is not, or not known to be, as it was. */
function changedIn(before: Reading, now: Reading): Changed[] {
  if ("failure" in before) return [];
  return [...before.addresses.values()].flatMap((address) => {
    const was = address.state;
    const state = "failure" in now ? null : (now.addresses.get(address.ipAddressId)?.state ?? null);
    if (!was || (state && isSameState(was, state))) return [];
    return hasEnded(address, now) ? [] : [{ address, was, now: state }];
  });
}

/** A rental can end during a run, and then nothing is left to restore. An address that is gone before its end may still be switched. */
function hasEnded({ ipAddressId, endsAt }: ListedAddress, now: Reading): boolean {
  if ("failure" in now || now.addresses.has(ipAddressId)) return false;
  return endsAt !== null && Date.parse(endsAt) <= now.readAt;
}

interface SwitchBack {
  readonly operation: Operation;
  readonly json: Readonly<Record<string, unknown>>;
}

/** Whole orders, if all of their IP addresses had the same state; the others by IP address. */
function byOrder(changed: readonly Changed[], before: Reading, orders: Orders): SwitchBack[] {
  const orderIds = [...new Set(changed.map(({ address }) => address.orderId))];
  return orderIds.flatMap((orderId) => {
    const ofOrder = changed.filter(({ address }) => address.orderId === orderId);
    const states = stateOfOrder(orderId, before).map(({ was }) => was);
    const [first] = states;
    const isUniform = first && states.every((state) => state && isSameState(state, first));
    const type = typeOf(orderId, orders);
    if (!isUniform || !type) return byIpAddress(ofOrder, before, orders);
    return switchesTo(first, ofOrder, orders[type]?.rentPeriodDays).map((state) => ({
      operation: setAutoExtend,
      json: { proxyType: type, orderIds: [orderId], ...state },
    }));
  });
}

function byIpAddress(changed: readonly Changed[], _: Reading, orders: Orders): SwitchBack[] {
  const groups = new Map<string, Changed[]>();
  for (const each of changed) {
    const key = JSON.stringify([each.address.orderId, each.was]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const type = first && typeOf(first.address.orderId, orders);
    if (!first || !type) return [];
    const ipAddressIds = group.map(({ address }) => address.ipAddressId);
    return switchesTo(first.was, group, orders[type]?.rentPeriodDays).map((state) => ({
      operation: setAutoExtendByIpAddress,
      json: { proxyType: type, ipAddressIds, ...state },
    }));
  });
}

/** The states to set, one after the other. Only switching on sets the rental period, even of what was off. */
function switchesTo(
  was: ExtendState,
  changed: readonly Changed[],
  known = 0,
): { autoExtend: boolean; rentPeriodDays: number }[] {
  const rentPeriodDays = was.rentPeriodDays ?? known;
  if (was.autoExtend) return [{ autoExtend: true, rentPeriodDays }];
  // A period that the server has taken is valid, which the one that the caller named need not be.
  const taken = changed.find(({ now }) => now?.rentPeriodDays)?.now?.rentPeriodDays;
  const off = { autoExtend: false, rentPeriodDays: taken ?? (rentPeriodDays || known) };
  const hasOtherPeriod = changed.some(({ now }) => now && !isSameState(was, { ...now, autoExtend: false }));
  return hasOtherPeriod ? [{ autoExtend: true, rentPeriodDays }, off] : [off];
}

/** @returns whether the answer is a success. */
async function send(
  { operation, json }: SwitchBack,
  { target, before, unanswered }: Pick<Restoration, "target" | "before" | "unanswered">,
): Promise<boolean> {
  const request = requestOf(operation, json);
  const answer = await exchange(request, uninterrupted(target));
  if (!("failure" in answer)) return kindOf(answer.body) === "success";
  if (answer.mayBeCarriedOut && json.autoExtend === true)
    for (const orderId of ordersIn(request, before)) unanswered.add(orderId);
  return false;
}

function notRestoredFrom({ address, was, now }: Changed, orders: Orders): NotRestored {
  const { orderId, ipAddressId } = address;
  return { orderId, ipAddressId, was, now, whatToDo: whatToDo() };

  function whatToDo(): string {
    if (!now)
      return `Its state could not be read afterwards. Look it up in the account: it was ${stateText(was)}.`;
    const action = was.autoExtend ? `on again for ${was.rentPeriodDays} days` : "off";
    if (typeOf(orderId, orders) === null) {
      return `It is not one of the orders of this run, so it was left alone. If nobody else switched it, switch it ${action}.`;
    }
    return now.autoExtend === was.autoExtend && !now.autoExtend
      ? `Only its rental period differs: use ${was.rentPeriodDays} days when you switch it on.`
      : `Switch it ${action}.`;
  }
}

function typeOf(orderId: string, orders: Orders): ProxyType | null {
  return proxyTypes.find((type) => orders[type]?.orderIds.includes(orderId)) ?? null;
}
