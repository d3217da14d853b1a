import { computed, signal } from "@preact/signals";
import type { LogEntry, LogPage } from "../api.ts";
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
export const maxRequests = 20_000;
/** While requests come fast, the list is drawn this often, in milliseconds. */
const drawEveryMs = 200;

const all = signal<readonly LogItem[]>([]);
/** The key of the item that was on top when the list was paused; empty if there was none. */
const pausedAt = signal<string | null>(null);

/** The items to show: while the list is paused, those that were there before. */
export const log = computed(() => all.value.slice(heldItems()));
/** The requests that came while the list was paused. */
export const held = computed(() => all.value.slice(0, heldItems()).filter(isRequest));
export const isPaused = computed(() => pausedAt.value !== null);
/** Whether the log was read at least once. */
export const isLoaded = signal(false);
/** Whether all of it was read at least once. */
export const isAllLoaded = signal(false);

function heldItems(): number {
  if (pausedAt.value === null) return 0;
  const top = all.value.findIndex(({ key }) => key === pausedAt.value);
  return top === -1 ? all.value.length : top;
}

export function togglePause(): void {
  draw();
  pausedAt.value = pausedAt.value === null ? (all.value[0]?.key ?? "") : null;
}

/** Where the mock's log stood when the page last saw it: a restart changes the run, and a removal of requests the count. */
let seen = { run: "", clears: 0 };

let waiting: LoggedRequest[] = [];
let drawTimer: ReturnType<typeof setTimeout> | undefined;
let lastDraw = 0;

/** The number of the newest request up to which the page has all that the mock had. */
let completeTo = 0;
/** Whether requests after that one may be missing, until all pages are loaded. */
let mayLack = true;
let skips = 0;
/** How many requests were left out since the last time that all were loaded. */
let skippedCount = 0;

/** Adds a request that has just come. */
export function addLive(entry: LogEntry, run: string): void {
  const request = logged(entry, run);
  waiting.push(request);
  // Those that were left out are reported a moment later.
  if (request.number !== completeTo + 1) mayLack = true;
  if (!mayLack) completeTo = request.number;
  if (drawTimer !== undefined) return;
  const pause = Math.max(0, lastDraw + drawEveryMs - performance.now());
  drawTimer = setTimeout(draw, pause);
}

function draw(): void {
  clearTimeout(drawTimer);
  drawTimer = undefined;
  if (waiting.length === 0) return;
  lastDraw = performance.now();
  const known = new Set(all.value.slice(0, 2_000).map(({ key }) => key));
  const arrived = waiting.filter(({ key }) => !known.has(key)).reverse();
  waiting = [];
  // The note stays on top.
  const [first] = all.value;
  const notes = first?.key === skippedKey ? 1 : 0;
  all.value = limited([...all.value.slice(0, notes), ...arrived, ...all.value.slice(notes)]);
}

const skippedKey = "skipped";

/** Says that requests come faster than the list shows them. */
export function markSkipped(count: number): void {
  mayLack = true;
  skips += 1;
  skippedCount += count;
  draw();
  const text = `${plural(skippedCount, "request")} came too fast to show live. The list is completed when traffic slows down.`;
  const others = all.value.filter(({ key }) => key !== skippedKey);
  all.value = [{ kind: "gap", key: skippedKey, text }, ...others];
}

/** Must be called before pages are loaded: live requests then say nothing about earlier ones. */
export function beginPages(run: string): { readonly completeTo: number; readonly skips: number } {
  mayLack = true;
  return { completeTo: seen.run === run ? completeTo : 0, skips };
}

/**
 * Adds a page of the mock's log, oldest first, each request once.
 *
 * @returns whether it fits those before. If not, requests were removed in between, and all must be loaded from the start.
 */
export function addPage({ requests: entries, run, clears }: LogPage): boolean {
  draw();
  if (run === seen.run && clears !== seen.clears) {
    forgetCleared(clears);
    return false;
  }
  seen = { run, clears };
  const page = entries.map((entry) => logged(entry, run)).reverse();
  const newest = all.value.find(isRequest);
  all.value = limited(
    newest && newest.run !== run ? afterRestart(page, all.value, run) : merged(page, all.value),
  );
  isLoaded.value = true;
  return true;
}

function afterRestart(page: readonly LogItem[], before: readonly LogItem[], run: string): LogItem[] {
  completeTo = 0;
  const copies = before.map((item) => (isRequest(item) ? { ...item, isCopy: true } : item));
  const text = "The mock has restarted. Requests that came while this page was disconnected may be missing.";
  return [...page, { kind: "gap", key: `restart-${run}`, text }, ...copies];
}

/** Puts the requests of a page at their places, each once. */
function merged(page: readonly LoggedRequest[], before: readonly LogItem[]): LogItem[] {
  const known = new Set(before.map(({ key }) => key));
  const added = page.filter(({ key }) => !known.has(key));
  const items: LogItem[] = [];
  for (const item of before) {
    // Requests of an earlier run are older than all of this one.
    const below = isRequest(item) ? (item.run === page[0]?.run ? item.number : 0) : Number.POSITIVE_INFINITY;
    while ((added[0]?.number ?? 0) > below) items.push(added.shift() as LoggedRequest);
    items.push(item);
  }
  return [...items, ...added];
}

/**
 * Must be called when all pages were added: a request that is not there then is gone.
 *
 * @param dropped how many older ones the mock no longer has.
 */
export function endPages(run: string, begun: ReturnType<typeof beginPages>, dropped: number): void {
  // Requests were left out in the meantime, and will be loaded.
  if (begun.skips !== skips) return;
  const isAfter = (item: LogItem) => isRequest(item) && item.run === run && item.number > completeTo;
  const items = all.value.filter(({ key }) => key !== skippedKey);
  const newest = items.find(isRequest);
  const reached = newest?.run === run ? newest.number : 0;
  const missing = completeTo === 0 ? 0 : reached - completeTo - items.filter(isAfter).length;
  if (missing > 0) {
    const text = `${plural(missing, "request is", "requests are")} missing: the mock\u2019s log no longer had them when this page asked.`;
    items.splice(items.findLastIndex(isAfter) + 1, 0, { kind: "gap", key: `gap-${run}-${reached}`, text });
  }
  if (begun.completeTo === 0 && dropped > 0) {
    const end = items.findLastIndex((item) => isRequest(item) && item.run === run) + 1;
    const text = `${plural(dropped, "older request is", "older requests are")} not kept: the mock keeps only the newest (--log-limit).`;
    items.splice(end, 0, { kind: "gap", key: `older-${run}`, text });
  }
  all.value = items;
  skippedCount = 0;
  completeTo = reached;
  mayLack = false;
  isAllLoaded.value = true;
}

/** Forgets what was removed from the mock's log, of one account or of all, unless a page that was loaded since says it too. */
export function forgetCleared(clears: number, account?: string): void {
  if (clears <= seen.clears) return;
  seen = { ...seen, clears };
  clearTimeout(drawTimer);
  drawTimer = undefined;
  const isKept = (item: LogItem) =>
    account !== undefined && isRequest(item) && item.entry.account !== account;
  waiting = waiting.filter(isKept);
  all.value = all.value.filter(isKept);
  skippedCount = 0;
  if (all.value.length === 0) completeTo = 0;
}

function isRequest(item: LogItem): item is LoggedRequest {
  return item.kind === "request";
}

function limited(items: readonly LogItem[]): readonly LogItem[] {
  return items.length > maxRequests ? items.slice(0, maxRequests) : items;
}

function logged(entry: LogEntry, run: string): LoggedRequest {
  const number = Number(entry.id.slice("request-".length));
  return { kind: "request", key: `${run}/${entry.id}`, run, number, entry, isCopy: false };
}
