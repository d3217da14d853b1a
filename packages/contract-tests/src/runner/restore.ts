import { kindOf, type Operation, setAutoExtend, setAutoExtendByIpAddress } from "@auto-extend/core";
import type { KnownOrder, ListedAddress } from "../cases/case.js";
import { requestOf } from "../cases/steps.js";
import { type ExtendState, type NotRestored, stateText } from "../report/report.js";
import {
  addressesOf,
  hasKnownState,
  isSameState,
  ordersIn,
  type Reading,
  readAccount,
  stateOfOrder,
} from "./account.js";
import { exchange } from "./exchange.js";
import type { Session } from "./run-case.js";
import { uninterrupted } from "./target.js";

/** Switches the caller's orders, and no others, back to their state before the run: whole orders first, then IP addresses. */
export async function restore(session: Session, latest: Reading): Promise<[Reading, NotRestored[]]> {
  const { touched, stuck } = session;
  const target = uninterrupted(session.target);
  let now = latest;
  // If the list cannot be read any more, all that the run touched may have changed.
  const changed = () =>
    changedIn(session, now).filter((each) => each.now !== null || touched.has(each.address.orderId));
  const own = () => changed().filter(({ order, address }) => order && !stuck.has(address.ipAddressId));
  for (const isWhole of [true, false]) {
    if (own().length === 0) break;
    for (const request of switchesBack(own(), session, isWhole)) await send(request, session);
    now = await readAccount(target);
    if (now.failure === null && own().length > 0) {
      await target.sleep(target.rereadDelayMs, undefined);
      now = await readAccount(target);
    }
  }
  return [now, changed().map(notRestoredFrom)];
}

/** Switches the orders off whose earlier state is unknown: an unwanted renewal costs money. Returns what to say about them. */
export async function switchUnknownOff(session: Session): Promise<NotRestored[]> {
  const left: NotRestored[] = [];
  for (const { orderId, proxyType, rentPeriodDays } of session.target.orders) {
    if (!session.touched.has(orderId) || hasKnownState(addressesOf(orderId, session.before))) continue;
    const json = { proxyType, orderIds: [orderId], rentPeriodDays, autoExtend: false };
    const isOff = await send({ operation: setAutoExtend, json }, session);
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
  /** `undefined` if it is not one of the caller's. */
  readonly order: KnownOrder | undefined;
  readonly was: ExtendState;
  /** `null` if the list does not say. */
  readonly now: ExtendState | null;
}

/** The IP addresses whose state is not, or not known to be, as it was. */
function changedIn({ before, target }: Session, now: Reading): Changed[] {
  return [...before.addresses.values()].flatMap((address) => {
    const was = address.state;
    const state = now.addresses.get(address.ipAddressId)?.state ?? null;
    if (!was || (state && isSameState(was, state)) || hasEnded(address, now)) return [];
    const order = target.orders.find(({ orderId }) => orderId === address.orderId);
    return [{ address, order, was, now: state }];
  });
}

/** A rental can end during a run, and then nothing is left to restore. An address that is gone before its end may still be switched. */
function hasEnded({ ipAddressId, endsAt }: ListedAddress, { addresses, readAt }: Reading): boolean {
  return !addresses.has(ipAddressId) && endsAt !== null && Date.parse(endsAt) <= readAt;
}

interface SwitchBack {
  readonly operation: Operation;
  readonly json: Readonly<Record<string, unknown>>;
}

/** By IP address, or by order where all IP addresses of an order had the same state and `isWhole` asks for that. */
function switchesBack(changed: readonly Changed[], { before }: Session, isWhole: boolean): SwitchBack[] {
  const groups = new Map<string, Changed[]>();
  for (const each of changed) {
    const states = stateOfOrder(each.address.orderId, before).map(({ was }) => was);
    const isUniform = isWhole && states.every((state) => state && isSameState(state, each.was));
    const key = JSON.stringify([each.address.orderId, isUniform || each.was]);
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups].flatMap(([key, group]) => {
    const [first] = group;
    if (!first?.order) return [];
    const { orderId, proxyType, rentPeriodDays } = first.order;
    const isOrder = key === JSON.stringify([orderId, true]);
    const ids = isOrder
      ? { orderIds: [orderId] }
      : { ipAddressIds: group.map(({ address }) => address.ipAddressId) };
    return switchesTo(first.was, group, rentPeriodDays).map((state) => ({
      operation: isOrder ? setAutoExtend : setAutoExtendByIpAddress,
      json: { proxyType, ...ids, ...state },
    }));
  });
}

/** The states to set, one after the other. Only switching on sets the rental period, even of what was off. */
function switchesTo(
  was: ExtendState,
  changed: readonly Changed[],
  known: number,
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
  { target, before, unanswered }: Session,
): Promise<boolean> {
  const request = requestOf(operation, json);
  const answer = await exchange(request, uninterrupted(target));
  if (!("failure" in answer)) return kindOf(answer.body) === "success";
  if (answer.mayBeCarriedOut && json.autoExtend === true)
    for (const orderId of ordersIn(request, before)) unanswered.add(orderId);
  return false;
}

function notRestoredFrom({ address, order, was, now }: Changed): NotRestored {
  const { orderId, ipAddressId } = address;
  return { orderId, ipAddressId, was, now, whatToDo: whatToDo() };

  function whatToDo(): string {
    if (!now)
      return `Its state could not be read afterwards. Look it up in the account: it was ${stateText(was)}.`;
    const action = was.autoExtend
      ? `on again${was.rentPeriodDays === null ? "" : ` for ${was.rentPeriodDays} days`}`
      : "off";
    if (!order) {
      return `It is not one of the orders of this run, so it was left alone. If nobody else switched it, switch it ${action}.`;
    }
    return now.autoExtend === was.autoExtend && !now.autoExtend
      ? `Only its rental period differs: use ${was.rentPeriodDays} days when you switch it on.`
      : `Switch it ${action}.`;
  }
}
