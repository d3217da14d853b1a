import { type EmittedAnswers, listIpAddresses, type ProxyType, proxyTypes } from "@auto-extend/core";
import { isoDate } from "../../lib/dates.js";
import { hashOf } from "../../lib/random.js";
import { inPieces, pluralize } from "../../lib/text.js";
import { maxRetainedItems } from "../log/redaction.js";
import { isRunning } from "../state/store.js";
import type { Order } from "../types.js";
import { defineHandler } from "./decide.js";

type Success = EmittedAnswers<"listIpAddresses">["success"];
type Group = Success["ipAddresses"][number];
type Address = Order["ipAddresses"][number];
type Listed = Group["orders"][number]["ipAddresses"][number];
type Write = (address: Address, proxyType: ProxyType) => Listed;

/** IP addresses of one proxy type, by order. */
interface GroupOf<Item> {
  readonly proxyType: ProxyType;
  readonly orders: readonly { readonly orderId: string; readonly ipAddresses: readonly Item[] }[];
}

type Running = GroupOf<Address>;

/** A list with more IP addresses than this is written in parts, if the channel takes parts. */
const maxUnsplitRecords = 1_000;

export const listIpAddressesHandler = defineHandler(listIpAddresses, {
  rules: { "proxy-type": { field: "proxyType" } },
  execute({ account, request: { proxyType }, now, inParts }) {
    const running = runningOf(account.orders.values(), { now, only: proxyType });
    const orders = running.flatMap((group) => group.orders);
    const count = orders.reduce((sum, order) => sum + order.ipAddresses.length, 0);
    const ofType = proxyType ? ` of type ${proxyType}` : "";
    const why = `lists ${pluralize(count, "IP address", "es")} of ${pluralize(orders.length, "order")}${ofType}`;
    const write = recordWriter(now);
    if (!inParts || count <= maxUnsplitRecords)
      return { envelope: envelopeOf(running, write), why, switches: [] };
    const long = { parts: inPieces(partsOf(running, write)), beginning: beginningOf(running, write) };
    return { envelope: envelopeOf(sampleOf(running), write), long, why, switches: [] };
  },
  failure: (error) => ({ success: false, ipAddresses: [], error }),
  sampleOf: (envelope) => ({ ...envelope, ipAddresses: sampleOf(envelope.ipAddresses) }),
});

function runningOf(
  orders: Iterable<Order>,
  { now, only }: { readonly now: string; readonly only: ProxyType | undefined },
): Running[] {
  const byType = new Map<ProxyType, { orderId: string; ipAddresses: readonly Address[] }[]>();
  for (const { orderId, proxyType, ipAddresses } of orders) {
    if (only !== undefined && only !== proxyType) continue;
    // Expired addresses are not listed, and neither is an order whose addresses have all expired (assumed).
    const isListed = (address: Address) => isRunning(address, now);
    const running = ipAddresses.every(isListed) ? ipAddresses : ipAddresses.filter(isListed);
    if (running.length === 0) continue;
    const listed = byType.get(proxyType) ?? [];
    byType.set(proxyType, listed);
    listed.push({ orderId, ipAddresses: running });
  }
  return proxyTypes.flatMap((proxyType) => {
    const listed = byType.get(proxyType);
    return listed ? [{ proxyType, orders: listed }] : [];
  });
}

function envelopeOf(running: readonly Running[], write: Write): Success {
  const ipAddresses = running.map(({ proxyType, orders }) => ({
    proxyType,
    orders: orders.map(({ orderId, ipAddresses: listed }) => ({
      orderId,
      ipAddresses: listed.map((address) => write(address, proxyType)),
    })),
  }));
  return { success: true, ipAddresses, error: null };
}

/** The envelope with its first records written: the log retains no others, but counts them. */
function beginningOf(running: readonly Running[], write: Write) {
  let left = maxRetainedItems;
  const begun = ({ proxyType, orders }: Running) => ({
    proxyType,
    orders: orders.map((order) => {
      if (left <= 0) return order;
      const written = order.ipAddresses.slice(0, left).map((address) => write(address, proxyType));
      left -= written.length;
      return { ...order, ipAddresses: [...written, ...order.ipAddresses.slice(written.length)] };
    }),
  });
  return { success: true, ipAddresses: running.map(begun), error: null };
}

/** The text of {@link envelopeOf} in small parts. */
function* partsOf(running: readonly Running[], write: Write): Generator<string> {
  yield '{"success":true,"ipAddresses":[';
  for (const [place, { proxyType, orders }] of running.entries()) {
    yield `${place === 0 ? "" : ","}{"proxyType":${JSON.stringify(proxyType)},"orders":[`;
    for (const [index, { orderId, ipAddresses }] of orders.entries()) {
      yield `${index === 0 ? "" : ","}{"orderId":${JSON.stringify(orderId)},"ipAddresses":[`;
      for (const [at, address] of ipAddresses.entries()) {
        yield (at === 0 ? "" : ",") + JSON.stringify(write(address, proxyType));
      }
      yield "]}";
    }
    yield "]}";
  }
  yield '],"error":null}';
}

/**
 * Writes IP addresses as the list has them. Fields that the state does not have are made up: fixed ports, protocol and
 * mobile operator; a start a whole number of periods before the end; credentials and links that open nothing.
 */
function recordWriter(now: string): Write {
  const present = Date.parse(now);
  return ({ ipAddressId, ip, country, autoExtend, rentPeriodDays, endsAt }, proxyType) => {
    const credential = hashOf(ipAddressId).toString(36);
    return {
      ipAddressId,
      ipAddressIp: ip,
      country,
      proxyType,
      dateStart: startOf(endsAt, rentPeriodDays, present),
      dateEnd: endsAt,
      httpsPort: 8000,
      socks5Port: 8001,
      protocol: "HTTP",
      authInfo: { login: `mock-login-${credential}`, password: `mock-password-${credential}` },
      extendInfo: { autoExtend, extendDays: rentPeriodDays },
      ...(proxyType === "MOBILE" && {
        mobileOperator: "Mock Mobile",
        rotationTime: 5,
        rebootLink: `https://modem.example/reboot?token=mock-token-${credential}`,
      }),
    };
  };
}

/** The last starts, by end: many addresses end at the same time, and writing a date is slow. */
const starts = new Map<string, { readonly days: number; readonly time: number; readonly text: string }>();
const maxStarts = 1_000;
const dayMs = 86_400_000;

function startOf(endsAt: string, days: number, present: number): string {
  const periodMs = days * dayMs;
  const known = starts.get(endsAt);
  // Until the next period begins.
  if (known?.days === days && known.time <= present && present < known.time + periodMs) return known.text;
  const end = Date.parse(endsAt);
  const time = end - Math.max(1, Math.ceil((end - present) / periodMs)) * periodMs;
  const text = isoDate(time);
  if (starts.size >= maxStarts) starts.clear();
  starts.set(endsAt, { days, time, text });
  return text;
}

/** The maximum number of records of one answer that are checked against the contract. */
const maxSampled = 500;

/**
 * Takes evenly spaced records of a long list: checking a hundred thousand takes more than a second. One function writes
 * them all, and the schema of worlds has checked what differs between them.
 */
export function sampleOf<Item>(groups: readonly GroupOf<Item>[]): readonly GroupOf<Item>[] {
  const count = groups.reduce(
    (sum, { orders }) => sum + orders.reduce((all, { ipAddresses }) => all + ipAddresses.length, 0),
    0,
  );
  if (count <= maxSampled) return groups;
  const step = Math.ceil(count / maxSampled);
  let index = 0;
  const isSampled = () => index++ % step === 0;
  return groups.map((group) => ({
    ...group,
    orders: group.orders.flatMap((order) => {
      const ipAddresses = order.ipAddresses.filter(isSampled);
      return ipAddresses.length > 0 ? [{ ...order, ipAddresses }] : [];
    }),
  }));
}
