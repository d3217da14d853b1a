import { computed, effect, signal } from "@preact/signals";
import { isNarrow, route } from "../store.ts";
import { type LoggedRequest, log } from "./log.ts";
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

export function setFilters(change: Partial<Filters>): void {
  filters.value = { ...filters.value, ...change };
}

export const requests = computed(() => log.value.filter((item) => item.kind === "request"));
export const listed = computed(() => {
  const wanted = filters.value;
  if (wanted === noFilters) return log.value;
  const text = wanted.text.trim().toLowerCase();
  return log.value.filter((item) => item.kind === "gap" || fits(item, { ...wanted, text }));
});
export const listedRequests = computed(() => listed.value.filter((item) => item.kind === "request"));

function fits({ entry }: LoggedRequest, wanted: Filters): boolean {
  return (
    (wanted.outcome === "" || kindOf(entry) === wanted.outcome) &&
    (wanted.operation === "" || operationText(entry) === wanted.operation) &&
    (wanted.account === "" || entry.account === wanted.account) &&
    (wanted.fault === "" || entry.fault?.triggers.some(({ name }) => name === wanted.fault) === true) &&
    (wanted.text === "" || searchTextOf(entry).includes(wanted.text))
  );
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

/** Shows a request, and puts its link into the address bar. */
export function choose({ key, entry: { id } }: LoggedRequest, opens: boolean): void {
  // Where the detail covers the list, the browser's Back leads to the list.
  const isStep = opens && isNarrow.value && !isOpen.value && route.value.request !== id;
  if (isStep) history.replaceState(null, "", "#requests");
  history[isStep ? "pushState" : "replaceState"](null, "", `#${id}`);
  chosenKey.value = key;
  if (opens) isOpen.value = true;
}

effect(() => {
  if (route.value.request === null) closeDetail();
});

export function closeDetail(): void {
  isOpen.value = false;
}
