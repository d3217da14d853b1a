import {
  type ListIpAddressesFailure,
  type ListIpAddressesSuccess,
  listIpAddresses,
  type ProxyType,
  proxyTypes,
} from "@auto-extend/core";
import { hashOf } from "../../lib/random.js";
import { pluralize } from "../../lib/text.js";
import type { Envelope } from "../outcome.js";
import { isRunning, type Order } from "../state/store.js";
import { ofField } from "./rules.js";
import { defineHandler } from "./served-by.js";

type Group = ListIpAddressesSuccess["ipAddresses"][number];

/** Serves the request that lists IP addresses: those that still run, by proxy type and order. */
export const servedListIpAddresses = defineHandler(listIpAddresses, {
  checks: { "proxy-type": ofField("proxyType") },
  carriedOut({ account, request, now }) {
    const groups = groupsOf(account.orders.values(), { now, only: request.proxyType });
    const orders = groups.flatMap((group) => group.orders);
    const count = orders.reduce((sum, { ipAddresses }) => sum + ipAddresses.length, 0);
    return {
      why: `lists ${pluralize(count, "IP address", "es")} of ${pluralize(orders.length, "order")}${request.proxyType ? ` of type ${request.proxyType}` : ""}`,
      result: groups,
      changes: [],
    };
  },
  success: (ipAddresses): ListIpAddressesSuccess => ({ success: true, ipAddresses, error: null }),
  failure: (error): ListIpAddressesFailure => ({ success: false, ipAddresses: [], error }),
  sampleOf,
});

interface Which {
  /** The moment, in ISO 8601. */
  readonly now: string;
  readonly only: ProxyType | undefined;
}

function groupsOf(orders: Iterable<Order>, { now, only }: Which): Group[] {
  const write = createRecordWriter();
  const byType = new Map<ProxyType, Group["orders"]>();
  for (const { orderId, proxyType, ipAddresses } of orders) {
    if (only !== undefined && only !== proxyType) continue;
    // One that has ended is gone from the list, and an order that has none left as well (assumed).
    const running = ipAddresses.filter((address: Address) => isRunning(address, now));
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

/** How many records of an answer are held to the contract, at most. */
const mostHeld = 500;

/**
 * Every so-manieth record of a long list, with all that is around it: a second is too long to look at a hundred thousand.
 * They are written by one function, and what differs between them was held to the schema of the world as it came in.
 */
function sampleOf(envelope: Envelope): Envelope {
  const { ipAddresses: groups } = envelope as ListIpAddressesSuccess;
  const count = groups.reduce(
    (sum, { orders }) => sum + orders.reduce((all, { ipAddresses }) => all + ipAddresses.length, 0),
    0,
  );
  if (count <= mostHeld) return envelope;
  const step = Math.ceil(count / mostHeld);
  let index = 0;
  const isHeld = () => index++ % step === 0;
  const sample = groups.map((group) => ({
    ...group,
    orders: group.orders.flatMap((order) => {
      const ipAddresses = order.ipAddresses.filter(isHeld);
      return ipAddresses.length > 0 ? [{ ...order, ipAddresses }] : [];
    }),
  }));
  return { ...envelope, ipAddresses: sample };
}

/** One IP address as the state has it. */
export type Address = Order["ipAddresses"][number];
/** One IP address as the list has it. */
type Listed = ListIpAddressesSuccess["ipAddresses"][number]["orders"][number]["ipAddresses"][number];

const day = 86_400_000;

/**
 * Makes what writes IP addresses as the list has them. What the state does not know is made up: the rental began one
 * rental period before its end, ports and protocol are always the same, and the credentials open nothing.
 */
export function createRecordWriter(): (address: Address, proxyType: ProxyType) => Listed {
  // Many end at the same moment, and writing one is slow.
  const starts = new Map<string, string>();

  function startOf(endsAt: string, days: number): string {
    const known = `${endsAt} ${days}`;
    const start = starts.get(known) ?? new Date(Date.parse(endsAt) - days * day).toISOString();
    starts.set(known, start);
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
    };
  };
}
