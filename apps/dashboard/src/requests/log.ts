import { signal } from "@preact/signals";
import type { LogEntry } from "../api.ts";
import { plural } from "../ui/format.ts";

/** The page's copy of the request log, newest first, and what is known to be missing from it. */

export type LogItem = LoggedRequest | Gap;

export interface LoggedRequest {
  readonly kind: "request";
  /** Unique even if the mock has restarted, and counts from 1 again. */
  readonly key: string;
  readonly run: string;
  readonly number: number;
  readonly entry: LogEntry;
  /** Whether the mock has forgotten it. */
  readonly isCopy: boolean;
}

/** A place where requests are missing. */
export interface Gap {
  readonly kind: "gap";
  readonly key: string;
  readonly text: string;
}

/** The maximum number of requests that the page keeps. */
const maxRequests = 20_000;
/** While requests come fast, the list is drawn this often, in milliseconds. */
const drawEveryMs = 200;

export const log = signal<readonly LogItem[]>([]);
/** Whether the log was read at least once. */
export const isLoaded = signal(false);
export const isPaused = signal(false);
/** Requests that came while the list was paused, newest first. */
export const held = signal<readonly LoggedRequest[]>([]);
/** The keys of requests that have just arrived. */
export const fresh = signal<ReadonlySet<string>>(new Set());
/** Whether the mock has restarted since the page was opened. */
export const hasRestarted = signal(false);

let waiting: LoggedRequest[] = [];
let drawTimer: ReturnType<typeof setTimeout> | undefined;
let lastDraw = 0;

/** Adds a request that has just come. */
export function addLive(entry: LogEntry, run: string): void {
  waiting.push(logged(entry, run));
  if (drawTimer !== undefined) return;
  const pause = Math.max(0, lastDraw + drawEveryMs - performance.now());
  drawTimer = setTimeout(draw, pause);
}

/** Adds what the mock's log has, oldest first, each request once. */
export function mergeLog(entries: readonly LogEntry[], run: string): void {
  draw();
  if (isAnotherLog(entries, run)) forgetLog();
  const before = log.value;
  const newest = before.find((item) => item.kind === "request");
  const list = entries.map((entry) => logged(entry, run)).reverse();
  if (newest && newest.run !== run) {
    hasRestarted.value = true;
    const copies = before.map((item) => (item.kind === "request" ? { ...item, isCopy: true } : item));
    const text =
      "The mock has restarted. Requests that came while this page was disconnected may be missing.";
    log.value = limited([...list, { kind: "gap", key: `restart-${run}`, text }, ...copies]);
  } else {
    log.value = limited(merged(list, before));
  }
  isLoaded.value = true;
}

/** Whether the mock was reset in between: its requests then have numbers that earlier ones had. */
function isAnotherLog(entries: readonly LogEntry[], run: string): boolean {
  const known = new Map(
    log.value.flatMap((item) => (item.kind === "request" ? [[item.key, item.entry.at]] : [])),
  );
  return entries.some(({ id, at }) => (known.get(`${run}/${id}`) ?? at) !== at);
}

/** Removes the requests of all accounts, or of one. */
export function forgetLog(account?: string): void {
  clearTimeout(drawTimer);
  drawTimer = undefined;
  const isKept = (item: LogItem) =>
    account !== undefined && item.kind === "request" && item.entry.account !== account;
  waiting = waiting.filter(isKept);
  held.value = held.value.filter(isKept);
  log.value = log.value.filter(isKept);
  hasRestarted.value = false;
}

export function togglePause(): void {
  draw();
  if (isPaused.value) {
    log.value = limited([...held.value, ...log.value]);
    held.value = [];
  }
  isPaused.value = !isPaused.value;
}

function draw(): void {
  clearTimeout(drawTimer);
  drawTimer = undefined;
  if (waiting.length === 0) return;
  lastDraw = performance.now();
  const known = new Set([...held.value, ...log.value].slice(0, 2_000).map(({ key }) => key));
  const arrived = waiting.filter(({ key }) => !known.has(key)).reverse();
  waiting = [];
  if (isPaused.value) {
    held.value = [...arrived, ...held.value].slice(0, maxRequests);
    return;
  }
  fresh.value = new Set(arrived.length > 20 ? [] : arrived.map(({ key }) => key));
  // The note stays on top.
  const note = log.value.filter(({ key }) => key === skippedKey);
  const rest = note.length > 0 ? log.value.filter(({ key }) => key !== skippedKey) : log.value;
  log.value = limited([...note, ...arrived, ...rest]);
}

/** Puts the mock's requests and the page's own into one list, and gaps where some are missing. */
function merged(list: readonly LoggedRequest[], before: readonly LogItem[]): LogItem[] {
  const run = list[0]?.run;
  const isPresent = (item: LogItem): item is LoggedRequest => item.kind === "request" && item.run === run;
  const present = before.filter(isPresent);
  const earlier = before.filter((item) => !isPresent(item) && item.key !== skippedKey);
  const newest = present[0];
  const oldest = list.at(-1);
  if (!newest || !oldest) return [...list, ...earlier];
  const known = new Set(present.map(({ key }) => key));
  const added = list.filter(({ key }) => !known.has(key));
  const all = [...present, ...added].sort((one, other) => other.number - one.number);
  const missed = oldest.number - newest.number - 1;
  if (missed <= 0) return [...all, ...earlier];
  const text = `${plural(missed, "request is", "requests are")} missing: they came while this page was disconnected, and the log no longer has them.`;
  const place = all.indexOf(newest);
  return [
    ...all.slice(0, place),
    { kind: "gap", key: `gap-${newest.key}`, text },
    ...all.slice(place),
    ...earlier,
  ];
}

const skippedKey = "skipped";

/** Says that requests come faster than the list shows them. */
export function markSkipped(): void {
  draw();
  if (log.value.some(({ key }) => key === skippedKey)) return;
  const text = "Too many requests to show live. The rest load when traffic slows down.";
  log.value = [{ kind: "gap", key: skippedKey, text }, ...log.value];
}

function limited(items: readonly LogItem[]): readonly LogItem[] {
  return items.length > maxRequests ? items.slice(0, maxRequests) : items;
}

function logged(entry: LogEntry, run: string): LoggedRequest {
  const number = Number(entry.id.slice("request-".length));
  return { kind: "request", key: `${run}/${entry.id}`, run, number, entry, isCopy: false };
}
