import { parseBody } from "../http/read-body.js";
import type { AnswerHeaders, Issue } from "./operation.js";
import { findProxyType } from "./proxy-types.js";

// How an answer says that it is only a part: by fields about paging in its body, in any common spelling, or by headers.

/** A place where an answer says that it is not the whole list: a path in its body, or the name of a header. */
export interface Announcement extends Issue {
  readonly part: "body" | "headers";
}

/** A field or header about paging. */
export interface PagingNote extends Pick<Announcement, "part" | "path"> {
  /** `more`, `3 more` or `2 pages`; `9` for a count of all; `pages of 9` for the size of a full page; empty if it says that this is all. */
  readonly announces: string;
  readonly count: number | null;
}

type Fields = Readonly<Record<string, unknown>>;

const remaining = /remaining|left/;
const next =
  /next|more|after|continuation|cursor|bookmark|truncated|partial|incomplete|scroll(?:id)?|evaluated(?:key)?/;
const last = /last|complete|final|done|finished|loaded|fetched/;
const total = /total|count|quantity|found/;
const limit = /limit|perpage|pagesize|max/;
/** A name about paging has only these words and the following, and those above say which meaning it has. */
const units = "item|record|result|element|ip|address|order|prox(?:y|ie)|row|hit|e?s";
const others =
  "page|per|current|size|nb|num(?:ber)?|of|has|is|all|available|token|marker|offset|ur[il]|link|x|wp|odata|hydra|pag(?:ing|ination)";
const words = [remaining, next, last, total, limit].map(({ source }) => source).join("|");
const vocabulary = new RegExp(`^(?:${words}|${units}|${others})+$`);
/** Most names have none of these words, and need not be looked at more closely. */
const meaning = new RegExp(`${words}|page|nb|num`, "i");
/** Without the number and size of this page, which say nothing about how many there are. */
const pagesName = /pages(?!ize)|(?:last|max|total|num|nb)page|page(?:count|total)/;
/** `number` alone is that of a page. */
const totalName = new RegExp(`${total.source}|^nb|^num(?!$|ber$)`);
/** The end of a text about a part of something, as in `items 0-24/319` or `1 of 3`. */
const ofAll = /(?:\/|\bof)\s*(\d+)\s*$/i;
/** Inside an order a total may be its price. These count its IP addresses. */
const ofOrderName = /quantity|ip|address|prox/;
/** Where something else is counted than records. A limit by itself is that of a page. */
const allowancePath = /limit.|quota|rate|balance|credit/i;

/** Reads a field about paging: one note, or none if it is about something else. */
export function notesOf(path: string, field: string, value: unknown, isInOrder = false): PagingNote[] {
  if (!meaning.test(field)) return [];
  const name = plain(field);
  if (!vocabulary.test(name)) return [];
  const isCount = !allowancePath.test(path) && (!isInOrder || ofOrderName.test(name));
  const count = isCount ? (countOf(value) ?? countByType(value)) : null;
  const announces = announcedBy(name, value, count);
  return announces === null ? [] : [{ part: "body", path, announces, count }];
}

/** As {@link PagingNote.announces}; `null` if it is about something else. */
function announcedBy(name: string, value: unknown, count: number | null): string | null {
  if (next.test(name)) return isNothing(value) ? "" : "more";
  if (last.test(name) && flags.includes(value)) return isNothing(value) ? "more" : "";
  const pages = pagesOf(name, value, count);
  if (pages !== null) return pages > 1 ? `${pages} pages` : "";
  return count === null ? null : countedBy(name, count);
}

function countedBy(name: string, count: number): string | null {
  if (remaining.test(name)) return count > 0 ? `${count} more` : "";
  if (totalName.test(name)) return `${count}`;
  return limit.test(name) ? `pages of ${count}` : null;
}

/** The sum of counts by proxy type, as in `{"ipv4": 5, "ipv6": 2}`; `null` if it is something else. */
function countByType(value: unknown): number | null {
  let sum: number | null = null;
  for (const [name, item] of Object.entries(Object(value))) {
    if (findProxyType(name)) sum = Number(sum) + Number(countOf(item));
  }
  return sum;
}

const flags: readonly unknown[] = [true, false, "true", "false"];

/** How many pages there are; `null` if it says something else. */
function pagesOf(name: string, value: unknown, count: number | null): number | null {
  const [, pages] = (name.includes("page") && typeof value === "string" && ofAll.exec(value)) || [];
  if (pages !== undefined) return Number(pages);
  return pagesName.test(name) && !remaining.test(name) ? count : null;
}

/** A link to the next page, as in `{"rel": "next", "href": "..."}`. */
export function linkNotes(path: string, { rel, href = true }: Fields): PagingNote[] {
  return typeof rel === "string" && rel.toLowerCase() === "next" ? notesOf(path, "next", href) : [];
}

/** Whether a field shows that a part of a list is missing: an error, a `success` of false, or null for a list. */
export function isFailure(name: string, value: unknown): boolean {
  return reportsFailure(name, value) || (value === null && listName.test(plain(name)));
}

const failed = /^(?:error|fail|reject)/i;
/** In the name of a field, or in a status. */
const undone = /(?:^|_)(?:error|fail|reject|refus|skip|pending|queue|partial|incomplete|not[_ ])/i;

/**
 * Whether a field of a success says that something failed, such as `errors`, `"ok": false` or `"status": "failed"`. Of a change
 * it may also say that something was not done, such as `skippedOrderIds`. An empty value says nothing.
 */
export function reportsFailure(name: string, value: unknown, isChange = false): boolean {
  const words = isChange ? undone : failed;
  if (value === false) return /^(?:success|ok|done)$/i.test(name);
  if (/^(?:status|state|result)$/i.test(name)) return words.test(value as string);
  return words.test(name.replace(/[a-z](?=[A-Z])/g, "$&_")) && !isNothing(value);
}

const listName = /^(?:data|list|items|records|results|rows|orders|proxies|ips|(?:ip)?addresses)$/;

/** The notes that announce more than was found. A full page does so only if no other note says that this is all. */
export function notesOfMore(notes: readonly PagingNote[], records: number, orders: number): PagingNote[] {
  const isPage = ({ announces, count }: PagingNote) => announces === `pages of ${count}`;
  const isMore = ({ announces, count }: PagingNote) =>
    announces === `${count}` ? Number(count) > orders && count !== records : announces !== "";
  const others = notes.filter((note) => !isPage(note));
  const more = others.filter(isMore);
  if (more.length < others.length) return more;
  return notes.filter((note) => !isPage(note) || note.count === records || note.count === orders);
}

/** The notes in the headers of an answer: `Link`, `Content-Range`, `X-Pagination`, `X-Total-Count` and their like. */
export function headerNotes(headers: AnswerHeaders): PagingNote[] {
  const notes: PagingNote[] = [];
  for (const [header, value = ""] of Object.entries(headers)) {
    for (const [name, item] of fieldsOf(header, value)) {
      for (const note of notesOf(header, name, item)) notes.push({ ...note, part: "headers" });
    }
  }
  return notes;
}

/** A link to the next page in a `Link` header (RFC 8288), after its URL. */
const nextRelation = /;\s*rel\s*=\s*(?:next\b|(["'])(?:[^"']*\s)?next(?:\s[^"']*)?\1)/i;

/** A header as the fields that a body would have. */
function fieldsOf(header: string, value: string): [name: string, value: unknown][] {
  if (header === "link") return [["next", nextRelation.test(value.replace(/<[^>]*>/g, ""))]];
  if (header === "content-range") return [["total", ofAll.exec(value)?.[1]]];
  const body = /^(?:x-)?(?:pagination|paging)$/.test(header) ? parseBody(value) : null;
  return body && "json" in body ? Object.entries(Object(body.json)) : [[header, value]];
}

/** A name without case and separators. A long one is cut, since it cannot be about paging. */
function plain(name: string): string {
  return name
    .slice(0, 99)
    .toLowerCase()
    .replace(/[^a-z]/g, "");
}

/** Some servers write what is missing as text, or as an object, such as a link without its target. */
function isNothing(value: unknown): boolean {
  if (typeof value !== "object") return /^(?:|0|false|none|no|null)$/i.test(String(value ?? "").trim());
  return Object.values(value ?? {}).every(
    (item) => item === null || (typeof item !== "object" && isNothing(item)),
  );
}

/** With a separator between groups of three digits, or without. */
const wholeNumber = /^\s*(?:\d+|\d{1,3}(?:[., ]\d{3})+)\s*$/;

/** Reads a count, also one that is written as text, or in an object that says whether it is exact. */
export function countOf(value: unknown): number | null {
  const { value: plain = value } = Object(value) as Fields;
  const count =
    typeof plain === "string" && wholeNumber.test(plain) ? Number(plain.replace(/\D/g, "")) : plain;
  return Number.isSafeInteger(count) && Number(count) >= 0 ? Number(count) : null;
}
