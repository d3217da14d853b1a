import { batch, computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import {
  type Account,
  ApiProblem,
  api,
  type Clock,
  type LogEntry,
  machineTime,
  type QueuedFault,
} from "./api.ts";

/** The state that several views share. */

export const views = [
  { id: "requests", name: "Requests", short: "Requests" },
  { id: "orders", name: "Orders", short: "Orders" },
  { id: "money", name: "Time and money", short: "Money" },
  { id: "faults", name: "Faults", short: "Faults" },
  { id: "connect", name: "World and connect", short: "Connect" },
] as const;

export type View = (typeof views)[number]["id"];

interface Place {
  readonly view: View;
  /** The ID of the request that the URL names. */
  readonly request: string | null;
  /** Which of the requests with this ID: see `hashOf`. Older links do not say it. */
  readonly stamp?: string | undefined;
  /** The names and values that the view is narrowed to. */
  readonly query: Readonly<Record<string, string>>;
}

export const route = signal(readHash());

function readHash(): Place {
  const [name = "", text] = location.hash.slice(1).split("?");
  const query = Object.fromEntries(new URLSearchParams(text));
  const [, request, stamp] = /^(request-\d+)(?:-(\w+))?$/.exec(name) ?? [];
  if (request !== undefined) return { view: "requests", request, stamp, query };
  return { view: views.find(({ id }) => id === name)?.id ?? "requests", request: null, query };
}

/** Writes the names and values that the view is narrowed to into the URL, so that it stays when the page is loaded again, and can be shared. */
export function showQuery(query: Readonly<Record<string, string>>): void {
  // The URL is that of the next view already.
  if (readHash().view !== route.peek().view) return;
  const [place] = location.hash.split("?");
  const filled = Object.entries(query).filter(([, value]) => value !== "");
  const text = filled.length > 0 ? `?${new URLSearchParams(filled)}` : "";
  const hash = `${place || `#${route.peek().view}`}${text}`;
  if (hash !== location.hash && (text !== "" || location.hash.includes("?"))) {
    history.replaceState(null, "", hash);
  }
}

addEventListener("hashchange", () => {
  const next = readHash();
  // It is about the view that is left.
  if (next.view !== route.value.view) toast.value = null;
  route.value = next;
});

export type Connection =
  | { readonly state: "connecting" | "live" }
  | { readonly state: "token"; readonly wasRefused: boolean }
  | { readonly state: "refused"; readonly reason: string }
  /** By `machineTime`. */
  | { readonly state: "gone"; readonly since: number; readonly nextTry: number };

export const connection = signal<Connection>({ state: "connecting" });
/** A remark about the loss of requests while the page was disconnected, until somebody has read it. */
export const loss = signal<string | null>(null);

export function showLoss(text: string): void {
  loss.value = text;
  // The orders may be those of another world, and can't be switched back.
  hideChange();
}

/** Whether controls that change the mock can be used. */
export const canWrite = computed(() => connection.value.state === "live");

/** Whether the page can be seen: a tab in the background need not be up to date. */
export const isVisible = signal(!document.hidden);
document.addEventListener("visibilitychange", () => {
  isVisible.value = !document.hidden;
});

/** Whether a media query matches. */
function matching(query: string): ReadonlySignal<boolean> {
  const media = matchMedia(query);
  const isMatching = signal(media.matches);
  media.addEventListener("change", ({ matches }) => {
    isMatching.value = matches;
  });
  return isMatching;
}

/** Whether list and detail are two steps, and rows of tables have several lines. */
export const isNarrow = matching("(max-width: 820px)");
export const isDark = matching("(prefers-color-scheme: dark)");

/** The time of the mock's machine, once a second. */
export const tick = signal(machineTime());
setInterval(() => {
  if (isVisible.peek()) tick.value = machineTime();
}, 1000);

/** The mock's clock as it was read, and when; `null` until it was read, and for a mock that forwards requests. */
const readClock = signal<{ readonly clock: Clock; readonly readAt: number } | null>(null);
export const clock = computed(() => readClock.value?.clock ?? null);
/** The present by the mock's clock. */
export const now = computed(() => {
  const read = readClock.value;
  if (!read) return tick.value;
  const at = Date.parse(read.clock.now);
  return read.clock.frozen ? at : at + Math.max(0, tick.value - read.readAt);
});

/** Whether the mock forwards requests, and has no accounts, orders or time. */
export const isForwarding = signal(false);
/** Whether the mock accepts any API key, and not only those that it was started with. */
export const acceptsNewKeys = signal(true);

export const accounts = signal<readonly Account[]>([]);
/** Whether the mock has more of them than it lists at once. */
export const hasMoreAccounts = signal(false);
/** The account that somebody chose; until then that of the newest request, as it was when somebody began to look at orders or money. */
const wanted = signal<{ readonly id: string; readonly isChosen: boolean } | null>(null);
/** The account whose orders and money are shown; `null` while it loads, since another one must not pass for it. */
export const account = computed(() => {
  const list = accounts.value;
  if (wanted.value) return list.find(({ id }) => id === wanted.value?.id) ?? null;
  return list.find(({ isTemplate }) => !isTemplate) ?? list[0] ?? null;
});
/** Whether the view is about one account. */
export const showsAccount = computed(() => ["orders", "money"].includes(route.value.view));

effect(() => {
  const { account: id } = route.value.query;
  if (id !== undefined && showsAccount.value) chooseAccount(id);
});

effect(() => {
  if (showsAccount.value && account.value) showQuery({ account: account.value.id });
});

// Without the pause that follows other loads.
effect(() => {
  const isNew = account.value === null && accounts.value.length > 0;
  if (isNew && showsAccount.value) void quietly(loadState());
});

export function chooseAccount(id: string): void {
  wanted.value = { id, isChosen: true };
}

/** Shows the account of a request, unless another one is looked at, or was chosen. */
export function suggestAccount({ account: id, origin }: LogEntry): void {
  const isKept = wanted.peek()?.isChosen || (wanted.peek() !== null && showsAccount.peek());
  if (id !== null && origin === "client" && !isKept) wanted.value = { id, isChosen: false };
}

export const faults = signal<readonly QueuedFault[]>([]);

/** Goes up each time orders, money or time have changed: views that show them then load them again. */
export const revision = signal(0);

export async function loadFaults(): Promise<void> {
  faults.value = (await api.faults()).faults;
}

/** Loads the clock and the accounts; a mock that forwards requests has neither. */
export async function loadState(): Promise<void> {
  const asked = wanted.peek();
  try {
    const [clockNow, list] = await Promise.all([api.clock(), api.accounts()]);
    const others = list.next === null ? [] : await wantedOutside(list.accounts);
    batch(() => {
      isForwarding.value = false;
      accounts.value = [...list.accounts, ...others];
      acceptsNewKeys.value = list.acceptsNewKeys;
      hasMoreAccounts.value = list.next !== null;
      if (account.peek() === null && wanted.peek() === asked) {
        if (asked?.isChosen && toast.peek() === null)
          showToast(`The mock has no account ${asked.id}. This is another one.`);
        wanted.value = null;
      }
      tick.value = machineTime();
      readClock.value = { clock: clockNow, readAt: machineTime() };
      revision.value += 1;
    });
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 501) throw error;
    batch(() => {
      isForwarding.value = true;
      accounts.value = [];
      readClock.value = null;
    });
  }
}

/** The wanted account, if it is not in a list. */
async function wantedOutside(list: readonly Account[]): Promise<readonly Account[]> {
  const id = wanted.peek()?.id;
  if (id === undefined || list.some((each) => each.id === id)) return [];
  // It may be gone.
  return (await api.accounts({ account: id }).catch(() => null))?.accounts ?? [];
}

/** Waits for a load whether or not it fails: the stream then fails as well, and reports it. */
export function quietly(load: Promise<unknown>): Promise<void> {
  return load.then(
    () => {},
    () => {},
  );
}

/** Shown for a while at the bottom of the page. */
export const toast = signal<ComponentChildren>(null);
/** The last change that can be undone, shown until it is closed. */
export const lastChange = signal<ComponentChildren>(null);
let toastTimer: ReturnType<typeof setTimeout> | undefined;

export function showToast(content: ComponentChildren): void {
  clearTimeout(toastTimer);
  toast.value = content;
  toastTimer = setTimeout(() => {
    toast.value = null;
  }, 8_000);
}

export function showChange(content: ComponentChildren): void {
  toast.value = null;
  lastChange.value = content;
}

export function hideChange(): void {
  lastChange.value = null;
}

/** Runs a change of the mock, and shows why if it fails. @returns whether it succeeded. */
export async function attempt(change: () => Promise<unknown>): Promise<boolean> {
  try {
    await change();
    return true;
  } catch (error) {
    showToast(error instanceof ApiProblem ? error.message : `Something went wrong: ${String(error)}`);
    return false;
  }
}

effect(() => {
  const { view } = route.value;
  document.title = `${views.find(({ id }) => id === view)?.name} - auto-extend mock`;
});
