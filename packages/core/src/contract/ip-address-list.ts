import { parseLenientDate } from "./lenient-date.js";
import type { AnswerHeaders, Contradiction, Issue } from "./operation.js";
import {
  type Announcement,
  countOf,
  headerNotes,
  isFailure,
  linkNotes,
  notesOf,
  notesOfMore,
  type PagingNote,
} from "./paging.js";
import { findProxyType, type ProxyType } from "./proxy-types.js";

/** An order in the list of IP addresses. */
export interface ListedOrder {
  readonly orderId: string;
  /** `null` if neither the record nor anything around it names one. */
  readonly proxyType: ProxyType | null;
  readonly ipAddresses: readonly ListedIpAddress[];
}

/** One IP address of a {@link ListedOrder}, without its credentials. A field that could not be read is `null`. */
export interface ListedIpAddress {
  readonly ipAddressId: string;
  /** The IP address itself. */
  readonly ip: string | null;
  readonly country: string | null;
  /** When the current rental began, in ISO 8601. */
  readonly startsAt: string | null;
  /** When it ends, in ISO 8601. */
  readonly endsAt: string | null;
  /** Whether auto-extend is on. */
  readonly autoExtend: boolean | null;
  /** The rental period of the next renewal, in days. */
  readonly rentPeriodDays: number | null;
}

/** The orders of an answer, and whether the account may have more. */
export interface IpAddressList {
  /** In the order in which they were found. */
  readonly orders: readonly ListedOrder[];
  /** Why records could not be read, for people, up to 100 of them. They are not in `orders`. */
  readonly issues: readonly Issue[];
  /** How many records could not be read. */
  readonly unreadCount: number;
  /**
   * Whether the list is complete: every record was read, and the answer announces no others. If not, an order that is
   * missing from `orders` may still exist.
   */
  readonly isComplete: boolean;
  /**
   * Signs, for people, that the list is incomplete: the answer announces more than it contains (`total`, `pages`, `next` and
   * their like, in its body or headers), shows that a part of it failed, or is nested too deep to be searched.
   */
  readonly announced: readonly Announcement[];
}

interface Around {
  readonly path: string;
  readonly orderId: string | null;
  readonly proxyType: ProxyType | null;
  readonly depth: number;
  /** The notes about paging that nothing has been found for yet. */
  readonly notes: PagingNote[];
}

interface Reading {
  readonly requested: ProxyType | null;
  /** The records as they were found: the check of an answer does not read them. */
  readonly orders: Map<string, { proxyType: ProxyType | null; found: Fields[] }>;
  readonly issues: Issue[];
  unreadCount: number;
  readonly announced: Announcement[];
  /** The ID of each record, or the record itself if its ID cannot be read. */
  readonly records: unknown[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Answers nest a few levels deep. Records are not looked for beyond this. */
const maxDepth = 12;
/** How many missing parts and unreadable records are named. */
const maxMissing = 100;

/**
 * Finds the orders and their IP addresses in an answer of `listIpAddresses`. The provider does not document that answer
 * (observed), so records are found wherever they are in it: every object with an `ipAddressId` is one. An order ID or proxy type
 * that it lacks is taken from the objects around it, or from the name of the field that holds them.
 *
 * @param headers of the answer, which can announce more than it contains.
 * @param requested the proxy type that was asked for (default: all).
 */
export function readIpAddressList(
  answer: unknown,
  headers: AnswerHeaders = {},
  requested: ProxyType | null = null,
): IpAddressList {
  const { orders, issues, unreadCount, announced } = search(answer, headers, requested);
  return {
    orders: [...orders].map(([orderId, { proxyType, found }]) => ({
      orderId,
      proxyType,
      ipAddresses: found.map(recordOf),
    })),
    issues,
    unreadCount,
    isComplete: issues.length === 0 && announced.length === 0,
    announced,
  };
}

function search(answer: unknown, headers: AnswerHeaders, requested: ProxyType | null): Reading {
  const reading: Reading = {
    requested,
    ...{ orders: new Map(), issues: [], unreadCount: 0, announced: [], records: [] },
  };
  const notes: PagingNote[] = [];
  if (isObject(answer)) visit(answer, { path: "", orderId: null, proxyType: null, depth: 0, notes }, reading);
  announce([...notes, ...headerNotes(headers)], { records: 0, orders: 0 }, reading);
  return reading;
}

function visit(value: object, around: Around, reading: Reading): void {
  const { path, orderId, proxyType, notes } = around;
  if (around.depth > maxDepth) {
    if (Object.keys(value).length > 0) noteMissing(path, reading, `is more than ${maxDepth} levels deep`);
    return;
  }
  if (!Array.isArray(value)) {
    visitObject(value as Fields, around, reading);
    return;
  }
  const depth = around.depth + 1;
  const gap = value.findIndex((item) => !isObject(item));
  if (gap >= 0 && value.some(isObject)) noteMissing(`${path}[${gap}]`, reading);
  value.forEach((item, index) => {
    if (isObject(item)) visit(item, { path: `${path}[${index}]`, orderId, proxyType, depth, notes }, reading);
  });
}

function visitObject(fields: Fields, around: Around, reading: Reading): void {
  const { path } = around;
  // Field by field: a spread with some of them replaced makes objects that are read slowly.
  const within: Around = {
    path,
    orderId: idOf(fields.orderId) ?? around.orderId,
    proxyType: typeOf(fields.proxyType) ?? around.proxyType,
    depth: around.depth + 1,
    notes: linkNotes(path, fields),
  };
  // Each of them makes it a record, one that cannot be read if it has no ID.
  if ("ipAddressId" in fields || "ipAddressIp" in fields || "extendInfo" in fields) {
    addRecord(fields, within, reading);
    return;
  }
  const before = { records: reading.records.length, orders: reading.orders.size };
  for (const name of Object.keys(fields)) visitField(name, fields, within, reading);
  const isEmpty = reading.records.length === before.records;
  if (isEmpty && idOf(fields.orderId)) noteUnread(path, "has no readable IP address", reading);
  // They are about a list elsewhere, such as those in a `meta` beside it.
  if (isEmpty && !Object.values(fields).some(Array.isArray)) {
    for (const note of within.notes) around.notes.push(note);
  } else announce(within.notes, before, reading);
}

function visitField(name: string, fields: Fields, around: Around, reading: Reading): void {
  const { orderId, depth, notes } = around;
  const item = fields[name];
  const path = around.path === "" ? name : `${around.path}.${name}`;
  const type = typeOf(name);
  const isInOrder = orderId !== null;
  // What shows a failure anywhere, or something else than a group in the place of one.
  const isMissing = type === null ? isFailure(name, item) : !isObject(item) && hasGroups(fields);
  const found = notesOf(path, name, item, isInOrder);
  if (isMissing && found.length === 0) noteMissing(path, reading);
  notes.push(...found);
  if (!isObject(item)) return;
  visit(item, { path, orderId, proxyType: type ?? around.proxyType, depth, notes }, reading);
}

function hasGroups(fields: Fields): boolean {
  return Object.entries(fields).some(([name, item]) => typeOf(name) && isObject(item));
}

function noteMissing(
  path: string,
  { announced }: Reading,
  message = "shows that a part of the list is missing",
): void {
  if (announced.length < maxMissing) announced.push({ part: "body", path, message });
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function announce(
  notes: readonly PagingNote[],
  before: { readonly records: number; readonly orders: number },
  reading: Reading,
): void {
  if (notes.length === 0) return;
  // A record that was sent twice is still one.
  const records = new Set(reading.records.slice(before.records)).size;
  const found = `${records} ${records === 1 ? "IP address was" : "IP addresses were"} found`;
  const orders = reading.orders.size - before.orders;
  for (const { part, path, announces } of notesOfMore(notes, records, orders)) {
    reading.announced.push({ part, path, message: `announces ${announces}, and ${found}` });
  }
}

function addRecord(fields: Fields, { path, orderId, proxyType }: Around, reading: Reading): void {
  const { orders, records } = reading;
  const ipAddressId = idOf(fields.ipAddressId);
  records.push(ipAddressId ?? fields);
  if (ipAddressId === null) {
    noteUnread(`${path}.ipAddressId`, "is not a readable ID", reading);
  } else if (orderId === null) {
    noteUnread(path, "is a record without an orderId", reading);
  } else {
    const { requested } = reading;
    const order = orders.get(orderId) ?? { proxyType, found: [] };
    if (requested !== null && order.found.length === 0 && (proxyType ?? requested) !== requested) {
      noteMissing(path, reading, `is about ${proxyType}, but ${requested} was requested`);
    }
    orders.set(orderId, order);
    order.found.push(fields);
  }
}

function noteUnread(path: string, message: string, reading: Reading): void {
  if (reading.unreadCount++ < maxMissing) reading.issues.push({ path, message });
}

/**
 * Checks an answer of `listIpAddresses`. A success with at least one readable record is of use: what could not be read is
 * for its reader to report.
 */
export function checkIpAddressList(
  { proxyType }: { readonly proxyType?: unknown },
  answer: { readonly success: boolean },
  headers: AnswerHeaders,
): Contradiction[] {
  const { orders, issues, announced } = search(answer, headers, typeOf(proxyType));
  if (!answer.success) {
    const message = "The body is a failure with IP addresses";
    return orders.size + issues.length === 0 ? [] : [{ path: "", message, level: "lawful" }];
  }
  const more = announced.map(
    (issue): Contradiction => ({ ...issue, level: "lawful", statement: "whole-list" }),
  );
  if (orders.size > 0) return more;
  if (issues.length > 0) return issues.map((issue) => ({ ...issue, level: "accepts" }));
  if (Object.values(answer).some(isObject)) return more;
  return [{ path: "", message: "The body has no list of IP addresses", level: "accepts" }];
}

function recordOf(fields: Fields): ListedIpAddress {
  const extend = (fields.extendInfo ?? {}) as Fields;
  return {
    ipAddressId: idOf(fields.ipAddressId) as string,
    ip: textOf(fields.ipAddressIp),
    country: textOf(fields.country),
    startsAt: parseLenientDate(fields.dateStart),
    endsAt: parseLenientDate(fields.dateEnd),
    autoExtend: switchOf(extend.autoExtend),
    rentPeriodDays: countOf(extend.extendDays) || null,
  };
}

/** A number that JSON cannot hold exactly would be another ID. */
function idOf(value: unknown): string | null {
  return Number.isSafeInteger(value) ? String(value) : textOf(value);
}

function typeOf(value: unknown): ProxyType | null {
  return typeof value === "string" ? (findProxyType(value) ?? null) : null;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** Some servers write it as text, or as 1 and 0. */
function switchOf(value: unknown): boolean | null {
  if (value === true || value === 1 || value === "true" || value === "1") return true;
  return value === false || value === 0 || value === "false" || value === "0" ? false : null;
}
