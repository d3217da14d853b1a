import {
  type ListIpAddressesFailure,
  type ListIpAddressesSuccess,
  listIpAddresses,
  type ProxyType,
  proxyTypes,
} from "@auto-extend/core";
import { hashOf } from "../../lib/random.js";
import { pluralize } from "../../lib/text.js";
import { isRunning } from "../state/store.js";
import type { Envelope, Order } from "../types.js";
import { defineHandler } from "./decide.js";

type Group = ListIpAddressesSuccess["ipAddresses"][number];
type Address = Order["ipAddresses"][number];
type Listed = Group["orders"][number]["ipAddresses"][number];

/** Lists the running IP addresses of an account by proxy type and order. */
export const listIpAddressesHandler = defineHandler(listIpAddresses, {
  rules: { "proxy-type": { field: "proxyType" } },
  execute({ account, request: { proxyType }, now }) {
    const ipAddresses = groupsOf(account.orders.values(), { now, only: proxyType });
    const orders = ipAddresses.flatMap((group) => group.orders);
    const count = orders.reduce((sum, order) => sum + order.ipAddresses.length, 0);
    const envelope: ListIpAddressesSuccess = { success: true, ipAddresses, error: null };
    const ofType = proxyType ? ` of type ${proxyType}` : "";
    const why = `lists ${pluralize(count, "IP address", "es")} of ${pluralize(orders.length, "order")}${ofType}`;
    return { envelope, why, changes: [] };
  },
  failure: (error): ListIpAddressesFailure => ({ success: false, ipAddresses: [], error }),
  sampleOf,
});

interface Which {
  /** In ISO 8601. */
  readonly now: string;
  readonly only: ProxyType | undefined;
}

function groupsOf(orders: Iterable<Order>, { now, only }: Which): Group[] {
  const write = createRecordWriter(now);
  const byType = new Map<ProxyType, Group["orders"]>();
  for (const { orderId, proxyType, ipAddresses } of orders) {
    if (only !== undefined && only !== proxyType) continue;
    // Expired addresses are not listed, and neither is an order whose addresses have all expired (assumed).
    const running = ipAddresses.filter((address) => isRunning(address, now));
    if (running.length === 0) continue;
    const listed = byType.get(proxyType) ?? [];
    byType.set(proxyType, listed);
    listed.push({ orderId, ipAddresses: running.map((address) => write(address, proxyType)) });
  }
  return proxyTypes.flatMap((proxyType) => {
    const listed = byType.get(proxyType);
    return listed ? [{ proxyType, orders: listed }] : [];
  });
}

const dayMs = 86_400_000;

/**
 * Writes IP addresses as the list has them. Fields that the state does not have are made up: fixed ports, protocol and
 * mobile operator; a start a whole number of periods before the end; credentials and links that open nothing.
 */
function createRecordWriter(now: string): (address: Address, proxyType: ProxyType) => Listed {
  const present = Date.parse(now);
  // Many addresses end at the same time, and writing a date is slow.
  const starts = new Map<string, string>();

  function startOf(endsAt: string, days: number): string {
    const known = `${endsAt} ${days}`;
    let start = starts.get(known);
    if (start === undefined) {
      const end = Date.parse(endsAt);
      const periods = Math.max(1, Math.ceil((end - present) / (days * dayMs)));
      start = new Date(end - periods * days * dayMs).toISOString();
      starts.set(known, start);
    }
    return start;
  }

  return ({ ipAddressId, ip, country, autoExtend, rentPeriodDays, endsAt }, proxyType) => {
    const credential = hashOf(ipAddressId).toString(36);
    return {
      ipAddressId,
      ipAddressIp: ip,
      country,
      proxyType,
      dateStart: startOf(endsAt, rentPeriodDays),
      dateEnd: endsAt,
      httpsPort: 8000,
      socks5Port: 8001,
      protocol: "HTTPS/SOCKS5",
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

/** The maximum number of records of one answer that are checked against the contract. */
const maxSampled = 500;

/**
 * Takes evenly spaced records of a long list: checking a hundred thousand takes more than a second. One function writes
 * them all, and the schema of worlds has checked what differs between them.
 */
export function sampleOf(envelope: Envelope): Envelope {
  const { ipAddresses: groups } = envelope as ListIpAddressesSuccess;
  const count = groups.reduce(
    (sum, { orders }) => sum + orders.reduce((all, { ipAddresses }) => all + ipAddresses.length, 0),
    0,
  );
  if (count <= maxSampled) return envelope;
  const step = Math.ceil(count / maxSampled);
  let index = 0;
  const isSampled = () => index++ % step === 0;
  const sample = groups.map((group) => ({
    ...group,
    orders: group.orders.flatMap((order) => {
      const ipAddresses = order.ipAddresses.filter(isSampled);
      return ipAddresses.length > 0 ? [{ ...order, ipAddresses }] : [];
    }),
  }));
  return { ...envelope, ipAddresses: sample };
}
