import { effect } from "@preact/signals";
import {
  ApiProblem,
  api,
  hasToken,
  type LogEntry,
  machineTime,
  noteMachineTime,
  type StreamEvent,
  setToken,
  waitedMs,
} from "./api.ts";
import {
  addLive,
  addPage,
  beginPages,
  endPages,
  forgetCleared,
  isLoaded,
  markSkipped,
  maxRequests,
} from "./requests/log.ts";
import { canChange } from "./requests/reading.ts";
import {
  accounts,
  connection,
  hideChange,
  isVisible,
  loadFaults,
  loadState,
  quietly,
  route,
  showLoss,
  showToast,
  suggestAccount,
} from "./store.ts";

/** The connection to the mock: loads what there is, follows the stream of events, and connects again if it breaks. */

const retrySeconds = [1, 2, 3, 5];
/** The mock sends a sign of life every 15 s. */
const silenceMs = 40_000;
/** The newest requests, which fill the window; the rest of the log follows page by page. The mock has the browser load them. */
const newestRequests = 40;
const perPage = 1_000;

let wake: (() => void) | undefined;

/** Follows the mock for as long as the page is open. */
export async function follow(): Promise<never> {
  addEventListener("online", () => wake?.());
  document.addEventListener("visibilitychange", () => wake?.());
  let failures = 0;
  let lostAt = 0;
  for (;;) {
    try {
      await connectOnce();
      failures = 0;
    } catch (error) {
      if (await hasRefused(error)) {
        failures = 0;
        continue;
      }
    }
    if (connection.value.state !== "gone") lostAt = machineTime();
    const seconds = retrySeconds[Math.min(failures, retrySeconds.length - 1)] ?? 5;
    failures += 1;
    connection.value = { state: "gone", since: lostAt, nextTry: machineTime() + seconds * 1000 };
    await new Promise<void>((resume) => {
      wake = resume;
      setTimeout(resume, seconds * 1000);
    });
  }
}

export function tryNow(): void {
  wake?.();
}

export function useToken(token: string): void {
  setToken(token);
  wake?.();
}

/** Waits for a token, or for another try, if the mock refuses this page. */
async function hasRefused(error: unknown): Promise<boolean> {
  if (!(error instanceof ApiProblem) || error.status !== 403) return false;
  connection.value = error.id.endsWith("-control-token")
    ? { state: "token", wasRefused: hasToken() }
    : { state: "refused", reason: error.message };
  await new Promise<void>((resume) => {
    wake = resume;
  });
  connection.value = { state: "connecting" };
  return true;
}

/** The run of the mock that the page was last connected to. */
let lastRun = "";

/** Ends, or throws, when the connection breaks. */
async function connectOnce(): Promise<void> {
  const controller = new AbortController();
  // A mock on this machine is still there without a network, and is then connected to again.
  const onOffline = () => controller.abort();
  addEventListener("offline", onOffline);
  try {
    const newest = quietly(showNewest());
    // Before the lists are loaded, so that nothing falls between.
    const stream = readEvents(await api.events(controller.signal), controller);
    const start = (await stream.next()).value;
    if (start?.type !== "stream") throw new ApiProblem(0, "The stream of events has ended.");
    const { run } = start;
    if (run !== lastRun && lastRun !== "") {
      showLoss(
        "The mock has restarted: its log is empty, and without --state its orders and clock are those of a start.",
      );
    }
    lastRun = run;
    const queue: StreamEvent[] = [];
    let take = (event: StreamEvent): void => {
      queue.push(event);
    };
    const reading = (async () => {
      for await (const event of stream) take(event);
    })();
    reading.catch(() => {});
    const pages = loadLog(run);
    await newest;
    // Whoever opens the page can use it before the rest of the log takes its time.
    if (connection.peek().state === "connecting" && isVisible.peek()) {
      for (let frames = 0; frames < 2; frames += 1) await new Promise(requestAnimationFrame);
      // What runs after a frame has asked for what the page shows.
      await sleep(0);
    }
    await Promise.all([pages.next(), loadState(), loadFaults()]);
    take = (event) => receive(event, run);
    for (const event of queue) take(event);
    connection.value = { state: "live" };
    await loadAll(pages);
    await reading;
  } finally {
    removeEventListener("offline", onOffline);
    controller.abort();
  }
}

/** Shows something as soon as possible when the page was opened. */
async function showNewest(): Promise<void> {
  if (isLoaded.peek()) return;
  const page = await api.requests({ limit: newestRequests });
  addPage(page);
  const newest = page.requests.findLast(({ account }) => account !== null);
  if (newest) suggestAccount(newest);
}

/** Loads the log page by page, the newest requests first, as far back as the page does not have it yet. */
async function* loadLog(run: string): AsyncGenerator<undefined> {
  const begun = beginPages(run);
  const after = begun.completeTo > 0 ? { after: `request-${begun.completeTo}` } : {};
  let before = {};
  let gone = 0;
  for (let count = 0; count < maxRequests; ) {
    const page = await api.requests({ ...after, ...before, limit: perPage });
    const { requests, dropped } = page;
    if (!addPage(page)) {
      if (connection.peek().state === "gone") showLoss("The log was cleared while this page was away.");
      return yield* loadLog(run);
    }
    gone = dropped;
    count += requests.length;
    if (requests.length < perPage) break;
    before = { before: requests[0]?.id ?? "" };
    yield;
  }
  endPages(run, begun, gone);
}

async function loadAll(pages: ReturnType<typeof loadLog>): Promise<void> {
  while (!(await pages.next()).done);
}

async function* readEvents(
  { body }: Response,
  controller: AbortController,
): AsyncGenerator<StreamEvent, undefined> {
  if (!body) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const silence = setTimeout(() => controller.abort(), silenceMs);
    const { done, value } = await reader.read().finally(() => clearTimeout(silence));
    if (done) return;
    const blocks = (rest + value).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const data = block.split("\n").find((line) => line.startsWith("data: "));
      if (data !== undefined) yield JSON.parse(data.slice(6));
    }
  }
}

function receive(event: StreamEvent, run: string): void {
  if (event.type === "stream") return;
  if (event.type === "skipped") {
    fillLog(event.requests, run);
    stateChanged();
    return;
  }
  const account = event.account ?? undefined;
  if (event.type === "request") receiveRequest(event.request, run);
  else if (event.type === "log") forgetCleared(event.clears, account);
  else if (event.type === "queue") refreshFaults();
  else refreshState();
  if (event.type !== "state") return;
  // Orders of another world can't be switched back.
  hideChange();
  if (event.because !== "reset") return;
  refreshFaults();
  // Somebody else may have done it.
  if (account === undefined) showToast("The mock was reset.");
}

function receiveRequest(entry: LogEntry, run: string): void {
  addLive(entry, run);
  suggestAccount(entry);
  noteMachineTime(Date.parse(entry.arrivedAt));
  const isNewAccount = entry.account !== null && !accounts.peek().some(({ id }) => id === entry.account);
  if (isNewAccount || canChange(entry)) stateChanged();
  if (entry.fault) refreshFaults();
}

let isStale = false;

/** Requests have changed accounts and orders: they are loaded again as soon as a view shows them. */
function stateChanged(): void {
  isStale = true;
  showState();
}

function showState(): void {
  const isShown = isVisible.value && route.value.view !== "requests";
  if (!isShown || !isStale) return;
  isStale = false;
  refreshState();
}

effect(showState);

/** The pause after a load is this many times as long as it took, so that loads take only a small part of the mock's time. */
const restFactor = 12;
const minPauseMs = 600;
const maxPauseMs = 10_000;

const refreshState = throttled(loadState);
const refreshFaults = throttled(loadFaults);

const calmMs = 1_500;
let fillTimer: ReturnType<typeof setTimeout> | undefined;

/** Loads the requests that were left out because they came too fast, as soon as they come slower. */
function fillLog(skipped: number, run: string): void {
  markSkipped(skipped);
  clearTimeout(fillTimer);
  fillTimer = setTimeout(() => quietly(loadAll(loadLog(run))), calmMs);
}

/** Runs at once, then with pauses, and once more after the last call. */
function throttled(run: () => Promise<void>): () => void {
  let isBusy = false;
  let isAsked = false;
  return async function ask() {
    isAsked = true;
    if (isBusy) return;
    isBusy = true;
    while (isAsked) {
      isAsked = false;
      const before = waitedMs;
      await quietly(run());
      await sleep(minPauseMs);
      // Meanwhile the view has loaded what it shows.
      await sleep(Math.min(restFactor * (waitedMs - before), maxPauseMs) - minPauseMs);
    }
    isBusy = false;
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, ms));
}
