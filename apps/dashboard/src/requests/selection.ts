import { computed, effect, signal } from "@preact/signals";
import type { LogEntry } from "../api.ts";
import { isNarrow, route, showQuery } from "../store.ts";
import { held, type LoggedRequest, type LogItem, log } from "./log.ts";
import { type Kind, kindOf, operationText, searchTextOf } from "./reading.ts";

/** The requests that the filters leave, and the one that is shown in detail. */

export interface Filters {
  readonly text: string;
  readonly outcome: Kind | "";
  readonly operation: string;
  readonly account: string;
  readonly fault: string;
}

export const noFilters: Filters = { text: "", outcome: "", operation: "", account: "", fault: "" };
export const filters = signal(noFilters);

effect(() => {
  const { view, query } = route.value;
  if (view === "requests" && Object.keys(query).length > 0) filters.value = { ...noFilters, ...query };
});

/** A chosen request that the filters then hide is given up: its detail must not pass for what was found. */
export function setFilters(change: Partial<Filters>): void {
  filters.value = { ...filters.value, ...change };
  if (chosenKey.value !== null && !listedRequests.value.some(({ key }) => key === chosenKey.value)) forget();
}

/** Gives the chosen request up. */
export function forget(): void {
  chosenKey.value = null;
  if (route.value.view === "requests") showPlace("#requests");
}

function showPlace(place: string, how: "pushState" | "replaceState" = "replaceState"): void {
  history[how](null, "", place + location.hash.replace(/^[^?]*/, ""));
}

export const requests = computed(() => log.value.filter((item) => item.kind === "request"));
const ofAnyOutcome = computed(() => ofAnyOutcomeIn(log.value));
export const listed = computed(() => ofOutcomeIn(ofAnyOutcome.value));
/** How many of the held requests the filters leave. */
export const heldMatches = computed(() => ofOutcomeIn(ofAnyOutcomeIn(held.value)).length);

/** The items that all filters but that for the outcome leave. */
function ofAnyOutcomeIn(items: readonly LogItem[]): readonly LogItem[] {
  const wanted = filters.value;
  if (wanted === noFilters) return items;
  const words = wordsOf(wanted.text.toLowerCase());
  return items.filter((item) => item.kind === "gap" || fits(item, wanted, words));
}

function ofOutcomeIn(items: readonly LogItem[]): readonly LogItem[] {
  const { outcome } = filters.value;
  if (outcome === "") return items;
  return items.filter((item) => item.kind === "gap" || kindOf(item.entry) === outcome);
}

export const listedRequests = computed(() => listed.value.filter((item) => item.kind === "request"));

effect(() => {
  if (route.value.view !== "requests") return;
  // Whoever searches for an API key finds nothing, and it must not stand in a URL.
  const isFound = listedRequests.value.length > 0;
  showQuery({ ...filters.value, text: isFound ? filters.value.text : "" });
});

/** The number of requests of each outcome that the other filters leave. */
export const outcomeCounts = computed(() => {
  const counts = new Map<Kind | "", number>();
  for (const item of ofAnyOutcome.value) {
    if (item.kind === "gap") continue;
    for (const key of ["", kindOf(item.entry)] as const) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
});

function fits({ entry }: LoggedRequest, wanted: Filters, words: readonly string[]): boolean {
  return (
    (wanted.operation === "" || operationText(entry) === wanted.operation) &&
    (wanted.account === "" || entry.account === wanted.account) &&
    (wanted.fault === "" || entry.fault?.triggers.some(({ name }) => name === wanted.fault) === true) &&
    words.every((word) => searchTextOf(entry).includes(word))
  );
}

/** In quotes, words count together; those inside of JSON stay as they are. */
function wordsOf(text: string): string[] {
  return [...text.matchAll(/"([^"]*)(?:"(?!\S)|$)|\S+/g)].map(([word, phrase]) => phrase ?? word);
}

/** The key of the chosen request; until one is chosen, the newest is shown. */
export const chosenKey = signal<string | null>(null);
/** Whether a narrow window shows the detail instead of the list. */
export const isOpen = signal(false);

/** The newest request. While many come, another is shown every five seconds: nobody could read it sooner. */
const followed = signal<LoggedRequest | null>(null);
const followMs = 5_000;
const many = 4;
let followedAt = Number.NEGATIVE_INFINITY;
let followTimer: ReturnType<typeof setTimeout> | undefined;

effect(() => {
  const newest = listedRequests.value[0] ?? null;
  const current = followed.peek();
  const came = current ? listedRequests.value.indexOf(current) : 0;
  const pause = came < many ? 0 : Math.max(0, followedAt + followMs - performance.now());
  const follow = () => {
    followedAt = performance.now();
    followed.value = newest;
  };
  clearTimeout(followTimer);
  if (pause === 0) follow();
  else followTimer = setTimeout(follow, pause);
});

export const shown = computed(
  () => requests.value.find(({ key }) => key === chosenKey.value) ?? followed.value,
);

/** The place of a request in the URL. After a restart, another one has its ID: they differ by when they arrived. */
export function hashOf(entry: LogEntry): string {
  return `#${entry.id}-${stampOf(entry)}`;
}

function stampOf({ arrivedAt }: LogEntry): string {
  return Date.parse(arrivedAt).toString(36);
}

/** The request that the URL names; `undefined` if the page does not have it. */
export const named = computed(() => {
  const { request, stamp } = route.value;
  return requests.value.find(
    ({ entry, isCopy }) => entry.id === request && (stamp === undefined ? !isCopy : stamp === stampOf(entry)),
  );
});

/** Shows a request, and puts its link into the address bar. */
export function choose({ key, entry }: LoggedRequest, opens: boolean): void {
  // Where the detail covers the list, the browser's Back leads to the list.
  const isStep = opens && isNarrow.value && !isOpen.value && route.value.request !== entry.id;
  if (isStep) showPlace("#requests");
  showPlace(hashOf(entry), isStep ? "pushState" : "replaceState");
  chosenKey.value = key;
  if (opens) isOpen.value = true;
}

effect(() => {
  if (route.value.request === null) closeDetail();
});

export function closeDetail(): void {
  isOpen.value = false;
}
