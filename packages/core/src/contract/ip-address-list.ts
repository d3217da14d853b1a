import { parseBody } from "./check-answer.js";
import type { AnswerHeaders, Contradiction, Issue } from "./operation.js";
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
  /** Why some records could not be read, for people. They are not in `orders`. */
  readonly issues: readonly Issue[];
  /**
   * Whether the list is complete: every record was read, and the answer announces no others. If not, an order that is
   * missing from `orders` may still exist.
   */
  readonly isComplete: boolean;
  /**
   * Where the answer announces more than it contains (`total`, `pages`, `next` and their like, in its body or headers), or is
   * nested too deep to be searched, for people.
   */
  readonly announced: readonly Announcement[];
}

/** A place where an answer announces more than it contains: a path in its body, or the name of a header. */
export interface Announcement extends Issue {
  readonly part: "body" | "headers";
}

interface Around {
  readonly path: string;
  readonly orderId: string | null;
  readonly proxyType: ProxyType | null;
  readonly depth: number;
}

interface Reading {
  /** The records as they were found: the check of an answer does not read them. */
  readonly orders: Map<string, { proxyType: ProxyType | null; found: Fields[] }>;
  readonly issues: Issue[];
  readonly announced: Announcement[];
  /** The ID of each record, or the record itself if its ID cannot be read. */
  readonly records: unknown[];
  /** The first place that is too deep to be searched. */
  tooDeep: string | null;
}

type Fields = Readonly<Record<string, unknown>>;

/** Answers nest a few levels deep. Records are not looked for beyond this. */
const maxDepth = 12;

/**
 * Finds the orders and their IP addresses in an answer of `listIpAddresses`. The provider does not document that answer
 * (observed), so records are found wherever they are in it: every object with an `ipAddressId` is one. An order ID or proxy type
 * that it lacks is taken from the objects around it, or from the name of the field that holds them.
 *
 * @param headers of the answer, which can announce more than it contains.
 */
export function readIpAddressList(answer: unknown, headers: AnswerHeaders = {}): IpAddressList {
  const { orders, issues, announced } = search(answer, headers);
  return {
    orders: [...orders].map(([orderId, { proxyType, found }]) => ({
      orderId,
      proxyType,
      ipAddresses: found.map(recordOf),
    })),
    issues,
    isComplete: issues.length === 0 && announced.length === 0,
    announced,
  };
}

function search(answer: unknown, headers: AnswerHeaders): Reading {
  const reading: Reading = { orders: new Map(), issues: [], announced: [], records: [], tooDeep: null };
  const unplaced = visit(answer, { path: "", orderId: null, proxyType: null, depth: 0 }, reading);
  announce([...unplaced, ...headerNotes(headers)], { records: 0, orders: 0 }, reading);
  const { announced, tooDeep } = reading;
  if (tooDeep !== null) {
    const message = `is more than ${maxDepth} levels deep`;
    announced.push({ part: "body", path: tooDeep, message });
  }
  return reading;
}

/** Returns the paging notes that are about a list elsewhere, such as those in a `meta` beside it. */
function visit(value: unknown, around: Around, reading: Reading): PagingNote[] {
  if (!isObject(value)) return [];
  if (around.depth > maxDepth) {
    if (Object.keys(value).length > 0) reading.tooDeep ??= around.path;
    return [];
  }
  const depth = around.depth + 1;
  if (Array.isArray(value)) {
    return value.flatMap((item, index) =>
      visit(item, { ...around, path: `${around.path}[${index}]`, depth }, reading),
    );
  }
  const fields = value as Fields;
  const within: Around = {
    path: around.path,
    orderId: idOf(fields.orderId) ?? around.orderId,
    proxyType: typeOf(fields.proxyType) ?? around.proxyType,
    depth,
  };
  if (!Object.hasOwn(fields, "ipAddressId")) return visitFields(fields, within, reading);
  reading.records.push(idOf(fields.ipAddressId) ?? fields);
  addRecord(fields, within, reading);
  return [];
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function visitFields(fields: Fields, within: Around, reading: Reading): PagingNote[] {
  const before = { records: reading.records.length, orders: reading.orders.size };
  const notes = linkNotes(within.path, fields);
  for (const [name, item] of Object.entries(fields)) {
    const path = within.path === "" ? name : `${within.path}.${name}`;
    const isAboutList = within.orderId === null || countOfOrderName.test(name);
    const own = pagingNotes(path, name, item).filter(({ count }) => isAboutList || count === null);
    const nested = isObject(item)
      ? visit(item, { ...within, path, proxyType: typeOf(name) ?? within.proxyType }, reading)
      : [];
    // Not spread into the call: there can be more notes than a call takes arguments.
    for (const note of [...own, ...nested]) notes.push(note);
  }
  if (reading.records.length === before.records) {
    if (idOf(fields.orderId))
      reading.issues.push({ path: within.path, message: "has no readable IP address" });
    if (!Object.values(fields).some(Array.isArray)) return notes;
  }
  announce(notes, before, reading);
  return [];
}

function announce(
  notes: readonly PagingNote[],
  before: Found,
  { records, orders, announced }: Reading,
): void {
  if (notes.length === 0) return;
  // A record that was sent twice is still one.
  const distinct = new Set(records.slice(before.records)).size;
  const found = { records: distinct, orders: orders.size - before.orders };
  for (const note of notes) if (isMore(note, found)) announced.push(issueOf(note, found));
}

function addRecord(fields: Fields, { path, orderId, proxyType }: Around, { orders, issues }: Reading): void {
  if (idOf(fields.ipAddressId) === null) {
    const message = "is not a readable ID";
    issues.push({ path: `${path}.ipAddressId`, message });
  } else if (orderId === null) {
    issues.push({ path, message: "is a record without an orderId in it or around it" });
  } else {
    const order = orders.get(orderId) ?? { proxyType, found: [] };
    orders.set(orderId, order);
    order.found.push(fields);
  }
}

/** A field that says how long the whole list is, or that it continues. */
interface PagingNote extends Pick<Announcement, "part" | "path"> {
  /** `null` if it only says that there is more. */
  readonly count: number | null;
  /** The thing that is counted, such as pages, or records beyond those in the answer (default: records or orders). */
  readonly unit: "" | " pages" | " more";
}

const counted = "(?:items|records|results|elements|ips?|ip_?addresses|orders)";
const totalName = new RegExp(
  `^(?:(?:total|count)(?:_?(?:count|quantity|${counted}))?|${counted}_?(?:total|count)|quantity|num_?found)$`,
  "i",
);
/** Inside an order a total may be its price. These count its IP addresses. */
const countOfOrderName = /^(?:quantity|ips?_?(?:addresses_?)?count)$/i;
/** Without the number of this page, which says nothing about how many there are. */
const pagesName = /^(?!page$)(?:(?:total|last|num|max)_?)?pages?(?:_?(?:count|total))?$/i;
const remainingName = new RegExp(`^(?:${counted}_?)?remaining(?:_?(?:count|${counted}))?$`, "i");
/** Where something else remains than records. */
const allowancePath = /limit|quota|rate|balance|credit/i;
const nextName =
  /^(?:cursor|(?:has_?)?(?:next|more)(?:_?pages?)?(?:_?(?:cursor|url|link|token|offset))?|(?:is_?)?(?:truncated|partial|incomplete)(?:_?results?)?)$/i;
const lastName = /^(?:is_?)?(?:last(?:_?page)?|complete)$/i;

/** In each of these names. Nearly all others have none of them, and are tried against one pattern in place of four. */
const pagingWord =
  /total|count|quantity|found|page|remaining|cursor|next|more|truncated|partial|complete|last/i;

function pagingNotes(path: string, name: string, value: unknown): PagingNote[] {
  if (!pagingWord.test(name)) return [];
  // Some servers write a total as an object, which also says whether it is exact.
  const isWrapped = totalName.test(name) && typeof value === "object" && value !== null;
  const count = countOf(isWrapped ? (value as Fields).value : value);
  const isNext = nextName.test(name)
    ? !isNothing(value) && count !== 0
    : lastName.test(name) && value === false;
  if (isNext) return [nextNote(path)];
  if (count === null || nextName.test(name)) return [];
  if (totalName.test(name)) return [{ ...nextNote(path), count }];
  if (remainingName.test(name) && !allowancePath.test(path)) {
    return [{ ...nextNote(path), count, unit: " more" }];
  }
  return pagesName.test(name) ? [{ ...nextNote(path), count, unit: " pages" }] : [];
}

function nextNote(path: string): PagingNote {
  return { part: "body", path, count: null, unit: "" };
}

/** A link to the next page, as in `{"rel": "next", "href": "..."}`. */
function linkNotes(path: string, { rel, href }: Fields): PagingNote[] {
  const isNext = typeof rel === "string" && rel.toLowerCase() === "next";
  return isNext && (href === undefined || !isNothing(href)) ? [nextNote(path)] : [];
}

/** A link to the next page in a `Link` header (RFC 8288), after its URL. */
const nextRelation = /;\s*rel\s*=\s*(?:next\b|"(?:[^"]*\s)?next(?:\s[^"]*)?")/i;

/** The end of a `Content-Range` header, as in `items 0-24/319`. */
const totalOfRange = /\/(\d+)\s*$/;

function headerNotes(headers: AnswerHeaders): PagingNote[] {
  return Object.entries(headers).flatMap(([header, value = ""]) =>
    fieldsOf(header, value)
      .flatMap(([name, item]) => pagingNotes(header, name, item))
      .map((note): PagingNote => ({ ...note, part: "headers" })),
  );
}

/** `Link`, `Content-Range`, `X-Pagination`, `X-Total-Count` and their like, each as fields that a body would have. */
function fieldsOf(header: string, value: string): [name: string, value: unknown][] {
  if (header === "link") return [["next", nextRelation.test(value.replace(/<[^>]*>/g, ""))]];
  if (header === "content-range") return [["total", totalOfRange.exec(value)?.[1]]];
  if (/^(?:x-)?(?:pagination|paging)$/.test(header)) {
    const body = parseBody(value);
    return "json" in body ? Object.entries(Object(body.json)) : [];
  }
  const name = header.replace(/^(?:x-)?(?:pagination-|wp-)?/, "").replaceAll("-", "_");
  return [[name, value === "false" ? false : value.trim()]];
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === false || value === "";
}

/** Reads a count, also one that is written as text. */
function countOf(value: unknown): number | null {
  const count = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof count === "number" && Number.isSafeInteger(count) && count >= 0 ? count : null;
}

interface Found {
  readonly records: number;
  readonly orders: number;
}

/** Whether a list with this note is only a part. A total may count records or orders. */
function isMore({ count, unit }: PagingNote, { records, orders }: Found): boolean {
  if (count === null) return true;
  if (unit !== "") return count > (unit === " pages" ? 1 : 0);
  return count > orders && count !== records;
}

function issueOf({ part, path, count, unit }: PagingNote, { records }: Found): Announcement {
  const found = `but only ${records} ${records === 1 ? "IP address was" : "IP addresses were"} found`;
  return { part, path, message: `announces ${count ?? "more"}${unit}, ${found}` };
}

/**
 * Checks an answer of `listIpAddresses`. A success with at least one readable record is of use: what could not be read is
 * for its reader to report.
 */
export function checkIpAddressList(
  answer: { readonly success: boolean },
  headers: AnswerHeaders,
): Contradiction[] {
  const { orders, issues, announced } = search(answer, headers);
  if (!answer.success) {
    const message = "The body is a failure with IP addresses";
    return orders.size + issues.length === 0 ? [] : [{ path: "", message, level: "lawful" }];
  }
  const more = announced.map(
    (issue): Contradiction => ({ ...issue, level: "lawful", statement: "whole-list" }),
  );
  if (orders.size > 0) return more;
  if (issues.length > 0) return issues.map((issue) => ({ ...issue, level: "accepts" }));
  const lists = Object.values(answer).filter((value) => typeof value === "object" && value !== null);
  if (lists.length > 0) return more;
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
    rentPeriodDays: daysOf(extend.extendDays),
  };
}

/** A number that JSON cannot hold exactly would be another ID. */
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
  const is = (...written: unknown[]) => written.includes(value);
  return is(true, 1, "true", "1") || (is(false, 0, "false", "0") ? false : null);
}

function daysOf(value: unknown): number | null {
  const days = typeof value === "string" ? Number(value) : value;
  return Number.isSafeInteger(days) && Number(days) >= 1 ? Number(days) : null;
}

/** `2030-01-31`, `2030-01-31 12:00`, `2030-01-31T12:00:00.000+02:00`. */
const yearFirst =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?(?:[.,](\d{1,9}))?)?\s*(?:Z|([+-])((?:[01]\d|2[0-3]):?[0-5]\d))?$/i;
/** `31.01.2030`, `31.01.2030 12:00:00`. */
const dayFirst = /^(\d{2})\.(\d{2})\.(\d{4})(?:,? (\d{2}:\d{2}(?::\d{2})?))?$/;

/** Numbers below it are seconds since 1970, all others milliseconds. */
const maxSeconds = 1e11;
/** The first millisecond after the year 9999: later timestamps do not sort as texts. */
const end = Date.UTC(10_000, 0);

/**
 * Reads a date in any common notation: ISO 8601, with a space for the T, day first, or seconds or milliseconds since
 * 1970. Without a zone it is taken to be UTC (assumed).
 *
 * @returns ISO 8601 in UTC; `null` if it cannot be read.
 */
export function parseLenientDate(value: unknown): string | null {
  const text = typeof value === "string" ? value.trim() : "";
  // Most servers send exactly this notation, in accounts with records by the hundred thousand.
  const exact = Date.parse(text);
  if (exact >= 0 && exact < end && new Date(exact).toISOString() === text) return text;
  const number = /^\d{9,13}$/.test(text) ? Number(text) : value;
  const time = typeof number === "number" ? timeOfNumber(number) : timeOfText(text);
  return time >= 0 && time < end ? new Date(time).toISOString() : null;
}

function timeOfNumber(value: number): number {
  return Math.round(value < maxSeconds ? value * 1000 : value);
}

/** `NaN` if it cannot be read. */
function timeOfText(text: string): number {
  const parts = yearFirst.exec(text.replace(dayFirst, "$3-$2-$1 $4").trim()) ?? [];
  const [, date = "-", time = "00:00", seconds = ":00", fraction = "", sign, offset = "0000"] = parts;
  // The platform would take the 31st of February for a day in March, and 24:00 for the next day.
  const midnight = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(date)) return Number.NaN;
  if (time.startsWith("24")) return Number.NaN;
  const utc = Date.parse(`${date}T${time}${seconds}.${fraction.slice(0, 3) || 0}Z`);
  const offsetMs = (Number(offset.slice(0, 2)) * 60 + Number(offset.slice(-2))) * 60_000;
  return sign === "-" ? utc + offsetMs : utc - offsetMs;
}
