import type { Issue } from "./issue.js";
import { findProxyType, type ProxyType } from "./proxy-types.js";

/** An order as the list of IP addresses has it. */
export interface ListedOrder {
  readonly orderId: string;
  /** `null` where neither the record nor anything around it says so. */
  readonly proxyType: ProxyType | null;
  readonly ipAddresses: readonly ListedIpAddress[];
}

/** One IP address of a {@link ListedOrder}, without its credentials. What could not be read is `null`. */
export interface ListedIpAddress {
  readonly ipAddressId: string;
  /** The IP address itself. */
  readonly ip: string | null;
  readonly country: string | null;
  /** When the present rental began, in ISO 8601. */
  readonly startsAt: string | null;
  /** When it ends, in ISO 8601. */
  readonly endsAt: string | null;
  /** Whether auto-extend is on. */
  readonly autoExtend: boolean | null;
  /** The rental period of the next renewal, in days. */
  readonly rentPeriodDays: number | null;
}

/** What was found in an answer. */
export interface IpAddressList {
  /** In the order in which they were found. */
  readonly orders: readonly ListedOrder[];
  /** What could not be read, for people; such records are in no order. */
  readonly issues: readonly Issue[];
}

/** What stands around a record. */
interface Around {
  readonly path: string;
  readonly orderId: string | null;
  readonly proxyType: ProxyType | null;
}

/** Answers nest a few levels deep; one that goes deeper is none. */
const deepest = 12;

/**
 * Finds the orders and their IP addresses in an answer to the request that lists them. No page of that answer is public
 * (observed), so records are looked for wherever they stand: an object with an `ipAddressId` is one, and what it lacks of
 * order id and proxy type is taken from the objects around it, or from the name of the field that holds them.
 */
export function readIpAddressList(answer: unknown): IpAddressList {
  const orders = new Map<string, { proxyType: ProxyType | null; ipAddresses: ListedIpAddress[] }>();
  const issues: Issue[] = [];
  visit(answer, { path: "", orderId: null, proxyType: null }, 0);
  return { orders: [...orders].map(([orderId, order]) => ({ orderId, ...order })), issues };

  function visit(value: unknown, around: Around, depth: number): void {
    if (typeof value !== "object" || value === null || depth > deepest) return;
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        visit(item, { ...around, path: `${around.path}[${index}]` }, depth + 1);
      }
      return;
    }
    const fields = value as Readonly<Record<string, unknown>>;
    const within: Around = {
      path: around.path,
      orderId: idOf(fields.orderId) ?? around.orderId,
      proxyType: typeOf(fields.proxyType) ?? around.proxyType,
    };
    if (Object.hasOwn(fields, "ipAddressId")) {
      take(fields, within);
      return;
    }
    for (const [name, item] of Object.entries(fields)) {
      const path = around.path === "" ? name : `${around.path}.${name}`;
      visit(item, { ...within, path, proxyType: typeOf(name) ?? within.proxyType }, depth + 1);
    }
  }

  function take(fields: Readonly<Record<string, unknown>>, { path, orderId, proxyType }: Around): void {
    const ipAddressId = idOf(fields.ipAddressId);
    if (ipAddressId === null) {
      const message = "is no id that can be read: a text, or a number small enough to be exact, is needed";
      issues.push({ path: `${path}.ipAddressId`, message });
    } else if (orderId === null) {
      issues.push({ path, message: "is a record without an orderId, in it or around it" });
    } else {
      const order = orders.get(orderId) ?? { proxyType, ipAddresses: [] };
      orders.set(orderId, order);
      order.ipAddresses.push(recordOf(ipAddressId, fields));
    }
  }
}

/**
 * What is wrong with an answer that is to list IP addresses; an empty list where nothing is. Where at least one can be
 * read, that is of use, and the rest is for the reader to tell of.
 */
export function ipAddressListIssues(answer: object): Issue[] {
  const { orders, issues } = readIpAddressList(answer);
  if (orders.length > 0) return [];
  if (issues.length > 0) return [...issues];
  const lists = Object.values(answer).filter((value) => typeof value === "object" && value !== null);
  return lists.length > 0
    ? []
    : [{ path: "", message: "holds no list of IP addresses, not even an empty one" }];
}

function recordOf(ipAddressId: string, fields: Readonly<Record<string, unknown>>): ListedIpAddress {
  const extend = (fields.extendInfo ?? {}) as Readonly<Record<string, unknown>>;
  return {
    ipAddressId,
    ip: textOf(fields.ipAddressIp),
    country: textOf(fields.country),
    startsAt: parseLenientDate(fields.dateStart),
    endsAt: parseLenientDate(fields.dateEnd),
    autoExtend: switchOf(extend.autoExtend),
    rentPeriodDays: daysOf(extend.extendDays),
  };
}

/** A number that JSON can't hold exactly would be another id. */
function idOf(value: unknown): string | null {
  if (typeof value === "string") return value === "" ? null : value;
  return Number.isSafeInteger(value) ? String(value) : null;
}

function typeOf(value: unknown): ProxyType | null {
  return typeof value === "string" ? (findProxyType(value) ?? null) : null;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

function switchOf(value: unknown): boolean | null {
  if (value === true || value === 1 || value === "true" || value === "1") return true;
  if (value === false || value === 0 || value === "false" || value === "0") return false;
  return null;
}

function daysOf(value: unknown): number | null {
  const days = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return Number.isSafeInteger(days) && Number(days) >= 1 ? Number(days) : null;
}

/** `2030-01-31`, `2030-01-31 12:00`, `2030-01-31T12:00:00.000+02:00`. */
const yearFirst =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;
/** `31.01.2030`, `31.01.2030 12:00:00`. */
const dayFirst = /^(\d{2})\.(\d{2})\.(\d{4})(?:,? (\d{2}):(\d{2})(?::(\d{2}))?)?$/;

/** The largest number that is taken for seconds since 1970; from there on it is milliseconds. */
const mostSeconds = 1e11;
/** The first moment after the year 9999, in milliseconds: later ones don't sort as texts. */
const end = Date.UTC(10_000, 0);

/**
 * A moment in ISO 8601, however a server writes it: as such, with a space, with the day first, in seconds or
 * milliseconds since 1970; without a zone it is taken for UTC (assumed). `null` where it can't be read.
 */
export function parseLenientDate(value: unknown): string | null {
  const time =
    typeof value === "number" ? numbered(value) : typeof value === "string" ? written(value) : null;
  return time !== null && time >= 0 && time < end ? new Date(time).toISOString() : null;
}

function numbered(value: number): number {
  return Math.round(value < mostSeconds ? value * 1000 : value);
}

function written(value: string): number | null {
  const text = value.trim();
  if (/^\d{9,13}$/.test(text)) return numbered(Number(text));
  const first = yearFirst.exec(text);
  if (first) {
    const [, year, month, day, hours, minutes, seconds, fraction = "", zone = "Z"] = first;
    const time = utc([year, month, day, hours, minutes, seconds], Number(`0.${fraction || 0}`) * 1000);
    return time === null ? null : time - offsetOf(zone);
  }
  const other = dayFirst.exec(text);
  if (!other) return null;
  const [, day, month, year, hours, minutes, seconds] = other;
  return utc([year, month, day, hours, minutes, seconds], 0);
}

function utc(parts: readonly (string | undefined)[], milliseconds: number): number | null {
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = parts.map(Number).map(orZero);
  const time = Date.UTC(year, month - 1, day, hours, minutes, seconds, Math.floor(milliseconds));
  const date = new Date(time);
  // The 31st of February would become a day in March.
  const isSame =
    date.getUTCMonth() === month - 1 && date.getUTCDate() === day && date.getUTCHours() === hours;
  return isSame ? time : null;
}

function orZero(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}

/** In milliseconds. */
function offsetOf(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  if (sign === undefined) return 0;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
